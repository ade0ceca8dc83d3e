"""Addresses of the certificates."""

from django.urls import path

from registry.certificates import views

app_name = "certificates"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("<str:registry_id>.jwt", views.token, name="token"),
    path("<str:registry_id>.pdf", views.pdf, name="pdf"),
]
