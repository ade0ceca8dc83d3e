"""The one-command stack's own tables, tasks and pages."""

from django.apps import AppConfig

import portal.celery  # noqa: F401 – every process that knows the apps can send them to the worker


class EmbeddedConfig(AppConfig):
    """Heartbeats, the health page and the demo's mailbox."""

    name = "portal.embedded"
