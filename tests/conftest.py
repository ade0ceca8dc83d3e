"""The cast, the clock and the rooms' furniture that every test may use."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.db import connection

from portal.access.actor import Actor
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from tests import cast

_APPEND_ONLY = ("audit_entry", "gate_decision", "issuing_snapshot")


@pytest.fixture
def now() -> datetime:
    """The moment at which a test takes place."""
    return datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def act() -> Callable[[User], Actor]:
    """Makes an account's actor, as the door would."""
    return actor_for


@pytest.fixture
def alice(db: None) -> User:
    """Operates virtual humans."""
    return cast.person("alice")


@pytest.fixture
def bob(db: None) -> User:
    """A compliance officer."""
    return cast.officer("bob")


@pytest.fixture
def carol(db: None) -> User:
    """Is portrayed."""
    return cast.person("carol")


@pytest.fixture
def dana(db: None) -> User:
    """A second officer."""
    return cast.officer("dana")


@pytest.fixture
def eve(db: None) -> User:
    """A stranger."""
    return cast.person("eve")


@pytest.fixture
def frank(db: None) -> User:
    """An auditor."""
    return cast.auditor("frank")


@pytest.fixture(autouse=True)
def _settings(settings: object, tmp_path: object) -> None:
    """Files go to a folder of the test; passwords are hashed fast."""
    settings.DEMO = True  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = tmp_path / "vault"  # type: ignore[attr-defined,operator]
    settings.EMAIL_FILE_PATH = tmp_path / "mail"  # type: ignore[attr-defined,operator]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _flush_and_no_more() -> Iterator[None]:
    """Keeps Django from filling its lists of models and permissions again after each transactional test: nothing here reads them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.management.commands.flush.emit_post_migrate_signal", lambda *_given, **_more: None)
        yield


@pytest.fixture(autouse=True)
def _append_only_tables_survive_the_flush(request: pytest.FixtureRequest) -> Iterator[None]:
    """A transactional test ends with TRUNCATE, which the trail refuses: its triggers rest for that one statement."""
    transactional = "transactional_db" in request.fixturenames or any(
        mark.kwargs.get("transaction") for mark in request.node.iter_markers("django_db")
    )
    if transactional:
        request.getfixturevalue("transactional_db")
    if _resting:
        request.getfixturevalue("transactional_db" if transactional else "django_db_setup")
        with request.getfixturevalue("django_db_blocker").unblock():
            _triggers("ENABLE ALWAYS")
        _resting.clear()
    yield
    if transactional:
        _triggers("DISABLE")
        _resting.append(True)


_resting: list[bool] = []


def _triggers(verb: str) -> None:
    with connection.cursor() as cursor:
        for table in _APPEND_ONLY:
            for trigger in ("keeps_rows", "keeps_table"):
                cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER {table}_{trigger}")
