from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class LettersConfig(AppConfig):
    name = "portal.letters"
    label = "letters"

    def ready(self) -> None:
        """Lets every room declare its letters, in each process: who writes knows what can be written."""
        autodiscover_modules("letters")
