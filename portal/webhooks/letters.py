"""The mail to an endpoint's contact: nothing is sent there any more."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from portal.webhooks.models import Endpoint
from portal.webhooks.states import EndpointState

DISABLED = "webhook.disabled"


def tell_disabled(endpoint: Endpoint, *, now: datetime) -> Letter:
    """Returns the waiting letter."""
    return services.write(kind=DISABLED, to=None, subject=endpoint, now=now, language=endpoint.language)


@composer(DISABLED)
def of_disabled(letter: Letter) -> Mail | None:
    """Returns the mail, unless the endpoint works again."""
    endpoint = Endpoint.objects.select_related("data_key").filter(pk=letter.subject_id).first()
    if endpoint is None or endpoint.state != EndpointState.DISABLED:
        return None
    subject, template = _("Your webhook has been disabled"), "webhooks/mail/disabled.txt"
    told = {"url": endpoint.url, "gone": endpoint.reason == "gone"}
    return mail(to=endpoint.contact or "", subject=subject, template=template, path="/developers/", **told)
