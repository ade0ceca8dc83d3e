"""The health of the stack, and the demo's mailbox."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.embedded import health, mailbox
from portal.kit import clock


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Returns 200 if the database, the worker and the gate are up, else 503 and which is not."""
    checks = health.checks(clock.now(), settings.GATE_URL)
    fine = all(state == health.OK for state in checks.values())
    return JsonResponse({"status": health.OK if fine else health.FAILING, "checks": checks}, status=200 if fine else 503)


def _require_demo() -> None:
    if not settings.DEMO:
        raise Http404


@require_safe
@never_cache
def mails(request: HttpRequest) -> HttpResponse:
    """Returns the list of the demo's mails, newest first; 404 outside the demo."""
    _require_demo()
    return render(request, "embedded/mail.html", {"mails": mailbox.newest(settings.EMAIL_FILE_PATH)})


@require_safe
@never_cache
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """Returns one of the demo's mails, its links ready to click; 404 outside the demo."""
    _require_demo()
    found = mailbox.find(settings.EMAIL_FILE_PATH, key)
    if found is None:
        raise Http404
    return render(request, "embedded/mail.html", {"mail": found})
