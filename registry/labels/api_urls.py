"""Addresses of the label calls for programs."""

from django.urls import path

from registry.labels import api

app_name = "labels_api"
urlpatterns = [
    path("labels:inspect", api.inspect, name="inspect"),
    path("labels:apply", api.apply, name="apply"),
]
