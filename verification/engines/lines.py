"""Lines of text as they lie on a page: turned straight, in reading order, with their neighbours. Whoever read them."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import median

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, how sure its reader is (0 to 1), and its corners in pixels: top left, top right, bottom right, bottom left."""

    text: str
    confidence: float
    box: Quad

    @property
    def left(self) -> float:
        """The least x."""
        return min(x for x, _y in self.box)

    @property
    def right(self) -> float:
        """The greatest x."""
        return max(x for x, _y in self.box)

    @property
    def middle(self) -> float:
        """The mean y."""
        return sum(y for _x, y in self.box) / 4

    @property
    def height(self) -> float:
        """How high the letters stand, whatever the slope."""
        return (math.dist(self.box[0], self.box[3]) + math.dist(self.box[1], self.box[2])) / 2

    @property
    def slope(self) -> float:
        """The angle of the upper edge, in radians."""
        (left, top), (right, other) = self.box[:2]
        return math.atan2(other - top, right - left)


def straight(lines: Iterable[Line]) -> list[Line]:
    """Returns the lines with the page's slope taken out, in reading order: row by row, from left to right."""
    found = list(lines)
    turn = -slope(found)
    return [line for row in rows(_turned(line, turn) for line in found) for line in row]


def slope(lines: Iterable[Line]) -> float:
    """Returns the page's slope in radians: that of its longer lines, on the median."""
    slopes = [line.slope for line in lines if math.dist(*line.box[:2]) > 2 * line.height]
    return median(slopes) if slopes else 0.0


def rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Returns straight lines grouped by height on the page, each row from left to right."""
    grouped: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: each.middle):
        if grouped and same_row(grouped[-1][0], line):
            grouped[-1].append(line)
        else:
            grouped.append([line])
    return [sorted(row, key=lambda each: each.left) for row in grouped]


def same_row(one: Line, other: Line) -> bool:
    """Returns whether two lines stand beside each other."""
    return abs(one.middle - other.middle) < 0.5 * min(one.height, other.height)


def beside(line: Line, lines: Iterable[Line]) -> Iterator[Line]:
    """Yields what stands to the right of a line in its row, the nearest first."""
    found = [each for each in lines if each is not line and same_row(line, each) and each.left > line.left + line.height]
    return iter(sorted(found, key=lambda each: each.left))


def below(line: Line, lines: Iterable[Line], *, within: float = 3.0) -> Iterator[Line]:
    """Yields what stands under the beginning of a line, at most `within` line heights lower, the nearest first."""
    found = [
        each
        for each in lines
        if 0.5 * line.height < each.middle - line.middle < within * line.height
        and each.left < line.left + 3 * line.height
        and each.right > line.left + line.height / 2
    ]
    return iter(sorted(found, key=lambda each: each.middle))


def _turned(line: Line, angle: float) -> Line:
    cosine, sine = math.cos(angle), math.sin(angle)
    one, two, three, four = ((x * cosine - y * sine, x * sine + y * cosine) for x, y in line.box)
    return replace(line, box=(one, two, three, four))
