from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "portal.platforms"
    label = "platforms"
