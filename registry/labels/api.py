"""`POST /api/v1/labels:inspect` and `:apply`: multipart in, JSON or the labelled file out, every error a problem (RFC 9457)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portal.accounts.callers import Caller, OtherPlatform, caller_of
from portal.accounts.doors import PortalRequest
from portal.accounts.models import Scope
from portal.kit import clock
from portal.kit.addresses import address_of
from portal.kit.errors import Forbidden, NotFound, PortalError, Unauthenticated
from registry.labels import answers, callers, forms, inspecting, queries, writing
from registry.labels.findings import Finding
from registry.labels.forms import Question

Answer = HttpResponseBase


class MethodNotAllowed(PortalError):
    """The address answers another method."""

    code = "method_not_allowed"
    status = 405
    title = _("Use another method")
    help = _("Files are sent with POST.")


class KeyNeeded(Forbidden):
    """A verdict is a platform's to ask."""

    code = "key_needed"
    title = _("A verdict needs an API key")
    help = _("Send the file alone to have its label read, or ask with your platform's key.")


@csrf_exempt  # of a key only: a session's request is protected below, once it is known that somebody is signed in
def inspect(request: PortalRequest) -> Answer:
    """Returns which label the file bears, whether it is well formed and whose it is; with a question, the verdict too."""
    return _dispatch(request, _inspect_by_key, _inspect_by_account)


@csrf_exempt
def apply(request: PortalRequest) -> Answer:
    """Returns a copy of the file with the label of the registration, read back."""
    return _dispatch(request, _apply_by_key, _apply_by_account)


def _dispatch(request: PortalRequest, by_key: Any, by_account: Any) -> Answer:
    """The body is not looked at before it is known who sends it, and that they may send one more."""
    if request.method != "POST":
        raise MethodNotAllowed
    now = clock.now()
    if header := request.headers.get("Authorization"):
        key = caller_of(header, address=address_of(request.META), now=now)
        callers.count(request, "key", str(key.credential))
        answer: Answer = by_key(request, key, now)
    elif request.actor.is_authenticated:
        callers.count(request, "account")
        answer = csrf_protect(by_account)(request, now)
    else:
        raise Unauthenticated
    answer["Cache-Control"] = "no-store"
    return answer


def _inspect_by_key(request: HttpRequest, key: Caller, now: datetime) -> HttpResponse:
    key.require(Scope.READ, Scope.CHECK)
    question = forms.question(forms.parameters(request, forms.QUESTION))
    if question is not None:
        key.require(Scope.CHECK)
        if question.ask.platform != key.platform:
            raise OtherPlatform
    return _inspected(request, question, now)


def _inspect_by_account(request: PortalRequest, now: datetime) -> HttpResponse:
    if forms.parameters(request, forms.QUESTION):
        raise KeyNeeded
    return _inspected(request, None, now)


def _inspected(request: HttpRequest, question: Question | None, now: datetime) -> HttpResponse:
    answer = answers.of_report(inspecting.inspect(forms.file_of(request)), now)
    if question is not None:
        answer["verdict"] = answers.of_verdict(question, now)
        if answer["verdict"] is None:
            raise NotFound(_("No persona is registered under this ID"), code="persona_unknown")
        if answer["labels"] and answers.names_another(answer, question):
            answer["findings"].append(Finding("registration_other").as_dict())
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _apply_by_key(request: HttpRequest, key: Caller, now: datetime) -> Answer:
    key.require(Scope.CHECK)
    given = forms.parameters(request, forms.APPLY)
    registration = queries.labelled_on(key.platform, forms.canonical(given.get("registry_id", "")))
    return writing.download(forms.file_of(request), registration, forms.content_number(given), now)


def _apply_by_account(request: PortalRequest, now: datetime) -> Answer:
    given = forms.parameters(request, forms.APPLY)
    registration = queries.labelled_by(request.actor, forms.canonical(given.get("registry_id", "")))
    return writing.download(forms.file_of(request), registration, forms.content_number(given), now)
