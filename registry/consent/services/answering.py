"""The portrayed person answers: shows that it is their face, then grants less or as much as asked, or declines."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require, require_visible
from portal.access.roles import Permission
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Conflict, Invalid
from portal.kit.outcome import Allowed, Outcome, Refused
from portal.kit.transitions import move
from portal.outbox.services import publish, stream
from portal.outbox.topics import Topic
from registry.consent import letters, rules
from registry.consent.models import DeclineReason, Licence
from registry.consent.rules import Likeness, Terms
from registry.consent.services.inviting import problems
from registry.consent.states import MOVES, PENDING, LicenceState
from registry.personas import likeness
from registry.personas.models import Persona
from verification import queries as identities
from verification.rules import DOUBT


@transaction.atomic
def identify(*, actor: Actor, licence: Licence, now: datetime) -> Outcome:
    """Returns Allowed once the person is verified and their face is the one in the pictures, Refused with the reason if not.

    A refusal leaves the licence open; a face that does not match stays on record for the officer. Raises NotFound, Conflict.
    """
    require(actor, Permission.ANSWER_LICENCE)
    licence = _own(actor, licence)
    if licence.state == LicenceState.IDENTITY_VERIFIED:
        return Allowed()
    _in_time(licence, now)
    found = _likeness(licence, now)
    reasons = rules.refusals(found, same_person=DOUBT)
    record(Event.LICENCE_IDENTIFIED, actor=actor, subject=licence, now=now, reasons=reasons, distance=found.distance)
    if reasons:
        Licence.objects.filter(pk=licence.pk).update(face_distance=found.distance)
        return Refused(tuple(reasons))
    move(licence, LicenceState.IDENTITY_VERIFIED, MOVES, face_distance=found.distance)
    return Allowed()


def review(*, actor: Actor, licence: Licence, terms: Terms, now: datetime) -> Terms:
    """Returns the terms as a grant would write them; changes nothing. Raises NotFound, Conflict or Invalid, as `grant` does."""
    require(actor, Permission.ANSWER_LICENCE)
    require_visible(actor.is_user(licence.portrayed_id))
    if licence.state != LicenceState.IDENTITY_VERIFIED:
        raise Conflict(code="illegal_move")
    _in_time(licence, now)
    return _acceptable(licence, terms, now)


@transaction.atomic
def grant(*, actor: Actor, licence: Licence, terms: Terms, now: datetime) -> Licence:
    """Returns the granted licence; it holds from today at the earliest and supersedes the persona's licence before it.

    Raises NotFound, Conflict, or Invalid where the terms go beyond those proposed or the face is not theirs (any more).
    """
    require(actor, Permission.ANSWER_LICENCE)
    licence = _own(actor, licence)
    _in_time(licence, now)
    granted = _acceptable(licence, terms, now)
    found = _likeness(licence, now)
    reasons = rules.refusals(found, same_person=DOUBT)
    if reasons:
        raise Invalid(rules.REFUSALS[reasons[0]], code=reasons[0])
    for before in licence.persona.licences.filter(state=LicenceState.GRANTED):
        move(before, LicenceState.SUPERSEDED, MOVES, ended_at=now)
        record(Event.LICENCE_SUPERSEDED, actor=actor, subject=before, now=now, by=str(licence.pk))
    move(licence, LicenceState.GRANTED, MOVES, granted_at=now, face_distance=found.distance, **rules.columns(granted))
    record(Event.LICENCE_GRANTED, actor=actor, subject=licence, now=now, terms=rules.as_json(granted))
    _tell(licence, Topic.CONSENT_GRANTED, letters.Kind.GRANTED, now)
    return licence


@transaction.atomic
def narrow(*, actor: Actor, licence: Licence, terms: Terms, now: datetime) -> Licence:
    """Returns the granted licence with narrower terms, at once. Raises NotFound, Conflict, or Invalid for wider ones."""
    licence = _own(actor, licence)
    if licence.state != LicenceState.GRANTED:
        raise Conflict(code="illegal_move")
    asked = terms.ordered()
    _narrower(licence, asked, now)
    Licence.objects.filter(pk=licence.pk).update(**rules.columns(asked))
    licence.refresh_from_db()
    record(Event.LICENCE_NARROWED, actor=actor, subject=licence, now=now, terms=rules.as_json(asked))
    _tell(licence, Topic.CONSENT_CHANGED, letters.Kind.NARROWED, now)
    return licence


@transaction.atomic
def decline(*, actor: Actor, licence: Licence, reason: str, now: datetime) -> Licence:
    """Returns the declined licence. Raises NotFound, Conflict once it is answered, Invalid for an unknown reason."""
    licence = _own(actor, licence)
    if reason not in DeclineReason.values:
        raise Invalid(errors={"reason": _("Choose one of the answers.")})
    move(licence, LicenceState.DECLINED, MOVES, decline_reason=reason, ended_at=now)
    record(Event.LICENCE_DECLINED, actor=actor, subject=licence, now=now, reason=reason)
    letters.tell(licence, letters.Kind.DECLINED, now=now, person=False)
    return licence


@transaction.atomic
def withdraw(*, actor: Actor, licence: Licence, now: datetime) -> Licence:
    """Returns the withdrawn licence; the gate hears of it with this commit. Raises NotFound or Conflict.

    No role is asked for: whoever granted may always withdraw, as easily as they granted (PIPL art. 15).
    """
    licence = _own(actor, licence)
    move(licence, LicenceState.WITHDRAWN, MOVES, ended_at=now)
    record(Event.LICENCE_WITHDRAWN, actor=actor, subject=licence, now=now)
    _tell(licence, Topic.CONSENT_WITHDRAWN, letters.Kind.WITHDRAWN, now)
    return licence


def _own(actor: Actor, licence: Licence) -> Licence:
    """Returns the licence about the actor's face, locked behind its persona: grants and invitations take turns."""
    require_visible(actor.is_user(licence.portrayed_id))
    Persona.objects.select_for_update().get(pk=licence.persona_id)
    return Licence.objects.select_for_update(of=("self",)).select_related("persona", "portrayed", "data_key").get(pk=licence.pk)


def _in_time(licence: Licence, now: datetime) -> None:
    if licence.state in PENDING and licence.invitation_ends <= now:
        raise Conflict(_("The time to answer is over. Ask the operator for a new invitation."), code="invitation_over")


def _likeness(licence: Licence, now: datetime) -> Likeness:
    assert licence.portrayed_id is not None  # noqa: S101 – `_own` found the actor there
    standing = identities.standing(licence.portrayed_id, now)
    return Likeness(
        verified=standing.verified,
        adult=standing.adult,
        unchecked=licence.persona.portraits.filter(checked_at=None).count(),
        faces=len(likeness.vectors_of(licence.persona)),
        distance=likeness.nearest_distance(licence.persona, licence.portrayed_id),
    )


def _acceptable(licence: Licence, terms: Terms, now: datetime) -> Terms:
    granted = rules.starting(terms.ordered(), timezone.localdate(now))
    _narrower(licence, granted, now)
    return granted


def _narrower(licence: Licence, asked: Terms, now: datetime) -> None:
    errors = problems(asked, now) | rules.narrowed(licence.terms, asked)
    if errors:
        raise Invalid(errors=errors)


def _tell(licence: Licence, topic: Topic, kind: letters.Kind, now: datetime) -> None:
    publish(topic, stream=stream("persona", licence.persona_id), now=now, persona=str(licence.persona_id), licence=str(licence.pk))
    letters.tell(licence, kind, now=now)
