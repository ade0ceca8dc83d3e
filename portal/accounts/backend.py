"""Whose password or passkey lets in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from portal.accounts.models import User


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own. The invented people of the demonstration, whose password everybody knows, exist in it alone."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Returns whether the account may sign in, and whether a session of it still counts."""
        invented = isinstance(user, User) and user.is_demo
        return bool(super().user_can_authenticate(user)) and (settings.DEMO or not invented)
