from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "verification.organisations"
    label = "organisations"
