"""`POST /api/v1/sandbox/events`: a platform tries its receiver with any event, by a program."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.models import Scope
from portal.api.operations import Operation
from portal.api.serializers import Strict
from portal.api.view import ApiView, operation
from portal.feed.types import EventType
from portal.webhooks.serializers import DeliverySerializer, shown_delivery
from portal.webhooks.services.sending import NobodyListens
from registry.sandbox import services


class SendEvent(Strict):
    """Which event, about whom."""

    registry_id = serializers.CharField(max_length=64, help_text="A persona of the sandbox: its ID begins with VH-TEST.")
    type = serializers.ChoiceField(choices=[each.value for each in EventType])


class SentSerializer(serializers.Serializer[Any]):
    """The deliveries of one event, one for each webhook that hears of its type."""

    items = DeliverySerializer(many=True)


EXAMPLE: dict[str, Any] = {
    "id": "5b1c2d3e-0f4a-4b5c-8d6e-7f8091a2b3c4",
    "event": "msg_3f2a1b0c4d5e6f708192a3b4c5d6e7f8",
    "type": "persona.revoked",
    "registry_id": "",
    "state": "waiting",
    "created_at": "2026-03-02T10:00:00.000Z",
    "due_at": "2026-03-02T10:00:00.000Z",
    "ended_at": None,
    "attempts": [],
}
SEND = Operation(
    name="send_sandbox_event",
    tag="Sandbox",
    summary="Send yourself an event of the sandbox",
    description="Signed and delivered as a real one, about an invented persona, with `data.environment` “sandbox”. It is in no feed.",
    scopes=(Scope.WEBHOOKS,),
    body=SendEvent,
    answer=SentSerializer,
    status=202,
    problems=(NobodyListens,),
    repeatable=True,
    sandbox=True,
    example={"items": [EXAMPLE]},
)


class EventsView(ApiView):
    """Events of the sandbox."""

    @operation(SEND)
    def post(self, request: Request) -> Response:
        """Puts one on its way."""
        asked = {"registry_id": self.body["registry_id"], "kind": self.body["type"]}
        sent = services.send_event(actor=self.actor, platform_id=self.caller.platform_id, now=self.now, **asked)
        return Response({"items": [shown_delivery(each) for each in sent]}, status=202)
