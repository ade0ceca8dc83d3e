"""Platforms, who works for them, and whether they may ask about real virtual humans."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models.people import User
from portal.vault.fields import SealedTextField
from portal.vault.models import Retention, SealedModel


class Platform(models.Model):
    """A calling system: a live-stream or upload service that asks the gate. `code` is what licences and personas name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    website = models.URLField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="opened_platforms")
    # Until then it lives in the sandbox alone: no live credential counts, no operator can choose it, nothing is told to it.
    live_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class PlatformRole(models.TextChoices):
    """What a member may do for the platform."""

    OWNER = "owner", _("Owner: members, live keys and live access too")
    DEVELOPER = "developer", _("Developer: test keys, usage and webhooks")


class PlatformMember(models.Model):
    """An account that works for a platform. One owner stays at least: services take the platform's lock to see to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="platform_memberships")
    role = models.CharField(max_length=16, choices=PlatformRole, default=PlatformRole.DEVELOPER)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "user"], name="member_once_per_platform")]


class InvitationEnd(models.TextChoices):
    """How an invitation ended."""

    ACCEPTED = "accepted", _("Accepted")
    TAKEN_BACK = "taken_back", _("Taken back")
    LAPSED = "lapsed", _("Lapsed")


class PlatformInvitation(SealedModel):
    """Somebody asked by mail to work for a platform. The link works once; its address is emptied when it ends."""

    retention = Retention.CONTACT

    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="invitations")
    email = SealedTextField(null=True)
    role = models.CharField(max_length=16, choices=PlatformRole, default=PlatformRole.DEVELOPER)
    token_digest = models.CharField(max_length=64, blank=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=16, choices=InvitationEnd, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | Q(ended_at__isnull=False, token_digest="") & ~Q(end=""),
                name="an_ended_platform_invitation_has_no_link",
            ),
        ]
        indexes = [
            models.Index(fields=["token_digest"], name="platform_invitation_by_token"),
            models.Index(fields=["ends_at"], condition=Q(ended_at=None), name="platform_invitation_waits"),
        ]


class Decision(models.TextChoices):
    """An administrator's answer to a request for live access."""

    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class LiveRequest(models.Model):
    """An owner asks that the platform may go live: which company or institution runs it (no person), and what for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="live_requests")
    run_by = models.CharField(max_length=120)
    purpose = models.TextField(max_length=1000)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.CharField(max_length=16, choices=Decision, blank=True)
    reason = models.TextField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform"], condition=Q(decided_at=None), name="one_open_live_request"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="") | Q(decided_at__isnull=False) & ~Q(decision=""),
                name="a_decided_live_request_says_how",
            ),
        ]
        indexes = [models.Index(fields=["requested_at"], condition=Q(decided_at=None), name="live_request_waits")]
