"""Mails to everybody who acts for the operator, about an application that is their turn again or over."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.queries import members_of
from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from registry.personas.models import Application

SUBJECTS = {
    "application.changes_requested": _("Please change something in your application"),
    "application.rejected": _("Your application has been rejected"),
}


def tell(application: Application, *, now: datetime) -> list[Letter]:
    """Returns the waiting letters about the state that the application has reached."""
    kind = f"application.{application.state}"
    members = members_of(application.persona.operator_id)
    return [services.write(kind=kind, to=each, subject=application, now=now) for each in members]


@composer(*SUBJECTS)
def of_state(letter: Letter) -> Mail | None:
    """Returns the mail, unless the application has moved on since. The reasons stand on the page."""
    application = Application.objects.select_related("persona").filter(pk=letter.subject_id).first()
    if application is None or letter.kind != f"application.{application.state}":
        return None
    template, path = f"personas/mail/{application.state}.txt", reverse("home:persona", args=[application.persona_id])
    told = {"application": application, "persona": application.persona}
    return mail(to=letter.address, subject=SUBJECTS[letter.kind], template=template, path=path, **told)
