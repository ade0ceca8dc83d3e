from django.apps import AppConfig


class DevelopersConfig(AppConfig):
    name = "registry.developers"
    label = "developers"
