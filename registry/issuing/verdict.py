"""The verdict: may this persona do this here now? Pure; the gate, the record page and the desk all ask it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

from portal.kit.outcome import Allowed, Outcome, Refused

# Days begin and end in the registry's own time zone: China has one, without daylight saving.
REGISTRY_ZONE = timezone(timedelta(hours=8), "CST")
WORLD = "WORLD"
LABEL = {"zh": "数字人", "en": "virtual human"}
_LIVE_DRIVEN = frozenset({"human", "hybrid"})
_COMPUTED = frozenset({"computed", "hybrid"})


class Status(StrEnum):
    """What a registration is at a moment; derived, never stored."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Person:
    """What the verdict needs to know of a real person: nothing that names them."""

    verified_until: datetime | None = None  # None: never verified, or revoked
    minor: bool = False
    guardian_consents: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """The portrayed person's licence as it stands. Empty sets grant nothing."""

    state: str
    media: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    starts_on: date | None = None
    ends_on: date | None = None
    voice: bool = False
    computed_driving: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the verdict rests on, of one registration."""

    registry_id: str
    issued_at: datetime
    expires_at: datetime
    platforms: frozenset[str]
    drive_mode: str
    operator: Person
    driver: Person | None = None
    consent_needed: bool = False
    consent: Consent | None = None
    holds: frozenset[str] = frozenset()
    revoked_at: datetime | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What a platform wants to know."""

    platform: str
    activity: str  # "live" or "upload"
    purpose: str | None = None
    territory: str | None = None


def status(facts: Facts, now: datetime) -> Status:
    """Returns the derived status; a missing or ended consent suspends as a hold of the portrayed person would."""
    if facts.revoked_at and facts.revoked_at <= now:
        return Status.REVOKED
    if facts.retired_at and facts.retired_at <= now:
        return Status.RETIRED
    if facts.expires_at <= now:
        return Status.EXPIRED
    return Status.SUSPENDED if facts.holds or _consent_standing(facts, now) else Status.ACTIVE


def verdict(facts: Facts | None, ask: Ask, now: datetime) -> Outcome:
    """Returns Allowed with the label and metadata to use and until when the facts hold, or Refused with every reason.

    None as the facts: no such persona. Default is refusal; no hold, added, ever turns a refusal into a permission.
    """
    if facts is None:
        return Refused(("persona_unknown",))
    reasons = (
        *_registration(facts, now),
        *_operator(facts.operator, now),
        *_driver(facts, ask, now),
        *_consent_standing(facts, now),
        *_scope(facts, ask),
    )
    if reasons:
        return Refused(tuple(dict.fromkeys(reasons)))
    return Allowed(_obligations(facts, ask), _until(facts))


def _registration(facts: Facts, now: datetime) -> list[str]:
    alive = status(replace(facts, holds=frozenset(), consent_needed=False), now) is Status.ACTIVE
    started = facts.issued_at <= now
    return ([] if alive and started else ["not_active"]) + [f"hold_{party}" for party in sorted(facts.holds)]


def _operator(person: Person, now: datetime) -> list[str]:
    if person.verified_until is None:
        return ["operator_unverified"]
    if person.verified_until <= now:
        return ["operator_reverify_due"]
    # Minor Protection Law art. 76: from 16 with a guardian's consent; nobody younger is ever verified.
    return ["guardian_missing"] if person.minor and not person.guardian_consents else []


def _driver(facts: Facts, ask: Ask, now: datetime) -> list[str]:
    if ask.activity != "live" or facts.drive_mode not in _LIVE_DRIVEN:
        return []
    if facts.driver is None:
        return ["driver_required"]
    until = facts.driver.verified_until
    return [] if until and until > now else ["driver_unverified"]


def _consent_standing(facts: Facts, now: datetime) -> list[str]:
    consent, today = facts.consent, now.astimezone(REGISTRY_ZONE).date()
    if not facts.consent_needed:
        return []
    if consent is None:
        return ["consent_missing"]
    if consent.state in ("withdrawn", "expired"):
        return [f"consent_{consent.state}"]
    if consent.state != "granted" or (consent.starts_on and today < consent.starts_on):
        return ["consent_missing"]
    return ["consent_expired"] if consent.ends_on and consent.ends_on < today else []


def _scope(facts: Facts, ask: Ask) -> list[str]:
    covered = ask.platform in facts.platforms
    if facts.consent_needed and facts.consent:
        covered = covered and _licensed(facts.consent, facts.drive_mode, ask)
    return [] if covered else ["scope_not_covered"]


def _licensed(consent: Consent, drive_mode: str, ask: Ask) -> bool:
    territories = consent.territories
    return (
        ask.activity in consent.media
        and ask.platform in consent.platforms
        and bool(consent.purposes if ask.purpose is None else ask.purpose in consent.purposes)
        and bool(territories if ask.territory is None else territories & {ask.territory, WORLD})
        and (consent.computed_driving or drive_mode not in _COMPUTED)
    )


def _until(facts: Facts) -> datetime:
    ends = [facts.expires_at, facts.operator.verified_until, facts.driver and facts.driver.verified_until]
    if facts.consent_needed and facts.consent and facts.consent.ends_on:
        ends.append(datetime.combine(facts.consent.ends_on + timedelta(days=1), time.min, REGISTRY_ZONE))
    return min(end for end in ends if end).astimezone(UTC)


def _obligations(facts: Facts, ask: Ask) -> dict[str, object]:
    """The visible label (draft Digital Virtual Human Measures art. 13; GB 45438-2025 §5.4) and the implicit one (Annex E)."""
    live = {"when": "continuous", "where": "display_area"}
    upload = {"when": "start", "seconds": 2, "text_height_of_shortest_side": 0.05}
    return {
        "label": {"text": dict(LABEL), **(live if ask.activity == "live" else upload)},
        "metadata": {"standard": "GB 45438-2025", "AIGC": {"Label": "1"}},
        "limits": _limits(facts),
    }


def _limits(facts: Facts) -> dict[str, object]:
    """What the caller must keep to where its question left it open."""
    if not (facts.consent_needed and facts.consent):
        return {}
    consent = facts.consent
    return {"purposes": sorted(consent.purposes), "territories": sorted(consent.territories), "voice": consent.voice}
