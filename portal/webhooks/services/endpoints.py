"""Adding an endpoint, changing its secrets, stopping it."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require, require_visible
from portal.access.roles import Permission
from portal.accounts.models import Platform
from portal.api import limiting
from portal.audit.events import Event
from portal.audit.services import record
from portal.feed.types import EventType
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.transitions import move
from portal.vault import files
from portal.webhooks import letters, queries, rules, signing, transport, wording
from portal.webhooks.addresses import AddressRefused, read
from portal.webhooks.models import Endpoint, Secret
from portal.webhooks.signing import Scheme
from portal.webhooks.states import ENDPOINT_MOVES, EndpointState

OVERLAP = timedelta(hours=24)  # how long the old secret goes on signing beside the new one


class EndpointsTaken(Conflict):
    """The platform has as many endpoints as it may."""

    code = "webhooks_taken"
    title = _("There are ten webhooks already")
    help = _("Remove one that is no longer used.")


@transaction.atomic
def add(
    *, actor: Actor, platform: Platform, url: str, contact: str, now: datetime, types: Collection[str] = (), language: str = ""
) -> tuple[Endpoint, list[Secret]]:
    """Returns the pending endpoint and its two secrets, one of each scheme. Nothing is sent before its ownership is proven.

    Raises Invalid for an address we would not send to, and for a type of event that there is none of; EndpointsTaken.
    """
    require(actor, Permission.MANAGE_WEBHOOKS)
    require_visible(queries.platforms_of(actor).filter(pk=platform.pk).exists())
    _checked_types(types)
    _checked_url(url)
    Platform.objects.select_for_update().get(pk=platform.pk)  # of two who race for the last place one gets it
    if platform.endpoints.count() >= rules.ENDPOINTS_AT_MOST:
        raise EndpointsTaken
    endpoint = Endpoint.objects.create(
        platform=platform,
        url=url,
        contact=contact,
        language=language or settings.LANGUAGE_CODE,
        types=sorted(set(types)),
        created_at=now,
    )
    secrets = [_new_secret(endpoint, scheme, now) for scheme in Scheme]
    record(Event.WEBHOOK_ADDED, actor=actor, subject=endpoint, now=now, platform=platform.code, types=endpoint.types)
    return endpoint, secrets


def _checked_types(types: Collection[str]) -> None:
    unknown = sorted(set(types) - {each.value for each in EventType})
    if unknown:
        raise Invalid(errors={"types": _("There is no event of this type.")})


def _checked_url(url: str) -> None:
    try:
        read(url, ports=transport.ports(), loopback=transport.may_loop())
    except AddressRefused as error:
        raise Invalid(errors={"url": wording.trouble(str(error))}, code=str(error)) from error


def _new_secret(endpoint: Endpoint, scheme: Scheme, now: datetime) -> Secret:
    value, public = signing.draw(scheme)
    return Secret.objects.create(endpoint=endpoint, value=value, public=public, created_at=now)


@transaction.atomic
def rotate(*, actor: Actor, endpoint_id: uuid.UUID, now: datetime, overlap: timedelta = OVERLAP) -> Sequence[Secret]:
    """Returns the new secrets, one of each scheme. The old ones go on signing for `overlap`, so that the receiver is never
    without one that counts; those of an earlier rotation keep their end. Raises QuotaExceeded."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    endpoint = _locked(actor, endpoint_id)
    limiting.spend(endpoint.platform_id, rules.ROTATIONS, now=now)
    endpoint.secrets.filter(expires_at=None).update(expires_at=now + overlap)
    secrets = [_new_secret(endpoint, scheme, now) for scheme in Scheme]
    record(Event.WEBHOOK_SECRET_ROTATED, actor=actor, subject=endpoint, now=now, overlap_hours=round(overlap.total_seconds() / 3600))
    return secrets


@transaction.atomic
def disable(*, actor: Actor, endpoint_id: uuid.UUID, now: datetime) -> Endpoint:
    """Returns the endpoint, to which nothing is sent any more; what waits goes on waiting. Raises Conflict if it is already."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    return stop(actor, _locked(actor, endpoint_id), "by_hand", now)


@transaction.atomic
def change(
    *,
    actor: Actor,
    endpoint_id: uuid.UUID,
    now: datetime,
    types: Collection[str] | None = None,
    contact: str | None = None,
    language: str | None = None,
) -> Endpoint:
    """Returns the endpoint with what was given changed. Its address never changes: another address is another endpoint, whose
    ownership is proven anew. Raises Invalid for a type of event that there is none of."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    endpoint = _locked(actor, endpoint_id)
    _checked_types(types or ())
    given = {"types": None if types is None else sorted(set(types)), "contact": contact, "language": language}
    changed = {name: value for name, value in given.items() if value is not None and value != getattr(endpoint, name)}
    for name, value in changed.items():
        setattr(endpoint, name, value)
    if changed:
        endpoint.save(update_fields=sorted(changed))
        record(Event.WEBHOOK_CHANGED, actor=actor, subject=endpoint, now=now, members=sorted(changed), types=endpoint.types)
    return endpoint


@transaction.atomic
def remove(*, actor: Actor, endpoint_id: uuid.UUID, now: datetime) -> None:
    """Takes the endpoint away with its log and its secrets, whose keys are destroyed; what waits is never sent."""
    require(actor, Permission.MANAGE_WEBHOOKS)
    endpoint = _locked(actor, endpoint_id)
    record(Event.WEBHOOK_REMOVED, actor=actor, subject=endpoint, now=now, platform=endpoint.platform.code)
    for row in (endpoint, *endpoint.secrets.select_related("data_key")):
        files.erase(row.data_key, now=now)
    endpoint.delete()


def stop(actor: Actor, endpoint: Endpoint, reason: str, now: datetime) -> Endpoint:
    """Returns the locked endpoint, disabled; its contact hears of it, unless somebody did it by hand or very many mails went out
    for the platform today: the contact may be a stranger."""
    move(endpoint, EndpointState.DISABLED, ENDPOINT_MOVES, reason=reason, disabled_at=now)
    record(Event.WEBHOOK_DISABLED, actor=actor, subject=endpoint, now=now, reason=reason)
    if reason != "by_hand" and not limiting.take(endpoint.platform_id, rules.MAILS, now=now).exceeded:
        letters.tell_disabled(endpoint, now=now)
    return endpoint


def _locked(actor: Actor, endpoint_id: uuid.UUID) -> Endpoint:
    found = queries.visible_to(actor).select_for_update(of=("self",)).filter(pk=endpoint_id).first()
    if found is None:
        raise NotFound
    return found
