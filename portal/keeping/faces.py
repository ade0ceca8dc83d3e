"""How many people's faces are stored. From 100,000 the store is filed with the authority."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

FILING_FROM = 100_000  # Facial Recognition Measures art. 15: filed with the provincial CAC …
FILING_DAYS = 30  # … within as many working days

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Faces:
    """The count, by room, and from how many on it is to be filed."""

    by_room: dict[str, int]
    limit: int = FILING_FROM

    @property
    def count(self) -> int:
        """All of them. A person whom two rooms know counts twice: rather too early than too late."""
        return sum(self.by_room.values())

    @property
    def filing_due(self) -> bool:
        """Whether the law asks for a filing."""
        return self.count >= self.limit


_counters: dict[str, Callable[[], int]] = {}


def declare(room: str, count: Callable[[], int]) -> None:
    """Adds a room's count of the people of whom it stores a picture of the face or a template."""
    _counters[room] = count


def stored(limit: int = FILING_FROM) -> Faces:
    """Returns the present count; logs a warning where it reaches `limit`."""
    faces = Faces({room: count() for room, count in _counters.items()}, limit)
    if faces.filing_due:
        log.warning(
            "%s faces are stored: from %s the store is filed with the provincial Cyberspace Administration within %s working days",
            faces.count,
            limit,
            FILING_DAYS,
        )
    return faces
