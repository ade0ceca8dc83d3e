"""The public record: search, page with QR code, JSON twin and portrait. Nobody signs in here and nothing personal shows."""

import json

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from portal.kit import clock
from portal.kit.errors import NotFound
from registry.certificates.queries import is_certified
from registry.home import public
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.verdict import Status
from registry.personas.models import Portrait

CACHE = "public, max-age=5, stale-if-error=300"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Returns the record of an exact ID, or the list of records whose name or handle fits."""
    query = request.GET.get("q", "")[:200].replace("\0", "").strip()
    canonical = ids.canonical(query)
    if canonical:
        return redirect("home:record", registry_id=ids.printed(canonical))
    now = clock.now()
    found = [
        {"registration": row, "id": ids.printed(row.registry_id), "status": issuing.status_of(row, now)} for row in public.named(query)
    ]
    looks_like_id = query.upper().startswith("VH-")
    return render(request, "home/search.html", {"query": query, "found": found, "looks_like_id": looks_like_id})


@require_safe
def page(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the record's page; any other spelling of the ID leads to the printed one."""
    registration = public.find(registry_id)
    printed = ids.printed(registration.registry_id)
    if registry_id != printed:
        return redirect("home:record", registry_id=printed, permanent=True)
    document = public.document(registration, clock.now())
    context = {
        "registration": registration,
        "record": document,
        "status": document["status"][0],
        "history": public.history(registration),
        "link": public.permalink(registration),
        "certified": is_certified(registration),
        "qr": segno.make(public.permalink(registration), error="m").svg_data_uri(scale=4, border=2),
    }
    return render(request, "home/record.html", context)


@require_safe
def twin(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the record as JSON with a strong ETag; 304 if the caller has this version."""
    document = public.document(public.find(registry_id), clock.now())
    etag = public.etag(document)
    known = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    response: HttpResponse
    if etag in known or "*" in known:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(json.dumps(document, ensure_ascii=False), content_type="application/json")
    response["ETag"], response["Cache-Control"], response["Access-Control-Allow-Origin"] = etag, CACHE, "*"
    return response


@require_safe
def portrait(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the first registered portrait while the registration is active; a face whose consent ended is not shown."""
    registration = public.find(registry_id)
    if issuing.status_of(registration, clock.now()) is not Status.ACTIVE:
        raise NotFound
    wanted = registration.facts.get("portraits", [])[:1]
    found = Portrait.objects.select_related("file__data_key").filter(pk__in=wanted).first()
    if found is None:
        raise NotFound
    response = HttpResponse(found.file.read(), content_type=found.file.media_type)
    response["Cache-Control"] = "public, max-age=5"
    return response
