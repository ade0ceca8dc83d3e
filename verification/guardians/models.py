"""What a guardian allows a minor: to be verified here and to answer for virtual humans."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.vault.fields import SealedTextField
from portal.vault.models import Retention, SealedFile, SealedModel
from verification.guardians.states import ALIVE, PENDING, GuardianState


class Relation(models.TextChoices):
    """What the guardian is to the minor (Civil Code art. 27)."""

    PARENT = "parent", _("Mother or father")
    OTHER = "other", _("Another legal guardian")


class Guardianship(SealedModel):
    """One guardian's answer for one minor. Granted and not yet compared, the row is the machine's job; then an officer's."""

    retention = Retention.CONTACT

    minor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="wards")
    state = models.CharField(max_length=16, choices=GuardianState, default=GuardianState.INVITED)
    email = SealedTextField(null=True)  # where the invitation went; emptied with the rest of the papers
    token_digest = models.CharField(max_length=64, blank=True)  # emptied at its single use
    mailings = models.PositiveSmallIntegerField(default=0)  # each mailing has a token of its own; the latest one counts
    mailed_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField()
    invitation_ends = models.DateTimeField()  # of the link, and once it is opened, of the time to answer
    opened_at = models.DateTimeField(null=True)
    relation = models.CharField(max_length=16, choices=Relation, blank=True)
    note = SealedTextField(null=True)  # from the guardian to the officer
    proof = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # how often the machine began to compare
    compared_at = models.DateTimeField(null=True)
    distance = models.FloatField(null=True)  # between the two faces, where both consent to comparison
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["minor"], condition=Q(state__in=[*ALIVE]), name="one_guardian_at_a_time"),
            models.CheckConstraint(condition=~Q(guardian=models.F("minor")), name="nobody_is_their_own_guardian"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(guardian__isnull=False, decided_by__isnull=False),
                name="an_officer_confirmed_a_guardian",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | (~Q(decided_by=models.F("minor")) & ~Q(decided_by=models.F("guardian"))),
                name="nobody_confirms_their_own_guardianship",
            ),
        ]
        indexes = [
            models.Index(fields=["token_digest"], name="guardianship_by_token"),
            models.Index(fields=["invitation_ends"], condition=Q(state__in=[*PENDING]), name="guardianship_waits_for_answer"),
            models.Index(fields=["granted_at"], condition=Q(state="granted"), name="guardianship_waits_for_officer"),
        ]

    @property
    def address(self) -> str:
        """Where the invitation went."""
        return self.email or ""

    @property
    def reference(self) -> str:
        """What a person quotes when asking about it."""
        return f"G-{self.pk.hex[:8].upper()}"
