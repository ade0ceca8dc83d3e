"""Writing letters with the change they tell of, and sending them: once or, after a crash, twice."""

import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection
from django.db.models import F

from portal.accounts.models import User
from portal.audit.services import Subject
from portal.kit import jobs
from portal.letters.composing import compose, composer_of
from portal.letters.models import Letter

SEND_JOB = "letters.send"
TRIES = 12
FIRST_WAIT = timedelta(seconds=10)  # doubled at each try: the last one is some six hours after the first

log = logging.getLogger(__name__)


def write(*, kind: str, to: User | None, subject: Subject, now: datetime, language: str | None = None, mailing: int = 0) -> Letter:
    """Returns the waiting letter, in the receiver's language where none is given. `to` is None where the subject knows the address.

    Raises RuntimeError outside a transaction (a letter without its change, or the reverse, is a lie) and LookupError for a
    kind that no room declares.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a letter is written in the transaction of the change")
    composer_of(kind)
    spoken = language or (to.language if to else "") or settings.LANGUAGE_CODE
    identifier = uuid.UUID(str(subject.pk))
    letter = Letter.objects.create(kind=kind, to=to, subject_id=identifier, language=spoken, mailing=mailing, due_at=now)
    jobs.wake(SEND_JOB, letter.pk)
    return letter


def send(*, letter_id: uuid.UUID, now: datetime) -> None:
    """Sends a waiting letter. If the mail server fails it waits, each time twice as long; if it is out of date it goes.

    The try is counted and committed first. The log names the kind of failure alone: a server's answer may name a person.
    """
    waiting = Letter.objects.filter(pk=letter_id, sent_at=None, due_at__lte=now, attempts__lt=TRIES)
    letter = waiting.select_related("to").first()
    if letter is None or not waiting.update(attempts=F("attempts") + 1, due_at=now + FIRST_WAIT * 2**letter.attempts):
        return
    mail = compose(letter)
    if mail is None:
        letter.delete()
        return
    try:
        send_mail(mail.subject, mail.text, None, [mail.address])
    except OSError as error:  # smtplib's errors are OSErrors
        log.warning("letter %s could not be sent (try %s of %s): %s", letter.pk, letter.attempts + 1, TRIES, type(error).__name__)
    else:
        Letter.objects.filter(pk=letter.pk).update(sent_at=now)
