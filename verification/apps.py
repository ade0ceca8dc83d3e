from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class VerificationConfig(AppConfig):
    name = "verification"
    label = "verification"

    def ready(self) -> None:
        """Lets every room above declare what the core asks for, in each process."""
        autodiscover_modules("declarations")
