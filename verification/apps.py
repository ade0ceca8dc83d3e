from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class VerificationConfig(AppConfig):
    name = "verification"
    label = "verification"

    def ready(self) -> None:
        """Lets every room above declare what the core asks for, in each process; and the settings be checked."""
        autodiscover_modules("declarations")
        import_module("verification.checks")
