"""What is known of each signing key: its public half and its times. The private half is never here."""

import uuid

from django.db import models


class SigningKey(models.Model):
    """A key that anybody may verify with, from the moment it is published until nothing that it signed counts any more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kid = models.CharField(max_length=43, unique=True)  # RFC 7638 thumbprint
    public = models.JSONField()
    certificate = models.TextField(blank=True)  # the same key as readers of PDF know it; PEM
    published_at = models.DateTimeField()
    signs_from = models.DateTimeField()
    needed_until = models.DateTimeField(null=True)  # the latest end of what it signed; None: it signed nothing yet
    revoked_at = models.DateTimeField(null=True)
