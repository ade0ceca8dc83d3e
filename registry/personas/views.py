"""The operator's pages: their personas, the details of one, its portraits."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.access.guard import require
from portal.access.roles import Permission
from portal.accounts.doors import PortalRequest
from portal.kit import clock
from portal.kit.errors import Invalid
from portal.vault.models import SealedFile
from registry.personas import acting, queries, rules, services
from registry.personas.forms import PersonaForm, initial
from registry.personas.models import Persona
from verification.engines.pictures import MAX_BYTES

PICTURES = "picture"


@login_required
@require_GET
def index(request: PortalRequest) -> HttpResponse:
    """Shows the actor's personas."""
    require(request.actor, Permission.MANAGE_PERSONA)
    return render(request, "personas/list.html", {"personas": queries.mine(request.actor)})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: PortalRequest) -> HttpResponseBase:
    """Makes a persona, then leads to its portraits."""
    require(request.actor, Permission.MANAGE_PERSONA)
    operators = dict(acting.choices(request.actor))
    first = acting.last_choice(request.actor) if operators else ""
    form = PersonaForm(request.POST or None, operators=list(operators.items()), initial={"operator": first})
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            operator = acting.chosen(request.actor, form.cleaned_data.get("operator", ""), now)
            persona = services.create(actor=request.actor, operator=operator, details=form.details, now=now)
        except Invalid as error:
            form.refuse(error)
        else:
            return redirect("personas:portraits", persona.pk)
    return render(request, "personas/form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: PortalRequest, persona_id: uuid.UUID) -> HttpResponseBase:
    """Changes a persona, then leads back to it."""
    persona = queries.persona_for(request.actor, persona_id)
    form = PersonaForm(request.POST or None, initial=initial(queries.details_of(persona)))
    if request.method == "POST" and form.is_valid():
        try:
            services.change(actor=request.actor, persona=persona, details=form.details, now=clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("home:persona", persona.pk)
    context = {"form": form, "persona": persona, "application": queries.latest_application(persona)}
    return render(request, "personas/form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def portraits(request: PortalRequest, persona_id: uuid.UUID) -> HttpResponseBase:
    """Shows a persona's portraits and takes new ones. Each file stands for itself: the good ones stay, whatever the others are."""
    persona = queries.persona_for(request.actor, persona_id)
    refused = _take(request, persona) if request.method == "POST" else []
    if request.method == "POST" and not refused:
        return redirect("personas:portraits", persona.pk)
    shown = [(portrait, rules.told_to_operator(portrait.flags)) for portrait in persona.portraits.all()]
    context = {
        "persona": persona,
        "portraits": shown,
        "waiting": any(portrait.checked_at is None for portrait, _ in shown),
        "free": rules.MAX_PORTRAITS - len(shown),
        "missing": max(0, rules.MIN_PORTRAITS - len(shown)),
        "refused": refused,
    }
    template = "personas/_portraits.html" if "grid" in request.GET else "personas/portraits.html"
    return render(request, template, context, status=422 if refused else 200)


def _take(request: PortalRequest, persona: Persona) -> list[tuple[str, str]]:
    """Returns what could not be taken: (file name, why)."""
    refused: list[tuple[str, str]] = []
    uploads = request.FILES.getlist(PICTURES)
    for upload in uploads:
        try:
            services.add_portrait(actor=request.actor, persona=persona, upload=upload.read(MAX_BYTES + 1), now=clock.now())
        except Invalid as error:
            refused.append((upload.name or "", str(error.detail)))
    return refused if uploads else [("", _("Choose a picture first."))]


@login_required
@require_POST
def remove(request: PortalRequest, persona_id: uuid.UUID, portrait_id: uuid.UUID) -> HttpResponseBase:
    """Takes a portrait away."""
    persona = queries.persona_for(request.actor, persona_id)
    services.remove_portrait(actor=request.actor, persona=persona, portrait_id=portrait_id, now=clock.now())
    return redirect("personas:portraits", persona.pk)


@login_required
@require_POST
def move(request: PortalRequest, persona_id: uuid.UUID, portrait_id: uuid.UUID) -> HttpResponseBase:
    """Moves a portrait one place to the front or to the back."""
    persona = queries.persona_for(request.actor, persona_id)
    step = -1 if request.POST.get("to") == "front" else 1
    services.move_portrait(actor=request.actor, persona=persona, portrait_id=portrait_id, step=step, now=clock.now())
    return redirect("personas:portraits", persona.pk)


@login_required
@require_GET
def portrait(request: PortalRequest, portrait_id: uuid.UUID) -> HttpResponse:
    """Serves a portrait to its operator and to the desk."""
    return picture(queries.portrait_for(request.actor, portrait_id).file)


def picture(file: SealedFile) -> HttpResponse:
    """Returns a picture of the vault for one reader's browser; no cache keeps it, not even the browser's."""
    response = HttpResponse(file.read(), content_type=file.media_type)
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = "inline"
    return response
