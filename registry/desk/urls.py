"""Addresses under /desk/."""

from django.urls import path

from registry.desk.rules import Kind
from registry.desk.views import applications, cases, checks, entries, meetings, organisations, queue, registrations, reports

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.claim_next, name="claim_next"),
    path("cases/<uuid:item_id>/", cases.case, name="case"),
    path("cases/<uuid:item_id>/look/", cases.look, name="look_case"),
    path("cases/<uuid:item_id>/claim/", queue.claim, {"kind": Kind.CASE}, name="claim_case"),
    path("cases/<uuid:item_id>/release/", queue.release, {"kind": Kind.CASE}, name="release_case"),
    path("cases/<uuid:item_id>/preview/", cases.preview, name="preview_case"),
    path("cases/<uuid:item_id>/decide/", cases.decide, name="decide_case"),
    path("cases/<uuid:item_id>/movements/", cases.movements, name="movements"),
    path("cases/<uuid:item_id>/meeting/", meetings.arrange, name="arrange_meeting"),
    path("cases/<uuid:item_id>/meeting/note/", meetings.note, name="note_meeting"),
    path("applications/<uuid:item_id>/", applications.application, name="application"),
    path("applications/<uuid:item_id>/look/", applications.look, name="look_application"),
    path("applications/<uuid:item_id>/claim/", queue.claim, {"kind": Kind.APPLICATION}, name="claim_application"),
    path("applications/<uuid:item_id>/release/", queue.release, {"kind": Kind.APPLICATION}, name="release_application"),
    path("applications/<uuid:item_id>/preview/", applications.preview, name="preview_application"),
    path("applications/<uuid:item_id>/decide/", applications.decide, name="decide_application"),
    path("organisations/<uuid:item_id>/", organisations.organisation, name="organisation"),
    path("organisations/<uuid:item_id>/look/", organisations.look, name="look_organisation"),
    path("organisations/<uuid:item_id>/claim/", queue.claim, {"kind": Kind.ORGANISATION}, name="claim_organisation"),
    path("organisations/<uuid:item_id>/release/", queue.release, {"kind": Kind.ORGANISATION}, name="release_organisation"),
    path("organisations/<uuid:item_id>/preview/", organisations.preview, name="preview_organisation"),
    path("organisations/<uuid:item_id>/decide/", organisations.decide, name="decide_organisation"),
    path("organisations/<uuid:item_id>/revoke/", organisations.revoke, name="revoke_organisation"),
    path("checks/", checks.checks, name="checks"),
    path("checks/guardians/<uuid:item_id>/", checks.guardianship, name="guardianship"),
    path("checks/selfies/<uuid:item_id>/", checks.renewal, name="renewal"),
    path("checks/selfies/<uuid:item_id>/movements/", checks.movements, name="renewal_movements"),
    path("registrations/<uuid:registration_id>/", entries.entry, name="entry"),
    path("registrations/<uuid:registration_id>/forbid/", entries.forbid, name="forbid"),
    path("registrations/<uuid:registration_id>/allow/", entries.allow, name="allow"),
    path("registrations/<uuid:registration_id>/code/", entries.code, name="national_code"),
    path("registrations/<uuid:registration_id>/past/", entries.look_back, name="look_back"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:item_id>/", reports.report, name="report"),
    path("registrations/<uuid:registration_id>/hold/", registrations.hold, name="hold"),
    path("registrations/<uuid:registration_id>/lift/", registrations.lift, name="lift"),
    path("registrations/<uuid:registration_id>/revoke/", registrations.revoke, name="revoke"),
]
