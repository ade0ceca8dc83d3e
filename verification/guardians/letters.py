"""Mails about a guardian's consent. They name no person: whoever asks is named on the page that the right address opens."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from verification.guardians.models import Guardianship
from verification.guardians.states import GuardianState
from verification.guardians.tokens import token_of

INVITATION = "guardian.invitation"
OF_STATES = {
    "guardian.confirmed": _("The guardian's consent stands"),
    "guardian.refused": _("The guardian's consent was not accepted"),
    "guardian.declined": _("The guardian has declined"),
    "guardian.withdrawn": _("The guardian's consent was withdrawn"),
}


def invite(row: Guardianship, *, now: datetime) -> Letter:
    """Returns the waiting letter to the address of the invitation, in the language of the page that asked for it."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return services.write(kind=INVITATION, to=None, subject=row, now=now, language=language, mailing=row.mailings)


def tell(row: Guardianship, *, now: datetime) -> list[Letter]:
    """Returns the waiting letters about the state that was reached: to the minor, and to the guardian if there is one."""
    readers = [row.minor, *([row.guardian] if row.guardian else [])]
    return [services.write(kind=f"guardian.{row.state}", to=each, subject=row, now=now) for each in readers]


@composer(INVITATION)
def invitation(letter: Letter) -> Mail | None:
    """Returns the mail with the link, unless it was answered, or a newer mail carries a newer link."""
    row = _row(letter)
    if row is None or row.state != GuardianState.INVITED or row.mailings != letter.mailing:
        return None
    path = reverse("guardians:invitation", args=[token_of(row.pk, letter.mailing)])
    subject = _("A young person asks for your consent as their guardian")
    return mail(to=row.address, subject=subject, template="guardians/mail/invitation.txt", path=path)


@composer(*OF_STATES)
def of_state(letter: Letter) -> Mail | None:
    """Returns the mail, unless it has moved on since."""
    row = _row(letter)
    if row is None or letter.kind != f"guardian.{row.state}":
        return None
    template = f"guardians/mail/{row.state}.txt"
    return mail(to=letter.address, subject=OF_STATES[letter.kind], template=template, path=reverse("guardians:mine"), row=row)


def _row(letter: Letter) -> Guardianship | None:
    return Guardianship.objects.select_related("data_key").filter(pk=letter.subject_id).first()
