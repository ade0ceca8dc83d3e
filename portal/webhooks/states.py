"""Whose turn it is at an endpoint and at a delivery. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from portal.kit.transitions import table


class EndpointState(TextChoices):
    """Pending: the platform, which proves that it is its own. Active: ours. Disabled: the platform, which repairs it."""

    PENDING = "pending", _("Waits for the ownership check")
    ACTIVE = "active", _("Active")
    DISABLED = "disabled", _("Disabled")


class DeliveryState(TextChoices):
    """Waiting: ours. The others are ends."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    DEAD = "dead", _("Given up")


# From disabled an endpoint goes back through the ownership check.
ENDPOINT_MOVES = table(pending="active disabled", active="disabled", disabled="active")
