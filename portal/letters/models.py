"""Mails on their way."""

import uuid

from django.db import models
from django.db.models import Q

from portal.accounts.models import User


class Letter(models.Model):
    """A mail to be sent. Unsent (`sent_at` is null) the row is the job. It holds no text, no address and no token:
    those are put together from its subject when it is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)  # `thing.happened`, as the room of the subject declares it
    to = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")  # null: the subject knows the address
    subject_id = models.UUIDField()
    language = models.CharField(max_length=10)
    mailing = models.PositiveSmallIntegerField(default=0)  # counts letters of one kind about one subject, where only the latest counts
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="letter_waits_to_be_sent")]

    @property
    def address(self) -> str:
        """The address of the account it goes to; empty where the subject knows it."""
        return self.to.email if self.to else ""
