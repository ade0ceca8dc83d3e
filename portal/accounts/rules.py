"""What holds for platforms' credentials. Pure."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.accounts import networks as addresses
from portal.kit.errors import Text

KEY_DAYS = (30, 90, 365)  # how long a key may be made to last
KEY_LONGEST = timedelta(days=365)
# Two keys of one name take turns when one is replaced. Counted by name, not by platform: the gate's caller and the upload
# system of one platform have a key each, with scopes and addresses of their own, and each must be replaceable without a gap.
KEYS_PER_NAME = 2
KEYS_AT_MOST = 20  # usable ones of a platform in an environment
CLIENTS_AT_MOST = 10
MADE_A_DAY = 50  # keys, and clients, of a platform in an environment, ended ones too: rows stay, and gates read every change
DAY = timedelta(days=1)
MADE_OFTEN = _("Very many were made within a day. Make the next one tomorrow.")
OVERLAPS = {"now": timedelta(), "day": timedelta(hours=24), "week": timedelta(days=7)}
REMIND_BEFORE = (timedelta(days=14), timedelta(days=3))
NAME_LENGTH = 80


def read_networks(texts: Collection[str]) -> list[str]:
    """Returns the networks in their one written form, each once. Raises ValueError with what cannot be read, or for too many."""
    found = dict.fromkeys(_canonical(each) for each in texts if each.strip())
    if len(found) > addresses.MOST:
        raise ValueError(str(addresses.MOST))
    return list(found)


def _canonical(text: str) -> str:
    try:
        return addresses.canonical(text)
    except ValueError as error:
        raise ValueError(text.strip()) from error


def problems(*, name: str, scopes: Collection[str], known: Collection[str], networks: Sequence[str], life: timedelta) -> dict[str, Text]:
    """Returns what is wrong with a credential that is to be made, by field."""
    found: dict[str, Text] = {}
    if not 0 < len(name.strip()) <= NAME_LENGTH or not name.isprintable():
        found["name"] = _("Enter a name of 1 to 80 characters.")
    if not scopes or set(scopes) - set(known):
        found["scopes"] = _("Choose at least one of the scopes listed.")
    if not timedelta() < life <= KEY_LONGEST:
        found["days"] = _("A key lasts for 365 days at most.")
    return found | network_problems(networks)


def network_problems(networks: Collection[str]) -> dict[str, Text]:
    """Returns what is wrong with an allow-list, by field."""
    try:
        read_networks(networks)
    except ValueError as error:
        text = _("“%(entry)s” is no address or network, or there are more than 20. Write 203.0.113.7 or 203.0.113.0/24, one a line.")
        return {"networks": text % {"entry": error}}
    return {}


def reminders_due(left: timedelta) -> int:
    """Returns how many reminders should have been sent once a key has this long left."""
    return sum(left <= each for each in REMIND_BEFORE)
