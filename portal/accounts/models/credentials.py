"""What a platform shows to be let in: API keys, and clients that fetch access tokens."""

import uuid

from allauth.idp.oidc.models import Client
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models.people import User
from portal.accounts.models.platforms import Platform

_NETWORK = 43  # the longest IPv6 network as text


class Scope(models.TextChoices):
    """What a credential may ask."""

    CHECK = "gate:check", _("Ask the gate")
    READ = "registry:read", _("Read the registry")
    HISTORY = "registry:history", _("Ask what was true at a moment")
    WEBHOOKS = "webhooks:manage", _("Manage webhooks")


class Environment(models.TextChoices):
    """Where a credential counts: in the registry, or in the sandbox among invented personas."""

    LIVE = "live", pgettext_lazy("environment", "Live")
    TEST = "test", _("Sandbox")


class ApiKey(models.Model):
    """A platform's key: shown once, kept as a SHA-256 digest (it carries 131 random bits, so a plain digest will do)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="keys")
    environment = models.CharField(max_length=8, choices=Environment, default=Environment.LIVE)
    name = models.CharField(max_length=80)  # of the service that uses it: two keys of one name take turns
    hint = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=32, choices=Scope))
    networks = ArrayField(models.CharField(max_length=_NETWORK), default=list, blank=True)  # empty: from anywhere
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    last_used_at = models.DateTimeField(null=True)  # to the minute
    reminders = models.PositiveSmallIntegerField(default=0)  # how many mails said that it will expire
    version = models.PositiveIntegerField(default=1)  # counts what changes its worth, so that the gate sees that something did

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(revoked_at=None, reminders__lt=2), name="key_waits_for_reminder"),
        ]

    def __str__(self) -> str:
        return self.hint


class OAuthClient(models.Model):
    """A platform's client for the client-credentials grant (RFC 6749 §4.4). allauth's row keeps its secret and scopes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="platform_client")
    platform = models.ForeignKey(Platform, on_delete=models.CASCADE, related_name="clients")
    environment = models.CharField(max_length=8, choices=Environment)
    name = models.CharField(max_length=80)
    networks = ArrayField(models.CharField(max_length=_NETWORK), default=list, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
