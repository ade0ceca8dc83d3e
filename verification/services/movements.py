"""The movements: drawn by the server at random, recorded once, in time."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid, TooMany
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from verification import queries, rules
from verification.engines import challenge as challenges
from verification.engines import recording as recordings
from verification.engines.virtual_camera import virtual_camera
from verification.models import Case, Challenge, Purpose
from verification.services.applicant import own_turn


class ChallengeOver(Conflict):
    """The recording answers no challenge that is open: too late, sent before, or another's."""

    code = "challenge_over"
    title = _("The movements took too long")
    help = _("Start the camera again: you get new movements. Nothing else is lost.")


@transaction.atomic
def draw(*, actor: Actor, case: Case, slow: bool, now: datetime) -> Challenge:
    """Returns new movements for the case. `slow` leaves twice the time for each (WCAG 2.2, 2.2.1).

    Raises TooMany after `rules.CHALLENGES` draws in six hours: whoever has a recording ready cannot wait until it fits.
    """
    require(actor, Permission.TAKE_PICTURES)
    mine = own_turn(actor, case.pk)
    if Purpose.FACE not in queries.consents(mine.user_id):
        raise Invalid(_("A selfie is asked for only with your consent to face comparison."), code="consent_missing")
    drawn = drawn_for(mine.user_id, mine, slow=slow, now=now)
    record(Event.CHALLENGE_DRAWN, actor=actor, subject=mine, now=now, slow=slow)
    return drawn


def add_recording(*, actor: Actor, case: Case, nonce: str, upload: bytes, camera: str, now: datetime) -> Case:
    """Returns the case with the recording of the movements that were asked for under `nonce`.

    Raises ChallengeOver, or BadRecording for what is no recording; then nothing is kept and the challenge is used up.
    """
    require(actor, Permission.TAKE_PICTURES)
    challenge = _use(actor, case.pk, nonce, now)
    kept = files.store(recordings.clean(upload), media_type=recordings.MEDIA_TYPE, kind=Retention.PICTURE)
    replaced = _keep(actor, case.pk, challenge, kept, camera, now)
    if replaced:
        files.erase_file(replaced, now=now)
    return Case.objects.select_related("data_key").get(pk=case.pk)


def drawn_for(user_id: uuid.UUID, case: Case | None, *, slow: bool, now: datetime) -> Challenge:
    """Returns new movements for a person, for their case or (None) to confirm their identity; one limit counts both.

    Raises TooMany. Runs in the caller's transaction, with the account locked.
    """
    if not queries.draws_left(user_id, now):
        text = _("You have started the movements very often. Try again in a few hours, or ask for a video call instead.")
        raise TooMany(text, retry_after=int(rules.WINDOW.total_seconds()), code="too_many_challenges")
    drawn = challenges.draw()
    script = drawn.slowed() if slow else drawn
    told = {"nonce": script.nonce, "script": script.as_json(), "drawn_at": now, "expires_at": now + rules.CHALLENGE_OPEN}
    return Challenge.objects.create(user_id=user_id, case=case, **told)


def used(user_id: uuid.UUID, case: Case | None, nonce: str, now: datetime) -> Challenge:
    """Returns the challenge that was drawn for just this, used up by it. Raises ChallengeOver."""
    challenge = Challenge.objects.filter(user=user_id, case=case, nonce=nonce).first()
    if challenge is None:
        raise ChallengeOver
    standing = Challenge.objects.filter(pk=challenge.pk, used_at=None, expires_at__gt=now)
    if standing.update(used_at=now) != 1:
        raise ChallengeOver
    return challenge


@transaction.atomic
def _use(actor: Actor, case_id: uuid.UUID, nonce: str, now: datetime) -> Challenge:
    mine = own_turn(actor, case_id)
    return used(mine.user_id, mine, nonce, now)


@transaction.atomic
def _keep(actor: Actor, case_id: uuid.UUID, challenge: Challenge, kept: SealedFile, camera: str, now: datetime) -> SealedFile | None:
    mine = own_turn(actor, case_id)
    replaced: SealedFile | None = mine.recording
    mine.recording, mine.challenge, mine.touched_at = kept, challenge, now
    virtual = ["liveness_virtual_camera"] if virtual_camera(camera) else []
    mine.quality = [code for code in mine.quality if code != "liveness_virtual_camera"] + virtual
    mine.save(update_fields=["recording", "challenge", "quality", "touched_at"])
    return replaced
