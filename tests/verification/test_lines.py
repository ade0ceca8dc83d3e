"""Lines on a page: turned straight, in reading order, with their neighbours."""

import math

from hypothesis import given
from hypothesis import strategies as st

from tests.verification.sheets import card, line
from verification.engines.lines import Line, below, beside, slope, straight


def tilted(lines: list[Line], angle: float) -> list[Line]:
    """Returns the lines on a page that is turned by an angle in radians."""
    cosine, sine = math.cos(angle), math.sin(angle)
    turned = []
    for each in lines:
        one, two, three, four = ((x * cosine - y * sine, x * sine + y * cosine) for x, y in each.box)
        turned.append(Line(each.text, each.confidence, (one, two, three, four)))
    return turned


@given(st.floats(-1.5, 1.5), st.randoms(use_true_random=False))
def test_a_tilted_page_is_read_in_the_order_of_a_straight_one(angle: float, random: object) -> None:
    lines = card()
    mixed = tilted(lines, angle)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert math.isclose(slope(mixed), angle, abs_tol=1e-6)
    assert [each.text for each in straight(mixed)] == [each.text for each in lines]


def test_neighbours_are_the_nearest_first() -> None:
    label, value, far, under = line("姓名", 0, 0), line("林", 80, 3), line("爱", 300, 0), line("丽", 10, 40)
    lines = [far, under, value, label]
    assert list(beside(label, lines)) == [value, far]
    assert list(below(label, lines)) == [under]


def test_what_stands_far_below_or_in_another_column_is_no_neighbour() -> None:
    label = line("姓名", 0, 0)
    assert list(below(label, [label, line("远", 0, 120), line("旁", 200, 40)])) == []


def test_a_page_without_text_is_straight() -> None:
    assert straight([]) == []
    assert slope([]) == 0
