"""Addresses under /oauth/ and the metadata's well-known one."""

from django.urls import path

from portal.accounts import oauth

app_name = "oauth"
urlpatterns = [
    path("oauth/token", oauth.token, name="token"),
    path("oauth/revoke", oauth.revoke, name="revoke"),
    path(".well-known/oauth-authorization-server", oauth.metadata, name="metadata"),
]
