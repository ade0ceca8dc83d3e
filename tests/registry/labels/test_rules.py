"""The visible label: its words and its numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.issuing.verdict import LABEL
from registry.labels.rules import VISIBLE, Use, text_height


@pytest.mark.parametrize("use", Use)
def test_every_label_says_that_it_is_a_virtual_human(use: Use) -> None:
    assert LABEL["zh"] in VISIBLE[use].zh
    assert LABEL["en"] in VISIBLE[use].en.lower()


@pytest.mark.parametrize("use", [Use.VIDEO, Use.IMAGE, Use.AUDIO])
def test_an_upload_also_says_that_a_machine_made_it(use: Use) -> None:
    assert "生成" in VISIBLE[use].zh
    assert "AI" in VISIBLE[use].zh or "人工智能" in VISIBLE[use].zh


def test_a_live_label_stays_and_a_video_shows_it_for_two_seconds() -> None:
    assert (VISIBLE[Use.LIVE].whole_session, VISIBLE[Use.LIVE].seconds) == (True, None)
    assert (VISIBLE[Use.VIDEO].whole_session, VISIBLE[Use.VIDEO].seconds) == (False, 2)


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_the_text_is_never_lower_than_a_twentieth_of_the_shortest_side(width: int, height: int) -> None:
    assert text_height(width, height) * 20 >= min(width, height) > (text_height(width, height) - 1) * 20


def test_1080p_needs_54_pixels() -> None:
    assert text_height(1920, 1080) == text_height(1080, 1920) == 54


def test_no_smaller_label_can_be_asked_for() -> None:
    with pytest.raises(ValueError, match=r"0\.04"):
        text_height(1920, 1080, 0.04)
