"""Reading guardianships. Whether a guardian consents is derived here and stored nowhere."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.kit.errors import NotFound
from verification import queries as verification
from verification import rules as ages
from verification.guardians import rules
from verification.guardians.models import Guardianship
from verification.guardians.states import ALIVE, GuardianState
from verification.models import Case
from verification.services import outcome


def guardian_until(minor_id: uuid.UUID) -> datetime | None:
    """Returns until when a guardian's consent counts for the account: as long as the guardian's own identity; None without one.

    Granted, confirmed by an officer and not withdrawn; the guardian's identity not revoked, and that of an adult.
    """
    row = Guardianship.objects.filter(minor=minor_id, state=GuardianState.CONFIRMED).first()
    identity = verification.identity_of(row.guardian_id) if row and row.guardian_id else None
    if row is None or row.decided_at is None or identity is None or identity.revoked_at:
        return None
    of_age = ages.adult_on(identity.born) <= timezone.localdate(row.decided_at)
    return identity.valid_until if of_age else None


def guardian_consents(minor_id: uuid.UUID, now: datetime) -> bool:
    """Returns whether a guardian's consent stands for the account at `now`."""
    until = guardian_until(minor_id)
    return until is not None and now < until


def wards_of(people: Iterable[str]) -> list[str]:
    """Returns the accounts for which these people are guardians: what changes of a guardian changes for the ward."""
    wards = Guardianship.objects.filter(guardian__in=list(people), state=GuardianState.CONFIRMED)
    return [str(minor) for minor in wards.values_list("minor", flat=True)]


def needs_guardian(user_id: uuid.UUID, now: datetime) -> bool:
    """Returns whether the account is a minor's, by its verified identity or by the case it has sent."""
    standing = verification.standing(user_id, now)
    if standing.verified:
        return not standing.adult
    case = verification.latest_case(user_id)
    if case is None or case.submitted_at is None or not case.birth_date:
        return False
    return ages.age_on(timezone.localdate(now), case.born) < ages.ADULT_AGE


def of_minor(minor_id: uuid.UUID) -> Guardianship | None:
    """Returns the guardianship of an account that is under way or stands, else its last one."""
    rows = Guardianship.objects.select_related("guardian", "minor", "data_key", "proof", "decided_by").filter(minor=minor_id)
    return rows.filter(state__in=ALIVE).first() or rows.order_by("-invited_at").first()


def of_guardian(actor: Actor) -> QuerySet[Guardianship]:
    """Returns the guardianships bound to the actor's account, the newest first."""
    return Guardianship.objects.select_related("minor", "data_key").filter(guardian=actor.id).order_by("-opened_at")


def for_guardian(actor: Actor, guardianship_id: uuid.UUID) -> Guardianship:
    """Returns the actor's own guardianship, as its guardian. Raises NotFound."""
    row = of_guardian(actor).filter(pk=guardianship_id).first()
    if row is None:
        raise NotFound
    return row


def waiting(actor: Actor) -> QuerySet[Guardianship]:
    """Returns what waits for an officer, the oldest first, without what the actor has a part in. Raises Forbidden."""
    return _of_others(actor).filter(state=GuardianState.GRANTED).order_by("granted_at")


def for_desk(actor: Actor, guardianship_id: uuid.UUID) -> Guardianship:
    """Returns a guardianship that was granted at some time. Raises Forbidden, or NotFound for what the actor has a part in."""
    row = _of_others(actor).filter(pk=guardianship_id, granted_at__isnull=False).first()
    if row is None:
        raise NotFound
    return row


def facts(row: Guardianship, guardian_id: uuid.UUID, now: datetime) -> rules.Facts:
    """Returns what is known of somebody as the guardian in this row."""
    standing, guardian = verification.standing(guardian_id, now), verification.identity_of(guardian_id)
    known = _numbers(row.minor_id)
    return rules.Facts(
        verified=standing.verified,
        adult=standing.adult,
        same_account=guardian_id == row.minor_id,
        same_number=guardian is not None and bytes(guardian.number_index) in known,
        distance=row.distance,
    )


def _numbers(minor_id: uuid.UUID) -> set[bytes]:
    """The blind indexes of every number that the minor's account ever gave."""
    cases = Case.objects.select_related("data_key").filter(user=minor_id).exclude(document_type="").exclude(data_key__wrapped=None)
    identity = verification.identity_of(minor_id)
    return {outcome.number_index(case) for case in cases} | ({bytes(identity.number_index)} if identity else set())


def _of_others(actor: Actor) -> QuerySet[Guardianship]:
    require(actor, Permission.READ_DESK)
    rows = Guardianship.objects.select_related("minor", "guardian", "data_key", "proof__data_key", "decided_by")
    return rows.exclude(Q(minor=actor.id) | Q(guardian=actor.id))
