"""Addresses of the landing page, the dashboards and the public record."""

from django.urls import path

from registry.complaints.pages import report, reported
from registry.home import pages
from registry.home.uses import uses
from registry.record import pages as record
from registry.record.badge import badge
from registry.record.twin import twin

app_name = "home"
urlpatterns = [
    path("", pages.landing, name="landing"),
    path("platforms/", pages.platforms, name="platforms"),
    path("home/", pages.dashboard, name="dashboard"),
    path("home/personas/<uuid:persona_id>/", pages.persona, name="persona"),
    path("home/personas/<uuid:persona_id>/submit/", pages.submit, name="submit"),
    path("home/registrations/<uuid:registration_id>/hold/", pages.hold, name="hold"),
    path("home/registrations/<uuid:registration_id>/lift/", pages.lift, name="lift"),
    path("home/likeness/<uuid:licence_id>/", uses, name="uses"),
    path("search/", record.search, name="search"),
    path("r/<str:registry_id>.json", twin, name="record_json"),
    path("r/<str:registry_id>/", record.page, name="record"),
    path("r/<str:registry_id>/portrait/", record.portrait, name="record_portrait"),
    path("r/<str:registry_id>/report/", report, name="report"),
    path("r/<str:registry_id>/report/sent/", reported, name="reported"),
    path("badge/<str:registry_id>.svg", badge, name="badge"),
]
