from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "registry.certificates"
    label = "certificates"
