"""Organisations that answer for virtual humans, and the mandates of those who act for them."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import MemberRole, Operator, User
from portal.vault.fields import SealedTextField
from portal.vault.models import Retention, SealedFile, SealedModel
from verification.models import Channel
from verification.organisations import rules
from verification.organisations.states import CURRENT, MandateState, OrganisationState


class Organisation(SealedModel):
    """An organisation and its filing. Name and code are public facts; who represents it is a person's data and sealed.

    `public_name`, `verified_at` and `valid_until` are what an officer verified; the rest is what was filed last.
    """

    retention = Retention.IDENTITY

    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="organisations_filed")
    state = models.CharField(max_length=20, choices=OrganisationState, default=OrganisationState.DRAFT)
    name = models.CharField(max_length=100, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    licence_until = models.DateField(null=True)  # its last day; without one it has no end
    representative = SealedTextField(null=True)
    represents = models.BooleanField(default=False)  # the filer is the legal representative
    licence_image = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    licence_channel = models.CharField(max_length=8, choices=Channel, blank=True)
    letter_image = models.ForeignKey(SealedFile, null=True, on_delete=models.PROTECT, related_name="+")
    letter_channel = models.CharField(max_length=8, choices=Channel, blank=True)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    officer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    rejected_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")  # an appeal is another's
    note = SealedTextField(null=True)  # from the officer to the filer
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)  # when the filer last typed, added a picture or began anew
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    operator = models.OneToOneField(Operator, null=True, on_delete=models.PROTECT, related_name="organisation")
    public_name = models.CharField(max_length=100, blank=True)
    verified_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=Q(verified_at__isnull=False, revoked_at=None), name="one_verified_organisation_per_code"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("filed_by")), name="nobody_decides_their_own_organisation"
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None) | Q(operator__isnull=False, valid_until__isnull=False) & ~Q(public_name="") & ~Q(uscc=""),
                name="a_verified_organisation_is_an_operator",
            ),
        ]
        indexes = [
            models.Index(fields=["submitted_at"], condition=Q(state=OrganisationState.REVIEW), name="organisation_waits_for_officer"),
            models.Index(fields=["valid_until"], condition=Q(state=OrganisationState.VERIFIED), name="organisation_by_end"),
        ]

    def __str__(self) -> str:
        return self.public_name or self.name

    @property
    def reference(self) -> str:
        """What a person quotes when asking about the filing."""
        return f"U-{self.pk.hex[:8].upper()}"


class Role(models.TextChoices):
    """What a mandate allows: the names of `accounts.MemberRole`, told to those who give one."""

    OWNER = MemberRole.OWNER.value, _("Owner: acts for the organisation, and says who else does")
    AGENT = MemberRole.AGENT.value, _("Agent: acts for the organisation")


class Mandate(SealedModel):
    """Who acts for an organisation, from an invitation by mail to its end. While it stands, `accounts.Member` lets them in."""

    retention = Retention.CONTACT

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates")
    state = models.CharField(max_length=16, choices=MandateState, default=MandateState.INVITED)
    role = models.CharField(max_length=16, choices=Role, default=Role.AGENT)
    email = SealedTextField(null=True)  # where the invitation went; emptied a while after the answer
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="mandates")
    until = models.DateTimeField(null=True)  # the end of its term; without one it stands until somebody ends it
    token_digest = models.CharField(max_length=64, blank=True)  # emptied at its single use
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    invitation_ends = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(state=MandateState.STANDING), name="one_standing_mandate_per_agent"
            ),
            models.CheckConstraint(
                condition=~Q(state=MandateState.STANDING) | Q(user__isnull=False), name="a_standing_mandate_is_somebodys"
            ),
        ]
        indexes = [
            models.Index(fields=["token_digest"], name="mandate_by_token"),
            models.Index(fields=["until"], condition=Q(state=MandateState.STANDING), name="mandate_waits_for_its_end"),
            models.Index(fields=["invitation_ends"], condition=Q(state=MandateState.INVITED), name="mandate_waits_for_answer"),
        ]

    @property
    def last_day(self) -> date | None:
        """The last day of its term, or None without one."""
        return rules.last_day(self.until) if self.until else None

    @property
    def current(self) -> bool:
        """Whether it was neither ended nor left unanswered."""
        return self.state in CURRENT
