"""States move by a table, and a move is a compare-and-set: it happens once, or it raises."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

from portal.kit.errors import Conflict

M = TypeVar("M", bound=models.Model)
Table = Mapping[str, frozenset[str]]


def table(**moves: str) -> Table:
    """Returns the table of legal moves: `table(draft="submitted", submitted="approved rejected")`."""
    return {source: frozenset(targets.split()) for source, targets in moves.items()}


def move(row: M, target: str, allowed: Table, *, field: str = "state", **changes: Any) -> M:
    """Moves `row` to `target` and sets `changes`, if the stored state still is the one that was read.

    Returns the same row, updated. Raises Conflict for an illegal or a raced move; then nothing is written.
    """
    source = getattr(row, field)
    if target not in allowed.get(source, frozenset()):
        raise Conflict(code="illegal_move")
    for name, value in {field: target, **changes}.items():
        setattr(row, name, value)
    moved = type(row)._default_manager.filter(pk=row.pk, **{field: source})
    if moved.update(**{field: target, **changes}) != 1:
        setattr(row, field, source)
        raise Conflict(code="raced_move")
    return row
