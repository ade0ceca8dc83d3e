"""Addresses of what the sandbox signs."""

from django.urls import path

from registry.sandbox import views

app_name = "sandbox"
urlpatterns = [
    path("sandbox/certificates/<str:registry_id>.jwt", views.certificate, name="certificate"),
    path("sandbox/statuslists/1", views.status_list, name="statuslist"),
    path("sandbox/.well-known/jwks.json", views.jwks, name="jwks"),
    path(".well-known/jwt-vc-issuer/sandbox", views.issuer, name="issuer"),
]
