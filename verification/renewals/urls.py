"""Addresses under /identity/confirm/."""

from django.urls import path

from verification.renewals import views

app_name = "renewals"
urlpatterns = [
    path("", views.confirm, name="confirm"),
    path("pictures/<uuid:renewal_id>/", views.picture, name="picture"),
]
