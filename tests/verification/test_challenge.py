"""A challenge cannot be foreseen, and nothing that was not drawn is taken for one."""

import json
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.engines import challenge
from verification.engines.challenge import LEAD_MS, MOVE_MS, REST_MS, SLOW, TURNS, draw

seeds = st.integers(min_value=0, max_value=2**32)


@given(seeds)
def test_a_challenge_has_three_movements_a_turn_among_them_and_none_twice_in_a_row(seed: int) -> None:
    drawn = challenge.draw(random.Random(seed))
    actions = [move.action for move in drawn.moves]
    assert len(actions) == 3
    assert TURNS & set(actions)
    assert actions[0] != actions[1] != actions[2]
    assert LEAD_MS[0] <= drawn.lead_ms <= LEAD_MS[1]
    assert all(MOVE_MS[0] <= move.ms <= MOVE_MS[1] and REST_MS[0] <= move.rest_ms <= REST_MS[1] for move in drawn.moves)


@given(seeds, st.booleans())
def test_a_challenge_comes_back_from_its_text(seed: int, slow: bool) -> None:
    drawn = challenge.draw(random.Random(seed))
    drawn = drawn.slowed() if slow else drawn
    assert challenge.from_json(drawn.as_json()) == drawn


@given(seeds)
def test_the_phases_follow_each_other_without_a_gap(seed: int) -> None:
    drawn = challenge.draw(random.Random(seed))
    phases = drawn.phases
    assert phases[0].start == 0
    assert phases[-1].end == drawn.total_ms
    assert all(one.end == other.start for one, other in pairwise(phases))
    assert [phase.action is None for phase in phases] == [True, False, True, False, True, False, True]


def test_the_order_is_one_of_at_least_thirty() -> None:
    assert len(set(challenge.SEQUENCES)) == 34
    drawn = {tuple(move.action for move in challenge.draw(random.Random(seed)).moves) for seed in range(2000)}
    assert drawn == set(challenge.SEQUENCES)


def test_no_two_challenges_are_alike() -> None:
    drawn = [draw() for _number in range(200)]  # the room's fixture replaces the module's own
    assert len({one.nonce for one in drawn}) == 200
    assert len({(one.lead_ms, one.moves) for one in drawn}) == 200


def test_who_needs_more_time_gets_twice_as_much() -> None:
    drawn = challenge.draw(random.Random(1))
    assert drawn.slowed().total_ms == SLOW * drawn.total_ms
    assert drawn.slowed().nonce == drawn.nonce


@pytest.mark.parametrize(
    "change",
    [
        {"moves": []},
        {"moves": [{"action": "blink", "ms": 2000, "rest_ms": 1500}] * 3},
        {"moves": [{"action": "somersault", "ms": 2000, "rest_ms": 1500}] * 3},
        {"lead_ms": 10},
        {"lead_ms": 10**9},
        {"lead_ms": None},
        {"moves": 7},
    ],
)
def test_what_was_not_drawn_is_refused(change: dict[str, object]) -> None:
    text = json.dumps({**json.loads(challenge.draw(random.Random(1)).as_json()), **change})
    with pytest.raises(ValueError):
        challenge.from_json(text)


@given(st.text(max_size=200))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        challenge.from_json(text)
