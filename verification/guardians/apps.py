from django.apps import AppConfig


class GuardiansConfig(AppConfig):
    name = "verification.guardians"
    label = "guardians"
