"""Mails about confirming an identity, and reminders: each once, lost ones found, none after it was done."""

from datetime import datetime, timedelta

import pytest

from portal.access.actor import SYSTEM
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.kit.errors import Forbidden
from portal.letters.models import Letter
from tests.post import deliver, read
from tests.verification.renewals.conftest import Send, fresh
from verification.models import Identity
from verification.renewals import queries, services
from verification.renewals.models import Reminder
from verification.rules import REVERIFY


def remind(user: User, at: datetime) -> str | None:
    """Returns the kind of the reminder that is written at that moment."""
    written = services.remind(actor=SYSTEM, user_id=user.pk, now=at)
    return str(written.kind) if written else None


def test_a_month_and_a_week_before_each_once(verified: Identity, alice: User, now: datetime) -> None:
    until = now + REVERIFY
    for days, expected in ((31, None), (30, "reverify.month"), (20, None), (7, "reverify.week"), (6, None), (0, None)):
        assert remind(alice, until - timedelta(days=days)) == expected
    mails = deliver()
    assert [mail.subject for mail in mails] == ["Confirm your identity within a month", "Confirm your identity within a week"]
    assert "http://localhost:8000/identity/confirm/" in read(mails)
    assert "29 August 2026" in read(mails) or "Aug. 29, 2026" in read(mails)
    assert "alice" not in read(mails)


def test_a_reminder_is_not_sent_after_it_was_done(verified: Identity, alice: User, now: datetime, send: Send) -> None:
    at = now + REVERIFY - timedelta(days=5)
    assert remind(alice, at) == "reverify.week"
    send(at=at)
    assert [mail.subject for mail in deliver()] == ["Your identity is confirmed"]
    assert remind(alice, at) is None
    assert remind(alice, at + REVERIFY - timedelta(days=5)) == "reverify.week"  # of the next six months


def test_a_lost_mail_is_found_again(verified: Identity, alice: User, now: datetime) -> None:
    remind(alice, now + REVERIFY - timedelta(days=5))
    assert Letter.objects.filter(sent_at=None, kind="reverify.week").count() == 1  # the row waits, whoever rings
    assert len(deliver()) == 1


def test_who_is_still_to_be_reminded_is_found(verified: Identity, alice: User, eve: User, now: datetime) -> None:
    until, everybody = now + REVERIFY, User.objects.values("pk")

    def found(days: int) -> list[object]:
        return list(queries.unreminded(everybody, until - timedelta(days=days)).values_list("user", flat=True))

    assert (found(31), found(30), found(7), found(0)) == ([], [alice.pk], [alice.pk], [])
    remind(alice, until - timedelta(days=30))
    assert (found(29), found(7)) == ([], [alice.pk])
    remind(alice, until - timedelta(days=7))
    assert found(6) == []
    assert list(queries.unreminded(User.objects.filter(pk=eve.pk).values("pk"), until - timedelta(days=30))) == []
    Identity.objects.update(reverified_at=now + timedelta(days=100))
    assert list(queries.unreminded(everybody, until - timedelta(days=6))) == []


def test_whoever_was_revoked_is_not_reminded(verified: Identity, alice: User, now: datetime) -> None:
    at = now + REVERIFY - timedelta(days=5)
    remind(alice, at)
    Identity.objects.update(revoked_at=at)
    assert deliver() == []
    assert list(queries.unreminded(User.objects.values("pk"), at)) == []
    assert services.remind_of_end(actor=SYSTEM, user_id=alice.pk, now=at) is None


def test_the_end_of_an_identity_is_told_once_before_it(verified: Identity, alice: User) -> None:
    end = verified.valid_until
    assert list(queries.ending(end - timedelta(days=61))) == []
    at = end - timedelta(days=60)
    assert list(queries.ending(at)) == [verified]
    for _ in range(2):
        services.remind_of_end(actor=SYSTEM, user_id=alice.pk, now=at)
    assert (list(queries.ending(at)), list(queries.ending(end))) == ([], [])
    assert [mail.subject for mail in deliver()] == ["Your verification ends soon"]
    assert Reminder.objects.count() == 1


def test_the_end_is_not_told_once_it_was_renewed(verified: Identity, alice: User) -> None:
    services.remind_of_end(actor=SYSTEM, user_id=alice.pk, now=verified.valid_until - timedelta(days=9))
    Identity.objects.update(valid_until=verified.valid_until + timedelta(days=730))
    assert deliver() == []


def test_only_the_machine_reminds(verified: Identity, alice: User, later: datetime) -> None:
    for verb in (services.remind, services.remind_of_end):
        with pytest.raises(Forbidden):
            verb(actor=actor_for(alice), user_id=alice.pk, now=later)


def test_every_outcome_is_told_and_names_nobody(verified: Identity, send: Send, bob: User, later: datetime) -> None:
    send(fresh("nobody"))
    assert deliver()[-1].subject == "Please take your selfie again"
    row = send(channel="upload")
    assert deliver()[-1].subject == "An officer looks at your selfie"
    services.refuse(actor=actor_for(bob), renewal_id=row.pk, now=later)
    mails = deliver()
    assert mails[-1].subject == "Your identity could not be confirmed by a selfie"
    for personal in ("alice", "bob", "Person E"):
        assert personal not in read(mails)
