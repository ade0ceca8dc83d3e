"""Where a person's verification stands, what happens next, and what they can do about it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid, NotFound
from portal.vault.models import Erased
from verification import queries, rules, services
from verification.forms import AppealForm, explain
from verification.models import Purpose
from verification.reasons import explained
from verification.services.person import own_id
from verification.views.doors import of_phone
from verification.views.steps import next_page

NEXT = "verification.next"


@login_required
@never_cache
@require_safe
def status(request: PortalRequest) -> HttpResponse:
    """The status page; htmx asks for its changing part alone. `?next=` is where an invited person goes on afterwards."""
    _remember_next(request)
    now, me = clock.now(), own_id(request.actor)
    case, standing = queries.latest_case(me), queries.standing(me, now)
    if case and case.state == request.GET.get("seen"):
        return HttpResponse(status=204)  # nothing new: htmx leaves the page as it is and asks again
    context = {
        "case": case,
        "standing": standing,
        "face": Purpose.FACE in queries.consents(me) or queries.has_template(me),
        "reasons": explained(case.reasons) if case else [],
        "history": queries.history(case) if case else [],
        "tries": queries.tries(me, now),
        "renewable": standing.valid_until is not None and standing.valid_until - now < rules.RENEW,
        "next": request.session.get(NEXT, ""),
        "limit": rules.LIMIT,
        "meeting": queries.meeting_ahead(case) if case else None,
        "appealable": case is not None and queries.appealable(case, now),
    }
    page = "verification/standing.html" if request.headers.get("HX-Request") else "verification/status.html"
    return render(request, page, context)


@login_required
@require_POST
def start(request: PortalRequest) -> HttpResponse:
    """Begins a case, or goes on with the open one."""
    return redirect(next_page(services.start(actor=request.actor, now=clock.now())))


@login_required
@never_cache
@require_safe
def resume(request: PortalRequest) -> HttpResponse:
    """Leads to the page of the open case that needs the applicant."""
    case = queries.open_case(own_id(request.actor))
    return redirect(next_page(case) if case else "verification:status")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def face(request: PortalRequest) -> HttpResponse:
    """Taking back the consent to face comparison: what follows, and the button."""
    if request.method == "POST":
        services.take_back_face(actor=request.actor, now=clock.now())
        messages.success(request, _("Your consent to face comparison is taken back. The face template and the selfie are deleted."))
        return redirect("verification:status")
    return render(request, "verification/face.html", {"case": queries.latest_case(own_id(request.actor))})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: PortalRequest) -> HttpResponse:
    """The appeal against a rejection: what happens then, and the words to another officer."""
    case = queries.latest_case(own_id(request.actor))
    if case is None or not queries.appealable(case, clock.now()):
        return redirect("verification:status")
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.appeal(actor=request.actor, text=form.cleaned_data["text"], now=clock.now())
        except Invalid as error:
            explain(form, error)
        else:
            messages.success(request, _("Your appeal has been sent. Another officer decides."))
            return redirect("verification:status")
    context = {"case": case, "form": form, "reasons": explained(case.reasons)}
    return render(request, "verification/appeal.html", context, status=422 if form.is_bound else 200)


@never_cache
def picture(request: PortalRequest, file_id: uuid.UUID) -> HttpResponse:
    """A picture of a case, for its applicant, the applicant's phone, and officers."""
    if of_phone(request) is None and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return _picture(request, file_id)


@require_safe
def _picture(request: PortalRequest, file_id: uuid.UUID) -> HttpResponse:
    file = services.view_picture(actor=request.actor, file_id=file_id, now=clock.now())
    try:
        response = HttpResponse(file.read(), content_type=file.media_type)
    except (Erased, FileNotFoundError) as gone:
        raise NotFound from gone
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "no-store, private"
    return response


def _remember_next(request: PortalRequest) -> None:
    target = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        request.session[NEXT] = target
