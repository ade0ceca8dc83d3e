"""What allauth asks us."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.accounts.backend import AccountBackend
from portal.accounts.models import User

RETURN_TO = "return_to"  # session key: the path to come back to after signing in, where `next` was lost on the way


@dataclass(frozen=True, slots=True)
class Site:
    """What allauth's mails call the site."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own behaviour; sign-up stays open to everybody, and the language of the page is kept for mails."""

    def save_user(self, request: HttpRequest, user: object, form: object, commit: bool = True) -> object:
        """Returns the new account, with the language the page was in."""
        user.language = getattr(request, "LANGUAGE_CODE", "")  # type: ignore[attr-defined]
        return super().save_user(request, user, form, commit)

    def pre_login(self, request: HttpRequest, user: User, **login: object) -> HttpResponse | None:
        """Returns the way out for whoever may not sign in: inactive, or invented for a demonstration that is over."""
        if AccountBackend().user_can_authenticate(user):
            return cast(HttpResponse | None, super().pre_login(request, user, **login))
        clear_login(request)
        return cast(HttpResponse, self.respond_user_inactive(request, user))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Returns where a sign-in without `next` leads: back to what was begun before it, else to the overview."""
        return request.session.pop(RETURN_TO, "") or str(super().get_login_redirect_url(request))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Sends an account mail in the registry's name, whatever host the request named."""
        site = Site(str(_("Virtual Human Registry")), urlsplit(settings.SITE_URL).netloc)
        super().send_mail(template_prefix, email, {**context, "current_site": site, "site_url": settings.SITE_URL})

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: object) -> str:
        """Returns the link of a confirmation mail."""
        return _at_home(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Returns the link of a password mail."""
        return _at_home(super().get_reset_password_from_key_url(key))


def _at_home(url: str) -> str:
    """A link in a mail leads to the site's own address, whatever host the request named."""
    return str(settings.SITE_URL) + urlsplit(url).path
