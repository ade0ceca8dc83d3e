"""The worker is killed in the middle of its work: the case is finished after the restart, once."""

import time
from collections.abc import Callable

import psutil
import psycopg
import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import people, steps
from tests.journeys.people import RUTH
from tests.journeys.site import Visitor, visitor
from tests.stack import Demo

pytestmark = [pytest.mark.stack, pytest.mark.browser]

STARTED_WITHIN, JUDGED_WITHIN = 20.0, 60_000
CASE = """SELECT c.id, c.state, c.attempts, c.reasons, c.rounds FROM verification_case c JOIN accounts_user u ON u.id = c.user_id
          WHERE u.email = %s"""


def test_a_killed_worker_loses_no_case_and_judges_none_twice(demo: Demo, open_browser: Callable[..., Browser]) -> None:
    with visitor(demo, open_browser()) as ruth:
        send_a_case(ruth)
        killed = kill_the_worker_at_work(demo)
        (case, state, attempts, *_rest) = demo.rows(CASE, RUTH.email)[0]
        assert (state, attempts) == ("processing", 1)  # it died before it was done
        assert "case.judged" not in events(demo, case)
        expect(ruth.find('[data-state="retry"]')).to_be_visible(timeout=JUDGED_WITHIN)
        assert not {each.pid for each in demo.workers()} & killed
        assert demo.rows(CASE, RUTH.email) == [(case, "retry", 2, ["face_mismatch"], 1)]
        assert events(demo, case) == ["case.started", "case.submitted", "case.judged", "case.retry"]


def send_a_case(ruth: Visitor) -> None:
    """Signs up and sends a document and another's selfie, so that the end is the same whoever is verified already."""
    steps.sign_up(ruth, RUTH)
    steps.begin_verification(ruth, RUTH)
    steps.show_document(ruth, RUTH)
    ruth.visit("/identity/selfie/?upload=1")
    ruth.find("input[name=picture]").set_input_files(people.selfie("alice"))
    ruth.send()
    ruth.find("input[name=kind][value=video]").check()
    ruth.send()
    ruth.send()


def kill_the_worker_at_work(demo: Demo) -> set[int]:
    """Kills the worker and its pool once the machine has begun with the case. Returns their numbers."""
    workers, deadline = demo.workers(), time.monotonic() + STARTED_WITHIN
    with psycopg.connect(demo.database, autocommit=True) as connection:
        while not begun(connection):
            assert time.monotonic() < deadline, "the machine did not begin"
            time.sleep(0.005)
    for worker in workers:
        worker.kill()
    _gone, alive = psutil.wait_procs(workers, timeout=10)
    assert workers
    assert not alive
    return {worker.pid for worker in workers}


def begun(connection: psycopg.Connection) -> bool:
    """Whether the machine's beginning is written down."""
    return any(attempts for _case, _state, attempts, *_rest in connection.execute(CASE.encode(), [RUTH.email]))


def events(demo: Demo, case: object) -> list[str]:
    """Returns what the trail tells of the case."""
    return [event for (event,) in demo.rows("SELECT event FROM audit_entry WHERE subject_id = %s ORDER BY id", case)]
