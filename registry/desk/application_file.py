"""Everything an officer needs to know of an application, gathered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from portal.access.actor import Actor
from portal.access.roles import Permission
from portal.accounts.models import OperatorKind
from registry.consent import queries as consent
from registry.consent.models import Licence
from registry.desk import changes, locks, wording
from registry.desk.differences import Picture, facts_before, facts_changed, pictures_sent, portraits_removed
from registry.desk.registered import Registered, registered
from registry.desk.rules import Lock, Text
from registry.personas import queries as personas
from registry.personas import rules as persona_rules
from registry.personas.models import Application, Portrait
from verification import queries as verification
from verification.models import Case
from verification.organisations import queries as organisations
from verification.rules import Standing


@dataclass(frozen=True, slots=True)
class ApplicationFile:
    """An application on the desk."""

    item: Application
    lock: Lock
    may_claim: bool
    barred: bool
    opened: bool
    name: str
    facts: list[tuple[Text, str]]
    pictures: list[Picture]
    removed: list[Portrait]
    compared: bool
    changes: list[tuple[Text, str, str]]
    likeness: wording.Likeness
    scale: str
    licence: Licence | None
    terms: Sequence[tuple[str, str]]
    portrayed: Standing
    portrayed_case: Case | None
    operator: Standing
    operator_reference: str
    registered: Registered | None
    decision: list[Text]
    earlier: QuerySet[Application]


def of_application(actor: Actor, application: Application, now: datetime, *, opened: bool = False) -> ApplicationFile:
    """Returns the application with what is known about it; `opened` as in `of_case`."""
    lock, persona = locks.lock_of(application, actor, now), application.persona
    found = wording.likeness(application.face_distance)
    licence = consent.of_persona(persona).first() if application.facts.get("portrayed") == "other" else None
    before = facts_before(application)
    portrayed = application.portrayed_user_id
    platforms = personas.platform_names()
    return ApplicationFile(
        item=application,
        lock=lock,
        may_claim=locks.may_claim(application, actor, now),
        barred=locks.waits(application) and actor.may(Permission.DECIDE) and locks.barred(application, actor),
        opened=opened or lock.held,
        name=application.facts.get("name_zh") or application.facts.get("name_en", ""),
        facts=[(wording.field(name), wording.value(name, application.facts.get(name) or "", platforms)) for name in changes.FIELDS],
        pictures=pictures_sent(application, before),
        removed=portraits_removed(application, before),
        compared=before is not None,
        changes=facts_changed(application, before, platforms),
        likeness=found,
        scale=wording.scale(found),
        licence=licence,
        terms=consent.in_words(licence.terms) if licence else [],
        portrayed=verification.standing(portrayed, now) if portrayed else Standing(),
        portrayed_case=_verified_case(application) if opened or lock.held else None,
        operator=_operator(application, now),
        operator_reference=persona_rules.operator_reference(persona.operator_id),
        registered=registered(actor, application, now),
        decision=[wording.reason(code) for code in application.reasons],
        earlier=personas.decidable_by(actor).filter(persona=persona).exclude(pk=application.pk).order_by("-submitted_at"),
    )


def _verified_case(application: Application) -> Case | None:
    identity = verification.identity_of(application.portrayed_user_id) if application.portrayed_user_id else None
    return identity.case if identity and not identity.revoked_at else None


def _operator(application: Application, now: datetime) -> Standing:
    operator = application.persona.operator
    if operator.kind == OperatorKind.ORGANISATION:
        until, since = organisations.answers_until(operator.pk), operator.organisation.verified_at
        return Standing(True, since, until, True) if until and until > now else Standing()
    standings = [verification.standing(owner.pk, now) for owner in personas.owners(application.persona.operator)]
    return next((each for each in standings if each.verified), Standing())
