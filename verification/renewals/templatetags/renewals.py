"""What other rooms' pages show of confirming an identity."""

from typing import Any

from django import template

from portal.access.actor import Actor
from portal.kit import clock
from verification.renewals import queries

register = template.Library()


@register.inclusion_tag("renewals/notice.html")
def renewal_notice(actor: Actor) -> dict[str, Any]:
    """Shows an operator of live commerce by when to confirm the identity, from a month before; nothing to anybody else."""
    if not actor.is_authenticated or actor.id is None:
        return {}
    due = queries.due(actor.id, clock.now())
    return {"due": due if due and due.asked and due.soon else None}
