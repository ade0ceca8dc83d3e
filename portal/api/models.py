"""What the API keeps of its callers: how much they used, and the answers it promised to repeat."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Environment, Platform
from portal.vault.fields import SealedTextField
from portal.vault.models import Retention, SealedModel


class Window(models.Model):
    """How often a platform has called since a window of a quota began. One row for a quota: a new window takes the place of the old."""

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    environment = models.CharField(max_length=8, choices=Environment)
    quota = models.CharField(max_length=20)
    began = models.BigIntegerField()  # seconds since 1970
    used = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "environment", "quota"], name="window_once_per_quota")]


class Outcome(models.TextChoices):
    """How a call ended, as far as usage tells."""

    OK = "ok", _("Answered")
    REFUSED = "refused", _("Refused")
    LIMITED = "limited", _("Too many")
    FAILED = "failed", _("Our fault")


class Usage(models.Model):
    """Calls by credential, day (UTC), operation and outcome. It counts; it does not say who or what was asked about."""

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    environment = models.CharField(max_length=8, choices=Environment)
    credential = models.UUIDField()
    day = models.DateField()
    operation = models.CharField(max_length=60)
    outcome = models.CharField(max_length=8, choices=Outcome)
    calls = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["platform", "environment", "credential", "day", "operation", "outcome"], name="usage_is_counted_once"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="usage_by_age")]


class Promise(SealedModel):
    """A request under an Idempotency-Key. Written before the work begins, and in the transaction of its end with the answer.

    Answers hold secrets that are shown once; so the body is sealed, and its key is destroyed with the row.
    """

    retention = Retention.EXCHANGE
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="+")
    credential = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, path and body
    holder = models.UUIDField(default=uuid.uuid4)  # whoever works on it
    leased_until = models.DateTimeField()  # afterwards whoever works on it counts as killed
    created_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)  # null: in flight
    headers = models.JSONField(default=dict)
    body = SealedTextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["credential", "key"], name="promise_once_per_key")]
        indexes = [models.Index(fields=["platform", "created_at"], name="promise_by_age")]
