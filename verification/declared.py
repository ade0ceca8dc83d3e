"""What the rooms above declare to the core, which does not know them. Each does so in its module `declarations`.

The core knows *that* the law asks for something beside the documents; a room knows *whether* it is there. A condition
that nobody declared raises: what is not known to be met is not met.
"""

import uuid
from collections.abc import Callable
from datetime import datetime

from portal.access.actor import Actor
from portal.vault.models import SealedFile

Condition = Callable[[uuid.UUID, datetime], bool]
Forget = Callable[[uuid.UUID, datetime], list[SealedFile]]
ForgetPerson = Callable[[Actor, datetime], list[SealedFile]]

GUARDIAN = "guardian"  # a guardian consents for the account
LIVE_COMMERCE = "live_commerce"  # the account answers for a virtual human that may sell live

_conditions: dict[str, Condition] = {}
_forgetting: dict[str, Forget] = {}
_forgetting_people: dict[str, ForgetPerson] = {}


def condition(name: str) -> Callable[[Condition], Condition]:
    """Declares the decorated function (account, now) as the answer to the condition `name`."""

    def declare(asked: Condition) -> Condition:
        _conditions[name] = asked
        return asked

    return declare


def holds(name: str, user_id: uuid.UUID, now: datetime) -> bool:
    """Returns whether the condition holds for the account at `now`. Raises LookupError if no room declares it."""
    return _conditions[name](user_id, now)


def forgets_face(name: str) -> Callable[[Forget], Forget]:
    """Declares the decorated function as what lets go of a room's pictures of a face.

    It runs in the transaction in which the face consent is taken back, and returns the files, which are erased after it.
    """

    def declare(forget: Forget) -> Forget:
        _forgetting[name] = forget
        return forget

    return declare


def forget_face(user_id: uuid.UUID, now: datetime) -> list[SealedFile]:
    """Returns the files of every room that are to be erased with the account's face consent; the rooms hold them no more."""
    return [file for forget in _forgetting.values() for file in forget(user_id, now)]


def forgets_person(name: str) -> Callable[[ForgetPerson], ForgetPerson]:
    """Declares the decorated function (the person as the actor, now) as what ends in a room with the consent to the processing.

    It runs in the transaction in which that is taken back, and returns the files whose keys it destroyed; their bytes follow.
    A legal hold on the person ends the same things and lets go of no file.
    """

    def declare(forget: ForgetPerson) -> ForgetPerson:
        _forgetting_people[name] = forget
        return forget

    return declare


def forget_person(actor: Actor, now: datetime) -> list[SealedFile]:
    """Returns the files that every room lets go of with the actor's consent to the processing, after it ended what rested on it."""
    return [file for forget in _forgetting_people.values() for file in forget(actor, now)]
