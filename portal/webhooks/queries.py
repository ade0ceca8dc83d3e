"""What waits to be sent, by what it is signed, and what was sent."""

import uuid
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from portal.access.actor import Actor, Kind
from portal.access.roles import Permission
from portal.accounts import membership
from portal.accounts.models import Platform
from portal.feed.models import Feed
from portal.webhooks.models import Delivery, Endpoint
from portal.webhooks.states import DeliveryState, EndpointState

RELAY_JOB = "webhooks.relay"
PLAIN_HEADERS = {"Content-Type": "application/json", "User-Agent": "virtual-human-registry-webhooks/1", "Accept": "*/*"}


def platforms_of(actor: Actor) -> QuerySet[Platform]:
    """Returns the platforms whose endpoints are the actor's to manage: its own, those it works for, or every one of
    them for an administrator."""
    if actor.may(Permission.MANAGE_PLATFORMS):
        return Platform.objects.all()
    if actor.kind is Kind.PLATFORM and actor.id is not None:
        return Platform.objects.filter(pk=actor.id)
    return membership.platforms_of(actor)


def visible_to(actor: Actor) -> QuerySet[Endpoint]:
    """Returns the endpoints an actor may look at and change."""
    return Endpoint.objects.filter(platform__in=platforms_of(actor))


def deliveries_visible_to(actor: Actor) -> QuerySet[Delivery]:
    """Returns the deliveries to those endpoints."""
    return Delivery.objects.filter(endpoint__in=visible_to(actor))


def signing_keys(endpoint: Endpoint, now: datetime) -> list[str]:
    """Returns the secrets that count at this moment, the newest first."""
    standing = endpoint.secrets.filter(Q(expires_at=None) | Q(expires_at__gt=now)).select_related("data_key")
    return [secret.value or "" for secret in standing.order_by("-created_at", "pk")]


def sendable(now: datetime) -> QuerySet[Delivery]:
    """Returns the deliveries whose turn it is: due, at nobody's hands, and the first of their registration at their endpoint."""
    earlier = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        registry_id=OuterRef("registry_id"),
        state=DeliveryState.WAITING,
        sequence__lt=OuterRef("sequence"),
    )
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    due = Delivery.objects.filter(free, state=DeliveryState.WAITING, due_at__lte=now)
    return due.filter(~Exists(earlier)).order_by("due_at", "sequence", "pk")


def ready(now: datetime) -> QuerySet[Endpoint]:
    """Returns the endpoints that may be sent something."""
    return Endpoint.objects.filter(Q(resume_at=None) | Q(resume_at__lte=now), state=EndpointState.ACTIVE)


def waiting(now: datetime) -> QuerySet[Endpoint, uuid.UUID]:
    """Returns the endpoints for which there is something to do: changes to make out, or deliveries whose turn it is."""
    behind = Feed.objects.filter(platform=OuterRef("platform__code"), last__gt=OuterRef("position"))
    told = Q(Exists(behind), platform__live_at__isnull=False)  # a platform of the sandbox is told nothing of the registry
    mine = sendable(now).filter(endpoint=OuterRef("pk"))
    return ready(now).filter(told | Exists(mine)).order_by(F("resume_at").asc(nulls_first=True)).values_list("pk", flat=True)


def log_of(endpoint_id: uuid.UUID) -> QuerySet[Delivery]:
    """Returns the deliveries of an endpoint with their tries, the newest first."""
    return Delivery.objects.filter(endpoint=endpoint_id).prefetch_related("tries").order_by("-created_at", "-sequence")
