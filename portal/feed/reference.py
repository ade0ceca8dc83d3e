"""The public events in the reference, as webhooks of OpenAPI 3.1."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse, OpenApiWebhook, extend_schema
from rest_framework import serializers

from portal.feed.types import EventType

SUMMARIES = {
    EventType.PERSONA_ACTIVATED: "Registered, and in force",
    EventType.PERSONA_UPDATED: "The registered facts changed, or the persona has left the platform",
    EventType.PERSONA_SUSPENDED: "A hold, or the licence does not stand",
    EventType.PERSONA_RESTORED: "In force again",
    EventType.PERSONA_EXPIRED: "The registration has expired",
    EventType.PERSONA_REVOKED: "The registration was revoked",
    EventType.PERSONA_RETIRED: "The registration was retired by its operator",
    EventType.PERSONA_RENEWED: "The registration was renewed: it ends later",
    EventType.PERSONA_TRANSFERRED: "Another operator answers for the persona",
    EventType.CONSENT_WITHDRAWN: "The portrayed person has withdrawn the licence",
}


class EventDataSerializer(serializers.Serializer[Any]):
    """What an event tells: an ID and a status, nothing of a person."""

    registry_id = serializers.CharField()
    status = serializers.CharField(help_text="`active`, `suspended`, `expired`, `revoked` or `retired`.")
    sequence = serializers.IntegerField(help_text="The place in your changes feed.")


class EventSerializer(serializers.Serializer[Any]):
    """An event by Standard Webhooks 1.0, signed in `webhook-signature`."""

    type = serializers.CharField()
    timestamp = serializers.DateTimeField()
    data = EventDataSerializer()  # type: ignore[assignment]  # a member of this name


def _webhook(kind: EventType, summary: str) -> OpenApiWebhook:
    answers = {"2XX": OpenApiResponse(None, "Taken."), "410": OpenApiResponse(None, "Send nothing more: the endpoint is disabled.")}
    described = extend_schema(summary=summary, request={"application/json": EventSerializer}, responses=answers, tags=["Events"])
    return OpenApiWebhook(kind.value, described)


WEBHOOKS = [_webhook(kind, summary) for kind, summary in SUMMARIES.items()]
