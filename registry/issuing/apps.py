from django.apps import AppConfig


class IssuingConfig(AppConfig):
    name = "registry.issuing"
    label = "issuing"
