"""Loaded before Django's settings (by the root's `conftest.py`): a throw-away PostgreSQL and data directory, and what tests may ask for.

Workers of pytest-xdist inherit the environment, so one server serves them all. It goes, with all its files, when the
process that started it ends, however that happens.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import django
import pytest
from xdist.scheduler import LoadScopeScheduling

from portal.embedded import catalogues, cluster

PROJECT = Path(__file__).resolve().parent.parent
SETTINGS = {
    "SECRET_KEY": "tests-only",
    "VAULT_MASTER_KEYS": "test-1:" + "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "VAULT_INDEX_KEY": "aW5kZXgtaW5kZXgtaW5kZXgtaW5kZXgtaW5kZXgtaW4=",
    "SITE_URL": "http://localhost:8000",
    "GATE_URL": "http://localhost:1/gate",
    "DEMO": "0",
    "LOG_LEVEL": "WARNING",
}
# A lane of its own: it waits for films as long as all other journeys together. Both lanes have their own demonstration.
CHAIN = tuple(f"tests/journeys/test_{each}.py" for each in ("liveness", "lost_worker", "picture_hints", "whole_chain"))
POLITENESS = 10  # of whatever is no journey: a browser that films must not wait for its turn
# marker → the program it needs (any of them)
PROGRAMS = {
    "browser": ("chromium", "chromium-browser", "google-chrome"),
    "nginx": ("nginx",),
    "ffmpeg": ("ffmpeg",),
    "node": ("node",),
    "redis": ("redis-server",),
    "rabbitmq": ("rabbitmq-server",),
}


def _prepare() -> cluster.Hold | None:
    for name, value in SETTINGS.items():
        os.environ[name] = value
    if "PYTEST_XDIST_WORKER" in os.environ:
        return None
    folder = Path(tempfile.mkdtemp(prefix="registry-tests-"))
    folder.chmod(0o711)  # passable, so that root's PostgreSQL reaches its own folder below
    (folder / "static").mkdir()
    os.environ["DATA_DIR"] = str(folder)
    _share_compiled(folder / "compiled")
    catalogues.compile_all(PROJECT / "locale")
    if os.environ.get("DATABASE_URL"):
        return None
    claim = cluster.hold(folder, durable=False)
    os.environ["DATABASE_URL"] = claim.cluster.url
    return claim


def _share_compiled(folder: Path) -> None:
    """Where Python may not put compiled modules beside the sources, the hundreds of processes of a run share a folder that goes with it."""
    if sys.dont_write_bytecode:
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(folder)
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder)}


_claim = _prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()  # only now that the environment is ready; conftests import models


def pytest_configure(config: pytest.Config) -> None:
    """Names the markers of tests that need a program."""
    for name, programs in PROGRAMS.items():
        config.addinivalue_line("markers", f"{name}: needs the program {programs[0]}; skipped without it, unless REQUIRE_ALL=1")


class Lanes(LoadScopeScheduling):  # type: ignore[misc]
    """Journeys in two lanes, each of which shares a demonstration; the rest file by file on whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(nodeid.split("::", 1)[0])
        if not file.startswith("tests/journeys/"):
            return file
        return "journeys along the chain" if file in CHAIN else "other journeys"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes:
    """Returns how tests are spread over the workers."""
    return Lanes(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first: the journeys, then what starts a stack of its own."""
    items.sort(key=lambda item: (not item.nodeid.startswith("tests/journeys/"), item.get_closest_marker("stack") is None))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Notes whether people walk the chain in browsers while this worker does other things."""
    if "PYTEST_XDIST_WORKER" in os.environ and any(item.nodeid.startswith(CHAIN[-1]) for item in session.items):
        _filming.append(True)


_filming: list[bool] = []


def pytest_unconfigure() -> None:
    """Stops the server and removes the data directory."""
    if _claim is not None:
        _claim.release()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(os.environ["DATA_DIR"], ignore_errors=True)


def program(name: str) -> str:
    """Returns the path of the program behind a marker. Skips the test without it; fails it if REQUIRE_ALL=1."""
    found = next((path for each in PROGRAMS[name] if (path := shutil.which(each, path=_search_path()))), None)
    if found is not None:
        return found
    reason = f"{PROGRAMS[name][0]} is not installed"
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _search_path() -> str:
    return os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/lib/rabbitmq/bin"])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Looks for the programs that the test's markers name, before its fixtures are made, and lets the journeys go first."""
    if _filming and not item.nodeid.startswith("tests/journeys/"):
        os.nice(max(0, POLITENESS - os.nice(0)))
    for name in PROGRAMS:
        if item.get_closest_marker(name) is not None:
            program(name)
