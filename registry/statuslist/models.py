"""Status lists as they are published, and the one entry of each registration."""

import uuid

from django.db import models
from django.db.models import Q

from registry.issuing.models import Registration
from registry.statuslist.bits import SIZE
from registry.statuslist.rules import SUSPENDED, VALID


class StatusList(models.Model):
    """One list of 2^20 entries and the token that was last signed over it. A row that is dirty, or old, waits to be signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    full = models.BooleanField(default=False)  # no index was free in over a thousand draws
    dirty_since = models.DateTimeField(null=True)
    lst = models.TextField(blank=True)
    uri = models.URLField(blank=True)
    token = models.TextField(blank=True)
    zipped = models.BinaryField(default=bytes)  # the token as gzip
    kid = models.CharField(max_length=43, blank=True)
    signed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["full"], condition=Q(full=False), name="one_list_is_filled")]


class Entry(models.Model):
    """A registration's place in a list, for good: an index is never used again. `value` is what the list says, or will say
    when it is signed; the registration's own status stays derived."""

    list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="entries")
    index = models.PositiveIntegerField()
    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="status_entry")
    value = models.PositiveSmallIntegerField(default=VALID)
    due_at = models.DateTimeField(null=True)  # when time alone may change the value
    derived_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "index"], name="an_index_is_used_once"),
            models.CheckConstraint(condition=Q(index__lt=SIZE), name="an_index_is_in_its_list"),
            models.CheckConstraint(condition=Q(value__lte=SUSPENDED), name="a_value_is_registered"),
        ]
        indexes = [
            models.Index(fields=["list", "index"], condition=~Q(value=VALID), name="list_is_packed"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="entry_falls_due"),
            models.Index(fields=["derived_at"], name="entry_is_derived_anew"),
        ]


class Follower(models.Model):
    """How far the outbox has been read, and until when the entries are known to be true."""

    transaction = models.BigIntegerField(default=0)
    message = models.BigIntegerField(default=0)
    as_of = models.DateTimeField(null=True)
