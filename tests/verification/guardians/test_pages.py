"""The pages and mails of both sides, as a browser without JavaScript uses them."""

import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.kit import clock
from tests.post import deliver, read
from tests.registry import rows
from tests.registry.desk.desk import signed_in, text_of
from tests.registry.likenesses import PIXEL
from tests.verification.guardians.conftest import Granted, confirm
from verification.guardians import queries, services
from verification.guardians.models import Guardianship


@pytest.fixture
def now() -> datetime:
    """The present: pages ask the clock themselves."""
    return clock.now()


def test_the_whole_way_of_both_sides(nina: User, carol: User, bob: User, now: datetime) -> None:
    minor, guardian, officer = signed_in(nina), Client(), signed_in(bob)
    assert "A guardian must consent" in text_of(minor.get("/identity/"))
    assert "A guardian must consent" in text_of(minor.get("/home/"))
    assert minor.post("/identity/guardians/", {"email": carol.email}).status_code == 302
    assert carol.email in text_of(minor.get("/identity/guardians/"))
    mail = deliver()[-1]
    assert (mail.to, "nina" in read([mail])) == ([carol.email], False)
    link = re.search(r"http://localhost:8000(/identity/guardians/i/\S+)", str(mail.body))
    assert link is not None
    landing = link[1]
    page = text_of(guardian.get(landing))
    assert "Do you consent as their guardian?" in page
    assert "nina" not in page
    assert guardian.post(landing, {"way": "signup"})["Location"].startswith("/accounts/signup/?next=")
    guardian.force_login(carol)
    answer = guardian.post(landing)["Location"]
    assert "First, verify your identity" in text_of(guardian.get(answer))
    rows.verified(carol, now=now)
    assert guardian.post(answer, {"relation": "parent"}).status_code == 422
    proof = SimpleUploadedFile("register.jpg", PIXEL, "image/jpeg")
    assert guardian.post(answer, {"relation": "parent", "picture": proof}).status_code == 302
    row = Guardianship.objects.get()
    Guardianship.objects.update(compared_at=now)
    assert guardian.get(f"/identity/guardians/{row.pk}/proof/")["Content-Type"] == "image/jpeg"
    assert "1 guardian or selfie waits" in text_of(officer.get("/desk/"))
    assert row.reference in text_of(officer.get("/desk/checks/"))
    desk = f"/desk/checks/guardians/{row.pk}/"
    assert "Nina Specimen" in text_of(officer.get(desk))
    assert officer.post(desk, {"verdict": "refuse"}).status_code == 422
    assert officer.post(desk, {"verdict": "confirm"})["Location"] == "/desk/checks/"
    assert [sorted(mail.to) for mail in deliver()[-2:]] in ([[carol.email], [nina.email]], [[nina.email], [carol.email]])
    assert queries.guardian_consents(nina.pk, clock.now())
    assert "It ends by itself on your 18th birthday" in text_of(minor.get("/identity/guardians/"))
    assert "Withdraw …" in text_of(guardian.get("/identity/guardians/"))
    assert guardian.post(f"/identity/guardians/{row.pk}/withdraw/").status_code == 302
    assert not queries.guardian_consents(nina.pk, clock.now())
    assert deliver()[-1].subject == "The guardian's consent was withdrawn"


def test_the_officer_sees_the_guardian_beside_the_case(nina: User, carol: User, bob: User, now: datetime, granted: Granted) -> None:
    browser, case = signed_in(bob), nina.cases.get()
    assert "cannot be verified without a guardian" in text_of(browser.get(f"/desk/cases/{case.pk}/"))
    row = granted(carol)
    page = text_of(browser.get(f"/desk/cases/{case.pk}/"))
    assert f"Open {row.reference}" in page
    assert "The guardian has consented" in page
    browser.post(f"/desk/cases/{case.pk}/claim/")
    answer = browser.post(f"/desk/cases/{case.pk}/decide/", {"verdict": "verified"})
    assert answer.status_code == 409
    assert "verified only once a guardian has consented" in text_of(answer)
    confirm(bob, row, now)
    assert browser.post(f"/desk/cases/{case.pk}/decide/", {"verdict": "verified"}).status_code == 302


def test_saying_no_needs_no_account(nina: User, now: datetime) -> None:
    _row, token = services.invite(actor=actor_for(nina), email="carol@example.org", now=now)
    browser, path = Client(), f"/identity/guardians/i/{token}/decline/"
    assert "Decline as a guardian?" in text_of(browser.get(path))
    assert "You have declined" in text_of(browser.post(path))
    assert browser.get(path).status_code == 404
    assert deliver()[-1].subject == "The guardian has declined"


def test_a_wrong_reader_is_told_so(nina: User, eve: User, now: datetime) -> None:
    _row, token = services.invite(actor=actor_for(nina), email="carol@example.org", now=now)
    for user, title in ((eve, "sent to another address"), (nina, "your own invitation")):
        answer = signed_in(user).get(f"/identity/guardians/i/{token}/")
        assert (answer.status_code, title in text_of(answer)) == (403, True)


def test_a_stranger_and_an_auditor_change_nothing(nina: User, carol: User, eve: User, frank: User, granted: Granted) -> None:
    row = granted(carol)
    inside = [f"/identity/guardians/{row.pk}/{page}" for page in ("", "decline/", "withdraw/", "proof/")]
    desk = f"/desk/checks/guardians/{row.pk}/"
    for path in (*inside, desk):
        for method in (signed_in(eve).get, signed_in(eve).post):
            assert method(path, {"verdict": "confirm"}).status_code in (403, 404, 405), path
    assert signed_in(frank).get(desk).status_code == 200
    assert signed_in(frank).post(desk, {"verdict": "confirm"}).status_code == 403
    row.refresh_from_db()
    assert row.state == "granted"


def test_somebody_of_age_sees_nothing_of_it(alice: User, now: datetime) -> None:
    rows.verified(alice, now=now)
    assert "guardian" not in text_of(signed_in(alice).get("/home/")).lower()
    assert "You need no guardian" in text_of(signed_in(alice).get("/identity/guardians/"))
