"""The invitation's link: who may open it, once."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import ANONYMOUS, Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.queries import member_ids
from portal.audit.events import Event
from portal.audit.services import record
from portal.kit.errors import Forbidden, Invalid, NotFound, PortalError
from portal.kit.transitions import move
from registry.consent import letters, rules
from registry.consent.models import DeclineReason, Licence
from registry.consent.states import MOVES, LicenceState
from registry.consent.tokens import digest


class InvitationUnknown(NotFound):
    """No invitation has this token: mistyped, used, sent again since, or taken back."""

    code = "invitation_unknown"
    title = _("This link does not work (any more)")
    help = _("Each link works once, and a newer mail replaces an older one. Look for the newest mail, and copy its whole link.")


class InvitationOver(PortalError):
    """The seven days are over."""

    code = "invitation_over"
    status = 410
    title = _("This invitation has ended")
    help = _("The link worked for seven days. If you still want to answer, ask the operator to send it again.")


class OwnInvitation(Forbidden):
    """Whoever asks cannot answer."""

    code = "own_invitation"
    title = _("You cannot answer your own invitation")
    help = _("You act for the operator who asks. Only the portrayed person can answer, with an account of their own.")


class InvitationForAnother(Forbidden):
    """The account has another address than the invitation was sent to."""

    code = "invitation_for_another"
    title = _("This invitation was sent to another address")
    help = _(
        "Sign out and use the address the mail came to, add that address to your account,"
        " or ask the operator to send the invitation to the address you use here."
    )


def invitation(token: str, now: datetime, *, lock: bool = False) -> Licence:
    """Returns the licence behind a link; changes nothing. Raises InvitationUnknown or InvitationOver."""
    rows = Licence.objects.select_for_update(of=("self",)) if lock else Licence.objects.all()
    licence = rows.select_related("persona__operator", "data_key").filter(token_digest=digest(token), state=LicenceState.INVITED).first()
    if licence is None:
        raise InvitationUnknown
    if licence.invitation_ends <= now:
        raise InvitationOver
    return licence


def check_reader(licence: Licence, actor: Actor) -> None:
    """Returns if the signed-in actor is the one who was invited; raises OwnInvitation, InvitationForAnother or Forbidden."""
    require(actor, Permission.ANSWER_LICENCE)
    if actor.id in member_ids(licence.persona.operator_id) or actor.is_user(licence.invited_by_id):
        raise OwnInvitation
    # Compared here: to a database, letters of other alphabets can be the capital of an ASCII one.
    confirmed = EmailAddress.objects.filter(user=actor.id, verified=True).values_list("email", flat=True)
    if licence.address.lower() not in {address.lower() for address in confirmed}:
        raise InvitationForAnother


@transaction.atomic
def open_invitation(*, token: str, actor: Actor, now: datetime) -> Licence:
    """Returns the licence, bound to the actor's account; the link is used up. Raises as `invitation` and `check_reader`."""
    licence = invitation(token, now, lock=True)
    check_reader(licence, actor)
    ends = now + rules.ANSWER_LIFE
    move(licence, LicenceState.OPENED, MOVES, portrayed_id=actor.id, opened_at=now, invitation_ends=ends, token_digest="")
    record(Event.LICENCE_OPENED, actor=actor, subject=licence, now=now)
    return licence


@transaction.atomic
def decline_invitation(*, token: str, reason: str, now: datetime) -> Licence:
    """Returns the declined licence: whoever got the mail may say no without an account.

    Raises InvitationUnknown, InvitationOver, or Invalid for an unknown reason.
    """
    licence = invitation(token, now, lock=True)
    if reason not in DeclineReason.values:
        raise Invalid(errors={"reason": _("Choose one of the answers.")})
    move(licence, LicenceState.DECLINED, MOVES, decline_reason=reason, ended_at=now, token_digest="")
    record(Event.LICENCE_DECLINED, actor=ANONYMOUS, subject=licence, now=now, reason=reason)
    letters.tell(licence, letters.Kind.DECLINED, now=now)
    return licence
