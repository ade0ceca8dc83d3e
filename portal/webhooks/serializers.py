"""Webhooks as platforms ask for them and read them."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from portal.api.serializers import Moment, PageQuery, Strict
from portal.feed.types import EventType
from portal.webhooks.models import Delivery, Endpoint
from portal.webhooks.states import DeliveryState, EndpointState

_LANGUAGES = [code for code, _name in settings.LANGUAGES]
_EVENTS = [each.value for each in EventType]
_TYPES = "Which events are sent; none named: every one."
_CONTACT = "The mail address that hears when we give the webhook up."


class ChangeWebhook(Strict):
    """What can be changed. Another address is another webhook, whose ownership is proven anew."""

    types = serializers.ListField(child=serializers.ChoiceField(choices=_EVENTS), required=False, max_length=50, help_text=_TYPES)
    contact = serializers.EmailField(max_length=254, required=False, help_text=_CONTACT)
    language = serializers.ChoiceField(choices=_LANGUAGES, required=False, help_text="Of the mails to `contact`.")


class AddWebhook(ChangeWebhook):
    """A new webhook."""

    url = serializers.CharField(max_length=500, help_text="An https address on port 443 or 8443 that resolves to public addresses.")
    contact = serializers.EmailField(max_length=254, help_text=_CONTACT)


class WebhookSerializer(serializers.Serializer[Any]):
    """A webhook. Nothing is sent before its ownership is proven (`:verify`)."""

    id = serializers.UUIDField()
    url = serializers.CharField()
    state = serializers.ChoiceField(choices=EndpointState.values)
    reason = serializers.CharField(allow_blank=True, help_text="Why it is disabled: `gone`, `failing` or `by_hand`.")
    types = serializers.ListField(child=serializers.CharField(), help_text=_TYPES)
    contact = serializers.CharField()
    language = serializers.CharField()
    created_at = Moment()
    verified_at = Moment(allow_null=True)
    disabled_at = Moment(allow_null=True)


class SecretsSerializer(serializers.Serializer[Any]):
    """What deliveries are checked by. Shown once: keep it now. Either of the two is enough."""

    secret = serializers.CharField(help_text="`whsec_…`, for signatures `v1` (HMAC-SHA256).")
    public_key = serializers.CharField(help_text="`whpk_…`, for signatures `v1a` (ed25519).")


class NewWebhookSerializer(WebhookSerializer):
    """A new webhook, with its secrets."""

    secrets = SecretsSerializer()


class WebhookPageSerializer(serializers.Serializer[Any]):
    """A page of webhooks."""

    items = WebhookSerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class AttemptSerializer(serializers.Serializer[Any]):
    """One try and what came back."""

    number = serializers.IntegerField()
    at = Moment()
    status = serializers.IntegerField(allow_null=True, help_text="Null where nothing that is HTTP came back.")
    error = serializers.CharField(allow_blank=True)
    latency = serializers.IntegerField(help_text="Milliseconds.")
    response = serializers.CharField(allow_blank=True, help_text="The beginning of the answer.")


class DeliverySerializer(serializers.Serializer[Any]):
    """One event on its way to one webhook."""

    id = serializers.UUIDField()
    event = serializers.CharField(help_text="`webhook-id`: the same at every try and in the changes feed.")
    type = serializers.CharField()
    registry_id = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=DeliveryState.values)
    created_at = Moment()
    due_at = Moment(allow_null=True, help_text="When it is tried next.")
    ended_at = Moment(allow_null=True)
    attempts = AttemptSerializer(many=True)


class DeliveryPageSerializer(serializers.Serializer[Any]):
    """A page of deliveries, the newest first."""

    items = DeliverySerializer(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class DeliveriesQuery(PageQuery):
    """Which deliveries."""

    state = serializers.ChoiceField(choices=DeliveryState.values, required=False)


def shown(endpoint: Endpoint) -> Any:
    """Returns a webhook as it is sent."""
    return WebhookSerializer(endpoint).data


def shown_delivery(delivery: Delivery) -> Any:
    """Returns a delivery with its tries as it is sent."""
    waiting = delivery.state == DeliveryState.WAITING
    told = {
        **{name: getattr(delivery, name) for name in ("id", "event", "registry_id", "state", "created_at", "ended_at")},
        "type": delivery.payload["type"],
        "due_at": delivery.due_at if waiting else None,
        "attempts": sorted(delivery.tries.all(), key=lambda each: each.number),
    }
    return DeliverySerializer(told).data
