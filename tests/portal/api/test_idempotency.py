"""Repeating a request: answered again, never done again; under attack and under the axe."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from rest_framework.response import Response

from portal.access.actor import SYSTEM
from portal.api import idempotency
from portal.api.errors import KeyInFlight, KeyMalformed
from portal.api.idempotency import LEASE, Request, once, read
from portal.api.models import Promise
from portal.keeping import purging
from portal.kit import clock
from portal.vault.models import DataKey
from portal.webhooks.models import Endpoint
from tests.portal.api.rows import Calling

NEW = {"url": "https://hooks.example.com/in", "contact": "ops@example.org"}


@pytest.fixture
def live(db: None) -> Calling:
    """A platform."""
    return Calling("live")


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ('"8e03978e-40d5"', "8e03978e-40d5"),
        ("8e03978e-40d5", "8e03978e-40d5"),
        (r'"a\"b\\c"', 'a"b\\c'),
        ('"a b"', "a b"),
        ("x" * 255, "x" * 255),
    ],
)
def test_a_key_is_read_in_quotation_marks_or_bare(header: str, key: str) -> None:
    assert read(header) == key


@pytest.mark.parametrize(
    "header",
    [
        *("", '""', '"', '"a', 'a"', '"a"b"', '"a";x=1', '"a", "b"', "a,b", "a b", "a;b", "é", '"é"', r'"\x"'),
        *("a\r\nX-Evil: 1", "a\x00", "a\x7f", "x" * 256, f'"{"x" * 256}"'),
    ],
)
def test_what_is_no_key_is_refused(header: str) -> None:
    with pytest.raises(KeyMalformed):
        read(header)


def test_a_repeated_request_is_answered_again_and_not_done_again(live: Calling) -> None:
    first = live.send("POST", "webhooks", NEW, Idempotency_Key='"k-1"')
    again = live.send("POST", "webhooks", NEW, Idempotency_Key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert [again[name] for name in ("Location", "ETag", "Idempotency-Replayed")] == [first["Location"], first["ETag"], "true"]
    assert "Idempotency-Replayed" not in first
    assert Endpoint.objects.count() == 1
    assert live.send("POST", "webhooks", NEW).status_code == 201  # without a key it is another request
    assert Endpoint.objects.count() == 2


def test_a_key_stands_for_one_request(live: Calling) -> None:
    added = live.send("POST", "webhooks", NEW, Idempotency_Key="k").json()
    for path, body in (("webhooks", {**NEW, "contact": "x@example.org"}), (f"webhooks/{added['id']}:rotate", None)):
        answer = live.send("POST", path, body, Idempotency_Key="k")
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_another_caller_gets_nothing_out_of_a_key_it_knows(live: Calling) -> None:
    mine = live.send("POST", "webhooks", NEW, Idempotency_Key="shared").json()
    theirs = Calling("other").send("POST", "webhooks", NEW, Idempotency_Key="shared")
    assert theirs.status_code == 201
    assert "Idempotency-Replayed" not in theirs
    assert theirs.json()["secrets"] != mine["secrets"]


def test_a_secret_lies_in_no_table(live: Calling) -> None:
    told = live.send("POST", "webhooks", NEW, Idempotency_Key="k").json()
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM api_promise p")
        stored = "".join(row[0] for row in cursor.fetchall())
    assert Promise.objects.get().status == 201
    for secret in (told["secrets"]["secret"], told["contact"]):
        assert secret not in stored
        assert secret.encode().hex() not in stored


def test_what_was_refused_was_not_done_and_its_key_is_free(live: Calling) -> None:
    assert live.send("POST", "webhooks", {**NEW, "url": "ftp://x/"}, Idempotency_Key="k").status_code == 422
    assert not Promise.objects.exists()
    assert live.send("POST", "webhooks", NEW, Idempotency_Key="k").status_code == 201


def test_keys_drawn_in_a_loop_for_what_is_refused_leave_nothing_behind(live: Calling) -> None:
    before = DataKey.objects.count()
    for place in range(3):
        path = f"webhooks/{uuid.uuid4()}:test"
        assert live.send("POST", path, Idempotency_Key=f"k-{place}").status_code == 404
    assert (Promise.objects.count(), DataKey.objects.count()) == (0, before)


def test_a_body_that_cannot_be_used_takes_no_key(live: Calling) -> None:
    assert live.send("POST", "webhooks", {"x": 1}, Idempotency_Key="k").status_code == 422
    answer = live.send("POST", "webhooks", NEW, Idempotency_Key="a,b")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")
    assert not Promise.objects.exists()
    assert not Endpoint.objects.exists()


def request_of(live: Calling) -> Request:
    """Returns a request under a key."""
    return Request(live.caller, "k", idempotency.fingerprint("POST", "/x", b"{}"))


def interrupted(live: Calling, work: Callable[[], Response]) -> None:
    """Has a request killed while it works: its row stays behind, and nobody frees it."""

    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    free, idempotency._free = idempotency._free, stop  # type: ignore[assignment]
    try:
        with pytest.raises(KeyboardInterrupt):
            once(request_of(live), work, now=clock.now())
    finally:
        idempotency._free = free


def test_whoever_was_killed_blocks_nobody_for_ever_and_left_nothing_half_done(live: Calling) -> None:
    def dies() -> Response:
        Endpoint.objects.create(platform=live.platform, url="https://x/", contact="x", language="en", created_at=clock.now())
        raise KeyboardInterrupt

    interrupted(live, dies)
    assert not Endpoint.objects.exists()
    now = clock.now()
    with pytest.raises(KeyInFlight):
        once(request_of(live), lambda: Response({"a": 1}), now=now)
    answer = once(request_of(live), lambda: Response({"a": 1}), now=now + LEASE)
    again = once(request_of(live), lambda: Response({"a": 2}), now=now + LEASE)
    assert (answer.data, again.data) == ({"a": 1}, {"a": 1})


def test_whoever_comes_back_after_the_lease_undoes_their_work(live: Calling) -> None:
    now = clock.now()

    def slow() -> Response:
        once(request_of(live), lambda: Response({"by": "the second"}), now=now + 2 * LEASE)
        return Response({"by": "the first"})

    with pytest.raises(KeyInFlight):
        once(request_of(live), slow, now=now, atomic=False)
    assert once(request_of(live), lambda: Response({}), now=now).data == {"by": "the second"}


def test_a_promise_is_kept_for_a_day_and_its_key_destroyed(live: Calling) -> None:
    live.send("POST", "webhooks", NEW, Idempotency_Key="k")
    key = Promise.objects.get().data_key_id
    purging.purge(actor=SYSTEM, now=clock.now() + timedelta(hours=23))
    assert Promise.objects.exists()
    purging.purge(actor=SYSTEM, now=clock.now() + timedelta(hours=24))
    assert not Promise.objects.exists()
    assert not DataKey.objects.filter(pk=key).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_works_and_the_others_hear_of_it() -> None:
    live = Calling("live")
    start, answers = threading.Barrier(6), list[Any]()

    def send() -> None:
        start.wait()
        answers.append(live.send("POST", "webhooks", NEW, Idempotency_Key="k"))
        connection.close()

    threads = [threading.Thread(target=send) for _each in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"idempotency_key_in_flight"}
    assert Endpoint.objects.count() == 1
    assert live.send("POST", "webhooks", NEW, Idempotency_Key="k")["Idempotency-Replayed"] == "true"


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_as_many_as_the_limit_get_in(settings: Any) -> None:
    settings.API_QUOTAS = [("burst", 10, 86_400)]
    live, answers = Calling("live"), list[int]()

    def hammer() -> None:
        answers.extend(live.get("caller").status_code for _turn in range(8))
        connection.close()

    threads = [threading.Thread(target=hammer) for _each in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (answers.count(200), answers.count(429)) == (10, 22)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_the_same_version_one_hears_that_it_is_stale() -> None:
    live = Calling("live")
    added = live.send("POST", "webhooks", NEW)
    path, start, answers = f"webhooks/{added.json()['id']}", threading.Barrier(4), list[int]()

    def change(name: str) -> None:
        start.wait()
        answers.append(live.send("PATCH", path, {"contact": f"{name}@example.org"}, If_Match=added["ETag"]).status_code)
        connection.close()

    threads = [threading.Thread(target=change, args=[name]) for name in "abcd"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == [200, 412, 412, 412]


@pytest.mark.django_db
def test_a_key_is_any_uuid(live: Calling) -> None:
    assert live.send("POST", "webhooks", NEW, Idempotency_Key=f'"{uuid.uuid4()}"').status_code == 201
