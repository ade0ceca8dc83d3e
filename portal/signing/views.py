"""Where verifiers find the keys: JWK Set (RFC 7517) and issuer metadata (SD-JWT VC)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.kit import clock
from portal.signing import queries

MAX_AGE = 900  # seconds; far below the lead of a new key


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Returns the public keys that count now."""
    return _open({"keys": list(queries.public_keys(clock.now()).values())})


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """Returns who issues and where the keys are."""
    return _open({"issuer": settings.SITE_URL, "jwks_uri": settings.SITE_URL + reverse("signing:jwks")})


def _open(body: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(body)
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = f"public, max-age={MAX_AGE}", "*"
    return response
