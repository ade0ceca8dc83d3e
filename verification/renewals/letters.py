"""Mails to whoever confirms an identity: what came of it, and that it is time. They name nobody."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from verification import queries as verification
from verification import rules as limits
from verification.renewals.models import Reminder, Renewal
from verification.renewals.rules import Remind

OF_STATES = {
    "renewal.confirmed": _("Your identity is confirmed"),
    "renewal.retry": _("Please take your selfie again"),
    "renewal.review": _("An officer looks at your selfie"),
    "renewal.refused": _("Your identity could not be confirmed by a selfie"),
}
OF_DATES = {
    Remind.MONTH: _("Confirm your identity within a month"),
    Remind.WEEK: _("Confirm your identity within a week"),
    Remind.END: _("Your verification ends soon"),
}


def tell(row: Renewal, *, now: datetime) -> Letter:
    """Returns the waiting letter about the state that the selfie has reached."""
    return services.write(kind=f"renewal.{row.state}", to=row.user, subject=row, now=now)


def remind(row: Reminder, *, now: datetime) -> Letter:
    """Returns the waiting letter of the reminder."""
    return services.write(kind=row.kind, to=row.user, subject=row, now=now)


@composer(*OF_STATES)
def of_state(letter: Letter) -> Mail | None:
    """Returns the mail, unless it has moved on since."""
    row = Renewal.objects.filter(pk=letter.subject_id).first()
    if row is None or letter.kind != f"renewal.{row.state}":
        return None
    template, path = f"renewals/mail/{row.state}.txt", reverse("renewals:confirm")
    return mail(to=letter.address, subject=OF_STATES[letter.kind], template=template, path=path, row=row)


@composer(*OF_DATES)
def of_date(letter: Letter) -> Mail | None:
    """Returns the mail, unless it has been done since, or the identity stands no more."""
    row = Reminder.objects.filter(pk=letter.subject_id).first()
    identity = verification.identity_of(row.user_id) if row else None
    if row is None or identity is None or identity.revoked_at:
        return None
    end = row.kind == Remind.END
    if row.until != (identity.valid_until if end else limits.reverify_by(identity.confirmed_at)):
        return None
    name, path = ("ends", "verification:status") if end else ("reverify", "renewals:confirm")
    template, subject = f"renewals/mail/{name}.txt", OF_DATES[Remind(letter.kind)]
    return mail(to=letter.address, subject=subject, template=template, path=reverse(path), until=row.until)
