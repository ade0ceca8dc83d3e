"""A chart of stacked bars as numbers: where each rectangle of the SVG stands. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 10, 28
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of one series."""

    series: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the chart with its number, or a label below a bar."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws."""

    bars: list[Bar]
    rows: list[Mark]
    columns: list[Mark]


def ceiling(most: int) -> int:
    """Returns the round number that the axis ends with: 1, 2 or 5 times a power of ten, and 4 at least."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= max(most, 4):
                return step * power
        power *= 10


def draw(days: Sequence[tuple[str, Sequence[tuple[str, int]]]]) -> Chart:
    """Returns the chart of days, each a label and the numbers of its series from the bottom up."""
    top = ceiling(max((sum(number for _series, number in each) for _label, each in days), default=0))
    inner, step = HEIGHT - TOP - BOTTOM, (WIDTH - LEFT - RIGHT) / max(1, len(days))
    bars = [bar for place, (_label, each) in enumerate(days) for bar in _stack(each, LEFT + place * step, step * 0.72, inner / top)]
    rows = [Mark(round(TOP + inner * (1 - part / 2), 1), f"{top * part // 2:,}") for part in range(3)]
    columns = [Mark(round(LEFT + (place + 0.36) * step, 1), label) for place, (label, _each) in enumerate(days) if place % 7 == 1]
    return Chart(bars, rows, columns)


def _stack(numbers: Sequence[tuple[str, int]], x: float, width: float, scale: float) -> list[Bar]:
    bars, foot = [], float(HEIGHT - BOTTOM)
    for series, number in numbers:
        height = number * scale
        if number:
            bars.append(Bar(series, round(x, 1), round(foot - height, 1), round(width, 1), round(height, 1)))
        foot -= height
    return bars
