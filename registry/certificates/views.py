"""The certificate as a file, and the page that checks one. Public: a certificate says nothing that the public record does not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from portal.kit import clock
from registry.certificates import paper, queries, verifying, wording
from registry.certificates.forms import VerifyForm
from registry.certificates.models import Certificate
from registry.certificates.verifying import Checked


@require_safe
def token(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the newest certificate as a token."""
    row = queries.latest(registry_id)
    return _file(row, row.token.encode(), paper.MEDIA_TYPE, "jwt")


@require_safe
def pdf(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the newest certificate as a PDF with the token attached."""
    row = queries.latest(registry_id)
    return _file(row, bytes(row.paper or b""), "application/pdf", "pdf")


def _file(row: Certificate, content: bytes, media_type: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{row.claims['sub']}-v{row.version}.{ending}") or "attachment"
    response["Cache-Control"], response["Access-Control-Allow-Origin"] = "public, max-age=60", "*"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Returns the page, with the answer about what was sent to it."""
    form = VerifyForm(request.POST, request.FILES) if request.method == "POST" else VerifyForm()
    checked = _checked(form) if form.is_bound and form.is_valid() else None
    told = {"text": wording.problem(checked.problem), "way": wording.WAYS[checked.way]} if checked else {}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "certificates/verify.html", {"form": form, "checked": checked, **told}, status=status)


def _checked(form: VerifyForm) -> Checked:
    now = clock.now()
    if form.cleaned_data["file"]:
        return verifying.by_token(form.cleaned_data["file"].token, now, page=form.cleaned_data["file"].page)
    return verifying.by_number(form.cleaned_data["number"], now)
