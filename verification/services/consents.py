"""Consents to the processing of personal data: given apart, and taken back at once."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.services import record
from portal.keeping.services import held
from portal.kit.errors import Invalid
from portal.vault import files
from portal.vault.models import SealedFile
from verification import declared, queries
from verification.engines.authority import choice
from verification.models import Case, ConsentRecord, FaceTemplate, Purpose
from verification.services import person


def consent(*, actor: Actor, purposes: Collection[str], now: datetime) -> None:
    """Makes these the purposes to which the actor consents; one that is left out is taken back (PIPL art. 15, 29).

    Raises Invalid without the consent to the processing, on which everything else rests, and for sharing a face that may
    not be compared. A consent to sharing where no authority takes faces is not kept: it would have no recipient.
    """
    require(actor, Permission.VERIFY_SELF)
    if Purpose.PROCESSING not in purposes:
        refusal = _("Without this consent we cannot verify you, and nothing is stored. You can leave this page at any time.")
        raise Invalid(errors={Purpose.PROCESSING: refusal})
    if Purpose.SHARING in purposes and Purpose.FACE not in purposes:
        raise Invalid(errors={Purpose.SHARING: _("This needs your consent to face comparison as well: without it no selfie is taken.")})
    if Purpose.FACE not in purposes:
        take_back_face(actor=actor, now=now)
    given = {*purposes} if choice.face_goes_to() else {*purposes} - {Purpose.SHARING}
    with transaction.atomic():
        user = person.lock_own(actor)
        if Purpose.SHARING not in given:
            _end_those(actor, user, [Purpose.SHARING], now)
        for purpose in Purpose:
            if purpose in given:
                _give(actor, user, purpose, now)


def take_back_face(*, actor: Actor, now: datetime) -> None:
    """Ends the face consent and deletes at once what rests on it: the face template, the selfies and the recordings."""
    require(actor, Permission.VERIFY_SELF)
    with transaction.atomic():
        user = person.lock_own(actor)  # the machine takes the same lock before it keeps a template
        _end_those(actor, user, [Purpose.FACE, Purpose.SHARING], now)
        FaceTemplate.objects.filter(identity__user=user).delete()
        faces = [] if held(user.pk) else _erase_faces(user, now)
    for file in faces:
        files.drop(file)


@transaction.atomic
def take_back_sharing(*, actor: Actor, now: datetime) -> None:
    """Ends the consent to sending the selfie to an authority: none is sent from now on. What rests on it here is nothing."""
    require(actor, Permission.VERIFY_SELF)
    _end_those(actor, person.lock_own(actor), [Purpose.SHARING], now)


def end_all(*, actor: Actor, now: datetime) -> int:
    """Returns how many consents of the actor stood and are ended now. Runs in the caller's transaction, with the account locked."""
    standing = list(ConsentRecord.objects.filter(user=actor.id, user__isnull=False, withdrawn_at=None))
    for given in standing:
        _end(given, actor, now)
    return len(standing)


def _erase_faces(user: User, now: datetime) -> list[SealedFile]:
    """The selfies and the recordings, whose keys are destroyed with the consent; their bytes follow."""
    cases = Case.objects.filter(user=user)
    shown = Q(pk__in=cases.values("selfie_image")) | Q(pk__in=cases.values("recording"))
    faces = list(SealedFile.objects.select_related("data_key").filter(shown))
    cases.update(selfie_image=None, selfie_channel="", recording=None, challenge=None, distance=None, liveness="")
    faces += declared.forget_face(user.pk, now)
    for file in faces:
        files.erase(file.data_key, now=now)
    return faces


def _give(actor: Actor, user: User, purpose: Purpose, now: datetime) -> None:
    standing = ConsentRecord.objects.filter(user=user, purpose=purpose, withdrawn_at=None).first()
    version = queries.consent_version(purpose)
    if standing and standing.version == version:
        return
    if standing:
        _end(standing, actor, now)
    given = ConsentRecord.objects.create(user=user, purpose=purpose, version=version, given_at=now)
    record(Event.CONSENT_GIVEN, actor=actor, subject=given, now=now, purpose=purpose, version=version)


def _end_those(actor: Actor, user: User, purposes: Collection[str], now: datetime) -> None:
    for given in ConsentRecord.objects.filter(user=user, purpose__in=purposes, withdrawn_at=None):
        _end(given, actor, now)


def _end(given: ConsentRecord, actor: Actor, now: datetime) -> None:
    ConsentRecord.objects.filter(pk=given.pk).update(withdrawn_at=now)
    record(Event.CONSENT_TAKEN_BACK, actor=actor, subject=given, now=now, purpose=given.purpose, version=given.version)
