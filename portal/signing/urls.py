"""Well-known addresses (RFC 8615) of the signing keys."""

from django.urls import path

from portal.signing import views

app_name = "signing"
urlpatterns = [
    path("jwks.json", views.jwks, name="jwks"),
    path("signing-certificates.pem", views.certificates, name="certificates"),
    path("jwt-vc-issuer", views.issuer, name="issuer"),
]
