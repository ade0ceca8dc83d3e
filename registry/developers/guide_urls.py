"""Addresses of what a developer reads and tries: quickstart, errors, sandbox, webhooks."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
