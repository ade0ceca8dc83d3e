"""Access tokens by client credentials (RFC 6749 §4.4) over allauth, and nothing else of it.

allauth brings logins for other sites, devices and self-registration too. Only two of its views are mounted, and they see
only requests that stay within the one grant.
"""

import secrets

from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc import views as allauth
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Token
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from portal.accounts.models import Scope

GRANT = "client_credentials"
NOBODYS = "-"  # no token has this value
# Requests a minute of one address. A secret is checked with a slow hash: without a limit, wrong ones would be a load.
RATES = {"token": "60/m/ip", "revoke": "60/m/ip"}


class OAuthAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """What allauth asks us: identifiers and secrets that need no escaping, and who issues."""

    def generate_client_id(self) -> str:
        """Returns a new client's public identifier."""
        return f"vhc_{secrets.token_hex(12)}"

    def generate_client_secret(self) -> str:
        """Returns a new secret of 256 random bits, in letters that HTTP Basic sends as they are."""
        return f"vhs_{secrets.token_urlsafe(32)}"

    def get_issuer(self) -> str:
        """Returns who issues, whatever host the request named."""
        return str(settings.SITE_URL)


@csrf_exempt  # of a secret in the request alone; a session counts for nothing here
@require_POST
def token(request: HttpRequest) -> HttpResponseBase:
    """Answers a client's request for an access token (RFC 6749 §4.4.2); errors are those of §5.2."""
    return _within(request, "token") or _unkept(allauth.token(request))


@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponseBase:
    """Ends one of the client's own tokens (RFC 7009). allauth would end any client's: one that is another's is not shown to it."""
    refusal = _within(request, "revoke")
    if refusal is not None:
        return refusal
    if not Token.objects.by_value(request.POST.get("token", "")).filter(client=_client_id(request)).exists():
        form = request.POST.copy()
        form["token"] = NOBODYS
        request.POST = form  # type: ignore[assignment]
    return _unkept(allauth.revoke(request))


@require_GET
def metadata(request: HttpRequest) -> JsonResponse:
    """Answers what this server does (RFC 8414), to any site's script."""
    told = {
        "issuer": settings.SITE_URL,
        "token_endpoint": settings.SITE_URL + reverse("oauth:token"),
        "revocation_endpoint": settings.SITE_URL + reverse("oauth:revoke"),
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "scopes_supported": Scope.values,
        "token_endpoint_auth_methods_supported": settings.IDP_OIDC_AUTH_METHODS,
        "revocation_endpoint_auth_methods_supported": settings.IDP_OIDC_AUTH_METHODS,
        "service_documentation": settings.SITE_URL + "/developers/",
    }
    return JsonResponse(told, headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"})


def _client_id(request: HttpRequest) -> str:
    """Who the caller claims to be, read as allauth reads it: it checks the secret afterwards."""
    identifier, secret = extract_basic_auth(request.headers)
    return str(identifier if identifier or secret else request.POST.get("client_id", ""))


def _within(request: HttpRequest, action: str) -> HttpResponse | None:
    """Returns the refusal of what is not ours to grant, before allauth sees it."""
    if not ratelimit.consume(request, app="oauth", action=action, config=RATES, limit_get=True):
        return _refused("temporarily_unavailable", 429, {"Retry-After": "60"})
    if request.GET or any(len(request.POST.getlist(name)) > 1 for name in request.POST):
        return _refused("invalid_request", 400)  # §3.2: parameters come in the body, and once
    if action == "token" and request.POST.get("grant_type") != GRANT:
        return _refused("unsupported_grant_type" if request.POST.get("grant_type") else "invalid_request", 400)
    return None


def _refused(error: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return _unkept(JsonResponse({"error": error}, status=status, headers=headers))


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"], response["Pragma"] = "no-store", "no-cache"
    return response
