"""Everything an officer needs to know of a guardianship or of a selfie that confirms an identity, gathered."""

from dataclasses import dataclass
from datetime import datetime

from portal.access.actor import Actor
from portal.access.roles import Permission
from registry.desk import wording
from registry.desk.rules import Text
from verification import queries as verification
from verification.guardians import queries as guardians
from verification.guardians import rules as guardian_rules
from verification.guardians.models import Guardianship
from verification.guardians.states import GuardianState
from verification.models import Case, Identity
from verification.renewals import rules as renewal_rules
from verification.renewals.models import Renewal
from verification.renewals.states import RenewalState
from verification.rules import Standing


@dataclass(frozen=True, slots=True)
class GuardianFile:
    """A guardianship on the desk."""

    item: Guardianship
    guardian: Standing
    guardian_name: str
    minor_name: str
    case: Case | None
    unfit: Text
    likeness: wording.Likeness
    scale: str
    refusal: Text
    open: bool


@dataclass(frozen=True, slots=True)
class RenewalFile:
    """A selfie on the desk, beside what it is compared with."""

    item: Renewal
    identity: Identity | None
    likeness: wording.Likeness
    scale: str
    risks: list[tuple[str, Text]]
    open: bool


def of_guardianship(actor: Actor, row: Guardianship, now: datetime) -> GuardianFile:
    """Returns the guardianship with what is known of both sides; names only for a role that reads evidence."""
    guardian, case = row.guardian_id or row.minor_id, verification.latest_case(row.minor_id)
    identity, reads = verification.identity_of(guardian), actor.may(Permission.READ_EVIDENCE)
    found = wording.likeness(row.distance)
    waits = row.state in (GuardianState.GRANTED, GuardianState.CONFIRMED)
    code = guardian_rules.unfit(guardians.facts(row, guardian, now))
    return GuardianFile(
        item=row,
        guardian=verification.standing(guardian, now),
        guardian_name=(identity.full_name or "") if identity and reads else "",
        minor_name=(case.full_name or "") if case and reads else "",
        case=case if case and case.submitted_at else None,
        unfit=guardian_rules.UNFIT.get(code, ""),
        likeness=found,
        scale=wording.scale(found),
        refusal=guardian_rules.REFUSALS.get(row.refusal, ""),
        open=waits and actor.may(Permission.DECIDE),
    )


def of_renewal(actor: Actor, row: Renewal) -> RenewalFile:
    """Returns the selfie with the identity that it is to confirm."""
    found = wording.likeness(row.distance)
    own = [("warn", renewal_rules.RISKS[code]) for code in row.risks if code in renewal_rules.RISKS]
    return RenewalFile(
        item=row,
        identity=Identity.objects.select_related("case__document_image", "case__selfie_image").filter(user=row.user_id).first(),
        likeness=found,
        scale=wording.scale(found),
        risks=[*own, *wording.risks(row.risks)],
        open=row.state == RenewalState.REVIEW and actor.may(Permission.DECIDE),
    )
