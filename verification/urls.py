"""Addresses under /identity/."""

from django.urls import path

from verification.reasons import Step
from verification.views import consents, handoff, status, taking, wizard

app_name = "verification"
urlpatterns = [
    path("", status.status, name="status"),
    path("start/", status.start, name="start"),
    path("resume/", status.resume, name="resume"),
    path("consent/", wizard.consent, name="consent"),
    path("details/", wizard.details, name="details"),
    path("details/number/", wizard.number, name="number"),
    path("document/", taking.picture, {"slot": Step.DOCUMENT}, name="document"),
    path("document/back/", taking.picture, {"slot": Step.DOCUMENT_BACK}, name="document_back"),
    path("selfie/", taking.selfie, name="selfie"),
    path("selfie/movements/", taking.challenge, name="challenge"),
    path("meeting/", wizard.meeting, name="meeting"),
    path("check/", wizard.check, name="check"),
    path("appeal/", status.appeal, name="appeal"),
    path("consents/", consents.consents, name="consents"),
    path("sharing/", consents.sharing, name="sharing"),
    path("withdraw/", consents.withdraw, name="withdraw"),
    path("face/", status.face, name="face"),
    path("phone/", handoff.show, name="handoff"),
    path("phone/progress/", handoff.progress, name="handoff_progress"),
    path("phone/pictures/", handoff.phone, name="phone"),
    path("phone/<str:token>/", handoff.take_over, name="take_over"),
    path("pictures/<uuid:file_id>/", status.picture, name="picture"),
]
