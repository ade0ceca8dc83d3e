"""Addresses of what a developer reads and tries: quickstart, errors, sandbox, webhooks."""

from django.urls import path

from registry.developers import deliveries, guide, webhooks

WEBHOOKS = "platforms/<uuid:platform_id>/webhooks"
ENDPOINT = f"{WEBHOOKS}/<uuid:endpoint_id>"
DELIVERY = f"{WEBHOOKS}/deliveries/<uuid:delivery_id>"
urlpatterns = [
    path("", guide.landing, name="landing"),
    path("quickstart/", guide.quickstart, name="quickstart"),
    path("sandbox/", guide.sandbox, name="sandbox"),
    path("webhooks/", guide.webhooks, name="webhooks_guide"),
    path("certificates/", guide.certificates, name="certificates_guide"),
    path("verify_offline.py", guide.verify_offline, name="verify_offline"),
    path("errors/", guide.errors, name="errors"),
    path("events/", guide.events, name="events"),
    path(f"{WEBHOOKS}/", webhooks.overview, name="webhooks"),
    path(f"{WEBHOOKS}/add/", webhooks.add, name="webhook_add"),
    path(f"{WEBHOOKS}/events/", webhooks.event, name="webhook_event"),
    path(f"{DELIVERY}/", deliveries.delivery, name="delivery"),
    path(f"{DELIVERY}/resend/", deliveries.resend, name="delivery_resend"),
    path(f"{ENDPOINT}/", webhooks.endpoint, name="webhook"),
    path(f"{ENDPOINT}/change/", webhooks.change, name="webhook_change"),
    path(f"{ENDPOINT}/rotate/", webhooks.rotate, name="webhook_rotate"),
    path(f"{ENDPOINT}/remove/", webhooks.remove, name="webhook_remove"),
    path(f"{ENDPOINT}/prove/", deliveries.prove, name="webhook_prove"),
    path(f"{ENDPOINT}/test/", deliveries.test, name="webhook_test"),
    path(f"{ENDPOINT}/disable/", deliveries.disable, name="webhook_disable"),
]
