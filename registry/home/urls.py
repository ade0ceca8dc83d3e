"""Addresses of the landing page, the dashboards and the public record."""

from django.urls import path
from django.views.generic import RedirectView

from registry.complaints.pages import report, reported
from registry.home import handing, pages, registrations
from registry.home.uses import uses
from registry.record import pages as record
from registry.record.badge import badge
from registry.record.twin import twin

app_name = "home"
urlpatterns = [
    path("", pages.landing, name="landing"),
    path("platforms/", RedirectView.as_view(pattern_name="developers:landing"), name="platforms"),
    path("home/", pages.dashboard, name="dashboard"),
    path("home/personas/<uuid:persona_id>/", pages.persona, name="persona"),
    path("home/personas/<uuid:persona_id>/submit/", pages.submit, name="submit"),
    path("home/registrations/<uuid:registration_id>/hold/", pages.hold, name="hold"),
    path("home/registrations/<uuid:registration_id>/lift/", pages.lift, name="lift"),
    path("home/registrations/<uuid:registration_id>/renew/", registrations.renew, name="renew"),
    path("home/registrations/<uuid:registration_id>/protect/", registrations.protect, name="protect"),
    path("home/registrations/<uuid:registration_id>/retire/", registrations.retire, name="retire"),
    path("home/registrations/<uuid:registration_id>/restore/", registrations.restore, name="restore"),
    path("home/registrations/<uuid:registration_id>/transfer/", handing.ask, name="transfer"),
    path("home/registrations/<uuid:registration_id>/transfer/cancel/", handing.cancel, name="cancel_transfer"),
    path("home/transfers/<str:token>/", handing.link, name="transfer_link"),
    path("home/likeness/<uuid:licence_id>/", uses, name="uses"),
    path("search/", record.search, name="search"),
    path("r/<str:registry_id>.json", twin, name="record_json"),
    path("r/<str:registry_id>/", record.page, name="record"),
    path("r/<str:registry_id>/portrait/", record.portrait, name="record_portrait"),
    path("r/<str:registry_id>/report/", report, name="report"),
    path("r/<str:registry_id>/report/sent/", reported, name="reported"),
    path("badge/<str:registry_id>.svg", badge, name="badge"),
]
