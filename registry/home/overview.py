"""What an operator sees of a persona: everything that hangs on it, composed."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.accounts.models import OperatorKind
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.audit.queries import trail_of
from portal.kit.errors import NotFound
from registry.certificates.queries import is_certified
from registry.consent import queries as consent
from registry.consent.models import Licence
from registry.home import chain, upkeep
from registry.home.upkeep import Upkeep
from registry.issuing import grounds
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Hold, Registration
from registry.issuing.verdict import Status
from registry.personas import queries as personas
from registry.personas.models import Persona
from registry.personas.rules import REASONS, ConsentEvidence, Text
from registry.personas.states import ApplicationState
from verification import queries as verification


@dataclass(frozen=True, slots=True)
class Overview:
    """A persona with its chain, its licence and its registration."""

    persona: Persona
    links: chain.Links
    licence: Licence | None
    evidence: ConsentEvidence
    status: Status | None
    holds: list[tuple[Hold, Text]]  # each with what it is founded on
    steps: list[chain.Step]
    turn: chain.Turn | None
    upkeep: Upkeep | None

    @property
    def printed_id(self) -> str:
        """The registry ID as it is shown, or nothing."""
        return ids.printed(self.links.registration.registry_id) if self.links.registration else ""

    @property
    def certified(self) -> bool:
        """Whether there is a certificate to download."""
        return self.links.registration is not None and is_certified(self.links.registration)

    @property
    def answer(self) -> list[Text]:
        """What an officer's refusal or request for changes says, in the operator's words; empty where there is none."""
        application = self.links.application
        if application is None or application.state not in (ApplicationState.CHANGES_REQUESTED, ApplicationState.REJECTED):
            return []
        return [REASONS[code] for code in application.reasons if code in REASONS]

    @property
    def held_by_operator(self) -> bool:
        """Whether the operator's own hold stands."""
        return any(hold.party == "operator" for hold, _ground in self.holds)


def of_persona(actor: Actor, persona_id: uuid.UUID, now: datetime) -> Overview:
    """Returns the overview of a persona the actor may see; raises NotFound otherwise."""
    persona = personas.visible_to(actor).filter(pk=persona_id).first()
    if persona is None:
        raise NotFound
    return compose(persona, now)


def of_actor(actor: Actor, now: datetime) -> list[Overview]:
    """Returns the overview of each persona of the actor's operators, the newest first."""
    return [compose(persona, now) for persona in personas.mine(actor)]


def compose(persona: Persona, now: datetime) -> Overview:
    """Returns the overview of a persona."""
    evidence = consent.evidence(persona)
    kept = _upkeep(persona, now)
    licence = persona.licences.order_by("-invited_at").first()
    links = chain.links(
        persona,
        verified=_known(persona, now),
        licensed=evidence.granted,
        application=personas.latest_application(persona),
        licence=licence,
        kept=kept,
        now=now,
    )
    registration = links.registration
    return Overview(
        persona=persona,
        links=links,
        licence=licence,
        evidence=evidence,
        status=issuing.status_of(registration, now) if registration else None,
        holds=_holds(registration) if registration else [],
        steps=chain.steps(persona, links),
        turn=chain.turn(persona, links),
        upkeep=kept,
    )


def _upkeep(persona: Persona, now: datetime) -> Upkeep | None:
    registration = Registration.objects.filter(persona=persona).first()
    return upkeep.of_registration(registration, now) if registration else None


def _known(persona: Persona, now: datetime) -> bool:
    """Whether who answers is verified: an organisation as such, a person as the one who made the persona."""
    if persona.operator.kind == OperatorKind.ORGANISATION:
        return personas.answered_for(persona.operator, now)
    return persona.created_by_id is not None and verification.standing(persona.created_by_id, now).verified


def _holds(registration: Registration) -> list[tuple[Hold, Text]]:
    standing = registration.holds.filter(lifted_at=None).order_by("placed_at")
    return [(hold, grounds.HOLD.get(hold.party, {}).get(hold.reason, hold.reason)) for hold in standing]


def trail(view: Overview) -> QuerySet[Entry]:
    """Returns everything that happened to the persona, the newest first."""
    things = [view.persona, *view.persona.applications.all(), *view.persona.licences.all()]
    entries = trail_of(*things, *([view.links.registration] if view.links.registration else []))
    return entries.exclude(event=Event.PAST_READ).order_by("-id")  # what an officer asks is the desk's business
