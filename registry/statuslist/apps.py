from django.apps import AppConfig


class StatuslistConfig(AppConfig):
    name = "registry.statuslist"
    label = "statuslist"
