"""Addresses of the changes feed."""

from django.urls import path

from portal.feed import views

app_name = "feed"
urlpatterns = [path("changes", views.ChangesView.as_view(), name="changes")]
