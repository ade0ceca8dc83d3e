"""The effective statuses: a pure function of everything that bears on a registration."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.issuing import rules
from registry.issuing.flags import effective
from registry.issuing.models import Act, Party, Side
from registry.issuing.verdict import Consent, Facts, Person

NOW = datetime(2026, 3, 2, tzinfo=UTC)
YEAR = timedelta(days=365)
GOOD = Facts("V" * 12, NOW - YEAR / 2, NOW + YEAR / 2, frozenset({"demo"}), "computed", Person(NOW + YEAR))
PAIRS = [(side.value, act.value) for side, act in product(Side, Act)]


def test_active_stands_alone() -> None:
    assert effective(GOOD, NOW) == ("active",)


@given(st.sets(st.sampled_from(PAIRS)), st.frozensets(st.sampled_from(Party.values)), st.booleans(), st.integers(-400, 400), st.booleans())
def test_active_appears_only_where_nothing_else_does(
    pairs: set[tuple[str, str]], holds: frozenset[str], pending: bool, days: int, retired: bool
) -> None:
    facts = replace(GOOD, holds=holds, expires_at=NOW + timedelta(days=days), retired_at=NOW - timedelta(days=40) if retired else None)
    found = effective(facts, NOW, prohibitions=pairs, transfer_pending=pending)
    assert found
    assert list(found) == sorted(set(found))
    assert ("active" in found) == (found == ("active",))
    assert (found == ("active",)) == (not pairs and not holds and not pending and days > 0 and not retired)


@pytest.mark.parametrize(
    ("pair", "name"),
    [
        (("holder", "transfer"), "client transfer prohibited"),
        (("holder", "update"), "client update prohibited"),
        (("holder", "retire"), "client delete prohibited"),
        (("registry", "transfer"), "server transfer prohibited"),
        (("registry", "update"), "server update prohibited"),
        (("registry", "retire"), "server delete prohibited"),
    ],
)
def test_each_prohibition_has_its_name(pair: tuple[str, str], name: str) -> None:
    assert effective(GOOD, NOW, prohibitions=[pair]) == (name,)


def test_it_is_locked_when_the_registry_forbids_everything() -> None:
    assert "locked" in effective(GOOD, NOW, prohibitions=[pair for pair in PAIRS if pair[0] == "registry"])
    assert "locked" not in effective(GOOD, NOW, prohibitions=[pair for pair in PAIRS if pair[0] == "holder"])


def test_holds_are_the_holders_or_the_registrys() -> None:
    assert effective(replace(GOOD, holds=frozenset({"operator"})), NOW) == ("client hold",)
    assert effective(replace(GOOD, holds=frozenset({"operator", "legal"})), NOW) == ("client hold", "server hold")


def test_a_consent_that_does_not_stand_makes_it_inactive() -> None:
    assert effective(replace(GOOD, consent_needed=True), NOW) == ("inactive",)
    assert effective(replace(GOOD, consent_needed=True, consent=Consent("granted")), NOW) == ("active",)
    assert effective(replace(GOOD, expires_at=NOW), NOW) == ("inactive",)
    assert effective(GOOD, NOW, transfer_pending=True) == ("pending transfer",)


def test_a_retirement_is_pending_until_it_is_final_and_then_a_tombstone() -> None:
    retired = replace(GOOD, retired_at=NOW)
    assert effective(retired, NOW) == ("inactive", "pending delete")
    assert effective(retired, NOW + rules.UNDO) == ("inactive",)
    assert effective(replace(GOOD, revoked_at=NOW), NOW, prohibitions=PAIRS, transfer_pending=True) == ("inactive",)
