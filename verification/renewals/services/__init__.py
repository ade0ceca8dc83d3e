"""What can be done to confirm an identity. What the machine does (`services.machine`) is left out: it loads dlib."""

from verification.renewals.services.deciding import confirm, refuse, view_picture, view_recording
from verification.renewals.services.reminding import remind, remind_of_end
from verification.renewals.services.sending import Moved, draw, send

__all__ = ["Moved", "confirm", "draw", "refuse", "remind", "remind_of_end", "send", "view_picture", "view_recording"]
