"""How far a developer is: has a key, has asked, has a verified webhook."""

from dataclasses import dataclass

from portal.access.actor import Actor

ANY_PLATFORM = "my-platform"  # what the commands name where the reader has none


@dataclass(frozen=True, slots=True)
class Steps:
    """What the reader has done, and where to go on; `platform` is the code that their commands name."""

    platform: str = ANY_PLATFORM
    key: bool = False
    check: bool = False
    webhook: bool = False
    keys_url: str = ""
    webhooks_url: str = ""


def of(actor: Actor) -> Steps:
    """Returns how far an actor is."""
    return Steps()
