"""Addresses of the sandbox's calls."""

from django.urls import path

from registry.sandbox import api

app_name = "sandbox_api"
urlpatterns = [path("sandbox/events", api.EventsView.as_view(), name="events")]
