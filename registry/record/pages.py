"""The public record for people: search, page with QR code, and portrait. Nobody signs in here and nothing personal shows."""

from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from portal.kit import clock
from portal.kit.errors import NotFound
from registry.certificates.queries import is_certified
from registry.issuing import grounds
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.errors import IdMalformed
from registry.issuing.models import Registration
from registry.issuing.verdict import Status
from registry.personas.models import Portrait
from registry.personas.queries import platform_names
from registry.record import answers, badge, public, searching, twin, typed, visits
from registry.record.history import history


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Returns the record of an exact ID, or the list of records whose name or handle fits."""
    asked = typed.read(request.GET.get("q", ""))
    if asked.canonical:
        return redirect("home:record", registry_id=ids.printed(asked.canonical))
    named = len(asked.text) >= searching.SHORTEST and not asked.mistake
    platforms = platform_names() if named else {}
    wanted = _wanted(request, asked.text, platforms)
    context: dict[str, Any] = {"query": asked.text, "mistake": asked.mistake, "wanted": wanted, "platforms": platforms}
    if named:
        visits.count(request, "search")
        context["results"] = searching.search(wanted, cursor=request.GET.get("cursor", ""), now=clock.now())
    return render(request, "record/search.html", context | {"statuses": list(Status), "shortest": searching.SHORTEST})


def _wanted(request: HttpRequest, text: str, platforms: dict[str, str]) -> searching.Wanted:
    status, platform = request.GET.get("status", ""), request.GET.get("platform", "")
    return searching.Wanted(text, status if status in set(Status) else "", platform if platform in platforms else "")


@require_http_methods(answers.METHODS)
def page(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the record's page, or its data if those are asked for; any other spelling of the ID leads to the printed one."""
    content_type = answers.data_type(request)
    if content_type or request.method == "OPTIONS":
        return twin.answer(request, registry_id, content_type or answers.JSON)
    try:
        printed = ids.printed(public.read(registry_id))
        if registry_id != printed:
            return redirect("home:record", registry_id=printed, permanent=True)
        visits.count(request, "record")
        response = render(request, "record/page.html", _context(public.find(registry_id)))
    except (IdMalformed, public.NotRegistered) as error:
        response = render(request, "record/nobody.html", {"error": error, "query": registry_id[: typed.LONGEST]}, status=error.status)
    patch_vary_headers(response, ["Accept"])
    return response


def _context(registration: Registration) -> dict[str, Any]:
    now, names = clock.now(), platform_names()
    document = public.document(registration, now)
    link = public.permalink(document["handle"])
    return {
        "registration": registration,
        "record": document,
        "operator": document["entities"][0],
        "status": document["status"][0],
        "now": now,
        "platforms": [names.get(code, code) for code in document["platforms"]],
        "handles": [(names.get(code, code), handle) for code, handle in document["handles"].items()],
        "revoked_for": grounds.REVOCATION.get(registration.revoked_reason, ""),
        "history": history(registration),
        "link": link,
        "snippets": badge.snippets(document["handle"], link),
        "certified": is_certified(registration),
        "qr": segno.make(link, error="m").svg_data_uri(scale=4, border=2),
    }


@require_safe
def portrait(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the first registered portrait while the registration is active; a face whose consent ended is not shown."""
    public.read(registry_id)
    visits.count(request, "record")
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
