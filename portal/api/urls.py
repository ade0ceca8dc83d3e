"""Addresses of the API's own calls."""

from django.urls import path

from portal.api.api import CallerView
from portal.api.pages import Schema

app_name = "api"
urlpatterns = [
    path("caller", CallerView.as_view(), name="caller"),
    path("schema", Schema.as_view(), name="schema"),
]
