"""Every main page of the site and who sees it, found in a demonstration that has just been filled."""

from dataclasses import dataclass
from typing import Any

from demo.organisations import MOON, SEA, STAR
from tests.journeys import steps
from tests.journeys.site import Visitor
from tests.stack import Demo

PERSONA = "SELECT id FROM personas_persona WHERE name_en = %s"
APPLICATION = "SELECT a.id FROM personas_application a JOIN personas_persona p ON p.id = a.persona_id WHERE p.name_en = %s"
ORGANISATION = "SELECT id FROM organisations_organisation WHERE uscc = %s"
MANDATE = (
    "SELECT o.id || '/agents/' || m.id FROM organisations_mandate m JOIN organisations_organisation o ON o.id = m.organisation_id"
    " JOIN accounts_user u ON u.id = m.user_id WHERE u.email = %s || '@demo.example' AND m.role = 'agent'"
)
LICENCE = "SELECT l.id FROM consent_licence l JOIN personas_persona p ON p.id = l.persona_id WHERE p.name_en = %s"
CASE = "SELECT c.id FROM verification_case c JOIN accounts_user u ON u.id = c.user_id WHERE u.email = %s || '@demo.example'"
GUARDIANSHIP = "SELECT g.id FROM guardians_guardianship g JOIN accounts_user u ON u.id = g.minor_id WHERE u.email = %s || '@demo.example'"
REGISTRATION = "SELECT r.id FROM issuing_registration r JOIN personas_persona p ON p.id = r.persona_id WHERE p.name_en = %s"
PLATFORM = "SELECT id FROM accounts_platform WHERE code = %s"
KEY = "SELECT platform_id || '/keys/' || id FROM accounts_apikey WHERE name = %s AND last_used_at IS NULL"
CLIENT = "SELECT platform_id || '/clients/' || id FROM accounts_oauthclient WHERE name = %s"
ASKED = "SELECT r.id FROM accounts_liverequest r JOIN accounts_platform p ON p.id = r.platform_id WHERE p.code = %s"

