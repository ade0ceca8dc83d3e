"""The postman: sends the letters that wait, whenever they are due."""

from django.core import mail
from django.core.mail import EmailMessage

from portal.letters.models import Letter
from portal.letters.services import send


def deliver() -> list[EmailMessage]:
    """Returns every mail that has come out in this test, the last one last."""
    for letter in Letter.objects.filter(sent_at=None).order_by("due_at", "mailing"):
        send(letter_id=letter.pk, now=letter.due_at)
    return mail.outbox


def read(mails: list[EmailMessage]) -> str:
    """Returns subjects and texts, one after the other."""
    return "\n".join(f"{each.subject}\n{each.body}" for each in mails)
