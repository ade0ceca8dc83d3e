"""The trail: who did what to which thing, when. Rows are added and never changed; the database refuses anything else."""

from django.db import models

from portal.audit.events import Event


class Entry(models.Model):
    """One event. Actor and subject are kept by value, so that the entry outlives both; `data` names no person.

    The entries of one subject are chained: `digest` covers the entry and the digest before it.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=40, choices=Event)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    sequence = models.PositiveIntegerField()
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "sequence"], name="trail_is_in_sequence"),
        ]
        indexes = [
            models.Index(fields=["actor_id", "at"], name="trail_by_actor"),
            models.Index(fields=["event", "at"], name="trail_by_event"),
        ]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.event} {self.subject_kind} {self.subject_id}"
