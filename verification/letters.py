"""Mails to the applicant. They say how the case stands and where to read more: no reason, and nothing of the person."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from verification.models import Case, Meeting

REVOKED = "identity.revoked"
MEETING = "case.meeting"
OF_STATES = {
    "case.review": _("An officer looks at your identity check"),
    "case.retry": _("Your identity check needs a part again"),
    "case.verified": _("Your identity is verified"),
    "case.rejected": _("Your identity could not be verified"),
    "case.expired": _("The verification of your identity has run out"),
    "case.withdrawn": _("Your verification is ended, as you asked"),
}


def tell(case: Case, *, now: datetime) -> Letter:
    """Returns the waiting letter about the state that the case has reached."""
    return services.write(kind=f"case.{case.state}", to=case.user, subject=case, now=now)


def tell_revoked(case: Case, *, to: User, now: datetime) -> Letter:
    """Returns the waiting letter about the identity that the case had established."""
    return services.write(kind=REVOKED, to=to, subject=case, now=now)


@composer(*OF_STATES)
def of_state(letter: Letter) -> Mail | None:
    """Returns the mail, unless the case has moved on since."""
    case = Case.objects.filter(pk=letter.subject_id).first()
    if case is None or letter.kind != f"case.{case.state}":
        return None
    return _mail(letter, case, OF_STATES[letter.kind], str(case.state))


@composer(REVOKED)
def of_revocation(letter: Letter) -> Mail | None:
    """Returns the mail that an identity counts no longer."""
    case = Case.objects.filter(pk=letter.subject_id).first()
    return _mail(letter, case, _("The verification of your identity has been revoked"), "revoked") if case else None


def tell_meeting(case: Case, meeting: Meeting, *, now: datetime) -> Letter:
    """Returns the waiting letter about a meeting that an officer has arranged."""
    return services.write(kind=MEETING, to=case.user, subject=meeting, now=now)


@composer(MEETING)
def of_meeting(letter: Letter) -> Mail | None:
    """Returns the mail with the date, unless the meeting was held or is over. The place stands on the page alone."""
    meeting = Meeting.objects.select_related("case").filter(pk=letter.subject_id, noted_at=None).first()
    if meeting is None:
        return None
    subject, path = _("A meeting to verify your identity"), reverse("verification:status")
    about = {"case": meeting.case, "meeting": meeting}
    return mail(to=letter.address, subject=subject, template="verification/mail/meeting.txt", path=path, **about)


def _mail(letter: Letter, case: Case, subject: object, name: str) -> Mail:
    path = reverse("verification:status")
    return mail(to=letter.address, subject=subject, template=f"verification/mail/{name}.txt", path=path, case=case)
