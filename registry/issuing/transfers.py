"""Finding a transfer by the link in a mail, and who may read it."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.queries import member_ids
from portal.kit.errors import Forbidden, NotFound, PortalError
from registry.issuing.models import Transfer, TransferState
from registry.issuing.tokens import GIVER, RECEIVER, digest


class TransferUnknown(NotFound):
    """No transfer under way has this token: mistyped, completed, or called off."""

    code = "transfer_unknown"
    title = _("This link does not work (any more)")
    help = _("The transfer was completed or called off, or the link was not copied whole.")


class TransferOver(PortalError):
    """The seven days are over."""

    code = "transfer_over"
    status = 410
    title = _("This transfer has lapsed")
    help = _("Both sides have seven days. The present operator can ask for it again.")


class TransferOfAnother(Forbidden):
    """The account is not the one that this link was sent to."""

    code = "transfer_of_another"
    title = _("This link was sent to another account")
    help = _("Sign in with the account whose address the mail came to. Nobody can confirm for both sides.")


def behind(token: str, now: datetime) -> tuple[Transfer, str]:
    """Returns the transfer under way behind a link, and whose link it is: `giver` or `receiver`. Changes nothing.

    Raises TransferUnknown or TransferOver.
    """
    known = digest(token)
    pending = Transfer.objects.select_related("registration__persona", "giver", "receiver", "data_key").filter(state=TransferState.PENDING)
    row = pending.filter(Q(giver_digest=known) | Q(receiver_digest=known)).first()
    if row is None:
        raise TransferUnknown
    if row.ends_at <= now:
        raise TransferOver
    return row, GIVER if row.giver_digest == known else RECEIVER


def check_giver(row: Transfer, actor: Actor) -> None:
    """Returns if the actor is who asked, and still acts for the present operator; raises TransferOfAnother."""
    require(actor, Permission.MANAGE_PERSONA)
    if not actor.is_user(row.asked_by_id) or actor.id not in member_ids(row.giver_id):
        raise TransferOfAnother


def check_receiver(row: Transfer, actor: Actor) -> None:
    """Returns if the mail went to an address the actor has confirmed, and they have no part in the other side.

    Raises TransferOfAnother.
    """
    require(actor, Permission.MANAGE_PERSONA)
    if actor.is_user(row.asked_by_id) or actor.id in member_ids(row.giver_id):
        raise TransferOfAnother
    # Compared here: to a database, letters of other alphabets can be the capital of an ASCII one.
    confirmed = EmailAddress.objects.filter(user=actor.id, verified=True).values_list("email", flat=True)
    if (row.email or "").lower() not in {address.lower() for address in confirmed}:
        raise TransferOfAnother


def lapsing(now: datetime) -> QuerySet[Transfer]:
    """Returns the transfers whose seven days are over."""
    return Transfer.objects.filter(state=TransferState.PENDING, ends_at__lte=now)
