"""The feed: numbered without a gap, told once, erased from the beginning; and its page as a platform reads it."""

import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from portal.access.actor import CONSOLE, SYSTEM
from portal.accounts import services as accounts
from portal.accounts.models import ApiKey, Scope
from portal.api.errors import CursorBad
from portal.feed import cursors, services
from portal.feed.models import Change, Feed
from portal.feed.services import News
from portal.feed.types import EventType
from portal.keeping import purging
from portal.kit import clock

PATH = "/api/v1/changes"


def news(at: datetime, name: str = "VH-0000-0000-0001", event: uuid.UUID | None = None) -> News:
    """Returns an event of its own, unless one is given."""
    return News(event or uuid.uuid4(), EventType.PERSONA_SUSPENDED, at, name, "suspended")


def tell(at: datetime, *platforms: str, count: int = 1) -> None:
    """Appends as many events, each in a transaction of its own."""
    for _ in range(count):
        with transaction.atomic():
            services.append(news(at), platforms=platforms or ("live",), now=at)


def key_of(platform: str, *scopes: Scope) -> str:
    """Returns a new key of a new platform."""
    row = accounts.create_platform(actor=CONSOLE, code=platform, name=platform, now=clock.now())
    _key, secret = accounts.issue_key(actor=CONSOLE, platform=row, name="k", scopes=list(scopes or Scope), now=clock.now())
    return secret


def ask(client: Client, key: str, query: str = "", **headers: str) -> Any:
    """Returns the answer to a question with a key."""
    return client.get(f"{PATH}{query}", headers={"Authorization": f"Bearer {key}", **headers})


@pytest.mark.django_db
def test_each_feed_counts_for_itself(now: datetime) -> None:
    tell(now, "live", "video")
    tell(now, "live")
    tell(now, "video", count=2)
    assert list(Change.objects.filter(feed__platform="live").values_list("sequence", flat=True)) == [1, 2]
    assert list(Change.objects.filter(feed__platform="video").values_list("sequence", flat=True)) == [1, 2, 3]


@pytest.mark.django_db
def test_an_event_is_told_once_in_a_feed(now: datetime) -> None:
    told = news(now)
    assert len(services.append(told, platforms=["live"], now=now)) == 1
    assert [row.feed.platform for row in services.append(told, platforms=["live", "video"], now=now)] == ["video"]


@pytest.mark.django_db(transaction=True)
def test_many_writers_leave_no_gap_and_a_number_is_seen_only_after_every_smaller_one(now: datetime) -> None:
    ends, holes = threading.Event(), []

    def write() -> None:
        for turn in range(8):
            with transaction.atomic():
                services.append(news(now), platforms=["video", "live"] if turn % 2 else ["live", "video"], now=now)
                transaction.set_rollback(turn == 3)
        connection.close()

    def watch() -> None:
        while not ends.is_set():
            seen = list(Change.objects.filter(feed__platform="live").order_by("sequence").values_list("sequence", flat=True))
            holes.extend([seen] if seen != list(range(1, len(seen) + 1)) else [])
        connection.close()

    watcher, writers = threading.Thread(target=watch), [threading.Thread(target=write) for _ in range(4)]
    for each in (watcher, *writers):
        each.start()
    for each in writers:
        each.join()
    ends.set()
    watcher.join()
    assert holes == []
    assert list(Feed.objects.order_by("platform").values_list("last", flat=True)) == [28, 28]


@pytest.mark.django_db(transaction=True)
def test_a_feed_is_written_in_a_transaction(now: datetime) -> None:
    with pytest.raises(RuntimeError):
        services.append(news(now), platforms=["live"], now=now)


