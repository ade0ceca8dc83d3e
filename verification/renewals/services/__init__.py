"""What can be done to confirm an identity. What the machine does (`services.machine`) is left out: it loads dlib."""

from verification.renewals.services.deciding import confirm, refuse, view_picture
from verification.renewals.services.reminding import remind, remind_of_end
from verification.renewals.services.sending import send

__all__ = ["confirm", "refuse", "remind", "remind_of_end", "send", "view_picture"]
