"""A mail server that is not there."""

from typing import Any

from django.core.mail.backends.base import BaseEmailBackend


class Backend(BaseEmailBackend):
    """Fails as a refused connection does."""

    def send_messages(self, email_messages: Any) -> int:
        """Raises OSError."""
        raise OSError("no mail server")
