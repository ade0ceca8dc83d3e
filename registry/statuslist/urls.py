"""Addresses of the status lists."""

from django.urls import path

from registry.statuslist import views

app_name = "statuslist"
urlpatterns = [
    path("", views.aggregation, name="all"),
    path("<uuid:list_id>/", views.token, name="list"),
]
