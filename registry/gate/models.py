"""The journal of the gate: every decision, before it was answered."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Decision(models.Model):
    """What a platform asked and what it was told. By value: nothing here depends on what changes later. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    as_of = models.DateTimeField()  # how fresh the facts were
    platform = models.CharField(max_length=40)
    key = models.UUIDField()
    registry_id = models.CharField(max_length=12)
    ask = models.JSONField()
    allowed = models.BooleanField()
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["registry_id", "at"], name="decision_by_persona"),
            models.Index(fields=["platform", "at"], name="decision_by_platform"),
        ]


class Failure(models.Model):
    """How many requests of a key the gate answered with an error on a day (UTC): nothing was decided, so no decision tells of them."""

    key = models.UUIDField()
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="failures_once_a_day")]
