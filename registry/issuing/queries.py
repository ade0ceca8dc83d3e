"""Reading registrations: the facts a verdict rests on, and what is public."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from portal.access.actor import Actor
from portal.access.roles import Permission
from portal.accounts.models import Operator, OperatorKind
from portal.accounts.queries import operators_of
from portal.kit.errors import NotFound
from portal.outbox.models import Message
from registry.consent import queries as consent
from registry.consent.queries import Coverage
from registry.issuing import rules
from registry.issuing.flags import effective
from registry.issuing.models import Act, Hold, Prohibition, Registration, Side, TransferState
from registry.issuing.verdict import REGISTRY_ZONE, Consent, Facts, Person, Status, status
from registry.personas.models import Persona, Portrayed
from registry.personas.queries import snapshot
from registry.personas.rules import operator_reference
from verification import queries as verification
from verification import rules as ages
from verification.guardians import queries as guardians
from verification.models import Identity
from verification.organisations import queries as organisations


def visible_to(actor: Actor) -> QuerySet[Registration]:
    """Returns the registrations an actor may open from the inside: their own, or all of them at the desk."""
    if actor.may(Permission.READ_DESK):
        return Registration.objects.all()
    return Registration.objects.filter(operator__in=operators_of(actor))


def own_registration(actor: Actor, registration_id: uuid.UUID) -> Registration:
    """Returns a registration of an operator in whose name the actor may act; raises NotFound for any other."""
    mine = Registration.objects.filter(operator__in=operators_of(actor)).select_related("persona", "operator")
    found = mine.filter(pk=registration_id).first()
    if found is None:
        raise NotFound
    return found


def facts_of(registration: Registration) -> Facts:
    """Returns the facts of one registration as they stand now."""
    return next(facts_for(Registration.objects.filter(pk=registration.pk)))


def facts_for(registrations: QuerySet[Registration]) -> Iterator[Facts]:
    """Yields the facts of each registration."""
    standing_holds = Prefetch("holds", Hold.objects.filter(lifted_at=None), to_attr="standing_holds")
    rows = registrations.select_related("persona", "operator").prefetch_related(standing_holds, "operator__members")
    for row in rows.iterator(chunk_size=500):
        yield _facts(row)


def _facts(row: Registration) -> Facts:
    needed = row.facts.get("portrayed") == Portrayed.OTHER or _shows_who_left(row)
    coverage = _coverage(row) if needed else None
    driver = driver_of(row)
    return Facts(
        registry_id=row.registry_id,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        platforms=frozenset(row.facts.get("platforms", ())),
        drive_mode=row.facts.get("drive_mode", ""),
        operator=_operator(row),
        driver=_person(driver) if driver else None,
        consent_needed=needed,
        consent=_consent(coverage) if coverage and _is_known(coverage.portrayed_user_id) else None,
        holds=frozenset(hold.party for hold in row.standing_holds),  # type: ignore[attr-defined]
        revoked_at=row.revoked_at,
        retired_at=row.retired_at,
    )


def driver_of(row: Registration) -> uuid.UUID | None:
    """Returns the account of whoever drives the persona: the one that was named, else whoever made it."""
    return row.persona.driver_id or row.persona.created_by_id


def owner_of(row: Registration) -> uuid.UUID | None:
    """Returns the account of the one natural person who is the operator; None for an organisation."""
    if row.operator.kind == OperatorKind.ORGANISATION:
        return None
    return next((member.user_id for member in row.operator.members.all() if member.role == "owner"), None)


def _coverage(row: Registration) -> Coverage | None:
    """The licence of the person whose face the present version was approved with; another person's covers nothing."""
    shown = row.versions.filter(number=row.version).values_list("application__portrayed_user", flat=True).first()
    return consent.coverage(row.persona_id, of=shown) if shown else None


def _operator(row: Registration) -> Person:
    """Who answers: an organisation while a verified agent acts for it, else the one natural person who is the operator."""
    if row.operator.kind == OperatorKind.ORGANISATION:
        answer = organisations.answer_of(row.operator_id)
        return Person(verified_until=answer.until, reverify_by=answer.reverify_by)
    return _person(owner_of(row))


def _shows_who_left(row: Registration) -> bool:
    """An agent lends an organisation their own face for as long as they act for it; afterwards it takes a licence."""
    if row.operator.kind != OperatorKind.ORGANISATION or row.facts.get("portrayed") != Portrayed.SELF:
        return False
    return row.persona.created_by_id not in {member.user_id for member in row.operator.members.all()}


def _person(user_id: uuid.UUID | None) -> Person:
    identity = verification.identity_of(user_id) if user_id else None
    if identity is None or identity.revoked_at:
        return Person()
    return Person(
        verified_until=identity.valid_until,
        adult_from=_adult_from(identity) if identity.is_minor else None,  # of an adult nothing is told
        guardian_until=guardians.guardian_until(identity.user_id) if identity.is_minor else None,
        reverify_by=ages.reverify_by(identity.confirmed_at),
    )


