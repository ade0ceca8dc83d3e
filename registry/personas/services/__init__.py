"""What can be done with personas, their portraits and their applications."""

from registry.personas.services.applying import missing, submit
from registry.personas.services.deciding import approve, claim, reject, release, request_changes
from registry.personas.services.describing import change, create
from registry.personas.services.portraits import add_portrait, check_again, move_portrait, remove_portrait

__all__ = [
    "add_portrait",
    "approve",
    "change",
    "check_again",
    "claim",
    "create",
    "missing",
    "move_portrait",
    "reject",
    "release",
    "remove_portrait",
    "request_changes",
    "submit",
]
