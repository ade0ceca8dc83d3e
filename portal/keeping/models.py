"""What stops the clocks of a person, and what each purge did."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from portal.accounts.models import User


class StandingHolds(models.Manager["LegalHold"]):
    """The holds that were not lifted."""

    def get_queryset(self) -> models.QuerySet["LegalHold"]:
        """Returns the holds that stand."""
        return super().get_queryset().filter(lifted_at=None)


class LegalHold(models.Model):
    """An authority's or a court's order to keep what there is of an account (PIPL art. 47: then it is stored and no more)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=80)  # the order's own number; names nobody
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["LegalHold"]] = models.Manager()
    standing: ClassVar[StandingHolds] = StandingHolds()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "reference"], condition=Q(lifted_at=None), name="legal_hold_stands_once"),
        ]


class PurgeRun(models.Model):
    """One purge and its report. One that was killed has no end; the next one does what it left."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)  # `purging.Report.as_dict`

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="purge_runs_by_start")]
