"""Who works on an item, and which items an officer must leave to a colleague."""

from datetime import datetime

from portal.access.actor import Actor
from portal.access.roles import Permission
from registry.desk.rules import Lock
from registry.personas.models import Application
from registry.personas.states import OFFICER_TURN, ApplicationState
from verification import queries as cases
from verification.models import Case
from verification.organisations.models import Organisation
from verification.organisations.states import OrganisationState
from verification.states import CaseState

Item = Case | Application | Organisation


def lock_of(item: Item, actor: Actor, now: datetime) -> Lock:
    """Returns who has claimed a waiting item; nobody, if it does not wait."""
    if not waits(item) or item.officer is None:
        return Lock()
    stands = item.claimed_until is not None and item.claimed_until > now
    return Lock(item.officer.email, actor.is_user(item.officer_id), item.claimed_until, stands)


def waits(item: Item) -> bool:
    """Returns whether it is the officers' turn."""
    return item.state in OFFICER_TURN if isinstance(item, Application) else item.state in (CaseState.REVIEW, OrganisationState.REVIEW)


def barred(item: Item, actor: Actor) -> bool:
    """Returns whether the actor rejected this person or persona before: then another officer decides."""
    if isinstance(item, Case):
        return item.state == CaseState.REVIEW and cases.rejected_by(actor, item.user_id)
    if isinstance(item, Organisation):
        return actor.is_user(item.rejected_by_id)
    before = item.persona.applications.filter(state=ApplicationState.REJECTED, submitted_at__lt=item.submitted_at)
    last = before.order_by("-submitted_at").first()
    return last is not None and actor.is_user(last.decided_by_id)


def may_claim(item: Item, actor: Actor, now: datetime) -> bool:
    """Returns whether to offer the claim; the services ask again."""
    lock = lock_of(item, actor, now)
    return actor.may(Permission.DECIDE) and waits(item) and not lock.stands and not barred(item, actor)
