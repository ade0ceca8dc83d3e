"""What an application changes against the facts that are registered. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIELDS = ("name_zh", "name_en", "description", "drive_mode", "portrayed", "platforms", "handles")


@dataclass(frozen=True, slots=True)
class Change:
    """One fact, before and after."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Pictures:
    """The portraits that came and those that went, by key."""

    added: frozenset[str]
    removed: frozenset[str]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Returns the facts that differ, in the order of the page; portraits apart."""
    pairs = [(field, before.get(field) or "", after.get(field) or "") for field in FIELDS]
    return [Change(field, old, new) for field, old, new in pairs if old != new]


def pictures(before: Mapping[str, Any], after: Mapping[str, Any]) -> Pictures:
    """Returns which portraits were added and which taken away."""
    old, new = frozenset(before.get("portraits", ())), frozenset(after.get("portraits", ()))
    return Pictures(new - old, old - new)
