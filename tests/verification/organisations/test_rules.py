"""Who answers for an organisation and until when; the code's check; what an officer may say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from verification.organisations import codes, rules
from verification.organisations.rules import Agent
from verification.rules import REVERIFY

START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 1000).map(lambda days: START + timedelta(days=days))
agents = st.builds(Agent, st.none() | moments, st.none() | moments, moments)


@given(moments, st.lists(agents, max_size=4), moments)
def test_it_is_answered_for_exactly_while_one_agent_has_all_three(end: datetime, those: list[Agent], now: datetime) -> None:
    until = rules.answers_until(end, those)
    expected = now < end and any(
        agent.verified_until is not None and now < agent.verified_until and (agent.mandate_until is None or now < agent.mandate_until)
        for agent in those
    )
    assert (until is not None and now < until) == expected


@given(moments, st.lists(agents, max_size=4), agents)
def test_another_agent_never_shortens_it(end: datetime, those: list[Agent], other: Agent) -> None:
    before, after = rules.answers_until(end, those), rules.answers_until(end, [*those, other])
    assert before is None or (after is not None and after >= before)


@given(st.lists(agents, max_size=4))
def test_nobody_answers_for_an_organisation_that_is_not_verified(those: list[Agent]) -> None:
    assert rules.answers_until(None, those) is None


@given(moments, st.lists(agents, max_size=4), moments)
def test_it_may_sell_live_exactly_while_one_who_answers_was_verified_within_six_months(
    end: datetime, those: list[Agent], now: datetime
) -> None:
    by = rules.reverify_by(end, those)
    recent = [agent for agent in those if agent.confirmed_at and now < agent.confirmed_at + REVERIFY]
    until = rules.answers_until(end, recent)
    assert (by is not None and now < by) == (until is not None and now < until)


@given(moments, st.lists(agents, max_size=4), agents)
def test_another_agent_or_another_confirmation_never_brings_the_six_months_nearer(end: datetime, those: list[Agent], other: Agent) -> None:
    before = rules.reverify_by(end, those)
    assert other.confirmed_at is not None
    again = replace(other, confirmed_at=other.confirmed_at + timedelta(days=30))
    first, second = rules.reverify_by(end, [*those, other]), rules.reverify_by(end, [*those, again])
    assert before is None or (first is not None and first >= before)
    assert first is None or (second is not None and second >= first)


@given(moments, st.lists(agents, max_size=4))
def test_the_six_months_never_outlast_the_answer(end: datetime, those: list[Agent]) -> None:
    until, by = rules.answers_until(end, those), rules.reverify_by(end, those)
    assert (until is None) == (by is None)
    assert until is None or by is None or by <= until


def test_a_verification_lasts_a_year_or_to_the_end_of_the_licences_last_day() -> None:
    assert rules.valid_until(None, START) == START + timedelta(days=365)
    assert rules.valid_until(date(2040, 1, 1), START) == START + timedelta(days=365)
    assert rules.valid_until(date(2026, 3, 31), START) == datetime(2026, 3, 31, 16, tzinfo=UTC)  # midnight in China


def test_every_reason_an_officer_may_give_has_a_text() -> None:
    assert {*rules.TO_CHANGE, *rules.TO_REJECT, *rules.TO_REVOKE} == set(rules.REASONS)
    assert rules.choices("verified") == ()


@pytest.mark.parametrize(
    "typed", ["91110000600037341L", " 9111 0000-6000 37341l ", "９１１１００００６０００３７３４１Ｌ", "91110114MACY9KQ17M"]
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    read = codes.read(typed)
    assert read.problem == ""
    assert len(read.value) == 18


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "code_missing"),
        ("9111000060003734", "code_length"),
        ("91110000600037341I", "code_characters"),
        ("911100006000373412", "code_check_digit"),
        ("9111A000600037341L", "code_characters"),
        ("٩1110000600037341L", "code_characters"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(typed: str, problem: str) -> None:
    assert codes.read(typed).problem == problem
    assert codes.PROBLEMS[problem]


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(st.from_regex(r"[159ANY][0-9A-HJ-NP-RTUWXY][0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}", fullmatch=True), st.integers(0, 16), st.data())
def test_every_single_slip_is_noticed(body: str, place: int, data: st.DataObject) -> None:
    code = body + uscc.calc_check_digit(body)
    assert codes.read(code).problem == ""
    other = data.draw(st.sampled_from([each for each in ALPHABET if each != code[place]]))
    assert codes.read(code[:place] + other + code[place + 1 :]).problem in ("code_check_digit", "code_characters")


def test_a_name_is_kept_without_what_makes_two_look_alike() -> None:
    assert rules.tidy("  Star\u200b River\u202e\n Culture ") == "Star River Culture"
    assert rules.name_problem(rules.tidy("\u200b\u200b7")) != ""
    assert rules.name_problem("x" * 101) != ""
    assert rules.name_problem("星河文化有限公司") == ""


def test_every_reason_leads_to_the_step_where_it_is_mended() -> None:
    assert rules.steps_asked(["letter_wrong", "facts_differ"]) == ["details", "letter"]
    assert rules.texts(["letter_wrong", "facts_differ", "of_old"], "letter") == [rules.REASONS["letter_wrong"]]
    assert len(rules.texts(["letter_wrong", "facts_differ", "of_old"])) == 2


def test_a_term_ends_after_its_last_day_in_china() -> None:
    assert rules.last_day(datetime(2026, 3, 31, 16, tzinfo=UTC)) == date(2026, 3, 31)
