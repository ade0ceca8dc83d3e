"""Issuing a certificate: written down first, then signed, then put on paper."""

import hashlib
import uuid
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import OperatorKind
from portal.audit.events import Event
from portal.audit.services import record as note
from portal.signing import keys, tokens
from portal.signing import queries as signing
from portal.signing import services as signing_services
from registry.certificates import claims, paper, queries
from registry.certificates.models import Certificate
from registry.certificates.sealing import sealed
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.statuslist import queries as lists
from registry.statuslist import services as lists_services


def record(*, actor: Actor, registration_id: uuid.UUID, now: datetime) -> Certificate | None:
    """Returns the new row, over the present version; None if the registration needs none, or another process was first.

    Whatever is signed afterwards can be found here: a certificate that is not written down was never issued.
    """
    require(actor, Permission.RUN_JOB)
    try:
        with transaction.atomic():
            return _record(actor, registration_id, now)
    except IntegrityError:
        return None


def _record(actor: Actor, registration_id: uuid.UUID, now: datetime) -> Certificate | None:
    waiting = queries.lacking(now).select_related("operator").select_for_update(of=("self",))
    registration = waiting.filter(pk=registration_id).first()
    if registration is None:
        return None
    signing_services.publish(now)
    key = signing.current(now)
    identifier = uuid.uuid4()
    content = tokens.payload(claims.build(_source(registration, now), jti=identifier, now=now))
    row = Certificate.objects.create(
        id=identifier,
        registration=registration,
        version=registration.version,
        issuer=settings.SITE_URL,
        kid=keys.identifier(key),
        issued_at=now,
        expires_at=registration.expires_at,
        content=content.decode(),
        digest=hashlib.sha256(content).hexdigest(),
    )
    signing_services.use(key, until=row.expires_at)
    told = {"registry_id": registration.registry_id, "version": row.version, "kid": row.kid, "digest": row.digest}
    note(Event.CERTIFICATE_ISSUED, actor=actor, subject=row, now=now, **told)
    return row


def _source(registration: Registration, now: datetime) -> claims.Source:
    entry, shown = lists_services.allocate(registration_id=registration.pk, now=now), ids.printed(registration.registry_id)
    operator, organisation = registration.operator, None
    if operator.kind == OperatorKind.ORGANISATION:
        organisation = (operator.organisation.public_name, operator.organisation.uscc)
    return claims.Source(
        issuer=settings.SITE_URL,
        registry_id=shown,
        record=settings.SITE_URL + reverse("home:record", args=[shown]),
        version=registration.version,
        facts=registration.facts,
        organisation=organisation,
        expires_at=registration.expires_at,
        status=lists.reference(entry),
    )


@transaction.atomic
def finish(*, actor: Actor, certificate_id: uuid.UUID, now: datetime) -> Certificate | None:
    """Returns the certificate, signed and on paper. None if its key is gone: then the row stays unsigned for good, and the
    registration is certified again by the key that signs now."""
    require(actor, Permission.RUN_JOB)
    row = queries.unfinished(now).select_for_update().filter(pk=certificate_id).first()
    if row is None:
        return None
    key = next((each for each in keys.configured() if keys.identifier(each) == row.kid), None)
    if key is None or row.kid in signing.revoked_kids():
        row.paper = b""
        row.save(update_fields=["paper"])
        return None
    if not row.token:
        row.token = tokens.sign(key, typ=claims.TYPE, content=row.content.encode()) + "~"
    row.paper = sealed(paper.draw(row.claims, row.token), key=key, certificate=signing_services.certificate_of(key, now))
    row.save(update_fields=["token", "paper"])
    return row