REPORT = (
    "SELECT c.id FROM complaints_report c JOIN issuing_registration r ON r.id = c.registration_id"
    " JOIN personas_persona p ON p.id = r.persona_id WHERE c.closed_at IS NULL AND p.name_en = %s"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page: who looks at it, its address, and the row or record that the address names."""

    who: str  # "" is nobody signed in
    path: str
    row: tuple[str, str] = ("", "")
    status: int = 200

    def __str__(self) -> str:
        return f"{self.who or 'anybody'}: {self.path.format(self.row[1])}"

    def address(self, demo: Demo) -> str:
        """Returns the page's path in this demonstration."""
        query, name = self.row
        if query == "record":
            return self.path.format(demo.told["registrations"][name])
        return self.path.format(*_only(demo.rows(query, name))) if query else self.path


def _only(rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    assert len(rows) == 1, rows
    return rows[0]


PUBLIC = [
    Place("", "/"),
    *(Place("", f"/developers/{page}") for page in ("", "quickstart/", "sandbox/", "webhooks/", "certificates/", "events/", "errors/")),
    Place("", "/search/"),
    Place("", "/search/?q=e"),
    Place("", "/search/?q=nobody-is-called-this"),
    Place("", "/search/?q=ng&status=suspended"),
    Place("", "/search/?q=VH-M9S3-46Q3-D25R"),
    Place("", "/r/VH-M9S3-46Q3-D25R/", status=400),
    Place("", "/r/{}/report/", ("record", "active")),
    Place("", "/search/?q=VH-0000-0000-0001", status=404),
    *(Place("", "/r/{}/", ("record", state)) for state in ("active", "suspended", "withdrawn", "expired", "revoked")),
    *(Place("", f"/labels/{page}") for page in ("", "showing/")),
    Place("", "/nowhere/", status=404),
    Place("", "/demo/mail/"),
    *(Place("", f"/accounts/{page}/") for page in ("login", "signup", "password/reset")),
]
ACCOUNT = [
    *(Place("alice", f"/accounts/{page}/") for page in ("email", "password/change", "2fa", "sessions", "reauthenticate", "logout")),
]
OPERATOR = [
    Place("eve", "/home/"),
    Place("eve", "/personas/"),
    Place("alice", "/home/"),
    Place("alice", "/personas/"),
    Place("alice", "/personas/new/"),
    Place("alice", "/desk/", status=403),
    Place("alice", "/personas/{}/edit/", (PERSONA, "Doctor Wang")),
    Place("alice", "/personas/{}/portraits/", (PERSONA, "Cloud")),
    Place("alice", "/personas/{}/portraits/", (PERSONA, "Tea Master")),
    *(
        Place("alice", "/home/personas/{}/", (PERSONA, name))
        for name in ("Cloud", "A Luo", "Alice Live", "Tea Master", "Doctor Wang", "Banker", "Xiao Tang", "Xiao Yu", "Nightingale", "Mask")
    ),
    *(Place("alice", f"/home/registrations/{{}}/{page}/", (REGISTRATION, "Xiao Tang")) for page in ("renew", "retire", "transfer")),
    Place("alice", "/home/transfers/not-a-token/", status=404),
    *(Place("alice", "/labels/personas/{}/", (PERSONA, name)) for name in ("Xiao Tang", "Star Guide", "Old Dream")),
    *(Place("alice", "/licences/for/{}/", (PERSONA, name)) for name in ("Cloud", "A Luo", "Xiao Tang", "Xiao Yu")),
]
IDENTITY = [
    *(Place(name, "/identity/") for name in ("alice", "eve", "ivy", "jack", "kim", "leo", "may", "nina", "otto")),
    *(Place(name, "/identity/guardians/") for name in ("nina", "otto", "carol", "eve")),
    Place("carol", "/identity/guardians/{}/withdraw/", (GUARDIANSHIP, "otto")),
    *(Place(name, "/identity/confirm/") for name in ("alice", "carol", "eve")),
    *(Place("ivy", f"/identity/{step}/") for step in ("consent", "details", "document", "selfie")),
    Place("kim", "/identity/document/"),
    *(Place("alice", f"/identity/{page}/") for page in ("face", "consents", "withdraw")),
]
LIKENESS = [
    Place("eve", "/licences/mine/"),
    Place("carol", "/licences/mine/"),
    Place("carol", "/licences/mine/{}/", (LICENCE, "Xiao Yu")),
    *(Place("carol", f"/licences/mine/{{}}/{page}", (LICENCE, "Xiao Tang")) for page in ("", "narrow/", "withdraw/")),
]
ORGANISATIONS = [
    *(Place(name, "/organisations/") for name in ("alice", "carol", "eve", "kim")),
    *(Place(name, f"/organisations/{{}}/{page}", (ORGANISATION, STAR)) for name in ("alice", "carol") for page in ("", "agents/")),
    Place("alice", "/organisations/{}/end/", (MANDATE, "carol")),
    *(Place("alice", f"/organisations/{{}}/{page}", (ORGANISATION, SEA)) for page in ("", "details/", "licence/", "letter/", "check/")),
    Place("carol", "/organisations/{}/", (ORGANISATION, MOON)),
    Place("carol", "/personas/new/"),
    Place("alice", "/home/personas/{}/", (PERSONA, "Star Guide")),
    Place("", "/r/{}/", ("record", "organisation")),
    Place("eve", "/organisations/mandate/not-a-token/", status=404),
    Place("bob", "/desk/?tab=organisations"),
    *(Place("bob", "/desk/organisations/{}/", (ORGANISATION, code)) for code in (STAR, MOON, SEA)),
    Place("bob", "/desk/organisations/{}/revoke/", (ORGANISATION, STAR)),
    Place("bob", "/desk/applications/{}/", (APPLICATION, "Star Guide")),
]
DESK = [
    *(Place("bob", f"/desk/?tab={tab}") for tab in ("all", "mine", "done")),
    Place("bob", "/desk/?q=nothing-fits-this"),
    Place("frank", "/desk/"),
    *(Place("bob", "/desk/cases/{}/", (CASE, name)) for name in ("jack", "leo")),
    *(Place("bob", "/desk/applications/{}/", (APPLICATION, name)) for name in ("Mirror", "Tea Master", "Xiao Tang", "Nightingale", "Mask")),
    *(Place("bob", "/desk/cases/{}/", (CASE, name)) for name in ("nina", "otto")),
    Place("dana", "/desk/applications/{}/", (APPLICATION, "Mirror")),
    Place("bob", "/desk/checks/"),
    Place("bob", "/desk/checks/guardians/{}/", (GUARDIANSHIP, "otto")),
    Place("frank", "/desk/checks/guardians/{}/", (GUARDIANSHIP, "otto")),
    *(Place("bob", f"/desk/registrations/{{}}/{page}", (REGISTRATION, "Xiao Tang")) for page in ("", "revoke/")),
    Place("frank", "/desk/registrations/{}/", (REGISTRATION, "Xiao Tang")),
    *(Place(name, f"/desk/reports/{page}") for name in ("bob", "frank") for page in ("", "?closed")),
    *(Place(name, "/desk/reports/{}/", (REPORT, "Nightingale")) for name in ("bob", "frank")),
]
_OF_PLATFORM = ("", "keys/", "keys/new/", "clients/", "clients/new/", "webhooks/", "webhooks/add/", "usage/", "members/", "live/")
PLATFORMS = [
    *(Place(name, "/developers/platforms/") for name in ("alice", "carol", "eve")),
    Place("carol", "/developers/platforms/new/"),
    *(Place("alice", f"/developers/platforms/{{}}/{page}", (PLATFORM, "demo-live")) for page in _OF_PLATFORM),
    *(Place("eve", f"/developers/platforms/{{}}/{page}", (PLATFORM, "river-video")) for page in _OF_PLATFORM),
    *(Place("alice", f"/developers/platforms/{{}}/{page}/", (KEY, "ingest")) for page in ("rotate", "end", "addresses")),
    Place("alice", "/developers/platforms/{}/revoke/", (CLIENT, "catalogue")),
    Place("eve", "/developers/platforms/invitation/not-a-token/", status=404),
    Place("grace", "/developers/requests/"),
    Place("grace", "/developers/requests/{}/", (ASKED, "river-video")),
    Place("alice", "/developers/requests/", status=403),
]
PLACES = [*PUBLIC, *ACCOUNT, *OPERATOR, *IDENTITY, *LIKENESS, *ORGANISATIONS, *DESK, *PLATFORMS]


def enter(visitor: Visitor, who: str) -> None:
    """Signs in as one of the cast, if it is one."""
    if who:
        steps.sign_in_of_the_cast(visitor, who)
