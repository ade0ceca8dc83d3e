"""What can go wrong while the stack starts, said in one line."""

from pathlib import Path


class StackError(Exception):
    """The stack cannot start or go on; the message is the one line that a person reads."""


def last_line(text: str) -> str:
    """Returns the last line of `text` that says something, or an empty string."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def last_line_of(log: Path) -> str:
    """Returns the last line of a log file that says something, or an empty string if there is none."""
    return last_line(log.read_text(errors="replace")) if log.exists() else ""
