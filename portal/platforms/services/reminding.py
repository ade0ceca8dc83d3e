"""Mails before a key expires, and tokens that are over."""

import uuid
from datetime import datetime

from allauth.idp.oidc.models import Token
from django.db import transaction
from django.db.models import Q, QuerySet

from portal.accounts import rules
from portal.accounts.models import ApiKey
from portal.accounts.services.keys import usable
from portal.platforms import letters


def expiring(now: datetime) -> QuerySet[ApiKey]:
    """Returns the usable keys of which fewer mails were sent than should have been."""
    due = Q()
    for sent, before in enumerate(rules.REMIND_BEFORE):
        due |= Q(reminders=sent, expires_at__lte=now + before)
    return usable(now).filter(due, reminders__lt=len(rules.REMIND_BEFORE))


@transaction.atomic
def remind(*, key_id: uuid.UUID, now: datetime) -> None:
    """Writes to the owners that a key will expire: once when the first mark is passed, once at the second. May run twice."""
    key = expiring(now).select_for_update(of=("self",)).select_related("platform").filter(pk=key_id).first()
    if key is None or key.expires_at is None:
        return
    due = rules.reminders_due(key.expires_at - now)
    ApiKey.objects.filter(pk=key.pk).update(reminders=due)
    letters.tell_expiry(key, mailing=due, now=now)


def over(now: datetime) -> QuerySet[Token]:
    """Returns the access tokens that have run out."""
    found: QuerySet[Token] = Token.objects.filter(expires_at__lte=now, client__platform_client__isnull=False)
    return found
