from django.apps import AppConfig


class PersonasConfig(AppConfig):
    name = "registry.personas"
    label = "personas"
