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
LIVE, COMMERCE = "live", "commerce"


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
    adult_from: datetime | None = None  # of whoever was verified as a minor; None: of age
    guardian_until: datetime | None = None  # how long a guardian's consent counts; None: there is none
    reverify_by: datetime | None = None  # when an operator of live commerce must have confirmed the identity again


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


def next_change(facts: Facts, now: datetime) -> datetime | None:
    """Returns the next moment at which the status may change though nothing happens, or None: dates of the registration and
    of the licence."""
    dates = [facts.expires_at, facts.revoked_at, facts.retired_at]
    if facts.consent_needed and facts.consent:
        ends = facts.consent.ends_on + timedelta(days=1) if facts.consent.ends_on else None
        days = [day for day in (facts.consent.starts_on, ends) if day]
        dates += [datetime.combine(day, time.min, REGISTRY_ZONE) for day in days]
    return min((date for date in dates if date and date > now), default=None)


def verdict(facts: Facts | None, ask: Ask, now: datetime) -> Outcome:
    """Returns Allowed with the label and metadata to use and until when the facts hold, or Refused with every reason.

    None as the facts: no such persona. Default is refusal; no hold, added, ever turns a refusal into a permission.
    """
    if facts is None:
        return Refused(("persona_unknown",))
    reasons = (
        *_registration(facts, now),
        *_operator(facts.operator, now),
        *_clock(facts, ask, now),
        *_driver(facts, ask, now),
        *_consent_standing(facts, now),
        *_scope(facts, ask),
    )
    if reasons:
        return Refused(tuple(dict.fromkeys(reasons)))
    return Allowed(_obligations(facts, ask, now), _until(facts, ask, now))


def missing_links(facts: Facts, now: datetime) -> tuple[str, ...]:
    """Returns which links of the chain are open at `now`, whatever is asked: operator, consent, holds; empty if none is.

    A term that is over is no open link: whether it can be renewed is what this is asked for.
    """
    held = tuple(f"hold_{party}" for party in sorted(facts.holds))
    return (*_operator(facts.operator, now), *_consent_standing(facts, now), *held)


def consent_told(facts: Facts, now: datetime) -> str:
    """Returns `not_needed`, `yes` or `no`: whether the portrayed person's licence stands; never whose."""
    if not facts.consent_needed:
        return "not_needed"
    return "no" if _consent_standing(facts, now) else "yes"


def may_sell_live(facts: Facts) -> bool:
    """Returns whether live commerce is possible by the registered facts: not where a licence leaves it out."""
    if not facts.consent_needed:
        return True
    return facts.consent is not None and LIVE in facts.consent.media and COMMERCE in facts.consent.purposes


def _registration(facts: Facts, now: datetime) -> list[str]:
    alive = status(replace(facts, holds=frozenset(), consent_needed=False), now) is Status.ACTIVE
    started = facts.issued_at <= now
    return ([] if alive and started else ["not_active"]) + [f"hold_{party}" for party in sorted(facts.holds)]


def _operator(person: Person, now: datetime) -> list[str]:
    if person.verified_until is None:
        return ["operator_unverified"]
    if person.verified_until <= now:
        return ["operator_reverify_due"]
    return _guardian(person, now)


def _guardian(person: Person, now: datetime) -> list[str]:
    """Minor Protection Law art. 76: from 16 with a guardian's consent; nobody younger is ever verified."""
    if person.adult_from is None or person.adult_from <= now:
        return []
    return [] if person.guardian_until and now < person.guardian_until else ["guardian_missing"]


def _clock(facts: Facts, ask: Ask, now: datetime) -> list[str]:
    """Order 117: operators of live commerce are verified again every six months.

    A question that leaves the purpose open is answered with a limit (no commerce), as far as something else is licensed.
    """
    if not _overdue(facts, ask, now):
        return []
    asked = ask.purpose == COMMERCE
    only = facts.consent_needed and facts.consent is not None and facts.consent.purposes == {COMMERCE}
    return ["operator_reverify_due"] if asked or only else []


def _overdue(facts: Facts, ask: Ask, now: datetime) -> bool:
    by = facts.operator.reverify_by
    return by is not None and by <= now and _may_be_live_commerce(facts, ask)


def _may_be_live_commerce(facts: Facts, ask: Ask) -> bool:
    return ask.activity == LIVE and (ask.purpose == COMMERCE or (ask.purpose is None and may_sell_live(facts)))


def _driver(facts: Facts, ask: Ask, now: datetime) -> list[str]:
    if not _is_driven(facts, ask):
        return []
    if facts.driver is None:
        return ["driver_required"]
    until = facts.driver.verified_until
    return _guardian(facts.driver, now) if until and until > now else ["driver_unverified"]


def _is_driven(facts: Facts, ask: Ask) -> bool:
    return ask.activity == LIVE and facts.drive_mode in _LIVE_DRIVEN


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


def _until(facts: Facts, ask: Ask, now: datetime) -> datetime:
    people = [facts.operator, *([facts.driver] if facts.driver and _is_driven(facts, ask) else [])]
    ends = [facts.expires_at, *(person.verified_until for person in people), *(_guarded_until(person, now) for person in people)]
    if _may_be_live_commerce(facts, ask) and not _overdue(facts, ask, now):
        ends.append(facts.operator.reverify_by)
    if facts.consent_needed and facts.consent and facts.consent.ends_on:
        ends.append(datetime.combine(facts.consent.ends_on + timedelta(days=1), time.min, REGISTRY_ZONE))
    return min(end for end in ends if end).astimezone(UTC)


def _guarded_until(person: Person, now: datetime) -> datetime | None:
    """When a minor's permission rests on the guardian no longer than that; whoever comes of age before needs none."""
    minor = person.adult_from is not None and now < person.adult_from
    alone = person.adult_from and person.guardian_until and person.guardian_until >= person.adult_from
    return person.guardian_until if minor and not alone else None


def _obligations(facts: Facts, ask: Ask, now: datetime) -> dict[str, object]:
    """The visible label (draft Digital Virtual Human Measures art. 13; GB 45438-2025 §5.4) and the implicit one (Annex E)."""
    live = {"when": "continuous", "where": "display_area"}
    upload = {"when": "start", "seconds": 2, "text_height_of_shortest_side": 0.05}
    return {
        "label": {"text": dict(LABEL), **(live if ask.activity == "live" else upload)},
        "metadata": {"standard": "GB 45438-2025", "AIGC": {"Label": "1"}},
        "limits": _limits(facts, ask, now),
    }


def _limits(facts: Facts, ask: Ask, now: datetime) -> dict[str, object]:
    """What the caller must keep to where its question left it open."""
    barred = {COMMERCE} if _overdue(facts, ask, now) else set()
    excluded: dict[str, object] = {"excluded_purposes": sorted(barred)} if barred else {}
    if not (facts.consent_needed and facts.consent):
        return excluded
    consent = facts.consent
    return {"purposes": sorted(consent.purposes - barred), "territories": sorted(consent.territories), "voice": consent.voice} | excluded
