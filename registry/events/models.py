"""What platforms were last told of each registration."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from registry.issuing.models import Registration


class Published(models.Model):
    """The last state that was told of a registration. Held while the next one is compared with it: one teller at a time."""

    registration = models.OneToOneField(Registration, primary_key=True, on_delete=models.CASCADE, related_name="published")
    status = models.CharField(max_length=16, blank=True)
    platforms = ArrayField(models.CharField(max_length=40), default=list)
    as_of = models.DateTimeField()  # nothing older is told
    due_at = models.DateTimeField(null=True)  # when time alone may change it, or a failed comparison is tried again
    owed = models.JSONField(default=list)  # `rules.Edge` of the comparisons that failed

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="published_is_compared_again")]
