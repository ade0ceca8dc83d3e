"""What other rooms' pages show of guardians."""

from typing import Any

from django import template

from portal.access.actor import Actor
from portal.kit import clock
from verification.guardians import queries, rules
from verification.guardians.states import ALIVE

register = template.Library()


@register.inclusion_tag("guardians/notice.html")
def guardian_notice(actor: Actor) -> dict[str, Any]:
    """Shows a minor how it stands with the guardian, and a guardian who waits for their answer; nothing to anybody else."""
    if not actor.is_authenticated or actor.id is None:
        return {}
    row = queries.of_minor(actor.id)
    return {
        "needed": queries.needs_guardian(actor.id, clock.now()),
        "row": row if row and row.state in ALIVE else None,
        "asked": queries.of_guardian(actor).filter(state="opened").first(),
    }


@register.inclusion_tag("guardians/desk.html")
def guardian_at_desk(case: Any) -> dict[str, Any]:
    """Shows an officer the guardian's standing beside a minor's case; nothing beside anybody else's."""
    now = clock.now()
    needed = queries.needs_guardian(case.user_id, now)
    row = queries.of_minor(case.user_id) if needed else None
    return {
        "needed": needed,
        "row": row,
        "consents": needed and queries.guardian_consents(case.user_id, now),
        "refusal": rules.REFUSALS.get(row.refusal, "") if row else "",
    }
