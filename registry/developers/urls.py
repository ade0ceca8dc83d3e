"""Addresses of the pages for platforms' developers."""

from registry.developers import console_urls, guide_urls

app_name = "developers"
urlpatterns = [*guide_urls.urlpatterns, *console_urls.urlpatterns]
