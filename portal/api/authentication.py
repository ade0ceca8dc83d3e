"""Who calls: the credential of a request, as Django REST framework and the reference read it."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from portal.accounts.callers import ANY, caller_of
from portal.accounts.models import Scope
from portal.kit import clock
from portal.kit.addresses import address_of


class CallerAuthentication(BaseAuthentication):
    """A platform, by an API key or an access token in the Authorization header (RFC 6750). Nobody is anonymous here."""

    def authenticate(self, request: Request) -> tuple[Any, Any]:
        """Returns the caller as the user and as the credential. Raises KeyBad or AddressRefused.

        Whether a sandbox credential counts is the operation's to say. A view may welcome others, who show no credential.
        """
        header, view = request.headers.get("Authorization", ""), request.parser_context["view"]
        if not header and hasattr(view, "welcome"):
            return view.welcome(request), None
        caller = caller_of(header, address=address_of(request.META), now=clock.now(), environments=ANY)
        return caller, caller


class CallerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The two credentials in the reference."""

    target_class = CallerAuthentication
    name = ["apiKey", "oauth2"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        """Returns the definitions (OpenAPI 3.1 §4.8.27)."""
        scopes = {scope.value: str(scope.label) for scope in Scope}
        flow = {"tokenUrl": "/oauth/token", "scopes": scopes}
        key = "An API key in the Authorization header: `Bearer vhk_live_…`. It is shown once, when it is made."
        return [
            {"type": "http", "scheme": "bearer", "bearerFormat": "vhk_…", "description": key},
            {"type": "oauth2", "flows": {"clientCredentials": flow}, "description": "A client of the platform (RFC 6749 §4.4)."},
        ]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        """Returns either credential, with the scopes that the operation asks for."""
        handler = getattr(auto_schema.view, auto_schema.method.lower(), None)
        wanted = [scope.value for scope in getattr(getattr(handler, "operation", None), "scopes", ())]
        return [{"apiKey": []}, {"oauth2": wanted}]
