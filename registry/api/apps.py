from django.apps import AppConfig


class RegistryApiConfig(AppConfig):
    name = "registry.api"
    label = "registry_api"
