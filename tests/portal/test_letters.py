"""Letters: written with the change, sent once, waiting while the mail server is away."""

import logging
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.template.loader import get_template
from django.utils import translation

from portal.accounts.models import User
from portal.kit import jobs
from portal.letters import composing, services, tasks
from portal.letters.composing import Mail, composer
from portal.letters.models import Letter

NOTE, OLD, SLIP = "test.note", "test.old", "test.slip"


@composer(NOTE)
def note(letter: Letter) -> Mail:
    return Mail("A note", f"{translation.get_language()} {letter.subject_id}", letter.address)


@composer(OLD)
def old(letter: Letter) -> None:
    return None


@composer(SLIP)
def slip(letter: Letter) -> Mail:
    raise ValueError("a mistake of ours")


def written(to: User, now: datetime, kind: str = NOTE, **fields: Any) -> Letter:
    """Returns a waiting letter about the account."""
    with transaction.atomic():
        return services.write(kind=kind, to=to, subject=to, now=now, **fields)


def test_it_is_sent_once(alice: User, now: datetime) -> None:
    letter = written(alice, now)
    for _ in range(2):
        services.send(letter_id=letter.pk, now=now)
    assert [each.to for each in mail.outbox] == [["alice@example.org"]]
    letter.refresh_from_db()
    assert (letter.sent_at, letter.attempts) == (now, 1)
    assert list(tasks._unsent(now + timedelta(days=1))) == []


def test_it_waits_longer_each_time_the_server_fails(
    alice: User, now: datetime, settings: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    letter, due = written(alice, now), now
    settings.EMAIL_BACKEND = "tests.portal.broken.Backend"
    for attempt in range(3):
        services.send(letter_id=letter.pk, now=due)
        services.send(letter_id=letter.pk, now=due)  # not due yet
        letter.refresh_from_db()
        due += timedelta(seconds=10 * 2**attempt)
        assert (letter.sent_at, letter.attempts, letter.due_at) == (None, attempt + 1, due)
    assert "OSError" in caplog.text
    assert "example.org" not in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    services.send(letter_id=letter.pk, now=due)
    assert len(mail.outbox) == 1


def test_it_is_given_up_after_twelve_tries(alice: User, now: datetime, settings: SimpleNamespace) -> None:
    letter = written(alice, now)
    settings.EMAIL_BACKEND = "tests.portal.broken.Backend"
    logging.disable(logging.WARNING)
    for _ in range(services.TRIES):
        letter.refresh_from_db()
        services.send(letter_id=letter.pk, now=letter.due_at)
    logging.disable(logging.NOTSET)
    assert list(tasks._unsent(now + timedelta(days=30))) == []


def test_a_letter_that_cannot_be_composed_is_not_tried_at_each_sweep(alice: User, now: datetime) -> None:
    letter = written(alice, now, SLIP)
    with pytest.raises(ValueError, match="mistake"):
        services.send(letter_id=letter.pk, now=now)
    assert list(tasks._unsent(now + timedelta(seconds=9))) == []


def test_what_is_out_of_date_is_not_sent(alice: User, now: datetime) -> None:
    services.send(letter_id=written(alice, now, OLD).pk, now=now)
    assert mail.outbox == []
    assert not Letter.objects.exists()


def test_it_speaks_the_language_of_its_receiver(alice: User, eve: User, now: datetime) -> None:
    User.objects.filter(pk=eve.pk).update(language="zh-hans")
    eve.refresh_from_db()
    with translation.override("zh-hans"):
        plain = written(alice, now)
    chinese = written(eve, now)
    asked = written(eve, now, language="en")
    assert [each.language for each in (plain, chinese, asked)] == ["en", "zh-hans", "en"]
    for letter in (plain, chinese, asked):
        services.send(letter_id=letter.pk, now=now)
    assert [str(each.body).split()[0] for each in mail.outbox] == ["en", "zh-hans", "en"]


def test_a_kind_that_nobody_declares_is_not_written(alice: User, now: datetime) -> None:
    with pytest.raises(LookupError):
        written(alice, now, "nobody.knows")


def test_the_job_sends_what_waits(alice: User, now: datetime) -> None:
    written(alice, now)
    jobs.run_waiting(now)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_no_letter_without_the_transaction_of_its_change(now: datetime) -> None:
    with pytest.raises(RuntimeError):
        services.write(kind=NOTE, to=None, subject=SimpleNamespace(pk="0" * 32), now=now)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_no_letter_of_a_change_that_was_taken_back(alice: User, now: datetime) -> None:
    with transaction.atomic():
        services.write(kind=NOTE, to=alice, subject=alice, now=now)
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


def test_every_room_has_declared_its_letters() -> None:
    rooms = {kind.partition(".")[0] for kind in composing._composers}
    assert rooms >= {"licence", "case", "identity", "application", "registration", "hold"}
    assert get_template("letters/mail.txt")
