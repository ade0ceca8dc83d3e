from django.apps import AppConfig


class RenewalsConfig(AppConfig):
    name = "verification.renewals"
    label = "renewals"
