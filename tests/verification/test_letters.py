"""The applicant hears by mail how the case stands; the mail says no reason and names nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.letters.models import Letter
from tests.post import deliver, read
from tests.verification.conftest import NUMBERS, Apply
from verification import letters, services
from verification.models import Case, Identity
from verification.services import expiry, machine

LINK = "http://localhost:8000/identity/"
Decide = Callable[..., Case]


@pytest.fixture
def waiting(alice: User, now: datetime, submitted: Apply) -> Case:
    """A doubtful case of Alice's that waits for an officer."""
    case = submitted(alice, face="doubtful")
    machine.judge_case(case_id=case.pk, now=now)
    return Case.objects.get(pk=case.pk)


@pytest.fixture
def decide(bob: User, now: datetime) -> Decide:
    """Bob claims and decides."""

    def decided(case: Case, verdict: str, *reasons: str) -> Case:
        services.claim(actor=actor_for(bob), case_id=case.pk, now=now)
        return services.decide(actor=actor_for(bob), case_id=case.pk, verdict=verdict, reasons=reasons, note="Look here.", now=now)

    return decided


def kinds() -> list[str]:
    """Returns what waits, in the order in which it was written."""
    return sorted(Letter.objects.filter(sent_at=None).values_list("kind", flat=True))


def test_the_machine_verifies_and_the_mail_names_nobody(alice: User, now: datetime, submitted: Apply) -> None:
    case = submitted(alice)
    machine.judge_case(case_id=case.pk, now=now)
    [sent] = deliver()
    assert sent.to == ["alice@example.org"]
    assert sent.subject == "Your identity is verified"
    assert LINK in sent.body
    assert case.reference in sent.body
    for personal in ("Li Xiaoming", NUMBERS["alice"], NUMBERS["alice"][-4:], "alice", "1991"):
        assert personal not in read([sent])


def test_doubt_goes_to_an_officer_and_is_told(waiting: Case) -> None:
    [sent] = deliver()
    assert sent.subject == "An officer looks at your identity check"
    assert "doubt" not in read([sent])


def test_the_machine_asks_again(alice: User, now: datetime, submitted: Apply) -> None:
    machine.judge_case(case_id=submitted(alice, face="eve").pk, now=now)
    [sent] = deliver()
    assert sent.subject == "Your identity check needs a part again"
    assert "face" not in read([sent])


@pytest.mark.parametrize(
    ("verdict", "reasons", "subject"),
    [
        ("verified", [], "Your identity is verified"),
        ("retry", ["document_cropped"], "Your identity check needs a part again"),
        ("rejected", ["document_not_genuine"], "Your identity could not be verified"),
    ],
)
def test_an_officers_decision_is_told_without_its_reasons(
    waiting: Case, decide: Decide, verdict: str, reasons: list[str], subject: str
) -> None:
    decide(waiting, verdict, *reasons)
    [sent] = deliver()  # that an officer looks at it is out of date by now
    assert sent.subject == subject
    assert LINK in sent.body
    for untold in ("Look here.", "genuine", "cropped", "bob", "alice"):
        assert untold not in read([sent])


def test_the_letter_is_in_the_language_of_the_applicant(alice: User, now: datetime, submitted: Apply) -> None:
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    machine.judge_case(case_id=submitted(alice).pk, now=now)
    assert [letter.language for letter in Letter.objects.all()] == ["zh-hans"]


def test_what_time_ends_is_told(alice: User, now: datetime, submitted: Apply) -> None:
    machine.judge_case(case_id=submitted(alice).pk, now=now)
    deliver()
    for _ in range(2):
        expiry.expire(identity_id=Identity.objects.get().pk, now=now + timedelta(days=731))
    assert deliver()[-1].subject == "The verification of your identity has run out"
    assert len(mail.outbox) == 2


def test_a_revocation_is_told_once(alice: User, bob: User, now: datetime, submitted: Apply) -> None:
    machine.judge_case(case_id=submitted(alice).pk, now=now)
    deliver()
    for _ in range(2):
        services.revoke(actor=actor_for(bob), user=alice, now=now)
    assert kinds() == [letters.REVOKED]
    assert deliver()[-1].subject == "The verification of your identity has been revoked"


def test_a_dead_mail_server_stops_no_decision(waiting: Case, decide: Decide, settings: SimpleNamespace) -> None:
    settings.EMAIL_BACKEND = "tests.portal.broken.Backend"
    assert decide(waiting, "verified").state == "verified"
    deliver()
    assert kinds() == ["case.verified"]
