"""Effective statuses, prohibitions and reasons in plain words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.issuing import grounds
from registry.issuing.models import Act, Prohibition
from registry.issuing.verdict import Status

Text = str | Promise

# `flags.effective`, for people.
EFFECTIVE: dict[str, Text] = {
    "active": _("In force"),
    "inactive": _("Not in force"),
    "locked": _("Locked by the registry"),
    "client hold": _("Stopped by the operator"),
    "server hold": _("Stopped by the registry"),
    "client transfer prohibited": _("The operator forbids a transfer"),
    "client update prohibited": _("The operator forbids changes"),
    "client delete prohibited": _("The operator forbids retirement"),
    "server transfer prohibited": _("The registry forbids a transfer"),
    "server update prohibited": _("The registry forbids changes"),
    "server delete prohibited": _("The registry forbids retirement"),
    "pending transfer": _("On its way to another operator"),
    "pending delete": _("Retired; this can still be undone"),
}
STATUS: dict[str, Text] = {
    Status.ACTIVE: _("Active"),
    Status.SUSPENDED: _("Suspended"),
    Status.EXPIRED: _("Expired"),
    Status.REVOKED: _("Revoked"),
    Status.RETIRED: _("Retired"),
}


def effective(names: Iterable[str]) -> list[tuple[str, Text]]:
    """Returns (tone, text) for each effective status."""
    return [(_tone(name), EFFECTIVE.get(name, name)) for name in names]


def beside_active(names: Iterable[str]) -> list[tuple[str, Text]]:
    """Returns the same without `active`, for pages that show the status already."""
    return effective(name for name in names if name != "active")


def _tone(name: str) -> str:
    if name == "active":
        return "ok"
    return "info" if name.endswith("prohibited") or name == "pending transfer" else "warn"


def prohibition(row: Prohibition) -> tuple[Text, Text]:
    """Returns what is forbidden, and why (empty where the holder forbids it)."""
    return Act(row.act).label, grounds.PROHIBITION.get(row.reason, row.reason)
