"""Mails about a licence. They name the persona and the terms, and no person."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.accounts.queries import members_of
from portal.letters import services
from portal.letters.composing import Mail, composer, mail
from portal.letters.models import Letter
from registry.consent import wording
from registry.consent.models import Licence
from registry.consent.states import LicenceState
from registry.consent.tokens import token_of
from registry.personas.queries import platform_names
from registry.personas.rules import operator_reference


class Kind(StrEnum):
    """What a mail says."""

    INVITATION = "licence.invitation"
    GRANTED = "licence.granted"
    NARROWED = "licence.narrowed"
    DECLINED = "licence.declined"
    WITHDRAWN = "licence.withdrawn"
    HANDED_ON = "licence.handed_on"


SUBJECTS = {
    Kind.INVITATION: _("Somebody asks for your consent to use your likeness"),
    Kind.GRANTED: _("Receipt: portrait licence granted"),
    Kind.NARROWED: _("Receipt: portrait licence narrowed"),
    Kind.DECLINED: _("Portrait licence declined"),
    Kind.WITHDRAWN: _("Receipt: portrait licence withdrawn"),
    Kind.HANDED_ON: _("A virtual human with your likeness has another operator"),
}


def invite(licence: Licence, *, now: datetime) -> Letter:
    """Returns the waiting letter to the address of the invitation, in the language of the page that asked for it."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return services.write(kind=Kind.INVITATION, to=None, subject=licence, now=now, language=language, mailing=licence.mailings)


def tell(licence: Licence, kind: Kind, *, now: datetime, person: bool = True) -> list[Letter]:
    """Returns the waiting letters to everybody who acts for the operator and, if `person`, to the portrayed person."""
    members = members_of(licence.persona.operator_id)
    readers = [*members, licence.portrayed] if person and licence.portrayed else [*members]
    return [services.write(kind=kind, to=reader, subject=licence, now=now) for reader in readers]


def tell_handed_on(licence: Licence, *, now: datetime) -> Letter:
    """Returns the waiting letter to the portrayed person: their licence has ended, as the persona has another operator."""
    return services.write(kind=Kind.HANDED_ON, to=licence.portrayed, subject=licence, now=now)


@composer(Kind.INVITATION)
def invitation(letter: Letter) -> Mail | None:
    """Returns the mail with the link that opens the licence, unless it was answered, or a newer mail carries a newer link."""
    licence = _licence(letter)
    if licence is None or licence.state != LicenceState.INVITED or licence.mailings != letter.mailing:
        return None
    return _mail(letter, licence, licence.address, reverse("consent:invitation", args=[token_of(licence.pk, letter.mailing)]))


@composer(Kind.GRANTED, Kind.NARROWED, Kind.DECLINED, Kind.WITHDRAWN, Kind.HANDED_ON)
def receipt(letter: Letter) -> Mail | None:
    """Returns the mail to either party; each is led to its own page."""
    licence = _licence(letter)
    if licence is None:
        return None
    mine = letter.to_id == licence.portrayed_id
    path = reverse("consent:licence", args=[licence.pk]) if mine else reverse("consent:invite", args=[licence.persona_id])
    return _mail(letter, licence, letter.address, path, to_person=mine)


def _licence(letter: Letter) -> Licence | None:
    return Licence.objects.select_related("persona", "data_key").filter(pk=letter.subject_id).first()


def _mail(letter: Letter, licence: Licence, address: str, path: str, **context: Any) -> Mail:
    kind, template = Kind(letter.kind), f"consent/mail/{Kind(letter.kind).name.lower()}.txt"
    told = {
        "licence": licence,
        "persona": licence.persona,
        "operator": operator_reference(licence.persona.operator_id),
        "facts": wording.facts(licence.terms, platform_names()),
    }
    return mail(to=address, subject=SUBJECTS[kind], template=template, path=path, **told, **context)
