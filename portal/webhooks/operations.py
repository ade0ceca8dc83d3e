"""What platforms may do with their webhooks, as the API declares it."""

from typing import Any

from portal.accounts.models import Scope
from portal.api.operations import Operation
from portal.api.serializers import PageQuery
from portal.kit.errors import Conflict, NotFound
from portal.webhooks.serializers import (
    AddWebhook,
    ChangeWebhook,
    DeliveriesQuery,
    DeliveryPageSerializer,
    DeliverySerializer,
    NewWebhookSerializer,
    SecretsSerializer,
    WebhookPageSerializer,
    WebhookSerializer,
)
from portal.webhooks.services.endpoints import EndpointsTaken
from portal.webhooks.services.proving import NotProven

_OF: dict[str, Any] = {"tag": "Webhooks", "scopes": (Scope.WEBHOOKS,)}
EXAMPLE: dict[str, Any] = {
    "id": "0a4d2f5e-6d3b-4a53-9a55-1f0a6a1b2c3d",
    "url": "https://hooks.example.com/registry",
    "state": "pending",
    "reason": "",
    "types": ["persona.suspended", "persona.revoked"],
    "contact": "ops@example.com",
    "language": "en",
    "created_at": "2026-03-02T10:00:00.000Z",
    "verified_at": None,
    "disabled_at": None,
}
_NOT_ACTIVE = Conflict(code="webhook_not_active")
_SECRETS = {"secret": "whsec_…", "public_key": "whpk_…"}

LIST = Operation(
    name="list_webhooks",
    summary="List your webhooks",
    query=PageQuery,
    answer=WebhookPageSerializer,
    paged=True,
    example={"items": [EXAMPLE], "next_cursor": None},
    **_OF,
)
ADD = Operation(
    name="add_webhook",
    summary="Add a webhook",
    description="It is pending until `:verify` has proven that the address is yours. The secrets are shown in this answer only.",
    body=AddWebhook,
    answer=NewWebhookSerializer,
    status=201,
    problems=(EndpointsTaken,),
    etag=True,
    repeatable=True,
    example={**EXAMPLE, "secrets": _SECRETS},
    **_OF,
)
GET = Operation(
    name="get_webhook",
    summary="Read a webhook",
    answer=WebhookSerializer,
    problems=(NotFound,),
    etag=True,
    example=EXAMPLE,
    **_OF,
)
CHANGE = Operation(
    name="change_webhook",
    summary="Change what a webhook hears",
    body=ChangeWebhook,
    partial=True,
    answer=WebhookSerializer,
    problems=(NotFound,),
    etag=True,
    if_match=True,
    example=EXAMPLE,
    **_OF,
)
REMOVE = Operation(
    name="remove_webhook",
    summary="Remove a webhook",
    description="Its log and its secrets go with it, and what waits is not sent.",
    status=204,
    problems=(NotFound,),
    if_match=True,
    **_OF,
)
VERIFY = Operation(
    name="verify_webhook",
    summary="Prove that the address is yours",
    description='We send `endpoint.verify` and wait: answer 200 with its `data.challenge`, as text or as `{"challenge": …}`.',
    answer=WebhookSerializer,
    problems=(NotFound, Conflict(code="illegal_move"), NotProven),
    etag=True,
    repeatable=True,
    atomic=False,
    example={**EXAMPLE, "state": "active", "verified_at": "2026-03-02T10:01:00.000Z"},
    **_OF,
)
ROTATE = Operation(
    name="rotate_webhook_secrets",
    summary="Make new secrets",
    description="The old ones go on signing for a day beside the new. The secrets are shown in this answer only. Ten times a day.",
    answer=SecretsSerializer,
    problems=(NotFound,),
    repeatable=True,
    example=_SECRETS,
    **_OF,
)
TEST = Operation(
    name="test_webhook",
    summary="Send a test event",
    description="`endpoint.test`, to an active webhook.",
    answer=DeliverySerializer,
    status=202,
    problems=(NotFound, _NOT_ACTIVE),
    repeatable=True,
    **_OF,
)
DELIVERIES = Operation(
    name="list_webhook_deliveries",
    summary="Read the delivery log",
    description="The newest first; kept for 30 days.",
    query=DeliveriesQuery,
    answer=DeliveryPageSerializer,
    problems=(NotFound,),
    paged=True,
    **_OF,
)
RESEND = Operation(
    name="resend_webhook_delivery",
    summary="Send an event once more",
    description="Under the same `webhook-id`, outside the order of its registration.",
    answer=DeliverySerializer,
    status=202,
    problems=(NotFound, _NOT_ACTIVE, Conflict(code="delivery_waits")),
    repeatable=True,
    **_OF,
)
