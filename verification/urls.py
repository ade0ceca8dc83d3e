"""Addresses under /identity/."""

from django.urls import path

from verification.reasons import Step
from verification.views import consents, status, wizard

app_name = "verification"
urlpatterns = [
    path("", status.status, name="status"),
    path("start/", status.start, name="start"),
    path("resume/", status.resume, name="resume"),
    path("consent/", wizard.consent, name="consent"),
    path("details/", wizard.details, name="details"),
    path("details/number/", wizard.number, name="number"),
    path("document/", wizard.picture, {"slot": Step.DOCUMENT}, name="document"),
    path("selfie/", wizard.picture, {"slot": Step.SELFIE}, name="selfie"),
    path("check/", wizard.check, name="check"),
    path("consents/", consents.consents, name="consents"),
    path("withdraw/", consents.withdraw, name="withdraw"),
    path("face/", status.face, name="face"),
    path("pictures/<uuid:file_id>/", status.picture, name="picture"),
]
