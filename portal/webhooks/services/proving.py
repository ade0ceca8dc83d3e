"""The ownership check: an address gets events only after whoever answers there has shown that they know of it."""

import hmac
import json
import secrets
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.access.actor import Actor
from portal.access.guard import require
from portal.access.roles import Permission
from portal.api import limiting
from portal.audit.events import Event
from portal.audit.services import record
from portal.feed import queries as feed
from portal.kit.errors import Conflict, NotFound, Text
from portal.kit.transitions import move
from portal.webhooks import queries, rules, transport, wording
from portal.webhooks.models import Endpoint
from portal.webhooks.rules import Answer
from portal.webhooks.signing import headers
from portal.webhooks.states import ENDPOINT_MOVES, EndpointState

CHALLENGE = "endpoint.verify"
SHOWN = 120  # bytes of an answer that proved nothing


class NotProven(Conflict):
    """The endpoint did not echo the challenge."""

    code = "webhook_not_proven"
    title = _("The address did not prove that it is yours")
    help = _("Answer the event endpoint.verify with 200 and its data.challenge, as text or as {“challenge”: …}.")

    def __init__(self, answer: Answer | None = None) -> None:
        super().__init__(_told(answer) if answer else "")


def prove(*, actor: Actor, endpoint_id: uuid.UUID, now: datetime) -> Endpoint:
    """Returns the endpoint, active. Sends a signed challenge and waits for its echo, in no transaction; raises NotProven or QuotaExceeded.

    A new endpoint is told what happens from now on; one that was disabled goes on where it stopped.
    """
    require(actor, Permission.MANAGE_WEBHOOKS)
    endpoint = queries.visible_to(actor).select_related("platform").filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotFound
    limiting.spend(endpoint.platform_id, rules.PROOFS, now=now)  # before the challenge: until it is echoed, whoever hears it is a stranger
    challenge = secrets.token_urlsafe(24)
    body = json.dumps(feed.as_payload(CHALLENGE, now, {"challenge": challenge}))
    identifier = feed.identifier(uuid.uuid4())
    signed = headers(identifier, body, keys=queries.signing_keys(endpoint, now), now=now)
    answer = transport.post(endpoint.url, body.encode(), signed | queries.PLAIN_HEADERS)
    if not _echoes(answer, challenge):
        raise NotProven(answer)
    return _activate(actor, endpoint, now)


def _told(answer: Answer) -> Text:
    """What came back, then what should have: whoever builds the receiver reads it."""
    if answer.status is None:
        return wording.trouble(answer.error)
    shown = answer.body[:SHOWN].decode("utf-8", "backslashreplace").replace("\x00", "\\x00").strip() or "–"
    text = _("It answered %(status)s with: %(body)s. It should answer 200 with data.challenge, as text or as {“challenge”: …}.")
    return text % {"status": answer.status, "body": shown}


@transaction.atomic
def _activate(actor: Actor, endpoint: Endpoint, now: datetime) -> Endpoint:
    position = endpoint.position if endpoint.position is not None else feed.head_of(endpoint.platform.code).last
    cleared: dict[str, Any] = {"reason": "", "disabled_at": None, "failing_since": None, "failures": 0, "resume_at": None}
    move(endpoint, EndpointState.ACTIVE, ENDPOINT_MOVES, verified_at=now, position=position, **cleared)
    record(Event.WEBHOOK_VERIFIED, actor=actor, subject=endpoint, now=now)
    return endpoint


def _echoes(answer: Answer, challenge: str) -> bool:
    """An exact echo: a page that happens to repeat what it was sent proves nothing."""
    if not answer.delivered:
        return False
    text = answer.body.decode("utf-8", "replace").strip()
    try:
        members = json.loads(text)
    except ValueError:
        members = None
    said = members.get("challenge") if isinstance(members, dict) else members if isinstance(members, str) else text
    return isinstance(said, str) and hmac.compare_digest(said.encode(), challenge.encode())
