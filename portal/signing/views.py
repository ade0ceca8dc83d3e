"""Where verifiers find the keys: JWK Set (RFC 7517) and issuer metadata (SD-JWT VC)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.kit import clock
from portal.signing import queries
from portal.signing.models import SigningKey

MAX_AGE = 900  # seconds; far below the lead of a new key


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Returns the public keys that count now."""
    return _open({"keys": list(queries.public_keys(clock.now()).values())})


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """Returns who issues and where the keys are."""
    return _open({"issuer": settings.SITE_URL, "jwks_uri": settings.SITE_URL + reverse("signing:jwks")})


@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    """Returns the certificates of the keys that count, for readers of PDF to trust: PEM, one after the other."""
    counting = SigningKey.objects.filter(kid__in=queries.public_keys(clock.now())).exclude(certificate="")
    text = "".join(counting.order_by("-published_at").values_list("certificate", flat=True))
    response = HttpResponse(text, content_type="application/pem-certificate-chain")
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


def _open(body: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(body)
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = f"public, max-age={MAX_AGE}", "*"
    return response
