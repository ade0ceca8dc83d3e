"""The mail to whoever reported something and left an address. Nothing is sent before an officer has decided."""

from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from registry.complaints.models import Reporter
from registry.complaints.rules import ANSWERS
from registry.issuing.registry_id import printed


class Kind(StrEnum):
    """What a mail says."""

    ANSWERED = "report.answered"


@composer(Kind.ANSWERED)
def answered(letter: Letter) -> Mail | None:
    """Returns the answer; none once the address is erased."""
    found = Reporter.objects.select_related("report__registration", "data_key").filter(report=letter.subject_id).first()
    if found is None or not found.email:
        return None
    report, shown = found.report, printed(found.report.registration.registry_id)
    told = {"reference": report.reference, "registry_id": shown, "answer": ANSWERS[report.outcome]}
    path = reverse("home:record", args=[shown])
    return mail(to=found.email, subject=_("Your report has been looked into"), template="complaints/mail/answered.txt", path=path, **told)
