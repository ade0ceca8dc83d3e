"""Addresses of what a developer reads and tries: quickstart, errors, sandbox, webhooks."""

from django.urls import path

from registry.developers import guide

urlpatterns = [
    path("", guide.landing, name="landing"),
    path("quickstart/", guide.quickstart, name="quickstart"),
    path("sandbox/", guide.sandbox, name="sandbox"),
    path("webhooks/", guide.webhooks, name="webhooks_guide"),
    path("certificates/", guide.certificates, name="certificates_guide"),
    path("verify_offline.py", guide.verify_offline, name="verify_offline"),
    path("errors/", guide.errors, name="errors"),
    path("events/", guide.events, name="events"),
]
