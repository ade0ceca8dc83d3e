from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "registry.complaints"
    label = "complaints"
