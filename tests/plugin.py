"""Loaded before Django's settings (by the root's `conftest.py`): a throw-away PostgreSQL and data directory, and what tests may ask for.

Workers of pytest-xdist inherit the environment, so one server serves them all. It goes, with all its files, when the
process that started it ends, however that happens.
"""

import os
import shutil
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
    catalogues.compile_all(PROJECT / "locale")
    if os.environ.get("DATABASE_URL"):
        return None
    claim = cluster.hold(folder, durable=False)
    os.environ["DATABASE_URL"] = claim.cluster.url
    return claim


_claim = _prepare()
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()  # only now that the environment is ready; conftests import models


def pytest_configure(config: pytest.Config) -> None:
    """Names the markers of tests that need a program."""
    for name, programs in PROGRAMS.items():
        config.addinivalue_line("markers", f"{name}: needs the program {programs[0]}; skipped without it, unless REQUIRE_ALL=1")


class Lanes(LoadScopeScheduling):  # type: ignore[misc]
    """All journeys on one worker, as they share a demonstration; the rest file by file on whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        return "journeys" if nodeid.startswith("tests/journeys/") else str(nodeid.split("::", 1)[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Lanes:
    """Returns how tests are spread over the workers."""
    return Lanes(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first: the journeys, then what starts a stack of its own."""
    items.sort(key=lambda item: (not item.nodeid.startswith("tests/journeys/"), item.get_closest_marker("stack") is None))


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
    """Looks for the programs that the test's markers name, before its fixtures are made."""
    for name in PROGRAMS:
        if item.get_closest_marker(name) is not None:
            program(name)
