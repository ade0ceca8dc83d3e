"""The chain of one persona as its operator walks it: which links are closed, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import OperatorKind
from registry.consent.models import Licence
from registry.consent.states import PENDING
from registry.home.upkeep import Upkeep
from registry.issuing.models import Registration
from registry.personas.models import Application, Persona, Portrayed
from registry.personas.queries import snapshot
from registry.personas.rules import MIN_PORTRAITS
from registry.personas.states import OFFICER_TURN, ApplicationState

Text = str | Promise
_IDENTITY: dict[str, str] = {OperatorKind.PERSON: "verification:status", OperatorKind.ORGANISATION: "organisations:list"}


@dataclass(frozen=True, slots=True)
class Step:
    """A link of the chain: done, current or todo."""

    label: Text
    state: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes next: what to do and where, or (without an address) what one waits for."""

    title: Text
    text: Text
    href: str = ""
    action: Text = ""


@dataclass(frozen=True, slots=True)
class Links:
    """What of the chain is closed."""

    identity: bool
    portraits: bool
    licence_needed: bool
    licence: bool
    application: Application | None
    pending: Licence | None
    registration: Registration | None
    changed: bool  # the working copy says other than what is registered
    due: bool  # the registration runs out soon, or has
    renewable: bool  # the operator can renew it without an officer

    @property
    def sent(self) -> bool:
        """Whether the application is with an officer or approved."""
        return self.application is not None and self.application.state in (*OFFICER_TURN, ApplicationState.APPROVED)

    @property
    def ended(self) -> bool:
        """Whether the registration is over for good."""
        return self.registration is not None and bool(self.registration.revoked_at or self.registration.retired_at)

    @property
    def ready(self) -> bool:
        """Whether the persona can be sent to review now."""
        waiting = self.application is not None and self.application.state in OFFICER_TURN
        wanted = self.registration is None or self.changed or (self.due and not self.renewable)
        closed = self.identity and self.portraits and (self.licence or not self.licence_needed)
        return closed and wanted and not waiting and not self.ended


def links(
    persona: Persona,
    *,
    verified: bool,
    licensed: bool,
    application: Application | None,
    licence: Licence | None,
    kept: Upkeep | None,
    now: datetime,
) -> Links:
    """Returns the state of each link."""
    portraits = list(persona.portraits.all())
    registration = kept.row if kept else None
    return Links(
        identity=verified,
        portraits=len(portraits) >= MIN_PORTRAITS and all(each.checked_at for each in portraits),
        licence_needed=persona.portrayed == Portrayed.OTHER,
        licence=licensed,
        application=application,
        pending=licence if licence and licence.state in PENDING else None,
        registration=registration,
        changed=registration is not None and snapshot(persona) != registration.facts,
        due=kept is not None and kept.renewal_due,
        renewable=kept is not None and kept.renewable,
    )


def steps(persona: Persona, now: Links) -> list[Step]:
    """Returns the links for the stepper; the first open one is current."""
    rows: list[tuple[Text, bool, str]] = [
        (_("Identity"), now.identity, reverse(_IDENTITY[persona.operator.kind])),
        (_("Description"), True, reverse("personas:edit", args=[persona.pk])),
        (_("Portraits"), now.portraits, reverse("personas:portraits", args=[persona.pk])),
        (_("Review"), now.registration is not None, ""),
        (_("Registered"), now.registration is not None, ""),
    ]
    if now.licence_needed:
        rows.insert(3, (_("Licence"), now.licence, reverse("consent:invite", args=[persona.pk])))
    first = next((place for place, row in enumerate(rows) if not row[1]), len(rows))
    return [
        Step(label, "done" if done else "current" if place == first else "todo", href) for place, (label, done, href) in enumerate(rows)
    ]


def turn(persona: Persona, now: Links) -> Turn | None:
    """Returns what comes next, or None when the chain is closed and nothing is asked of anybody."""
    if now.ended:
        return None
    return _own_turn(persona, now) or _others_turn(now)


def _own_turn(persona: Persona, now: Links) -> Turn | None:
    if not now.identity and persona.operator.kind == OperatorKind.ORGANISATION:
        text = _("Nobody verified answers for this organisation now: it must be verified, and one of its agents too.")
        return Turn(_("Look at the organisation"), text, reverse("organisations:list"), _("My organisations"))
    if not now.identity:
        text = _("Platforms ask who answers for a virtual human. It takes about five minutes.")
        return Turn(_("Verify your identity"), text, reverse("verification:status"), _("Verify my identity"))
    if not now.portraits:
        text = _("Add two to six pictures that show the persona as people will see it. Each is checked within seconds.")
        return Turn(_("Add portraits"), text, reverse("personas:portraits", args=[persona.pk]), _("Add portraits"))
    if now.licence_needed and not now.licence and not now.pending:
        text = _("The person whose face or voice this is must agree. They get a link by e-mail.")
        return Turn(_("Invite the portrayed person"), text, reverse("consent:invite", args=[persona.pk]), _("Invite"))
    if now.application and now.application.state == ApplicationState.CHANGES_REQUESTED:
        text = _("Read the officer's note below, change what is asked for, and send the persona to review again.")
        return Turn(_("The officer asks for changes"), text, reverse("personas:edit", args=[persona.pk]), _("Change the persona"))
    return None


def _others_turn(now: Links) -> Turn | None:
    if now.pending and not now.licence:
        return Turn(_("Waiting for the portrayed person"), _("We tell you by e-mail when they have answered."))
    if now.application and now.application.state in OFFICER_TURN:
        return Turn(_("Waiting for an officer"), _("An officer looks at the application. You need not do anything."))
    if now.ready and now.registration is None:
        return Turn(_("Send it to review"), _("Everything is there. An officer checks it and issues the registry ID."))
    if now.ready and now.changed:
        return Turn(_("You have changed this persona"), _("The registered facts stand until an officer has approved the changes."))
    if now.renewable and now.registration is not None:
        text = _("It runs out soon, or has. Nothing has changed, so you can renew it yourself for another year.")
        return Turn(_("Renew the registration"), text, reverse("home:renew", args=[now.registration.pk]), _("Renew"))
    if now.ready:
        return Turn(_("Renew the registration"), _("It runs out soon, or has. An officer looks at it once more; the ID stays the same."))
    return None
