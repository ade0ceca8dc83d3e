"""Files that a machine draws for itself: once, readable by their owner only, the same for all who race."""

import os
from collections.abc import Callable
from pathlib import Path


def once(path: Path, draw: Callable[[], str]) -> str:
    """Returns the text of `path`, drawing it at the first call. Two processes that race agree on one text."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = _draft(path, draw())
        try:
            os.link(draft, path)  # fails if another process was first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def replace(path: Path, text: str) -> None:
    """Puts `text` in the file's place as a whole: a reader sees the old or the new one."""
    _draft(path, text).replace(path)


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return draft
