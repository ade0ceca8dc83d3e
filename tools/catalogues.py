"""Keeps the message catalogues whole: `python tools/catalogues.py --check`, or without it to bring them up to date.

Needs the gettext programs, as Django's `makemessages` does.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parent.parent
NOT_OURS = ("var", "node_modules", ".venv", "tests", "bench")


def extract(root: Path) -> None:
    """Brings every catalogue of the project copy at `root` up to date with its texts."""
    ignored = [part for name in NOT_OURS for part in ("--ignore", name)]
    command = [sys.executable, "-m", "django", "makemessages", "--all", "--no-location", "--no-obsolete", *ignored]
    done = subprocess.run(command, cwd=root, env=_environment(root), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"makemessages failed: {done.stderr.strip()}")


def _environment(root: Path) -> dict[str, str]:
    own = {"DJANGO_SETTINGS_MODULE": "portal.settings", "PYTHONPATH": str(root), "DATA_DIR": str(root / "var")}
    return {**os.environ, **own, "DATABASE_URL": "postgres://nobody@localhost/none"}


def copy_of_the_project(target: Path) -> Path:
    """Returns a scratch copy of what can hold texts."""
    wanted = shutil.ignore_patterns(".*", *NOT_OURS, "__pycache__", "*.mo")
    return Path(shutil.copytree(PROJECT, target / "project", ignore=wanted))


def faults(kept: polib.POFile, fresh: polib.POFile, name: str) -> list[str]:
    """Returns a line for each text that the kept catalogue lacks, leaves untranslated or only guesses."""
    known = {(entry.msgctxt, entry.msgid) for entry in kept if not entry.obsolete}
    wanted = [entry for entry in fresh if not entry.obsolete]
    missing = [f"{name}: missing: {entry.msgid!r}" for entry in wanted if (entry.msgctxt, entry.msgid) not in known]
    blank = [f"{name}: untranslated: {entry.msgid!r}" for entry in kept.untranslated_entries()]
    fuzzy = [f"{name}: fuzzy: {entry.msgid!r}" for entry in kept.fuzzy_entries()]
    return missing + blank + fuzzy


def check() -> list[str]:
    """Returns every fault of every catalogue; a project without catalogues is one fault."""
    kept = sorted((PROJECT / "locale").glob("*/LC_MESSAGES/*.po"))
    with tempfile.TemporaryDirectory() as folder:
        root = copy_of_the_project(Path(folder))
        extract(root)
        pairs = [(source, root / source.relative_to(PROJECT)) for source in kept]
        found = [faults(polib.pofile(str(a)), polib.pofile(str(b)), str(a.relative_to(PROJECT))) for a, b in pairs]
    return [line for lines in found for line in lines] if kept else ["locale: there is no catalogue"]


def main() -> int:
    """Returns the exit code: 1 if the check found faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; say what is missing, untranslated or fuzzy")
    if not parser.parse_args().check:
        extract(PROJECT)
        return 0
    found = check()
    print("\n".join(found) or "catalogues: complete")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
