"""Addresses of a platform's own pages: its account, members, keys, clients and usage."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
