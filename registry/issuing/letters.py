"""Mails to everybody who acts for the operator: it is registered, stopped, goes on, ends soon, is over, or becomes another's."""

from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.queries import members_of
from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from registry.issuing.models import Hold, Registration, Transfer, TransferState
from registry.issuing.queries import operator_named
from registry.issuing.registry_id import printed
from registry.issuing.tokens import GIVER, RECEIVER, token_of
from registry.personas.models import Portrayed


class Kind(StrEnum):
    """What a mail says."""

    ISSUED = "registration.issued"
    UPDATED = "registration.updated"
    REVOKED = "registration.revoked"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    RENEWED = "registration.renewed"
    ENDING = "registration.ending"
    RETIRED = "registration.retired"
    RESTORED = "registration.restored"
    TRANSFER_GIVE = "transfer.give"
    TRANSFER_RECEIVE = "transfer.receive"
    TRANSFER_COMPLETED = "transfer.completed"
    TRANSFER_CANCELLED = "transfer.cancelled"
    TRANSFER_LAPSED = "transfer.lapsed"


SUBJECTS = {
    Kind.ISSUED: _("Your virtual human is registered"),
    Kind.UPDATED: _("The changes to your virtual human are registered"),
    Kind.REVOKED: _("A registration has been revoked"),
    Kind.HOLD_PLACED: _("A hold has been put on your virtual human"),
    Kind.HOLD_LIFTED: _("A hold on your virtual human has been lifted"),
    Kind.RENEWED: _("Your registration has been renewed"),
    Kind.ENDING: _("A registration ends soon"),
    Kind.RETIRED: _("You have retired a virtual human"),
    Kind.RESTORED: _("The retirement has been undone"),
    Kind.TRANSFER_GIVE: _("Confirm that you hand over a virtual human"),
    Kind.TRANSFER_RECEIVE: _("Somebody wants to hand a virtual human over to you"),
    Kind.TRANSFER_COMPLETED: _("A virtual human has another operator"),
    Kind.TRANSFER_CANCELLED: _("A transfer has been called off"),
    Kind.TRANSFER_LAPSED: _("A transfer has lapsed"),
}


def tell(registration: Registration, kind: Kind, *, now: datetime, hold: Hold | None = None) -> list[Letter]:
    """Returns the waiting letters about the registration or, if it is given, about the hold on it."""
    members = members_of(registration.operator_id)
    return [services.write(kind=kind, to=each, subject=hold or registration, now=now) for each in members]


def ask_both(transfer: Transfer, *, now: datetime) -> list[Letter]:
    """Returns the two waiting letters of a transfer, each with its own link: to whoever asked, and to the address they gave."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return [
        services.write(kind=Kind.TRANSFER_GIVE, to=transfer.asked_by, subject=transfer, now=now),
        services.write(kind=Kind.TRANSFER_RECEIVE, to=None, subject=transfer, now=now, language=language),
    ]


def tell_end(transfer: Transfer, *, now: datetime) -> list[Letter]:
    """Returns the waiting letters about the end of a transfer: to who acts for either side, as far as they are known."""
    received = [members_of(transfer.receiver_id)] if transfer.receiver_id else []
    readers = {member.pk: member for members in (members_of(transfer.giver_id), *received) for member in members}
    return [services.write(kind=f"transfer.{transfer.state}", to=each, subject=transfer, now=now) for each in readers.values()]


@composer(Kind.ISSUED, Kind.UPDATED, Kind.REVOKED, Kind.RENEWED, Kind.ENDING, Kind.RETIRED, Kind.RESTORED)
def of_registration(letter: Letter) -> Mail | None:
    """Returns the mail; one that says it is registered is out of date once it is not, one about an end that was put off too."""
    registration = Registration.objects.select_related("persona").filter(pk=letter.subject_id).first()
    if registration is None or (registration.revoked_at and letter.kind != Kind.REVOKED):
        return None
    retired = {Kind.RETIRED: True, Kind.RESTORED: False, Kind.ENDING: False}.get(Kind(letter.kind))
    outdated = retired is not None and retired != bool(registration.retired_at)
    renewed = letter.kind == Kind.ENDING and registration.reminded is None
    return None if outdated or renewed else _mail(letter, registration)


@composer(Kind.TRANSFER_GIVE, Kind.TRANSFER_RECEIVE)
def of_transfer(letter: Letter) -> Mail | None:
    """Returns the mail with one side's link, while the transfer waits for it."""
    transfer = _transfer(letter)
    if transfer is None or transfer.state != TransferState.PENDING:
        return None
    giving = letter.kind == Kind.TRANSFER_GIVE
    path = reverse("home:transfer_link", args=[token_of(transfer.pk, GIVER if giving else RECEIVER)])
    return _of_transfer(letter, transfer, letter.address if giving else transfer.email or "", path)


@composer(Kind.TRANSFER_COMPLETED, Kind.TRANSFER_CANCELLED, Kind.TRANSFER_LAPSED)
def of_transfers_end(letter: Letter) -> Mail | None:
    """Returns the mail to either side; the public record is a page that both may open."""
    transfer = _transfer(letter)
    if transfer is None or letter.kind != f"transfer.{transfer.state}":
        return None
    path = reverse("home:record", args=[printed(transfer.registration.registry_id)])
    return _of_transfer(letter, transfer, letter.address, path)


def _transfer(letter: Letter) -> Transfer | None:
    found = Transfer.objects.select_related("registration__persona", "giver__organisation", "data_key")
    return found.filter(pk=letter.subject_id).first()


def _of_transfer(letter: Letter, transfer: Transfer, address: str, path: str) -> Mail:
    kind, registration = Kind(letter.kind), transfer.registration
    told = {
        "persona": registration.persona,
        "registry_id": printed(registration.registry_id),
        "operator": operator_named(transfer.giver),
        "licence": registration.facts.get("portrayed") == Portrayed.OTHER,
    }
    return mail(to=address, subject=SUBJECTS[kind], template=f"issuing/mail/{kind.name.lower()}.txt", path=path, **told)


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
    template = f"issuing/mail/{kind.name.lower()}.txt"
    told = {"persona": registration.persona, "registry_id": shown, "until": registration.expires_at}
    return mail(to=letter.address, subject=SUBJECTS[kind], template=template, path=path, **told)
