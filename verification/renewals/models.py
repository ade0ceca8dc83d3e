"""Selfies that confirm an identity again, and the reminders to send one."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from portal.accounts.models import User
from portal.vault.models import SealedFile
from verification.models import Challenge, Channel, Liveness
from verification.renewals.rules import Remind
from verification.renewals.states import OPEN, RenewalState


class Renewal(models.Model):
    """A fresh selfie to be compared with the kept face template. While it waits the row is the job.

    Who confirms by a document makes a new case instead, and nothing stands here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="renewals")
    state = models.CharField(max_length=16, choices=RenewalState, default=RenewalState.WAITING)
    picture = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")  # kept only where an officer looks
    channel = models.CharField(max_length=8, choices=Channel)
    recording = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")  # as the picture
    challenge = models.ForeignKey(Challenge, null=True, on_delete=models.SET_NULL, related_name="+")  # what the recording answers
    liveness = models.CharField(max_length=8, choices=Liveness, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # how often the machine began
    distance = models.FloatField(null=True)
    reasons = ArrayField(models.CharField(max_length=40), default=list)  # codes the holder reads
    risks = ArrayField(models.CharField(max_length=40), default=list)  # codes the officer reads
    submitted_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state__in=[*OPEN]), name="one_open_renewal_per_person"),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=models.F("user")), name="nobody_confirms_themselves"),
        ]
        indexes = [
            models.Index(fields=["submitted_at"], condition=Q(state="waiting"), name="renewal_waits_for_machine"),
            models.Index(fields=["submitted_at"], condition=Q(state="review"), name="renewal_waits_for_officer"),
        ]

    @property
    def reference(self) -> str:
        """What a person quotes when asking about it."""
        return f"R-{self.pk.hex[:8].upper()}"


class Reminder(models.Model):
    """That somebody was reminded of one date, once. The letter is written with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Remind])
    until = models.DateTimeField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "until"], name="reminded_once")]
