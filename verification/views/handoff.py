"""From the computer to a phone: the QR code, the phone's own pages, and the way back."""

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import NotFound
from verification import queries, services
from verification.models import Case
from verification.services import handoff as handoffs
from verification.services.person import own_id
from verification.states import APPLICANT_TURN
from verification.views.doors import HANDOFF, of_phone, own_case
from verification.views.steps import next_page, next_picture, picture_stepper

HANDED_BACK = "verification.handed_back"


@own_case
def show(request: PortalRequest, case: Case) -> HttpResponse:
    """The QR code. A GET only asks whether a phone shall take over; the POST makes the link, which is shown this once."""
    if request.method != "POST":
        return render(request, "verification/handoff.html", {"case": case})
    _handoff, token = services.hand_off(actor=request.actor, case=case, now=clock.now())
    link = settings.SITE_URL + reverse("verification:take_over", args=[token])
    code = segno.make(link, error="m").svg_data_uri(scale=5, border=2)
    return render(request, "verification/handoff.html", {"case": case, "link": link, "qr": code, "seen": _progress(case)})


@login_required
@never_cache
@require_safe
def progress(request: PortalRequest) -> HttpResponse:
    """How far the phone is, for htmx on the computer; once every picture is there, the way on."""
    case = queries.open_case(own_id(request.actor))
    if case is None or case.state not in APPLICANT_TURN:
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("verification:status")})
    seen = _progress(case)
    if request.GET.get("seen") == seen and seen != "done":
        return HttpResponse(status=204)
    context = {"seen": seen, "steps": picture_stepper(case, ""), "next": next_page(case)}
    return render(request, "verification/handoff_progress.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: PortalRequest, token: str) -> HttpResponse:
    """The link on the phone: says whose case it is, and opens with a press, once. A preview of the link opens nothing."""
    now = clock.now()
    if request.method != "POST":
        waiting = handoffs.waiting(token, now)
        who = _masked(waiting.case.user.email) if waiting else ""
        return render(request, "verification/take_over.html", {"who": who}, status=200 if waiting else 410)
    try:
        taken = services.take_over(actor=request.actor, token=token, now=now)
    except NotFound:
        return render(request, "verification/take_over.html", {"who": ""}, status=410)
    request.session.cycle_key()
    request.session[HANDOFF] = str(taken.pk)
    request.session.pop(HANDED_BACK, None)
    return redirect(next_picture(taken.case))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: PortalRequest) -> HttpResponse:
    """The phone's last page: everything is taken, or the time is over; the POST hands back to the computer."""
    if HANDOFF not in request.session:
        return redirect("verification:status")
    case = of_phone(request)
    following = next_picture(case) if case else ""
    if following not in ("", request.path) and request.method != "POST":
        return redirect(following)
    if case is not None:
        services.hand_back(actor=request.actor, handoff_id=request.session[HANDOFF], now=clock.now())
        request.session[HANDED_BACK] = True
    return render(request, "verification/phone.html", {"done": request.session.get(HANDED_BACK, False)})


def _progress(case: Case) -> str:
    opened = case.handoffs.filter(closed_at=None, opened_at__isnull=False).exists()
    left = [step for step in queries.steps_left(case) if step in queries.PICTURES]
    if not left:
        return "done"
    return f"opened-{len(left)}" if opened else "waiting"


def _masked(email: str) -> str:
    name, _at, domain = email.partition("@")
    return f"{name[:2]}•••@{domain}"
