#!/usr/bin/env python
"""The project's command line. `manage.py up --demo` starts everything; all other commands are Django's and the rooms'."""

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line

from portal.embedded import cluster, doors, up
from portal.embedded.faults import StackError

WITHOUT_DATABASE = {
    "check", "collectstatic", "compilemessages", "diffsettings", "evaluate_faces", "findstatic", "help", "makemessages",
    "startapp", "startproject", "version",
}  # fmt: skip


def needs_database(words: Sequence[str]) -> bool:
    """Returns whether this command line talks to a database that nobody has named yet."""
    if os.environ.get("DATABASE_URL") or not words or {"-h", "--help", "--version"} & set(words):
        return False
    return words[0] not in WITHOUT_DATABASE or "--database" in words


def main(words: Sequence[str]) -> int:
    """Runs one command; returns its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if words[:1] == ["up"]:
        return up.main(words[1:])
    try:
        if needs_database(words):
            doors.open_folder(up.data_dir())
            claim = cluster.hold(up.data_dir())  # given back by the end of this process
            os.environ["DATABASE_URL"] = claim.cluster.url
    except StackError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    execute_from_command_line(["manage.py", *words])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
