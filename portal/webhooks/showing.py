"""What a try looked like on the wire, put together again: the request itself is not kept."""

import json
from dataclasses import dataclass

from django.db.models import Q

from portal.webhooks.models import Attempt, Delivery
from portal.webhooks.queries import PLAIN_HEADERS
from portal.webhooks.signing import headers


@dataclass(frozen=True, slots=True)
class Sent:
    """A try with its request. `complete` is false once a secret that signed it is destroyed: its signature is missing."""

    attempt: Attempt
    headers: dict[str, str]
    body: str
    complete: bool


def body_of(delivery: Delivery) -> str:
    """Returns the body, which is the same at every try."""
    return json.dumps(delivery.payload, ensure_ascii=False)


def sent(delivery: Delivery, attempt: Attempt) -> Sent:
    """Returns the try as it was sent: signatures are made from the same secrets at the same second, so they are the same."""
    counting = Q(expires_at=None) | Q(expires_at__gt=attempt.at)
    standing = delivery.endpoint.secrets.filter(counting, created_at__lte=attempt.at).select_related("data_key")
    keys = [secret.value or "" for secret in standing.order_by("-created_at", "pk")]
    body = body_of(delivery)
    signed = headers(delivery.event, body, keys=keys, now=attempt.at)
    return Sent(attempt, signed | PLAIN_HEADERS, body, complete=bool(keys))
