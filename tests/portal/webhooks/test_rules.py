"""When a delivery is tried again, and when an endpoint is given up."""

from datetime import datetime, timedelta

import pytest

from portal.webhooks import rules
from portal.webhooks.rules import Answer


def test_ten_tries_in_seventy_five_hours(now: datetime) -> None:
    moment, waits = now, []
    for attempts in range(1, 10):
        due = rules.next_try(attempts, Answer(500), chance=0, now=moment)
        assert due is not None
        waits.append(due - moment)
        moment = due
    first = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)]
    assert waits == [*first, *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24))]
    assert rules.next_try(10, Answer(500), chance=0, now=moment) is None
    assert timedelta(hours=75.5) < moment - now < timedelta(hours=75.7)


def test_jitter_only_lengthens_and_by_a_tenth_at_most(now: datetime) -> None:
    assert rules.next_try(2, Answer(500), chance=1, now=now) == now + timedelta(minutes=5.5)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_success_is_2xx(status: int) -> None:
    assert Answer(status).delivered


@pytest.mark.parametrize("status", [None, 100, 301, 302, 307, 308, 400, 410, 429, 500, 503])
def test_nothing_else_is_success(status: int | None) -> None:
    assert not Answer(status).delivered


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_within_a_day(now: datetime, status: int) -> None:
    assert rules.next_try(1, Answer(status, retry_after=600), chance=0, now=now) == now + timedelta(minutes=10)
    assert rules.pause(0, Answer(status, retry_after=600), now=now) == now + timedelta(minutes=10)
    assert rules.next_try(1, Answer(status, retry_after=10**7), chance=0, now=now) == now + timedelta(hours=24)
    assert rules.next_try(2, Answer(status, retry_after=1), chance=0, now=now) == now + timedelta(minutes=5)


def test_an_endpoint_that_cannot_take_more_is_left_alone_ever_longer(now: datetime) -> None:
    pauses = [rules.pause(failures, Answer(error="timed_out"), now=now) for failures in (0, 1, 4, 30)]
    assert pauses == [now + timedelta(seconds=seconds) for seconds in (1, 2, 16, 300)]
    assert rules.pause(9, Answer(500), now=now) is None  # one event that it cannot digest


def test_gone_ends_an_endpoint_at_once_and_failure_after_days(now: datetime) -> None:
    assert rules.ends(Answer(410), now, now) == "gone"
    assert rules.ends(Answer(500), now - timedelta(days=2.9), now) == ""
    assert rules.ends(Answer(error="timed_out"), now - timedelta(days=3), now) == "failing"
