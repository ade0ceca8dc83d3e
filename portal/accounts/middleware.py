"""`request.actor`, and the second factor that staff must have."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from portal.accounts.doors import actor_of
from portal.accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]
# What an account without its due second factor may still reach: to sign out, to set one up, to read.
OPEN = ("/accounts/", "/static/", "/i18n/", "/healthz/")


class ActorMiddleware:
    """Sets `request.actor` and `request.second_factor_due`; what somebody signed in reads is kept in no cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the view's answer."""
        actor, due = actor_of(request)
        request.actor, request.second_factor_due = actor, due  # type: ignore[attr-defined]
        _remember_language(request)
        response = self.get_response(request)
        if actor.is_authenticated and "public" not in response.get("Cache-Control", ""):
            add_never_cache_headers(response)
        return _whole_page(request, response)


def _whole_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A fragment asked for after the session ended loads its whole page again, and that leads to the sign-in."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL))
    if not (to_sign_in and request.headers.get("HX-Request")):
        return response
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def _remember_language(request: HttpRequest) -> None:
    """Mails come in the language in which the account last read a page."""
    user, language = request.user, translation.get_language()
    if isinstance(user, User) and language and user.language != language:
        User.objects.filter(pk=user.pk).update(language=language)
        user.language = language


class SecondFactorMiddleware:
    """Leads staff without a second factor to the page where they set one up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the view's answer, or the way to the second factor."""
        if getattr(request, "second_factor_due", False) and not request.path.startswith(OPEN):
            return redirect(reverse("mfa_index"))
        return self.get_response(request)
