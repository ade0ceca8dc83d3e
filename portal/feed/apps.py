from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "portal.feed"
    label = "feed"
