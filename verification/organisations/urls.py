"""Addresses under /organisations/."""

from django.urls import path

from verification.organisations.views import agents, filing, invitation, status

app_name = "organisations"
urlpatterns = [
    path("", status.index, name="list"),
    path("new/", filing.start, name="start"),
    path("code/", filing.code, name="code"),
    path("pictures/<uuid:file_id>/", status.picture, name="picture"),
    path("mandate/<str:token>/", invitation.landing, name="invitation"),
    path("<uuid:organisation_id>/", status.organisation, name="organisation"),
    path("<uuid:organisation_id>/again/", filing.again, name="again"),
    path("<uuid:organisation_id>/details/", filing.details, name="details"),
    path("<uuid:organisation_id>/licence/", filing.picture, {"slot": "licence"}, name="licence"),
    path("<uuid:organisation_id>/letter/", filing.picture, {"slot": "letter"}, name="letter"),
    path("<uuid:organisation_id>/check/", filing.check, name="check"),
    path("<uuid:organisation_id>/agents/", agents.agents, name="agents"),
    path("<uuid:organisation_id>/agents/<uuid:mandate_id>/end/", agents.end, name="end"),
]
