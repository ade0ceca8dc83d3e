"""Reading organisations and mandates."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.models import MemberRole, Operator
from portal.accounts.queries import operators_of, standing_members
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.audit.queries import trail_of
from portal.kit.errors import NotFound
from portal.vault.models import SealedFile
from verification.models import Identity
from verification.organisations import rules
from verification.organisations.models import Mandate, Organisation
from verification.organisations.rules import Agent
from verification.organisations.states import OPEN, MandateState, OrganisationState

# What those who act for the organisation read of its trail: not which officer held it when.
_TOLD = (
    Event.ORGANISATION_STARTED, Event.ORGANISATION_SUBMITTED, Event.ORGANISATION_VERIFIED, Event.ORGANISATION_CHANGES_REQUESTED,
    Event.ORGANISATION_REJECTED, Event.ORGANISATION_EXPIRED, Event.ORGANISATION_REVOKED, Event.ORGANISATION_WITHDRAWN,
    Event.MANDATE_INVITED,
    Event.MANDATE_ACCEPTED, Event.MANDATE_TAKEN_BACK, Event.MANDATE_LAPSED, Event.MANDATE_WITHDRAWN, Event.MANDATE_LAID_DOWN,
    Event.MANDATE_ENDED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """Until when an organisation's operator is answered for, and by when one of its agents confirms their identity again
    before it sells live (`rules.answers_until`, `rules.reverify_by`)."""

    until: datetime | None = None
    reverify_by: datetime | None = None


def verified_adult_until(user_id: uuid.UUID) -> datetime | None:
    """Returns until when the account's identity is verified; None without one, once it is revoked, and for a minor."""
    identity = _adults([user_id]).get(user_id)
    return identity.valid_until if identity else None


def _adults(users: list[uuid.UUID]) -> dict[uuid.UUID, Identity]:
    standing = Identity.objects.filter(user__in=users, revoked_at=None, is_minor=False)
    return {identity.user_id: identity for identity in standing}


def answer_of(operator_id: uuid.UUID) -> Answer:
    """Returns how an organisation's operator is answered for; an empty answer where nobody does."""
    organisation = Organisation.objects.filter(operator=operator_id, verified_at__isnull=False, revoked_at=None).first()
    if organisation is None:
        return Answer()
    mandates = list(organisation.mandates.filter(state=MandateState.STANDING).values_list("user", "until"))
    adults = _adults([user for user, _until in mandates])
    known = [(until, adults[user]) for user, until in mandates if user in adults]
    agents = [Agent(until, identity.valid_until, identity.confirmed_at) for until, identity in known]
    return Answer(rules.answers_until(organisation.valid_until, agents), rules.reverify_by(organisation.valid_until, agents))


def answers_until(operator_id: uuid.UUID) -> datetime | None:
    """Returns until when an organisation's operator is answered for, as `rules.answers_until` has it."""
    return answer_of(operator_id).until


def is_verified(organisation: Organisation, now: datetime) -> bool:
    """Returns whether an officer's verification of the organisation stands at `now`."""
    return organisation.revoked_at is None and organisation.valid_until is not None and now < organisation.valid_until


def visible_to(actor: Actor) -> QuerySet[Organisation]:
    """Returns the organisations the actor acts for, and those they filed that no officer has verified yet."""
    filed = Q(operator=None, filed_by=actor.id, filed_by__isnull=False)
    return Organisation.objects.select_related("data_key").filter(filed | Q(operator__in=operators_of(actor)))


def organisation_for(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """Returns an organisation the actor may look into; raises NotFound for any other."""
    found = visible_to(actor).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return found


def owns(actor: Actor, organisation: Organisation) -> bool:
    """Returns whether the actor may file for the organisation and say who acts for it."""
    if organisation.operator_id is None:
        return actor.is_user(organisation.filed_by_id)
    owners = standing_members().filter(operator=organisation.operator_id, role=MemberRole.OWNER)
    return owners.filter(user=actor.user_id).exists()


def operators_to_choose(actor: Actor) -> list[tuple[Operator, str]]:
    """Returns the organisations in whose name the actor may act, with their names."""
    found = Organisation.objects.filter(operator__in=operators_of(actor)).select_related("operator").order_by("public_name", "pk")
    return [(each.operator, each.public_name) for each in found if each.operator is not None]


def under_way(actor: Actor) -> int:
    """Returns how many filings for new organisations the actor has not finished."""
    return Organisation.objects.filter(filed_by=actor.id, operator=None, state__in=OPEN).count()


def code_held(uscc: str, *, by_another_than: uuid.UUID) -> bool:
    """Returns whether another organisation is verified with this code."""
    held = Organisation.objects.filter(uscc=uscc, verified_at__isnull=False, revoked_at=None)
    return held.exclude(pk=by_another_than).exists()


def steps_left(organisation: Organisation) -> list[str]:
    """Returns the steps of the filing that are still to be done."""
    return rules.parts_missing(
        described=bool(organisation.uscc),
        licence=organisation.licence_image_id is not None,
        letter=organisation.letter_image_id is not None,
        represents=organisation.represents,
    )


def mandates_of(organisation: Organisation) -> QuerySet[Mandate]:
    """Returns every mandate of the organisation, the newest first."""
    return organisation.mandates.select_related("data_key", "user").order_by("-invited_at", "-pk")


def mandate_for(actor: Actor, organisation: Organisation, mandate_id: uuid.UUID) -> Mandate:
    """Returns a mandate the actor may end: one of an organisation they own, or their own. Raises NotFound."""
    own = Q() if owns(actor, organisation) else Q(user=actor.user_id)
    found = mandates_of(organisation).filter(own, pk=mandate_id).first()
    if found is None:
        raise NotFound
    return found


def history(organisation: Organisation) -> QuerySet[Entry]:
    """Returns what those who act for the organisation may read of its trail, the oldest first."""
    return trail_of(organisation, *organisation.mandates.all()).filter(event__in=_TOLD)


def picture_of(organisation: Organisation, slot: str) -> SealedFile | None:
    """Returns the picture of a slot: `licence` or `letter`."""
    found: SealedFile | None = getattr(organisation, f"{slot}_image")
    return found


def organisation_of_picture(file_id: uuid.UUID) -> Organisation | None:
    """Returns the organisation to which a picture belongs."""
    pictures = Q(licence_image=file_id) | Q(letter_image=file_id)
    return Organisation.objects.select_related("licence_image__data_key", "letter_image__data_key").filter(pictures).first()


def decidable_by(actor: Actor) -> QuerySet[Organisation]:
    """Returns the submitted organisations in which the actor has no part: neither filed by them nor acted for."""
    own = Organisation.objects.filter(Q(filed_by=actor.id) | Q(operator__members__user=actor.id)).values("pk")
    shown = Organisation.objects.select_related("filed_by", "officer", "decided_by", "data_key", "operator")
    return shown.filter(submitted_at__isnull=False).exclude(pk__in=own)


def waiting_organisations(actor: Actor) -> QuerySet[Organisation]:
    """Returns what waits for an officer, the oldest first, without the actor's own. Raises Forbidden."""
    require(actor, Permission.READ_DESK)
    return decidable_by(actor).filter(state=OrganisationState.REVIEW).order_by("submitted_at")


def organisation_for_desk(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """Returns a submitted organisation. Raises Forbidden without a desk role, NotFound for no such one or the actor's own."""
    require(actor, Permission.READ_DESK)
    found = decidable_by(actor).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound
    return found
