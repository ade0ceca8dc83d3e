"""Portrait licences: what a real person allows a virtual human to do with their face and voice."""

from dataclasses import fields

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.vault.fields import SealedTextField
from portal.vault.models import Retention, SealedModel
from registry.consent.rules import Terms
from registry.consent.states import PENDING, LicenceState
from registry.personas.models import Persona


class Medium(models.TextChoices):
    """Where the likeness may appear. `live` and `upload` are the gate's activities."""

    LIVE = "live", _("Live streams")
    UPLOAD = "upload", _("Recorded videos and pictures")


class UsePurpose(models.TextChoices):
    """What the likeness may serve."""

    ENTERTAINMENT = "entertainment", _("Entertainment")
    COMMERCE = "commerce", _("Selling goods or services")
    EDUCATION = "education", _("Teaching")
    NEWS = "news", _("News and information")
    ADVERTISING = "advertising", _("Advertising")


class TermColumns(models.Model):
    """The terms of a licence; a blank is not granted (Civil Code art. 1021: doubt is read for the portrayed person)."""

    media = ArrayField(models.CharField(max_length=16, choices=Medium), default=list, blank=True)
    purposes = ArrayField(models.CharField(max_length=16, choices=UsePurpose), default=list, blank=True)
    platforms = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # codes of accounts.Platform
    territories = ArrayField(models.CharField(max_length=8), default=list, blank=True)  # ISO 3166-1 alpha-2, or "WORLD"
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # the last day, inclusive; blank: either side may end it (art. 1022)
    voice = models.BooleanField(default=False)
    computed_driving = models.BooleanField(default=False)
    notice_days = models.PositiveSmallIntegerField(default=0)  # for settling accounts; a withdrawal stops the use at once

    class Meta:
        abstract = True

    @property
    def terms(self) -> Terms:
        """The terms as one value."""
        return Terms(**{each.name: getattr(self, each.name) for each in fields(Terms)}).ordered()


class DeclineReason(models.TextChoices):
    """Why somebody declines; the operator is told, so none of these asks for more than a hint."""

    UNKNOWN = "unknown", _("I do not know who asks")
    NOT_ME = "not_me", _("The pictures do not show me")
    TERMS = "terms", _("I do not agree with the terms")
    NO_WISH = "no_wish", _("I do not want a virtual human with my face")
    UNSAID = "unsaid", _("I do not want to say")


class Licence(SealedModel, TermColumns):
    """One portrayed person's answer for one persona. The columns of the terms are what stands: proposed, then granted."""

    retention = Retention.CONTACT

    persona = models.ForeignKey(Persona, on_delete=models.PROTECT, related_name="licences")
    state = models.CharField(max_length=20, choices=LicenceState, default=LicenceState.INVITED)
    email = SealedTextField(null=True)  # where the invitation went; gone some time after the answer
    proposed = models.JSONField(default=dict)  # the terms as the operator asked for them
    token_digest = models.CharField(max_length=64, blank=True)  # emptied at its single use
    mailings = models.PositiveSmallIntegerField(default=0)  # each mailing has a token of its own; the latest one counts
    mailed_at = models.DateTimeField(null=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    invitation_ends = models.DateTimeField()  # of the link, and once it is opened, of the time to answer
    portrayed = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="licences")
    face_distance = models.FloatField(null=True)  # the nearest portrait to the verified face
    opened_at = models.DateTimeField(null=True)
    granted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=40, blank=True, choices=DeclineReason)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["persona"],
                condition=Q(state__in=[*PENDING]),
                name="one_pending_licence_per_persona",
            ),
            models.UniqueConstraint(fields=["persona"], condition=Q(state="granted"), name="one_granted_licence_per_persona"),
            models.CheckConstraint(condition=~Q(state="granted") | Q(portrayed__isnull=False), name="a_person_granted_it"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="licence_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(fields=["token_digest"], name="licence_by_token"),
            models.Index(fields=["invitation_ends"], condition=Q(state__in=[*PENDING]), name="licence_waits_for_answer"),
            models.Index(fields=["ends_on"], condition=Q(state="granted"), name="licence_waits_for_its_end"),
        ]

    @property
    def address(self) -> str:
        """Where the invitation went; nothing once that is erased."""
        return self.email or ""

    @property
    def reference(self) -> str:
        """What a person quotes when asking about the licence."""
        return f"L-{self.pk.hex[:8].upper()}"
