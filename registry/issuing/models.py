"""Registrations: the issued records, their versions, what stops them, how they pass on, and what was true of them when."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Operator, User
from portal.vault.fields import SealedTextField
from portal.vault.models import Retention, SealedModel
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
    retired_at = models.DateTimeField(null=True)  # undone within `rules.UNDO`, final afterwards
    reminded = models.PositiveSmallIntegerField(null=True)  # of this term: how many days before its end the last mail spoke of

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=Q(revoked_at=None, retired_at=None), name="registration_by_end")]


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


class Side(models.TextChoices):
    """Who set a prohibition: EPP's `client*` and `server*` (RFC 5731 §2.3)."""

    HOLDER = "holder", _("Operator")
    REGISTRY = "registry", _("Registry")


class Act(models.TextChoices):
    """What may not be done to a registration while the prohibition stands."""

    TRANSFER = "transfer", _("Transfer to another operator")
    UPDATE = "update", _("Changes of the registered facts")
    RETIRE = "retire", _("Retirement")


class Prohibition(models.Model):
    """Something that may not be done. A registration bears a set of them, each of either side at most once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="prohibitions")
    side = models.CharField(max_length=16, choices=Side)
    act = models.CharField(max_length=16, choices=Act)
    reason = models.CharField(max_length=40, blank=True)  # of the registry's alone: `grounds.PROHIBITION`
    set_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "side", "act"], condition=Q(lifted_at=None), name="one_prohibition_of_a_kind_and_side"
            ),
            models.CheckConstraint(condition=~Q(side="registry") | ~Q(reason=""), name="the_registry_gives_a_reason"),
        ]


class TransferState(models.TextChoices):
    """Both sides' turn until both have confirmed."""

    PENDING = "pending", _("Waiting for confirmation")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    LAPSED = "lapsed", _("Lapsed")


class Transfer(SealedModel):
    """A registration on its way to another operator. Each side confirms with the link of a mail of its own."""

    retention = Retention.CONTACT

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="transfers")
    state = models.CharField(max_length=16, choices=TransferState, default=TransferState.PENDING)
    giver = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    email = SealedTextField(null=True)  # of whoever is to confirm for the new operator; gone some time after the end
    giver_digest = models.CharField(max_length=64, blank=True)  # of the link's token; emptied at its single use
    receiver_digest = models.CharField(max_length=64, blank=True)
    given_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    receiver = models.ForeignKey(Operator, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration"], condition=Q(state="pending"), name="one_pending_transfer"),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(given_at__isnull=False, received_at__isnull=False, receiver__isnull=False),
                name="both_sides_confirmed_a_transfer",
            ),
            models.CheckConstraint(
                condition=Q(asked_by=None) | Q(received_by=None) | ~Q(asked_by=models.F("received_by")), name="nobody_gives_to_themselves"
            ),
            models.CheckConstraint(condition=Q(receiver=None) | ~Q(receiver=models.F("giver")), name="a_transfer_changes_the_operator"),
        ]
        indexes = [
            models.Index(fields=["giver_digest"], name="transfer_by_giver_token"),
            models.Index(fields=["receiver_digest"], name="transfer_by_receiver_token"),
            models.Index(fields=["ends_at"], condition=Q(state="pending"), name="transfer_waits_for_its_end"),
        ]


class Snapshot(models.Model):
    """What was true of a registration from a moment on. By value and append-only: the database refuses a change.

    `content` is `past.content`: it names no person, and holds no date of birth. Of a minor only that is kept; the day on
    which they come of age is looked up through `answers` and `drives`, the accounts, as long as the registry knows them.
    """

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="snapshots")
    since = models.DateTimeField()  # when the change was made: the moment of its message
    unsure_from = models.DateTimeField(null=True)  # several changes were read at once: what held from here to `since` is not known
    seen_at = models.DateTimeField()
    answers = models.UUIDField(null=True)
    drives = models.UUIDField(null=True)
    content = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["registration", "since"], name="snapshot_by_moment")]
