"""Virtual humans as their operators describe them, their portraits, and the applications to register them."""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pgvector.django import VectorField

from portal.accounts.models import Operator, User
from portal.vault.models import SealedFile
from portal.vault.rotation import DIMENSIONS
from registry.personas.states import OPEN, ApplicationState


class DriveMode(models.TextChoices):
    """What moves the persona (CAC Digital Virtual Human draft, art. 25)."""

    HUMAN = "human", _("Driven live by a real person")
    COMPUTED = "computed", _("Driven by a computer")
    HYBRID = "hybrid", _("Both, in turns")


class Portrayed(models.TextChoices):
    """Whose face the persona shows."""

    SELF = "self", _("Myself")
    OTHER = "other", _("Another real person")
    NOBODY = "nobody", _("Nobody: the face is synthetic")


class Persona(models.Model):
    """A virtual human. What is registered of it is the snapshot in `Registration.facts`; this is the working copy."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="personas")
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    name_zh = models.CharField(max_length=40, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    description = models.TextField(max_length=2000, blank=True)
    drive_mode = models.CharField(max_length=16, choices=DriveMode, blank=True)
    portrayed = models.CharField(max_length=16, choices=Portrayed, blank=True)
    driver = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    platforms = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # codes of accounts.Platform
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name_zh="") | ~Q(name_en=""), name="persona_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name_zh or self.name_en

    @property
    def latest_application(self) -> "Application | None":
        """The newest application, from those already loaded if they are."""
        return max(self.applications.all(), key=lambda each: each.submitted_at, default=None)


class Handle(models.Model):
    """The name under which the persona appears on a platform."""

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="handles")
    platform = models.CharField(max_length=40)
    handle = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["persona", "platform"], name="one_handle_per_platform")]


class CurrentPortraits(models.Manager["Portrait"]):
    """The pictures the persona shows now, without those kept as evidence only."""

    def get_queryset(self) -> models.QuerySet["Portrait"]:
        """Returns the portraits that were not taken away."""
        return super().get_queryset().filter(removed_at=None)


class Portrait(models.Model):
    """A picture of the persona. Unchecked (`checked_at` is null) the row is the job.

    A picture that an application was decided on stays when the operator takes it away, with `removed_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="portraits")
    file = models.ForeignKey(SealedFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    flags = ArrayField(models.CharField(max_length=40), default=list)  # registry.personas.rules.Flag, for the officer
    vector = VectorField(dimensions=DIMENSIONS, null=True)  # the face in it, turned by the vault's rotation

    objects: ClassVar[CurrentPortraits] = CurrentPortraits()  # first, so that `persona.portraits` shows these
    kept: ClassVar[models.Manager["Portrait"]] = models.Manager()

    class Meta:
        ordering = ["position", "added_at"]
        indexes = [models.Index(fields=["added_at"], condition=Q(checked_at=None, removed_at=None), name="portrait_waits_for_check")]


class Application(models.Model):
    """A persona sent to review. `facts` is what was sent: later edits of the persona do not change it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    persona = models.ForeignKey(Persona, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=20, choices=ApplicationState, default=ApplicationState.SUBMITTED)
    facts = models.JSONField(default=dict)
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    portrayed_user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")  # whose face it is, by consent
    face_distance = models.FloatField(null=True)  # the nearest portrait to that person's verified face
    submitted_at = models.DateTimeField()
    officer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    note = models.TextField(max_length=2000, blank=True)  # from the officer to the operator
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["persona"], condition=Q(state__in=OPEN), name="one_open_application_per_persona"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(submitted_by=None) | ~Q(decided_by=models.F("submitted_by")),
                name="nobody_decides_their_own_application",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(portrayed_user=None) | ~Q(decided_by=models.F("portrayed_user")),
                name="nobody_decides_on_their_own_face",
            ),
        ]
        indexes = [
            models.Index(fields=["submitted_at"], condition=Q(state__in=["submitted", "in_review"]), name="application_waits_for_officer"),
        ]

    @property
    def reference(self) -> str:
        """What a person quotes when asking about the application."""
        return f"A-{self.pk.hex[:8].upper()}"