def adult_from(user_id: uuid.UUID | None) -> datetime | None:
    """Returns from when the account's holder is, or was, of age; None of whoever is not known (any more)."""
    identity = verification.identity_of(user_id) if user_id else None
    return _adult_from(identity) if identity else None


def _adult_from(identity: Identity) -> datetime:
    return datetime.combine(ages.adult_on(identity.born), time.min, REGISTRY_ZONE)


def _is_known(portrayed: uuid.UUID | None) -> bool:
    """A licence counts as long as the identity of who granted it has not been revoked: it may have run out, it was theirs."""
    identity = verification.identity_of(portrayed) if portrayed else None
    return identity is not None and identity.revoked_at is None


def _consent(coverage: Coverage) -> Consent:
    return Consent(
        state=coverage.state,
        media=frozenset(coverage.media),
        purposes=frozenset(coverage.purposes),
        platforms=frozenset(coverage.platforms),
        territories=frozenset(coverage.territories),
        starts_on=coverage.starts_on,
        ends_on=coverage.ends_on,
        voice=coverage.voice,
        computed_driving=coverage.computed_driving,
    )


def status_of(registration: Registration, now: datetime) -> Status:
    """Returns the derived status of one registration."""
    return status(facts_of(registration), now)


def operator_named(operator: Operator) -> str:
    """Returns the public name of an organisation, or what stands for a natural person, whose name is never shown."""
    if operator.kind == OperatorKind.ORGANISATION:
        return str(operator.organisation.public_name)
    return operator_reference(operator.pk)


def registry_forbids(registration: Registration) -> list[str]:
    """Returns the acts that the registry forbids."""
    return sorted(registration.prohibitions.filter(side=Side.REGISTRY, lifted_at=None).values_list("act", flat=True))


def prohibitions_of(registration: Registration) -> QuerySet[Prohibition]:
    """Returns the prohibitions that stand, of both sides."""
    return registration.prohibitions.filter(lifted_at=None).order_by("side", "act")


def changes_forbidden(persona: Persona) -> bool:
    """Returns whether sending the persona to review would ask for a change that either side forbids."""
    row = Registration.objects.filter(persona=persona).first()
    forbidden = row is not None and row.prohibitions.filter(act=Act.UPDATE, lifted_at=None).exists()
    return forbidden and row is not None and snapshot(persona) != row.facts


def effective_of(registration: Registration, now: datetime) -> tuple[str, ...]:
    """Returns the effective statuses of one registration (`flags.effective`)."""
    return effective(
        facts_of(registration),
        now,
        prohibitions=list(prohibitions_of(registration).values_list("side", "act")),
        transfer_pending=registration.transfers.filter(state=TransferState.PENDING, ends_at__gt=now).exists(),
    )


def ending(now: datetime) -> QuerySet[Registration]:
    """Returns the registrations of whose end the operator is to be reminded now."""
    standing = Registration.objects.filter(revoked_at=None, retired_at=None, expires_at__gt=now)
    due = Q()
    for days in rules.REMINDERS:
        due |= Q(expires_at__lte=now + timedelta(days=days)) & (Q(reminded=None) | Q(reminded__gt=days))
    return standing.filter(due).order_by("expires_at")


def live_commerce_owners(now: datetime) -> QuerySet[Registration, Any]:
    """Returns the accounts of the people who answer for a registration in force by which live commerce is possible (see
    `verdict.may_sell_live`); as a subquery of identifiers."""
    in_force = Registration.objects.filter(revoked_at=None, retired_at=None, expires_at__gt=now)
    licensed = Q(persona__licences__state="granted", persona__licences__media__contains=["live"])
    licensed &= Q(persona__licences__purposes__contains=["commerce"])
    sells = in_force.filter(~Q(facts__portrayed=Portrayed.OTHER) | licensed)
    owners: QuerySet[Registration, Any] = sells.filter(operator__members__role="owner").values("operator__members__user")
    return owners


def touched_by(messages: Iterable[Message]) -> QuerySet[Registration]:
    """Returns the registrations whose facts may have changed by these messages: by persona, operator, or a person behind it."""
    payloads = [message.payload for message in messages]
    personas = {payload["persona"] for payload in payloads if "persona" in payload}
    people = {payload["user"] for payload in payloads if "user" in payload}
    operators = {payload["operator"] for payload in payloads if "operator" in payload}
    people |= set(guardians.wards_of(people))
    by_person = Q(operator__members__user__in=people) | Q(persona__driver__in=people) | Q(persona__created_by__in=people)
    by_likeness = Q(persona__licences__portrayed__in=people)
    return Registration.objects.filter(Q(persona__in=personas) | Q(operator__in=operators) | by_person | by_likeness).distinct()
