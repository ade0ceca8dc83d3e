"""The worker's application: settings under CELERY_, tasks of every installed app, one broker or another."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

from portal.embedded import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
TRANSPORT_ALIASES[broker.SCHEME] = broker.TRANSPORT

# Celery's own Django fixup closes the database connections that a forked worker inherits.
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()
app.autodiscover_tasks(["portal.kit"], related_name="jobs")
