"""What allauth asks us."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

RETURN_TO = "return_to"  # session key: the path to come back to after signing in, where `next` was lost on the way


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own behaviour; sign-up stays open to everybody, and the language of the page is kept for mails."""

    def save_user(self, request: HttpRequest, user: object, form: object, commit: bool = True) -> object:
        """Returns the new account, with the language the page was in."""
        user.language = getattr(request, "LANGUAGE_CODE", "")  # type: ignore[attr-defined]
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Returns where a sign-in without `next` leads: back to what was begun before it, else to the overview."""
        return request.session.pop(RETURN_TO, "") or str(super().get_login_redirect_url(request))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: object) -> str:
        """Returns the link of a confirmation mail."""
        return _at_home(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Returns the link of a password mail."""
        return _at_home(super().get_reset_password_from_key_url(key))


def _at_home(url: str) -> str:
    """A link in a mail leads to the site's own address, whatever host the request named."""
    return str(settings.SITE_URL) + urlsplit(url).path
