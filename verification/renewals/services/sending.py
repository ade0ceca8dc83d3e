"""The holder's turn: send a fresh selfie."""

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
from verification.models import Channel
from verification.renewals import queries
from verification.renewals.models import Renewal
from verification.renewals.rules import Way
from verification.renewals.states import OPEN
from verification.services import person

JOB = "renewals.judge"


class SelfieNotEnough(Conflict):
    """The account cannot confirm by a selfie: no consent, no kept template, no identity, or one was refused."""

    code = "selfie_not_enough"
    title = _("A selfie is not enough")
    help = _("Confirm your identity with your document: start a new verification under “My identity”.")


def send(*, actor: Actor, upload: bytes, channel: str, now: datetime) -> Renewal:
    """Returns the waiting selfie: the machine compares it with the kept template.

    Raises SelfieNotEnough, Conflict while one is under way, TooMany after five in six hours, BadPicture for a picture that
    cannot be used; then nothing is kept.
    """
    require(actor, Permission.VERIFY_SELF)
    _ready(actor, now)
    kept = files.store(pictures.clean(upload), media_type=pictures.MEDIA_TYPE, kind=Retention.PICTURE)
    try:
        return _send(actor, kept, channel, now)
    except PortalError:
        files.erase_file(kept, now=now)
        raise


@transaction.atomic
def _send(actor: Actor, picture: SealedFile, channel: str, now: datetime) -> Renewal:
    user = person.lock_own(actor)  # two selfies at once take turns, and so does taking back the consent
    _ready(actor, now)
    how = Channel.CAMERA if channel == Channel.CAMERA else Channel.UPLOAD
    row = Renewal.objects.create(user=user, picture=picture, channel=how, submitted_at=now)
    record(Event.RENEWAL_SENT, actor=actor, subject=row, now=now)
    jobs.wake(JOB, row.pk)
    return row


def _ready(actor: Actor, now: datetime) -> None:
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
