"""Addresses under /identity/guardians/."""

from django.urls import path

from verification.guardians.views import guardian, invitation, minor

app_name = "guardians"
urlpatterns = [
    path("", minor.mine, name="mine"),
    path("resend/", minor.resend, name="resend"),
    path("take-back/", minor.take_back, name="take_back"),
    path("i/<str:token>/", invitation.landing, name="invitation"),
    path("i/<str:token>/decline/", invitation.decline, name="invitation_decline"),
    path("<uuid:guardianship_id>/", guardian.answer, name="answer"),
    path("<uuid:guardianship_id>/decline/", guardian.decline, name="decline"),
    path("<uuid:guardianship_id>/withdraw/", guardian.withdraw, name="withdraw"),
    path("<uuid:guardianship_id>/proof/", guardian.proof, name="proof"),
]
