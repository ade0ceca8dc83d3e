"""Secrets that a machine draws for itself."""

import json
import stat
import subprocess
import sys
from pathlib import Path

from portal.embedded import secrets

DRAW = (
    "import json, sys; from pathlib import Path; from portal.embedded import secrets; print(json.dumps(secrets.ensure(Path(sys.argv[1]))))"
)


def test_secrets_are_drawn_once(tmp_path: Path) -> None:
    first = secrets.ensure(tmp_path)
    assert first["secret_key"]
    assert secrets.ensure(tmp_path) == first


def test_two_machines_draw_different_secrets(tmp_path: Path) -> None:
    assert secrets.ensure(tmp_path / "a") != secrets.ensure(tmp_path / "b")


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    secrets.ensure(tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_processes_that_race_agree_on_one_set(tmp_path: Path) -> None:
    racers = [subprocess.Popen([sys.executable, "-c", DRAW, str(tmp_path)], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    drawn = [json.loads(racer.communicate(timeout=30)[0]) for racer in racers]
    assert drawn == [drawn[0]] * len(drawn)
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]
