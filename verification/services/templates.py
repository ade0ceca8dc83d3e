"""Face templates: made by the worker, kept while identity and face consent stand."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from portal.vault import rotation
from portal.vault.models import SealedFile
from verification import rules
from verification.engines import face
from verification.models import ConsentRecord, FaceTemplate, Identity, Purpose
from verification.rules import Vector
from verification.services import person
from verification.states import CaseState


def faces_of(file: SealedFile | None) -> list[face.Face]:
    """Returns the prominent faces of a stored picture, the largest first; none of a picture that is gone."""
    return [] if file is None else face.prominent(face.faces_in(file.read()))


def keep(identity: Identity, template: Vector, *, now: datetime) -> None:
    """Keeps a turned template as the identity's. Runs in the caller's transaction, with the account locked."""
    FaceTemplate.objects.update_or_create(identity=identity, defaults={"vector": template, "created_at": now})


def waiting() -> QuerySet[Identity]:
    """Returns the identities whose face template is still to be made: an officer verified them."""
    return _entitled().filter(template_attempts__lt=rules.BEGINNINGS)


def keep_template(*, identity_id: uuid.UUID, now: datetime) -> None:
    """Makes the face template of an identity that has none. Running twice changes nothing."""
    if not waiting().filter(pk=identity_id).update(template_attempts=F("template_attempts") + 1):
        return
    identity = Identity.objects.select_related("case__selfie_image__data_key").get(pk=identity_id)
    faces = faces_of(identity.case.selfie_image)
    if not faces:
        return
    with transaction.atomic():
        person.lock(identity.user_id)
        still = _entitled().filter(pk=identity_id, case=identity.case).first()
        if still:
            keep(still, rotation.turn(faces[0].template), now=now)


def _entitled() -> QuerySet[Identity]:
    consent = ConsentRecord.objects.filter(
        user=OuterRef("user"), purpose=Purpose.FACE, version=rules.CONSENT_VERSIONS["face"], withdrawn_at=None
    )
    standing = Identity.objects.filter(revoked_at=None, case__state=CaseState.VERIFIED)
    return standing.filter(Exists(consent), template=None, case__selfie_image__isnull=False)
