"""Addresses under /licences/."""

from django.urls import path
from django.views.generic import RedirectView

from registry.consent.views import answer, invitation, mine, operator

app_name = "consent"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="consent:mine")),
    path("mine/", mine.index, name="mine"),
    path("i/<str:token>/", invitation.landing, name="invitation"),
    path("i/<str:token>/decline/", invitation.decline, name="invitation_decline"),
    path("for/<uuid:persona_id>/", operator.invite, name="invite"),
    path("mine/<uuid:licence_id>/", answer.licence, name="licence"),
    path("mine/<uuid:licence_id>/identify/", answer.identify, name="identify"),
    path("mine/<uuid:licence_id>/grant/", answer.grant, name="grant"),
    path("mine/<uuid:licence_id>/decline/", answer.decline, name="decline"),
    path("mine/<uuid:licence_id>/narrow/", mine.narrow, name="narrow"),
    path("mine/<uuid:licence_id>/withdraw/", mine.withdraw, name="withdraw"),
    path("<uuid:licence_id>/resend/", operator.resend, name="resend"),
    path("<uuid:licence_id>/take-back/", operator.take_back, name="take_back"),
    path("mine/<uuid:licence_id>/pictures/<uuid:portrait_id>/", mine.picture, name="picture"),
]
