"""Events on their way out: one table, many relays."""

import uuid

from django.db import models


class CurrentTransaction(models.Func):
    """PostgreSQL's 64-bit identifier of the running transaction."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class Message(models.Model):
    """One event, written in the transaction of its change. Never updated: each relay keeps its own place.

    Transactions end in another order than they begin, so `id` alone skips late ones. A reader takes the rows whose
    `transaction` ended before every running one, in the order (transaction, id): complete, and in order per stream.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    at = models.DateTimeField()
    topic = models.CharField(max_length=40)
    stream = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["transaction", "id"], name="outbox_in_order")]

    def __str__(self) -> str:
        return f"{self.topic} {self.stream}"


class Reader(models.Model):
    """How far a relay that keeps its place in the database has come."""

    name = models.CharField(max_length=40, primary_key=True)
    transaction = models.BigIntegerField()
    message = models.BigIntegerField()
