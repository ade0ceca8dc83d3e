"""`POST /api/v1/labels:inspect` and `:apply`: multipart in, JSON or the labelled file out, every error a problem (RFC 9457)."""

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from portal.access.actor import Actor
from portal.accounts.callers import Caller, OtherPlatform
from portal.accounts.models import Scope
from portal.api.view import ApiView, operation
from portal.kit.errors import Forbidden, Unauthenticated
from registry.issuing.errors import PersonaUnknown
from registry.labels import answers, callers, described, forms, inspecting, queries, writing
from registry.labels.findings import Finding
from registry.labels.forms import Question


class KeyNeeded(Forbidden):
    """A verdict is a platform's to ask."""

    code = "key_needed"
    title = _("A verdict needs an API key")
    help = _("Send the file alone to have its label read, or ask with your platform's key.")


class LabelsView(ApiView):
    """What both calls share: creators may use them too, and files of 64 megabytes are read by Django's own forms."""

    def welcome(self, request: Request) -> Actor:
        """Returns whoever is signed in; a session's request is protected against forgery. Raises Unauthenticated.

        The body is not looked at before it is known who sends it, and that they may send one more.
        """
        actor: Actor = request._request.actor  # type: ignore[attr-defined]
        if not actor.is_authenticated:
            raise Unauthenticated
        callers.count(request._request, "account")
        SessionAuthentication().enforce_csrf(request)
        return actor

    def _given(self, request: Request, allowed: tuple[str, ...]) -> dict[str, str]:
        return forms.parameters(request._request, allowed)


class InspectView(LabelsView):
    """Which label the file bears, whether it is well formed and whose it is; with a question, the verdict too."""

    @operation(described.INSPECT)
    def post(self, request: Request) -> Response:
        """Answers the report."""
        question = self._question(request)
        answer = answers.of_report(inspecting.inspect(forms.file_of(request._request)), self.now)
        if question is not None:
            answer["verdict"] = answers.of_verdict(question, self.caller.environment, self.now)
            if answer["verdict"] is None:
                raise PersonaUnknown
            if answer["labels"] and answers.names_another(answer, question):
                answer["findings"].append(Finding("registration_other").as_dict())
        return Response(answer)

    def _question(self, request: Request) -> Question | None:
        given = self._given(request, forms.QUESTION)
        if given and not isinstance(request.user, Caller):
            raise KeyNeeded
        question = forms.question(given)
        if question is not None:
            self.caller.require(Scope.CHECK)
            if question.ask.platform != self.caller.platform:
                raise OtherPlatform
        return question


class ApplyView(LabelsView):
    """A copy of the file with the label of the registration, read back."""

    @operation(described.APPLY)
    def post(self, request: Request) -> HttpResponseBase:
        """Answers the copy as a download."""
        given = self._given(request, forms.APPLY)
        wanted = forms.canonical(given.get("registry_id", ""))
        if isinstance(request.user, Caller):
            registration = queries.labelled_on(self.caller.platform, wanted)
        else:
            registration = queries.labelled_by(request._request.actor, wanted)  # type: ignore[attr-defined]
        return writing.download(forms.file_of(request._request), registration, forms.content_number(given), self.now)
