"""The public pages: what label a file bears, and how to show and write one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from registry.labels import aigc, answers, callers, inspecting
from registry.labels.forms import FileForm
from registry.labels.kit import EXAMPLE_NUMBER


@csrf_exempt  # protected below, once the visitor was counted: no file is taken in for nothing
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PortalRequest) -> HttpResponse:
    """Returns the page that looks into a file; after a file was sent, what it found."""
    if request.method == "POST":
        callers.count(request, "account" if request.actor.is_authenticated else "visitor")
    answer: HttpResponse = csrf_protect(_page)(request)
    return answer


def _page(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        upload = form.cleaned_data["file"]
        context |= {"report": answers.of_report(inspecting.inspect(upload), clock.now()), "file_name": upload.name}
    return render(request, "labels/page.html", context, status=422 if form.errors else 200)


@require_safe
def showing(request: HttpRequest) -> HttpResponse:
    """Returns how a creator shows the label in OBS Studio and on a video, and writes it with ffmpeg."""
    example = aigc.first_write(producer="VH-XXXX-XXXX-XXXX", produce_id=f"VH-XXXX-XXXX-XXXX.{EXAMPLE_NUMBER}")
    return render(request, "labels/showing.html", {"label": example.as_json()})
