from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "registry.sandbox"
    label = "sandbox"
