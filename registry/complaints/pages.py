"""The public form. Nobody signs in; nothing that was written is lost when something is wrong."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.actor import ANONYMOUS
from portal.kit import clock
from portal.kit.errors import TooMany
from registry.complaints import services
from registry.complaints.forms import ReportForm
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.record import public, visits

RATES = {"report": "10/h/ip"}
WAIT = 3600  # seconds
_REFERENCE = "complaints.sent"  # the reference, for the page that says thank you


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the form about one virtual human; POST takes the report and says its reference."""
    printed = ids.printed(public.read(registry_id))
    if request.method == "POST":
        return _sent(request, printed)
    visits.count(request, "record")
    return _form(request, printed, ReportForm(), public.find(printed))


@never_cache
@require_safe
def reported(request: HttpRequest, registry_id: str) -> HttpResponse:
    """Returns the reference of the report this browser has just sent."""
    printed, reference = ids.printed(public.read(registry_id)), request.session.get(_REFERENCE, "")
    if not reference:
        return redirect("home:report", registry_id=printed)
    return render(request, "complaints/reported.html", {"printed_id": printed, "reference": reference})


def _sent(request: HttpRequest, printed: str) -> HttpResponse:
    form, registration = ReportForm(request.POST), None
    try:
        visits.count(request, "record")
        registration = public.find(printed)
        if not form.is_valid():
            return _form(request, printed, form, registration, status=422)
        _count(request)
    except TooMany as error:
        form.add_error(None, str(error.detail))
        response = _form(request, printed, form, registration, status=error.status)
        response["Retry-After"] = str(error.retry_after)
        return response
    request.session[_REFERENCE] = _receive(registration, form)
    return redirect("home:reported", registry_id=printed)


def _count(request: HttpRequest) -> None:
    if not ratelimit.consume(request, app="complaints", action="report", config=RATES):
        text = _("Very many reports came from this address. What you wrote is still below: send it in an hour.")
        raise TooMany(text, retry_after=WAIT)


def _receive(registration: Registration, form: ReportForm) -> str:
    """Whoever is signed in reports as anybody does: the trail does not say who."""
    language = translation.get_language() or "en"
    taken = services.receive(actor=ANONYMOUS, registration=registration, language=language, now=clock.now(), **form.cleaned_data)
    return taken.reference


def _form(request: HttpRequest, printed: str, form: ReportForm, registration: Registration | None, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "printed_id": printed, "facts": registration.facts if registration else {}}
    return render(request, "complaints/report.html", context, status=status)
