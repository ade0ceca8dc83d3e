"""Addresses under /identity/confirm/."""

from django.urls import path

from verification.renewals import views

app_name = "renewals"
urlpatterns = [
    path("", views.confirm, name="confirm"),
    path("movements/", views.movements, name="movements"),
    path("pictures/<uuid:renewal_id>/", views.picture, name="picture"),
]
