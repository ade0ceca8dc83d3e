"""What platforms are told: a feed for each platform, numbered without a gap."""

import uuid

from django.db import models


class Feed(models.Model):
    """The head of one platform's feed. Whoever appends holds it until the end of the transaction: a number is given out
    once, is visible only after every smaller one, and goes back if the transaction fails.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.CharField(max_length=40, unique=True)  # its code
    last = models.BigIntegerField(default=0)
    erased = models.BigIntegerField(default=0)  # everything up to this number is kept no longer


class Change(models.Model):
    """One public event in one feed. Thin: an ID and a status, nothing of a person. Never updated."""

    id = models.BigAutoField(primary_key=True)
    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="changes")
    sequence = models.BigIntegerField()
    event = models.UUIDField()  # the same in every feed that tells it
    type = models.CharField(max_length=40)
    at = models.DateTimeField()  # when it happened
    told_at = models.DateTimeField()  # when it was appended
    registry_id = models.CharField(max_length=17)  # as it is printed
    status = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "sequence"], name="feed_numbers_are_unique"),
            models.UniqueConstraint(fields=["feed", "event"], name="feed_tells_an_event_once"),
        ]
        indexes = [models.Index(fields=["feed", "told_at"], name="feed_by_age")]
