"""The sandbox's personas: invented facts for each decision there is, under IDs that stay the same for ever. Pure.

Nothing here says what is decided: the facts do, and the registry's own `verdict()` reads them. Their times are told from
the moment of the question, and each of them is registered on whatever platform asks, unless that is the point.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from registry.issuing.verdict import REGISTRY_ZONE, Consent, Facts, Person

YEAR, DAY = timedelta(days=365), timedelta(days=1)
Changed = Callable[[Facts, datetime], Facts]


@dataclass(frozen=True, slots=True)
class Persona:
    """A persona of the sandbox: its canonical ID, and the reasons that it promises for going live and for uploading."""

    registry_id: str
    changed: Changed | None  # None: nothing is registered under the ID
    live: tuple[str, ...] = ()
    upload: tuple[str, ...] = ()

    def facts(self, platform: str, now: datetime) -> Facts | None:
        """Returns its facts as they stand at `now` for a platform that asks."""
        return self.changed(_sound(self.registry_id, platform, now), now) if self.changed else None


def _sound(registry_id: str, platform: str, now: datetime) -> Facts:
    """A computed persona of a verified operator, which portrays nobody: nothing speaks against it."""
    return Facts(
        registry_id=registry_id,
        issued_at=now - YEAR,
        expires_at=now + YEAR,
        platforms=frozenset({platform}),
        drive_mode="computed",
        operator=Person(verified_until=now + YEAR),
    )


def _is(**facts: object) -> Changed:
    return lambda sound, _now: replace(sound, **facts)  # type: ignore[arg-type]


def _held(*parties: str) -> Persona:
    return Persona(_HELD["".join(parties)], _is(holds=frozenset(parties)), *[tuple(f"hold_{each}" for each in parties)] * 2)


def _licensed(**terms: object) -> Changed:
    """Somebody is portrayed, whose licence leaves selling and advertising out, but for the changed `terms`."""

    def changed(sound: Facts, now: datetime) -> Facts:
        today = now.astimezone(REGISTRY_ZONE).date()
        granted = Consent(
            state="granted",
            media=frozenset({"live", "upload"}),
            purposes=frozenset({"education", "entertainment"}),
            platforms=sound.platforms,
            territories=frozenset({"CN"}),
            starts_on=today - YEAR,
            ends_on=today + YEAR,
            computed_driving=True,
        )
        return replace(sound, consent_needed=True, consent=replace(granted, **terms))  # type: ignore[arg-type]

    return changed


def _minor(*, guarded: bool) -> Changed:
    def changed(sound: Facts, now: datetime) -> Facts:
        guardian = now + YEAR if guarded else None
        return replace(sound, operator=replace(sound.operator, adult_from=now + 2 * YEAR, guardian_until=guardian))

    return changed


def _driven(driver: Callable[[datetime], Person | None]) -> Changed:
    return lambda sound, now: replace(sound, drive_mode="human", driver=driver(now))


def _tangled(sound: Facts, now: datetime) -> Facts:
    return replace(_licensed(state="withdrawn")(sound, now), operator=Person(), holds=frozenset({"officer"}))


_HELD = {
    "consent": "TESTH01DC0N5",
    "operator": "TESTH01D0PEJ",
    "officer": "TESTH01D0FFK",
    "label": "TESTH01D1AB3",
    "legal": "TESTH01D1EGE",
}
_TANGLE = ("hold_officer", "operator_unverified", "consent_withdrawn")

ALLOWED = Persona("TESTA110WEDZ", _is())
PERSONAS: tuple[Persona, ...] = (
    ALLOWED,
    Persona("TEST11CENCEN", _licensed()),
    Persona("TESTC0MM0FFT", lambda sound, now: replace(sound, operator=replace(sound.operator, reverify_by=now - DAY))),
    Persona("TESTF11M0N1R", _licensed(media=frozenset({"upload"})), live=("scope_not_covered",)),
    Persona("TESTDR1VEN1S", _driven(lambda now: Person(verified_until=now + YEAR))),
    Persona("TESTM1N0R0KN", _minor(guarded=True)),
    Persona("TESTN0B0DY0Q", None, *[("persona_unknown",)] * 2),
    Persona("TESTEXP1RY07", lambda sound, now: replace(sound, expires_at=now - DAY), *[("not_active",)] * 2),
    Persona("TESTREV0KEDB", lambda sound, now: replace(sound, revoked_at=now - DAY), *[("not_active",)] * 2),
    Persona("TESTRET1RED3", lambda sound, now: replace(sound, retired_at=now - DAY), *[("not_active",)] * 2),
    Persona("TESTM1SS1NGK", _is(consent_needed=True), *[("consent_missing",)] * 2),
    Persona("TEST1APSED0D", _licensed(state="expired"), *[("consent_expired",)] * 2),
    Persona("TESTW1THDRNG", _licensed(state="withdrawn"), *[("consent_withdrawn",)] * 2),
    Persona("TESTN0SC0PEV", _is(platforms=frozenset()), *[("scope_not_covered",)] * 2),
    Persona("TESTAN0NYM08", _is(operator=Person()), *[("operator_unverified",)] * 2),
    Persona("TESTREVER1F1", lambda sound, now: replace(sound, operator=Person(now - DAY)), *[("operator_reverify_due",)] * 2),
    Persona("TESTM1N0RN08", _minor(guarded=False), *[("guardian_missing",)] * 2),
    Persona("TESTN0DR1VRS", _driven(lambda now: None), live=("driver_required",)),
    Persona("TESTDRVRNEWX", _driven(lambda now: Person()), live=("driver_unverified",)),
    *(_held(party) for party in _HELD),
    Persona("TESTTANG1EDF", _tangled, *[_TANGLE] * 2),
)
BY_ID = {each.registry_id: each for each in PERSONAS}
# IDs that stand for trouble of ours, so that a platform can try what it does then.
BUSY, OUT_OF_REACH = "TESTERR04298", "TESTERR0503K"