@pytest.mark.django_db
def test_a_platform_that_was_away_reads_everything_in_order_page_by_page(client: Client, now: datetime) -> None:
    key = key_of("live")
    tell(now, count=5)
    tell(now, "video")
    seen, answer = [], ask(client, key, "?limit=2")
    while True:
        assert answer.status_code == 200
        body = answer.json()
        seen += [each["data"]["sequence"] for each in body["changes"]]
        if not body["has_more"]:
            break
        link = answer["Link"]
        assert link.endswith('>; rel="next"')
        answer = ask(client, key, "?" + link[1:].partition(">")[0].partition("?")[2])
    assert seen == [1, 2, 3, 4, 5]
    assert "Link" not in answer
    later = ask(client, key, f"?cursor={body['cursor']}")
    assert (later.json()["changes"], later.json()["cursor"]) == ([], body["cursor"])
    tell(now)
    assert [each["data"]["sequence"] for each in ask(client, key, f"?cursor={body['cursor']}").json()["changes"]] == [6]


@pytest.mark.django_db
def test_a_change_is_thin_and_in_utc(client: Client, now: datetime) -> None:
    key = key_of("live")
    tell(now)
    [change] = ask(client, key).json()["changes"]
    assert change.pop("id").startswith("msg_")
    assert change == {
        "type": "persona.suspended",
        "timestamp": "2026-03-02T10:00:00.000Z",
        "data": {"registry_id": "VH-0000-0000-0001", "status": "suspended", "sequence": 1},
    }


@pytest.mark.django_db
def test_the_same_answer_is_not_sent_twice_and_no_shared_cache_keeps_it(client: Client, now: datetime) -> None:
    key = key_of("live")
    tell(now)
    first = ask(client, key)
    assert "private" in first["Cache-Control"]
    second = ask(client, key, **{"If-None-Match": first["ETag"]})
    assert (second.status_code, second.content) == (304, b"")
    tell(now)
    assert ask(client, key, **{"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "pointer"),
    [("?since=1", "#/since"), ("?limit=0", "#/limit"), ("?limit=501", "#/limit"), ("?limit=2&limit=3", "#/limit"), ("?limit=x", "#/limit"),
     ("?limit=%C2%B2", "#/limit"), ("?limit=", "#/limit")],
)  # fmt: skip
def test_a_parameter_that_is_unknown_or_wrong_is_refused(client: Client, query: str, pointer: str) -> None:
    answer = ask(client, key_of("live"), query)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", ["x", "", "MS4", "MS4tMQ", "Mi4x", "MS4xMjM0NTY3ODkwMTIzNDU2Nzg5MA", "é", "MS4x%0A", "' OR 1=1"])
def test_a_cursor_that_is_none_of_ours_is_refused(client: Client, cursor: str) -> None:
    answer = ask(client, key_of("live"), f"?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor_bad")


def test_a_cursor_comes_back_as_it_was_given() -> None:
    assert [cursors.read(cursors.write(number)) for number in (0, 1, 10**17)] == [0, 1, 10**17]
    with pytest.raises(CursorBad):
        cursors.read(cursors.write(5) + "=")


@pytest.mark.django_db
def test_who_has_no_key_or_not_the_scope_reads_nothing(client: Client, now: datetime) -> None:
    tell(now)
    good = key_of("live")
    for header in ("", good, f"Basic {good}", "Bearer vhk_live_x", f"Bearer {good[:-1]}0"):
        answer = client.get(PATH, headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "key_bad")
        assert answer["WWW-Authenticate"].startswith("Bearer")
    answer = ask(client, key_of("gate-only", Scope.CHECK))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert ask(client, key_of("other")).json()["changes"] == []  # another platform's feed is its own


@pytest.mark.django_db
def test_an_ended_key_reads_nothing(client: Client) -> None:
    key = key_of("live")
    [row] = ApiKey.objects.all()
    accounts.revoke_key(actor=CONSOLE, key_id=row.pk, now=clock.now())
    assert ask(client, key).status_code == 401


@pytest.mark.django_db
def test_what_is_old_goes_and_its_cursor_says_so(client: Client, now: datetime) -> None:
    key = key_of("live")
    tell(now, count=2)
    old = ask(client, key, "?limit=1").json()["cursor"]
    tell(now + timedelta(days=80))
    purging.purge(actor=SYSTEM, now=now + timedelta(days=90))
    answer = ask(client, key, f"?cursor={old}")
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor_gone")
    assert [each["data"]["sequence"] for each in ask(client, key).json()["changes"]] == [3]
