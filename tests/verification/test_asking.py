"""The authority in the middle of a judgement, over its own wire format: match, mismatch, an outage that passes, and one that does not."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from tests.authorities import troubles
from tests.authorities.tencent import Tencent
from tests.verification.conftest import NAME, NUMBERS, Apply
from verification import queries, tasks
from verification.engines.authority.rules import AUTHORITY_TRIES
from verification.models import Case
from verification.services import machine


@pytest.fixture
def authority(settings: Settings) -> Iterator[Tencent]:
    """An authority that knows Alice's number under her name."""
    with Tencent(people={NUMBERS["alice"]: NAME.title()}) as server:
        settings.AUTHORITY, settings.AUTHORITY_KEY_ID, settings.AUTHORITY_KEY_SECRET = "tencent", "AKIDexample", "the-secret-key"
        settings.AUTHORITY_ENDPOINT = server.address
        yield server


def judged(case: Case, now: datetime) -> Case:
    """Returns the case after the machine's turn."""
    machine.judge_case(case_id=case.pk, now=now)
    return Case.objects.get(pk=case.pk)


def test_what_the_authority_knows_is_verified_with_its_reference(alice: User, now: datetime, submitted: Apply, authority: Tencent) -> None:
    case = judged(submitted(alice), now)
    assert (case.state, case.authority, case.risks) == ("verified", "match", [])
    assert len(case.authority_reference) > 10


def test_another_name_goes_to_an_officer_and_tells_the_applicant_nothing(
    alice: User, now: datetime, submitted: Apply, authority: Tencent
) -> None:
    authority.people = {NUMBERS["alice"]: "Somebody Else"}
    case = judged(submitted(alice), now)
    assert (case.state, case.reasons, case.risks) == ("review", [], ["authority_mismatch"])


def test_an_outage_is_waited_out_and_loses_no_try(alice: User, now: datetime, submitted: Apply, authority: Tencent, client: Client) -> None:
    authority.trouble = troubles.raw(503, b"")
    case = judged(submitted(alice), now)
    assert (case.state, case.authority, case.authority_tries, case.attempts) == ("processing", "unavailable", 1, 0)
    assert case.waits_until is not None
    assert now + timedelta(minutes=1) <= case.waits_until <= now + timedelta(minutes=2)
    assert list(tasks._processing(now)) == []
    assert judged(case, now).authority_tries == 1  # not before its time
    client.force_login(alice)
    assert "does not answer at the moment" in client.get("/identity/").content.decode()
    authority.trouble = None
    later = case.waits_until
    assert list(tasks._processing(later)) == [case.pk]
    case = judged(case, later)
    assert (case.state, case.authority, case.waits_until) == ("verified", "match", None)
    assert queries.tries(alice.pk, later).left == 4


def test_a_lasting_outage_ends_with_an_officer(alice: User, now: datetime, submitted: Apply, authority: Tencent) -> None:
    authority.trouble = troubles.raw(503, b"")
    case, at = submitted(alice), now
    for _try in range(AUTHORITY_TRIES):
        case = judged(case, at)
        at = case.waits_until or at
    assert (case.state, case.risks, case.attempts) == ("review", ["authority_unavailable"], 1)
    assert at - now < timedelta(hours=5)


def test_whoever_is_sent_back_anyway_is_not_asked_about(alice: User, now: datetime, submitted: Apply, authority: Tencent) -> None:
    authority.trouble = troubles.raw(503, b"")
    case = judged(submitted(alice, full_name="Wang Dong"), now)
    assert (case.state, case.reasons, case.authority) == ("retry", ["details_differ"], "")
