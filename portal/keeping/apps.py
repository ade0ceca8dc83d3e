from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KeepingConfig(AppConfig):
    name = "portal.keeping"
    label = "keeping"

    def ready(self) -> None:
        """Every room's clocks are declared in its `keeping.py`, as its jobs are in its `tasks.py`."""
        autodiscover_modules("keeping")
