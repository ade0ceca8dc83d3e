"""Reading when an identity must be confirmed, how, and how it stands."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.kit.errors import NotFound
from verification import declared
from verification import queries as verification
from verification import rules as limits
from verification.models import Identity, Purpose
from verification.queries import Tries
from verification.renewals import rules
from verification.renewals.models import Reminder, Renewal
from verification.renewals.rules import Remind, Way
from verification.renewals.states import OPEN, RenewalState


@dataclass(frozen=True, slots=True)
class Due:
    """When an account must confirm its identity, and how it can. `asked` only of operators of live commerce."""

    asked: bool
    confirmed_at: datetime
    by: datetime
    soon: bool
    over: bool
    way: Way
    last: Renewal | None

    @property
    def open(self) -> bool:
        """Whether a selfie is with the machine or an officer."""
        return self.last is not None and self.last.state in OPEN


def due(user_id: uuid.UUID, now: datetime) -> Due | None:
    """Returns when the account must confirm its identity; None without one that stands."""
    identity = standing(user_id, now)
    if identity is None:
        return None
    by = limits.reverify_by(identity.confirmed_at)
    return Due(
        asked=declared.holds(declared.LIVE_COMMERCE, user_id, now),
        confirmed_at=identity.confirmed_at,
        by=by,
        soon=by - now <= rules.MONTH,
        over=by <= now,
        way=way_of(identity),
        last=Renewal.objects.filter(user=user_id, submitted_at__gte=identity.verified_at).order_by("-submitted_at").first(),
    )


def standing(user_id: uuid.UUID, now: datetime) -> Identity | None:
    """Returns the account's identity if it stands at `now`."""
    identity = verification.identity_of(user_id)
    stands = identity is not None and identity.revoked_at is None and identity.verified_at <= now < identity.valid_until
    return identity if stands else None


def way_of(identity: Identity) -> Way:
    """Returns how the identity can be confirmed. After an officer's refusal no selfie counts until it was, by the document."""
    refused = Renewal.objects.filter(user=identity.user_id, state=RenewalState.REFUSED, decided_at__gte=identity.verified_at)
    return rules.way(
        consents=Purpose.FACE in verification.consents(identity.user_id),
        template=verification.template_of(identity.user_id) is not None,
        refused=refused.exists(),
    )


def tries(user_id: uuid.UUID, now: datetime) -> Tries:
    """Returns how many selfies the account may still send at `now`."""
    sent = Renewal.objects.filter(user=user_id, submitted_at__gt=now - limits.WINDOW).values_list("submitted_at", flat=True)
    return Tries(*limits.tries_left(sent, now))


def waiting(actor: Actor) -> QuerySet[Renewal]:
    """Returns what waits for an officer, the oldest first, without the actor's own. Raises Forbidden."""
    return _of_others(actor).filter(state=RenewalState.REVIEW).order_by("submitted_at")


def for_desk(actor: Actor, renewal_id: uuid.UUID) -> Renewal:
    """Returns a selfie that an officer looks at or has decided. Raises Forbidden, or NotFound for any other."""
    row = _of_others(actor).filter(Q(state=RenewalState.REVIEW) | Q(decided_by__isnull=False), pk=renewal_id).first()
    if row is None:
        raise NotFound
    return row


def unreminded(users: QuerySet[Any], now: datetime) -> QuerySet[Identity]:
    """Returns the identities among these accounts' that must be confirmed within a month and whose reminder is not written."""
    until = ExpressionWrapper(Coalesce("reverified_at", "verified_at") + limits.REVERIFY, output_field=DateTimeField())
    found = Identity.objects.annotate(until=until).filter(user__in=users, revoked_at=None, valid_until__gt=now, until__gt=now)
    written = {kind: Exists(Reminder.objects.filter(user=OuterRef("user"), kind=kind, until=OuterRef("until"))) for kind in Remind}
    week = Q(until__lte=now + rules.WEEK)
    missing = (week & ~written[Remind.WEEK]) | (~week & ~written[Remind.MONTH])
    return found.filter(missing, until__lte=now + rules.MONTH).order_by("until")


def ending(now: datetime) -> QuerySet[Identity]:
    """Returns the identities that end within the time in which they can be renewed and whose reminder is not written."""
    written = Reminder.objects.filter(user=OuterRef("user"), kind=Remind.END, until=OuterRef("valid_until"))
    soon = Identity.objects.filter(revoked_at=None, valid_until__gt=now, valid_until__lte=now + limits.RENEW)
    return soon.filter(~Exists(written)).order_by(F("valid_until"))


def _of_others(actor: Actor) -> QuerySet[Renewal]:
    require(actor, Permission.READ_DESK)
    return Renewal.objects.select_related("user", "decided_by", "picture__data_key", "recording__data_key").exclude(user=actor.id)
