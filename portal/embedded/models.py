"""When the processes of the stack were last seen alive."""

from django.db import models


class Heartbeat(models.Model):
    """The last beat of one process; the worker's is written by its own task, so that it proves beat, broker and worker."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
