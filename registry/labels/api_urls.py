"""Addresses of the label calls for programs."""

from django.urls import path

from registry.labels import api

app_name = "labels_api"
urlpatterns = [
    path("labels:inspect", api.InspectView.as_view(), name="inspect"),
    path("labels:apply", api.ApplyView.as_view(), name="apply"),
]
