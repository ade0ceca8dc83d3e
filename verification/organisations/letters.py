"""Mails about organisations and mandates. They name the organisation, which is public, and no person and no reason."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from verification.organisations.models import Mandate, Organisation
from verification.organisations.states import MandateState
from verification.organisations.tokens import token_of

INVITATION = "mandate.invitation"
OF_STATES = {
    "organisation.verified": _("Your organisation is verified"),
    "organisation.changes_requested": _("Something is asked of you about your organisation"),
    "organisation.rejected": _("Your organisation could not be verified"),
    "organisation.expired": _("The verification of your organisation has run out"),
    "organisation.revoked": _("The verification of your organisation has been revoked"),
}
OF_ENDS = {
    "mandate.withdrawn": _("Your mandate has been withdrawn"),
    "mandate.laid_down": _("An agent has laid down their mandate"),
    "mandate.ended": _("A mandate has ended with its term"),
}


def tell(organisation: Organisation, *, now: datetime) -> Letter:
    """Returns the waiting letter, to whoever filed, about the state that the organisation has reached."""
    return services.write(kind=f"organisation.{organisation.state}", to=organisation.filed_by, subject=organisation, now=now)


def invite(mandate: Mandate, *, now: datetime) -> Letter:
    """Returns the waiting letter to the invited address, in the language of the page that asked for it."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return services.write(kind=INVITATION, to=None, subject=mandate, now=now, language=language)


def tell_end(mandate: Mandate, *, to: list[User], now: datetime) -> list[Letter]:
    """Returns the waiting letters about the end of a mandate."""
    return [services.write(kind=f"mandate.{mandate.state}", to=each, subject=mandate, now=now) for each in to]


@composer(*OF_STATES)
def of_state(letter: Letter) -> Mail | None:
    """Returns the mail, unless the organisation has moved on since."""
    organisation = Organisation.objects.filter(pk=letter.subject_id).first()
    if organisation is None or letter.kind != f"organisation.{organisation.state}":
        return None
    template, path = f"organisations/mail/{organisation.state}.txt", reverse("organisations:organisation", args=[organisation.pk])
    return mail(to=letter.address, subject=OF_STATES[letter.kind], template=template, path=path, organisation=organisation)


@composer(INVITATION)
def invitation(letter: Letter) -> Mail | None:
    """Returns the mail with the link that accepts the mandate, unless the invitation was answered or taken back."""
    mandate = _mandate(letter)
    if mandate is None or mandate.state != MandateState.INVITED:
        return None
    path, template = reverse("organisations:invitation", args=[token_of(mandate.pk)]), "organisations/mail/invitation.txt"
    told = {"organisation": mandate.organisation, "role": mandate.get_role_display()}
    return mail(to=str(mandate.email), subject=_("An organisation asks you to act for it"), template=template, path=path, **told)


@composer(*OF_ENDS)
def of_end(letter: Letter) -> Mail | None:
    """Returns the mail about an ended mandate."""
    mandate = _mandate(letter)
    if mandate is None or letter.kind != f"mandate.{mandate.state}":
        return None
    template = f"organisations/mail/{mandate.state}.txt"
    told = {"organisation": mandate.organisation}
    return mail(to=letter.address, subject=OF_ENDS[letter.kind], template=template, path=reverse("organisations:list"), **told)


def _mandate(letter: Letter) -> Mandate | None:
    return Mandate.objects.select_related("organisation", "data_key").filter(pk=letter.subject_id).first()
