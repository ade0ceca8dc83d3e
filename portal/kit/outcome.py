"""The two answers a pure decision can give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes, under these obligations, until this moment (None: no end known)."""

    obligations: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """No, for every one of these reason codes, the most telling first."""

    reasons: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.reasons:
            raise ValueError("a refusal needs a reason")


Outcome = Allowed | Refused
