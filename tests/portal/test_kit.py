"""Moves, jobs and problems."""

import json
import threading
import uuid

import celery
import pytest
from django.db import connection
from django.test import Client, RequestFactory

from portal import settings as settings_module
from portal.accounts.models import User
from portal.celery import app as celery_app
from portal.kit import jobs
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from portal.kit.outcome import Refused
from portal.kit.problems import respond
from portal.kit.transitions import move, table
from tests.portal.rows import case_of
from verification.models import Case

MOVES = table(draft="processing", processing="verified review retry")


def test_a_move_happens_once(alice: User) -> None:
    case = case_of(alice)
    stale = Case.objects.get(pk=case.pk)
    move(case, "processing", MOVES, attempts=1)
    with pytest.raises(Conflict) as raced:
        move(stale, "processing", MOVES)
    assert raced.value.code == "raced_move"
    assert stale.state == "draft"
    assert Case.objects.get(pk=case.pk).attempts == 1


def test_an_illegal_move_raises_and_writes_nothing(alice: User) -> None:
    case = case_of(alice)
    with pytest.raises(Conflict):
        move(case, "verified", MOVES)
    assert Case.objects.get(pk=case.pk).state == "draft"


def test_a_refusal_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        Refused(())


@pytest.mark.django_db(transaction=True)
def test_a_row_is_claimed_by_one_process_at_a_time() -> None:
    answers: list[bool] = []

    def other() -> None:
        with jobs.claim("row") as mine:
            answers.append(mine)
        connection.close()

    with jobs.claim("row") as mine:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        answers.append(mine)
    other()
    assert answers == [False, True, True]


def test_a_dead_broker_is_forgiven(caplog: pytest.LogCaptureFixture) -> None:
    usual = celery_app
    nowhere = celery.Celery("nowhere", broker="redis://127.0.0.1:1/0", set_as_current=True)
    nowhere.conf.broker_transport_options = settings_module._IMPATIENT
    try:
        jobs.ring("verification.judge", uuid.uuid4())
    finally:
        usual.set_current()
    assert "the sweep will" in caplog.text


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound(), 404), (Forbidden(), 403), (Conflict(), 409), (Invalid(errors={"name": "bad"}), 422), (TooMany(retry_after=7), 429)],
)
def test_an_expected_error_is_a_problem_for_programs(error: Exception, status: int) -> None:
    response = respond(RequestFactory().get("/api/x"), error)  # type: ignore[arg-type]
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert {"type", "title", "status", "detail", "code"} <= set(body)
    if isinstance(error, TooMany):
        assert response["Retry-After"] == "7"
    if isinstance(error, Invalid):
        assert body["errors"] == [{"pointer": "#/name", "detail": "bad"}]


@pytest.mark.django_db
def test_an_expected_error_is_a_page_for_people(client: Client) -> None:
    response = client.get("/r/VH-0000-0000-0000/", headers={"accept": "text/html"})
    assert response.status_code == 400
    assert "text/html" in response["Content-Type"]
    assert response["X-Request-ID"]
