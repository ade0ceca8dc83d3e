"""Each persona of the sandbox gives the decision it promises, by the registry's own verdict over its facts."""

import inspect
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.errors import TooMany
from portal.kit.outcome import Allowed, Refused
from registry.issuing import registry_id as ids
from registry.issuing import verdict as rules
from registry.issuing.reasons import REASONS
from registry.issuing.verdict import Ask, Status, status, verdict
from registry.sandbox import asking
from registry.sandbox.cast import BUSY, BY_ID, OUT_OF_REACH, PERSONAS, Persona
from registry.sandbox.wording import MEANINGS, TROUBLES

# Reasons that no check is answered with: they belong to a stream key, a lease or a verification, not to a persona's facts.
NEVER_CHECKED = {"age_below_limit", "key_bad", "key_bound_elsewhere", "label_missing", "replay"}
# Written out once more: an ID that a platform has in its tests never changes.
FOR_EVER = [
    *("TESTA110WEDZ", "TEST11CENCEN", "TESTC0MM0FFT", "TESTF11M0N1R", "TESTDR1VEN1S", "TESTM1N0R0KN", "TESTN0B0DY0Q", "TESTEXP1RY07"),
    *("TESTREV0KEDB", "TESTRET1RED3", "TESTM1SS1NGK", "TEST1APSED0D", "TESTW1THDRNG", "TESTN0SC0PEV", "TESTAN0NYM08", "TESTREVER1F1"),
    *("TESTM1N0RN08", "TESTN0DR1VRS", "TESTDRVRNEWX", "TESTH01DC0N5", "TESTH01D0PEJ", "TESTH01D0FFK", "TESTH01D1AB3", "TESTH01D1EGE"),
    *("TESTTANG1EDF", "TESTERR04298", "TESTERR0503K"),
]
MOMENTS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9000)).map(lambda later: datetime(2024, 1, 1, tzinfo=UTC) + later)


def judged(persona: Persona, activity: str, now: datetime, purpose: str | None = None) -> tuple[str, ...]:
    """Returns the reasons of the real verdict, empty for an allowed one."""
    outcome = verdict(persona.facts("any-platform", now), Ask("any-platform", activity, purpose), now)
    return outcome.reasons if isinstance(outcome, Refused) else ()


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda each: each.registry_id)
@given(now=MOMENTS)
def test_a_persona_decides_what_it_promises_at_any_moment(persona: Persona, now: datetime) -> None:
    assert judged(persona, "live", now) == persona.live
    assert judged(persona, "upload", now) == persona.upload


def test_every_reason_that_a_check_can_have_has_a_persona() -> None:
    promised = {reason for each in PERSONAS for reason in (*each.live, *each.upload)}
    assert promised == set(REASONS) - NEVER_CHECKED


def test_what_is_left_out_is_given_by_no_verdict() -> None:
    source = inspect.getsource(rules)
    assert [reason for reason in NEVER_CHECKED if f'"{reason}"' in source] == []


def test_the_ids_are_well_formed_and_stay() -> None:
    assert [*BY_ID, BUSY, OUT_OF_REACH] == FOR_EVER
    for each in FOR_EVER:
        assert ids.is_test(each)
        assert ids.canonical(ids.printed(each)) == each


def test_each_has_its_meaning() -> None:
    assert list(MEANINGS) == list(BY_ID)
    assert list(TROUBLES) == [BUSY, OUT_OF_REACH]


def test_every_status_can_be_seen(now: datetime) -> None:
    seen = {status(found, now) for each in PERSONAS if (found := each.facts("any", now))}
    assert seen == set(Status)


def test_limits_are_told_where_the_question_leaves_the_purpose_open(now: datetime) -> None:
    licensed, selling = BY_ID["TEST11CENCEN"], BY_ID["TESTC0MM0FFT"]
    outcome = verdict(licensed.facts("any", now), Ask("any", "live"), now)
    assert isinstance(outcome, Allowed)
    assert outcome.obligations["limits"]["purposes"] == ["education", "entertainment"]
    assert judged(licensed, "live", now, "commerce") == ("scope_not_covered",)
    assert judged(selling, "live", now, "commerce") == ("operator_reverify_due",)


def test_trouble_is_raised_as_it_would_be(now: datetime) -> None:
    with pytest.raises(TooMany) as busy:
        asking.facts(BUSY, "any", now)
    assert busy.value.retry_after == asking.WAIT
    with pytest.raises(asking.PretendedOutage):
        asking.facts(OUT_OF_REACH, "any", now)
    assert asking.facts("TEST00000000", "any", now) is None
