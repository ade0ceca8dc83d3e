"""The address of the reference, beside the developers' other pages."""

from django.urls import path

from portal.api.pages import Reference

app_name = "reference"
urlpatterns = [path("", Reference.as_view(), name="page")]
