"""What a verifier fetches in the sandbox: certificates, the status list, the issuer and its keys. Public, as the registry's own."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from portal.kit import clock
from portal.signing import keys
from registry.issuing import registry_id as ids
from registry.sandbox import certificates, signing

MAX_AGE = 60  # seconds
LIST_TYPE = "application/statuslist+jwt"


@require_safe
def certificate(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns a persona's certificate: the JWT and its ~."""
    content = certificates.token(registry_id, clock.now())
    response = HttpResponse(content, content_type="application/dc+sd-jwt")
    name = f"{ids.printed(ids.canonical(registry_id) or '')}.jwt"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return _open(response)


@require_safe
def status_list(request: HttpRequest) -> HttpResponse:
    """Returns the Status List Token."""
    return _open(HttpResponse(certificates.status_list(clock.now()), content_type=LIST_TYPE))


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Returns the sandbox's public key as a JWK Set (RFC 7517)."""
    return _open(JsonResponse({"keys": [keys.public(signing.key())]}))


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """Returns the issuer metadata. Its address is the issuer's with /.well-known/ put in after the host (SD-JWT VC §5)."""
    site = signing.issuer().removesuffix("/sandbox")
    return _open(JsonResponse({"issuer": signing.issuer(), "jwks_uri": site + reverse("sandbox:jwks")}))


def _open(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = f"public, max-age={MAX_AGE}", "*"
    return response
