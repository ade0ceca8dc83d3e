"""What was true of a registration, as a value that a row keeps and a reader is given. Pure.

What is kept names no person. Of a minor there is no date: `minor` says that the person was one, and whoever reads it looks up
the day on which they come of age, as long as the registry knows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from portal.kit.outcome import Outcome, Refused
from registry.issuing.flags import effective
from registry.issuing.registry_id import printed
from registry.issuing.verdict import Ask, Consent, Facts, Person, Status, consent_told, status, verdict

Kept = dict[str, Any]
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the facts of the verdict."""

    version: int
    shown: Mapping[str, Any]  # the public facts of the version
    operator: Mapping[str, str]  # its class; of an organisation also name and credit code
    national_code: str | None = None
    prohibitions: tuple[tuple[str, str], ...] = ()  # (side, act)
    transfer_pending: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """What was true at `moment`, since `since`. Where it is not `exact`, something changed at about that time and the registry
    saw only what it led to."""

    moment: datetime
    since: datetime
    exact: bool
    facts: Facts
    beside: Beside

    @property
    def status(self) -> Status:
        """The status of that moment: what time alone had changed is in it."""
        return status(self.facts, self.moment)

    @property
    def effective(self) -> tuple[str, ...]:
        """The effective statuses of that moment."""
        beside = self.beside
        return effective(self.facts, self.moment, prohibitions=beside.prohibitions, transfer_pending=beside.transfer_pending)

    @property
    def verified(self) -> bool:
        """Whether the operator was verified at that moment."""
        until = self.facts.operator.verified_until
        return until is not None and until > self.moment

    @property
    def consent(self) -> str:
        """Whether the portrayed person's licence stood: `not_needed`, `yes` or `no`."""
        return consent_told(self.facts, self.moment)

    def answer(self, ask: Ask) -> Outcome:
        """Returns what the gate would have answered."""
        return verdict(self.facts, ask, self.moment)

    def as_dict(self, ask: Ask | None = None) -> dict[str, Any]:
        """Returns the whole for JSON, with what the gate would have answered to `ask`."""
        told: dict[str, Any] = {
            "registry_id": printed(self.facts.registry_id),
            "at": self.moment.isoformat(),
            "since": self.since.isoformat(),
            "exact": self.exact,
            "status": self.status.value,
            "effective": list(self.effective),
            "holds": sorted(self.facts.holds),
            "prohibitions": [{"side": side, "act": act} for side, act in self.beside.prohibitions],
            "operator": {**self.beside.operator, "verified": self.verified},
            "platforms": sorted(self.facts.platforms),
            "consent": self.consent,
            "version": self.beside.version,
            "facts": dict(self.beside.shown),
            "national_code": self.beside.national_code,
            "expires_at": self.facts.expires_at.isoformat(),
        }
        return told | ({"verdict": _verdict(self.answer(ask))} if ask else {})


def _verdict(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Refused):
        return {"allowed": False, "reasons": list(outcome.reasons)}
    until = outcome.until
    return {"allowed": True, "reasons": [], "valid_until": until.isoformat() if until else None}


def content(facts: Facts, beside: Beside) -> Kept:
    """Returns what a row keeps: equal for equal facts."""
    people = {name: _person(getattr(facts, name)) for name in ("operator", "driver")}
    verdicts = {each.name: _plain(getattr(facts, each.name)) for each in fields(Facts)} | people
    verdicts["consent"] = {each.name: _plain(getattr(facts.consent, each.name)) for each in fields(Consent)} if facts.consent else None
    return {
        "facts": verdicts,
        "version": beside.version,
        "shown": dict(beside.shown),
        "operator": dict(beside.operator),
        "national_code": beside.national_code,
        "prohibitions": [list(each) for each in sorted(beside.prohibitions)],
        "transfer_pending": beside.transfer_pending,
    }


def _person(person: Person | None) -> Kept | None:
    if person is None:
        return None
    kept = {name: _plain(getattr(person, name)) for name in ("verified_until", "guardian_until", "reverify_by")}
    return kept | {"minor": person.adult_from is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value  # a datetime is a date


def facts_of(kept: Kept, *, operator_adult_from: datetime | None, driver_adult_from: datetime | None) -> Facts:
    """Returns the facts of the verdict. The dates are those on which a minor comes of age; None where that is not known: then
    they are taken for a minor still."""
    found = dict(kept["facts"])
    found["operator"] = _person_of(found["operator"], operator_adult_from)
    found["driver"] = _person_of(found["driver"], driver_adult_from) if found["driver"] else None
    found["consent"] = _consent_of(found["consent"]) if found["consent"] else None
    moments = {name: _moment(found[name]) for name in ("issued_at", "expires_at", "revoked_at", "retired_at")}
    sets = {name: frozenset(found[name]) for name in ("platforms", "holds")}
    return Facts(**(found | moments | sets))


def _person_of(kept: Kept, adult_from: datetime | None) -> Person:
    dates = {name: _moment(kept[name]) for name in ("verified_until", "guardian_until", "reverify_by")}
    return Person(adult_from=(adult_from or _FAR) if kept["minor"] else None, **dates)


def _consent_of(kept: Kept) -> Consent:
    days = {name: date.fromisoformat(kept[name]) if kept[name] else None for name in ("starts_on", "ends_on")}
    sets = {name: frozenset(kept[name]) for name in ("media", "purposes", "platforms", "territories")}
    return Consent(**(kept | days | sets))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def beside_of(kept: Kept) -> Beside:
    """Returns what stood beside the facts."""
    pairs = tuple((side, act) for side, act in kept["prohibitions"])
    return Beside(kept["version"], kept["shown"], kept["operator"], kept["national_code"], pairs, kept["transfer_pending"])
