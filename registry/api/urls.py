"""Addresses of the registry's own calls."""

from django.urls import path

from registry.api.api import HistoryView, RegistrationsView, RegistrationView

app_name = "registry_api"
urlpatterns = [
    path("registrations", RegistrationsView.as_view(), name="registrations"),
    path("registrations/<str:registry_id>/history", HistoryView.as_view(), name="history"),
    path("registrations/<str:registry_id>", RegistrationView.as_view(), name="registration"),
]
