from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "registry.gate"
    label = "gate"
