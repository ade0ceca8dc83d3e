"""The composition root of addresses; names the upper storeys as strings."""

from django.urls import include, path

urlpatterns = [
    path("", include("registry.home.urls")),
    path("", include("portal.embedded.urls")),
    path("", include("portal.accounts.oauth_urls")),
    path(".well-known/", include("portal.signing.urls")),
    path("", include("registry.sandbox.urls")),
    path("statuslists/", include("registry.statuslist.urls")),
    path("certificates/", include("registry.certificates.urls")),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("identity/guardians/", include("verification.guardians.urls")),
    path("identity/confirm/", include("verification.renewals.urls")),
    path("identity/", include("verification.urls")),
    path("organisations/", include("verification.organisations.urls")),
    path("personas/", include("registry.personas.urls")),
    path("licences/", include("registry.consent.urls")),
    path("labels/", include("registry.labels.urls")),
    path("developers/reference/", include("portal.api.page_urls")),
    path("developers/", include("registry.developers.urls")),
    path("api/v1/", include("portal.api.urls")),
    path("api/v1/", include("registry.api.urls")),
    path("api/v1/", include("registry.labels.api_urls")),
    path("api/v1/", include("registry.sandbox.api_urls")),
    path("api/v1/", include("portal.webhooks.api_urls")),
    path("api/v1/", include("portal.feed.urls")),
    path("desk/", include("registry.desk.urls")),
]

handler400 = "registry.home.errors.bad_request"
handler403 = "registry.home.errors.forbidden"
handler404 = "registry.home.errors.not_found"
handler500 = "registry.home.errors.server_error"
