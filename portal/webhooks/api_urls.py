"""Addresses of the webhook calls."""

from django.urls import path

from portal.webhooks import api

app_name = "webhooks_api"
urlpatterns = [
    path("webhooks", api.WebhooksView.as_view(), name="webhooks"),
    path("webhooks/<uuid:endpoint_id>", api.WebhookView.as_view(), name="webhook"),
    path("webhooks/<uuid:endpoint_id>:verify", api.VerifyView.as_view(), name="verify"),
    path("webhooks/<uuid:endpoint_id>:rotate", api.RotateView.as_view(), name="rotate"),
    path("webhooks/<uuid:endpoint_id>:test", api.TestView.as_view(), name="test"),
    path("webhooks/<uuid:endpoint_id>/deliveries", api.DeliveriesView.as_view(), name="deliveries"),
    path("webhook-deliveries/<uuid:delivery_id>:resend", api.ResendView.as_view(), name="resend"),
]
