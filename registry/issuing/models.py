"""Registrations: the issued records, their versions and the holds on them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Operator, User
from registry.personas.models import Application, Persona


class Registration(models.Model):
    """An issued record. Its status is derived (`registry.issuing.verdict`), never stored; its ID is never used again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registry_id = models.CharField(max_length=12, unique=True)  # canonical: 12 characters, without VH- and hyphens
    national_code = models.CharField(max_length=64, null=True, blank=True)
    persona = models.OneToOneField(Persona, on_delete=models.PROTECT, related_name="registration")
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="registrations")
    facts = models.JSONField()  # the public facts of the present version
    version = models.PositiveIntegerField(default=1)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=40, blank=True)
    retired_at = models.DateTimeField(null=True)


class Version(models.Model):
    """The facts as they stood from one moment to the next."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    facts = models.JSONField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "number"], name="version_numbers_are_unique")]


class Party(models.TextChoices):
    """Whose reason to stop a hold is."""

    CONSENT = "consent", _("Portrayed person")
    OPERATOR = "operator", _("Operator")
    OFFICER = "officer", _("Compliance officer")
    LABEL = "label", _("Labelling")
    LEGAL = "legal", _("Legal")


class Hold(models.Model):
    """One party's reason to stop. A registration bears a set of them, each party's at most once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="holds")
    party = models.CharField(max_length=16, choices=Party)
    reason = models.CharField(max_length=40)
    note = models.TextField(max_length=2000, blank=True)
    placed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "party"], condition=Q(lifted_at=None), name="one_hold_per_party"),
        ]
