"""What time does in this room: mails before a key expires, invitations nobody answered, tokens that are over."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.accounts.models import PlatformInvitation
from portal.kit import clock, jobs
from portal.platforms.services import lapse, remind, reminding

TOKENS_JOB = "platforms.tokens"
TOKENS_KEPT = timedelta(days=1)  # after their end


def _expiring(now: datetime) -> Iterable[uuid.UUID]:
    return reminding.expiring(now).order_by("expires_at").values_list("pk", flat=True)


def _unanswered(now: datetime) -> Iterable[uuid.UUID]:
    return PlatformInvitation.objects.filter(ended_at=None, ends_at__lte=now).order_by("ends_at").values_list("pk", flat=True)


def _over(now: datetime) -> Iterable[str]:
    return [TOKENS_JOB] if reminding.over(now - TOKENS_KEPT).exists() else []


@jobs.job("platforms.key_expiring", find=_expiring)
def key_expiring(key: str) -> None:
    """Writes the mails about one key."""
    remind(key_id=uuid.UUID(key), now=clock.now())


@jobs.job("platforms.invitation", find=_unanswered)
def invitation(key: str) -> None:
    """Ends an invitation that nobody answered."""
    lapse(invitation_id=uuid.UUID(key), now=clock.now())


@jobs.job(TOKENS_JOB, find=_over)
def tokens(key: str) -> None:
    """Deletes access tokens a day after their end."""
    reminding.over(clock.now() - TOKENS_KEPT).delete()
