"""Compiles the message catalogues, `.po` to `.mo`, without the gettext programs."""

import os
from pathlib import Path

import polib


def compile_all(folder: Path) -> int:
    """Returns how many catalogues below `folder` were compiled because their text was newer."""
    stale = [source for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]
    for source in stale:
        draft = source.with_suffix(f".mo.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        os.replace(draft, source.with_suffix(".mo"))
    return len(stale)


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime
