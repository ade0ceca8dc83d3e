"""The lists over HTTP (draft-ietf-oauth-status-list §8, §9): public, cached for seconds, open to scripts of any origin."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_http_methods

from portal.kit import clock
from registry.statuslist import queries
from registry.statuslist.errors import NoHistory, NotAcceptable, NotPublished
from registry.statuslist.models import StatusList

MEDIA_TYPE = "application/statuslist+jwt"
CACHE = "public, max-age=5, stale-if-error=300"
METHODS = ["GET", "HEAD", "OPTIONS"]


@require_http_methods(METHODS)
def token(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Returns the list's token, as gzip where that is understood; 304 if the caller has it."""
    if request.method == "OPTIONS":
        return _open(HttpResponse(status=204))
    if "time" in request.GET:
        raise NoHistory
    if not request.accepts(MEDIA_TYPE):
        raise NotAcceptable
    row = get_object_or_404(StatusList, pk=list_id)
    if row.expires_at is None or row.signed_at is None or row.expires_at <= clock.now():
        raise NotPublished
    zipped = _understands_gzip(request)
    etag = f'"{row.signed_at.timestamp():.6f}-{"gzip" if zipped else "plain"}"'
    response: HttpResponse
    if {etag, "*"} & {each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))}:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(bytes(row.zipped) if zipped else row.token, content_type=MEDIA_TYPE)
        if zipped:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    return _open(response)


def _understands_gzip(request: HttpRequest) -> bool:
    """Whether gzip is named and not refused (RFC 9110 §12.5.3)."""
    for each in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = each.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


@require_http_methods(METHODS)
def aggregation(request: HttpRequest) -> HttpResponse:
    """Returns the address of each list that is published."""
    if request.method == "OPTIONS":
        return _open(HttpResponse(status=204))
    lists = queries.published(clock.now()).order_by("created_at").values_list("uri", flat=True)
    return _open(JsonResponse({"status_lists": list(lists)}))


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "GET, HEAD"
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    response["Access-Control-Expose-Headers"] = "ETag"
    response["Cache-Control"] = CACHE
    patch_vary_headers(response, ["Accept", "Accept-Encoding"])
    return response
