"""The link to a guardian: who may open it, once."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import ANONYMOUS, Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.kit.errors import Forbidden, NotFound, PortalError
from verification.guardians import letters
from verification.guardians.changing import change
from verification.guardians.models import Guardianship
from verification.guardians.rules import ANSWER_LIFE
from verification.guardians.states import GuardianState
from verification.guardians.tokens import digest


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
    help = _("The link worked for seven days. If you still want to answer, ask the young person to send it again.")


class OwnInvitation(Forbidden):
    """Whoever asks cannot answer."""

    code = "own_invitation"
    title = _("You cannot answer your own invitation")
    help = _("You asked for this consent. Only your guardian can give it, with an account of their own.")


class InvitationForAnother(Forbidden):
    """The account has another address than the invitation was sent to."""

    code = "invitation_for_another"
    title = _("This invitation was sent to another address")
    help = _(
        "Sign out and use the address the mail came to, add that address to your account,"
        " or ask the young person to send the invitation to the address you use here."
    )


def invitation(token: str, now: datetime, *, lock: bool = False) -> Guardianship:
    """Returns the guardianship behind a link; changes nothing. Raises InvitationUnknown or InvitationOver."""
    rows = Guardianship.objects.select_for_update(of=("self",)) if lock else Guardianship.objects.all()
    row = rows.select_related("minor", "data_key").filter(token_digest=digest(token), state=GuardianState.INVITED).first()
    if row is None:
        raise InvitationUnknown
    if row.invitation_ends <= now:
        raise InvitationOver
    return row


def check_reader(row: Guardianship, actor: Actor) -> None:
    """Returns if the signed-in actor is the one who was invited; raises OwnInvitation, InvitationForAnother or Forbidden."""
    require(actor, Permission.ANSWER_LICENCE)
    if actor.is_user(row.minor_id):
        raise OwnInvitation
    # Compared here: to a database, letters of other alphabets can be the capital of an ASCII one.
    confirmed = EmailAddress.objects.filter(user=actor.id, verified=True).values_list("email", flat=True)
    if row.address.lower() not in {address.lower() for address in confirmed}:
        raise InvitationForAnother


@transaction.atomic
def open_invitation(*, token: str, actor: Actor, now: datetime) -> Guardianship:
    """Returns the guardianship, bound to the actor's account; the link is used up. Raises as `invitation` and `check_reader`."""
    row = invitation(token, now, lock=True)
    check_reader(row, actor)
    bound = {"guardian_id": actor.id, "opened_at": now, "invitation_ends": now + ANSWER_LIFE, "token_digest": ""}
    return change(row, GuardianState.OPENED, actor=actor, now=now, **bound)


@transaction.atomic
def decline_invitation(*, token: str, now: datetime) -> Guardianship:
    """Returns the declined guardianship: whoever got the mail may say no without an account. Raises as `invitation`."""
    row = invitation(token, now, lock=True)
    change(row, GuardianState.DECLINED, actor=ANONYMOUS, now=now, ended_at=now, token_digest="")
    letters.tell(row, now=now)
    return row
