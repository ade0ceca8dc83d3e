"""Mails to everybody who acts for the operator: the registration is there, it is stopped, it goes on, it is over."""

from datetime import datetime
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.queries import members_of
from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from registry.issuing.models import Hold, Registration
from registry.issuing.registry_id import printed


class Kind(StrEnum):
    """What a mail says."""

    ISSUED = "registration.issued"
    UPDATED = "registration.updated"
    REVOKED = "registration.revoked"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"


SUBJECTS = {
    Kind.ISSUED: _("Your virtual human is registered"),
    Kind.UPDATED: _("The changes to your virtual human are registered"),
    Kind.REVOKED: _("A registration has been revoked"),
    Kind.HOLD_PLACED: _("A hold has been put on your virtual human"),
    Kind.HOLD_LIFTED: _("A hold on your virtual human has been lifted"),
}


def tell(registration: Registration, kind: Kind, *, now: datetime, hold: Hold | None = None) -> list[Letter]:
    """Returns the waiting letters about the registration or, if it is given, about the hold on it."""
    members = members_of(registration.operator_id)
    return [services.write(kind=kind, to=each, subject=hold or registration, now=now) for each in members]


@composer(Kind.ISSUED, Kind.UPDATED, Kind.REVOKED)
def of_registration(letter: Letter) -> Mail | None:
    """Returns the mail; one that says it is registered is out of date once it is not."""
    registration = Registration.objects.select_related("persona").filter(pk=letter.subject_id).first()
    if registration is None or (registration.revoked_at and letter.kind != Kind.REVOKED):
        return None
    return _mail(letter, registration)


@composer(Kind.HOLD_PLACED, Kind.HOLD_LIFTED)
def of_hold(letter: Letter) -> Mail | None:
    """Returns the mail; one that says it is held is out of date once it is not. The officer's note stands on the page."""
    hold = Hold.objects.select_related("registration__persona").filter(pk=letter.subject_id).first()
    if hold is None or (hold.lifted_at and letter.kind == Kind.HOLD_PLACED):
        return None
    return _mail(letter, hold.registration)


def _mail(letter: Letter, registration: Registration) -> Mail:
    kind, shown = Kind(letter.kind), printed(registration.registry_id)
    if kind in (Kind.ISSUED, Kind.UPDATED):
        path = reverse("home:record", args=[shown])
    else:
        path = reverse("home:persona", args=[registration.persona_id])
    template, told = f"issuing/mail/{kind.name.lower()}.txt", {"persona": registration.persona, "registry_id": shown}
    return mail(to=letter.address, subject=SUBJECTS[kind], template=template, path=path, **told)
