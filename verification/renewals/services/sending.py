"""The holder's turn: send a fresh selfie, with the movements that are asked for."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit import jobs
from portal.kit.errors import Conflict, PortalError, TooMany
from portal.vault import files
from portal.vault.models import Retention, SealedFile
from verification.engines import pictures
from verification.engines import recording as recordings
from verification.engines.virtual_camera import virtual_camera
from verification.models import Challenge, Channel, Identity
from verification.renewals import queries
from verification.renewals.models import Renewal
from verification.renewals.rules import Way
from verification.renewals.states import OPEN
from verification.services import movements, person

JOB = "renewals.judge"


class SelfieNotEnough(Conflict):
    """The account cannot confirm by a selfie: no consent, no kept template, no identity, or one was refused."""

    code = "selfie_not_enough"
    title = _("A selfie is not enough")
    help = _("Confirm your identity with your document: start a new verification under “My identity”.")


@dataclass(frozen=True, slots=True)
class Moved:
    """The recording of the movements that were asked for under `nonce`, and what the browser calls the camera."""

    nonce: str
    recording: bytes
    camera: str = ""


@transaction.atomic
def draw(*, actor: Actor, slow: bool, now: datetime) -> Challenge:
    """Returns new movements to record with a fresh selfie. `slow` leaves twice the time for each (WCAG 2.2, 2.2.1).

    Raises what `send` raises before it looks at a picture, and TooMany after the draws of a case and of this together.
    """
    require(actor, Permission.VERIFY_SELF)
    user = person.lock_own(actor)
    identity = _ready(actor, now)
    drawn = movements.drawn_for(user.pk, None, slow=slow, now=now)
    record(Event.CHALLENGE_DRAWN, actor=actor, subject=identity.case, now=now, slow=slow)
    return drawn


def send(*, actor: Actor, upload: bytes, channel: str, now: datetime, moved: Moved | None = None) -> Renewal:
    """Returns the waiting selfie: the machine compares it with the kept template. Without movements an officer looks at it.

    Raises SelfieNotEnough, Conflict while one is under way, TooMany after five in six hours, BadPicture or BadRecording for
    what cannot be used, ChallengeOver for movements that were not asked for, too long ago or before; then nothing is kept.
    """
    require(actor, Permission.VERIFY_SELF)
    _ready(actor, now)
    plain = pictures.clean(upload)
    challenge = _use(actor, moved, now) if moved else None
    film = recordings.clean(moved.recording) if moved else None
    kept = [files.store(plain, media_type=pictures.MEDIA_TYPE, kind=Retention.PICTURE)]
    if film is not None:
        kept.append(files.store(film, media_type=recordings.MEDIA_TYPE, kind=Retention.PICTURE))
    answer = (challenge, moved.camera) if challenge and moved else None
    try:
        return _send(actor, kept, channel, answer, now)
    except PortalError:
        for file in kept:
            files.erase_file(file, now=now)
        raise


@transaction.atomic
def _use(actor: Actor, moved: Moved, now: datetime) -> Challenge:
    return movements.used(person.lock_own(actor).pk, None, moved.nonce, now)


@transaction.atomic
def _send(actor: Actor, kept: list[SealedFile], channel: str, answer: tuple[Challenge, str] | None, now: datetime) -> Renewal:
    user = person.lock_own(actor)  # two selfies at once take turns, and so does taking back the consent
    _ready(actor, now)
    how = Channel.CAMERA if channel == Channel.CAMERA else Channel.UPLOAD
    row = Renewal(user=user, picture=kept[0], channel=how, submitted_at=now)
    if answer:
        row.recording, row.challenge = kept[1], answer[0]
        row.risks = ["liveness_virtual_camera"] if virtual_camera(answer[1]) else []
    row.save(force_insert=True)
    record(Event.RENEWAL_SENT, actor=actor, subject=row, now=now)
    jobs.wake(JOB, row.pk)
    return row


def _ready(actor: Actor, now: datetime) -> Identity:
    me = person.own_id(actor)
    identity = queries.standing(me, now)
    if identity is None or queries.way_of(identity) is not Way.SELFIE:
        raise SelfieNotEnough
    if Renewal.objects.filter(user=me, state__in=OPEN).exists():
        raise Conflict(_("Your selfie is being looked at already. This page shows the outcome."), code="already_sent")
    tries = queries.tries(me, now)
    if tries.left == 0:
        at = date_format(timezone.localtime(tries.again_at), "H:i")
        help_text = format_lazy(_("You have used five tries in six hours. Nothing is lost: try again after {at}."), at=at)
        raise TooMany(help_text, retry_after=int((tries.again_at - now).total_seconds()) + 1, code="too_many_tries")
    return identity
