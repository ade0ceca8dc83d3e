"""The registration an application led to, with its holds."""

from dataclasses import dataclass
from datetime import datetime

from portal.access.actor import Actor
from portal.access.roles import Permission
from registry.desk import wording
from registry.desk.rules import Text
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Hold, Party, Registration
from registry.issuing.services import OFFICER_PARTIES
from registry.issuing.verdict import Status
from registry.personas.models import Application


@dataclass(frozen=True, slots=True)
class Registered:
    """The registration an application led to."""

    row: Registration
    printed_id: str
    status: Status
    holds: list[tuple[Hold, Text, bool]]
    may_hold: bool
    may_revoke: bool

    @property
    def ended(self) -> bool:
        """Whether it is over for good."""
        return bool(self.row.revoked_at or self.row.retired_at)

    @property
    def revoked_reason(self) -> Text:
        """Why it was revoked."""
        return wording.reason(self.row.revoked_reason)


def registered(actor: Actor, application: Application, now: datetime) -> Registered | None:
    """Returns the registration of the application's persona, with the holds that stand; None if there is none."""
    row = Registration.objects.filter(persona=application.persona_id).first()
    if row is None:
        return None
    may_hold = actor.may(Permission.PLACE_OFFICER_HOLD)
    standing = row.holds.filter(lifted_at=None).select_related("placed_by").order_by("placed_at")
    return Registered(
        row=row,
        printed_id=ids.printed(row.registry_id),
        status=issuing.status_of(row, now),
        holds=[(hold, wording.reason(hold.reason), may_hold and Party(hold.party) in OFFICER_PARTIES) for hold in standing],
        may_hold=may_hold,
        may_revoke=actor.may(Permission.REVOKE),
    )
