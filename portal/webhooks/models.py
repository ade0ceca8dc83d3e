"""Where platforms want to be told, the secrets they check us by, and what was sent."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.accounts.models import Platform
from portal.vault.fields import SealedTextField
from portal.vault.models import Retention, SealedModel
from portal.webhooks.states import DeliveryState, EndpointState


class Endpoint(SealedModel):
    """An address of a platform. It follows the platform's feed from where it stood when the address was first proven."""

    retention = Retention.CONTACT
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="endpoints")
    url = models.URLField(max_length=500)
    contact = SealedTextField()  # the mail address that hears of its end
    language = models.CharField(max_length=10)
    types = ArrayField(models.CharField(max_length=40), default=list)  # empty: every type
    state = models.CharField(max_length=16, choices=EndpointState, default=EndpointState.PENDING)
    reason = models.CharField(max_length=40, blank=True)  # why it is disabled
    position = models.BigIntegerField(null=True)  # the number in the feed up to which deliveries are made out
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    resume_at = models.DateTimeField(null=True)  # before this nothing is sent
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)


class Secret(SealedModel):
    """A signing key of one endpoint. Several count at once while one takes the place of another."""

    retention = Retention.EXCHANGE
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="secrets")
    value = SealedTextField()  # `whsec_…` or `whsk_…`
    public = models.CharField(max_length=64, blank=True)  # `whpk_…` of a `whsk_…`
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)


class Delivery(models.Model):
    """One event on its way to one endpoint. Waiting, the row is the job; of one registration only the first is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)  # `webhook-id`: the same at every try
    sequence = models.BigIntegerField(null=True)  # its number in the feed; null: a test or sent again, outside the order
    registry_id = models.CharField(max_length=17, blank=True)
    payload = models.JSONField()
    state = models.CharField(max_length=16, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)  # a relay is at it; afterwards it counts as killed
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "sequence"], name="delivery_is_made_out_once")]
        indexes = [
            models.Index(fields=["endpoint", "registry_id", "sequence"], condition=Q(state="waiting"), name="delivery_waits_its_turn"),
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="delivery_waits_to_be_sent"),
            models.Index(fields=["endpoint", "-created_at"], name="delivery_log"),
        ]


class Attempt(models.Model):
    """One try of a delivery and what came back."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)  # null: nothing that is HTTP came back
    error = models.CharField(max_length=40, blank=True)
    latency = models.PositiveIntegerField()  # milliseconds
    response = models.TextField(blank=True)  # the first KB
