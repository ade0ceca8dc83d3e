"""Certificates: each is written down before it is signed."""

import json
import uuid
from typing import Any

from django.db import models

from registry.issuing.models import Registration


class Certificate(models.Model):
    """One certificate over one version of the facts. Until it has its token and its paper, the row waits for the worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # `jti`
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="certificates")
    version = models.PositiveIntegerField()
    issuer = models.URLField()
    kid = models.CharField(max_length=43)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    content = models.TextField()  # the claims, byte for byte as they are signed
    digest = models.CharField(max_length=64)  # SHA-256 of the content
    token = models.TextField(blank=True)
    paper = models.BinaryField(null=True)  # PDF

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "version", "expires_at", "issuer", "kid"], name="a_certificate_is_issued_once")
        ]
        indexes = [models.Index(fields=["issued_at"], condition=models.Q(paper=None), name="certificate_waits")]

    @property
    def claims(self) -> dict[str, Any]:
        """What the certificate says."""
        said: dict[str, Any] = json.loads(self.content)
        return said
