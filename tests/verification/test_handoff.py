"""From the computer to a phone and back: what the link lets through, and what it does not."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from portal.access.actor import ANONYMOUS
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit.errors import Forbidden, NotFound
from tests.verification import rows
from verification import rules, services
from verification.models import Case, Handoff
from verification.services import handoff
from verification.states import CaseState


@pytest.fixture
def case(alice: User, now: datetime) -> Case:
    """Alice's case, whose pictures are missing."""
    return rows.draft(alice, now)


def given(case: Case, now: datetime) -> str:
    """Returns the token of a new handoff."""
    return services.hand_off(actor=actor_for(case.user), case=case, now=now)[1]


def test_the_link_opens_once(case: Case, now: datetime) -> None:
    token = given(case, now)
    taken = services.take_over(actor=ANONYMOUS, token=token, now=now)
    assert taken.case == case
    with pytest.raises(NotFound):
        services.take_over(actor=ANONYMOUS, token=token, now=now)
    assert Entry.objects.filter(subject_id=case.pk, event="case.handed_off").count() == 1


def test_the_link_ends_after_ten_minutes(case: Case, now: datetime) -> None:
    token = given(case, now)
    assert handoff.waiting(token, now + rules.HANDOFF_OPEN - timedelta(seconds=1))
    with pytest.raises(NotFound):
        services.take_over(actor=ANONYMOUS, token=token, now=now + rules.HANDOFF_OPEN)


def test_a_new_link_closes_the_one_before(case: Case, now: datetime) -> None:
    first = given(case, now)
    second = given(case, now)
    assert handoff.waiting(first, now) is None
    assert handoff.waiting(second, now)


def test_the_token_is_not_stored(case: Case, now: datetime) -> None:
    token = given(case, now)
    assert token not in str(list(Handoff.objects.values_list("digest", "id")))


def test_a_stranger_hands_nobody_elses_case_off(case: Case, eve: User, now: datetime) -> None:
    with pytest.raises(NotFound):
        services.hand_off(actor=actor_for(eve), case=case, now=now)


def test_a_phone_takes_pictures_and_does_nothing_else(case: Case, now: datetime) -> None:
    taken = services.take_over(actor=ANONYMOUS, token=given(case, now), now=now)
    found = handoff.phone(str(taken.pk), now)
    assert found is not None
    phone, mine = found
    assert mine == case
    told = {"document_type": "passport", "full_name": "Eve", "number": "E123", "birth_date": None}
    with pytest.raises(Forbidden):
        services.describe(actor=phone, case=mine, now=now, **told)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        services.submit(actor=phone, case=mine, now=now)
    with pytest.raises(Forbidden):
        services.consent(actor=phone, purposes=["processing"], now=now)
    with pytest.raises(Forbidden):
        services.hand_off(actor=phone, case=mine, now=now)
    with pytest.raises(Forbidden):
        services.appeal(actor=phone, text="please", now=now)
    with pytest.raises(Forbidden):
        services.take_back_face(actor=phone, now=now)


def test_the_phone_ends_with_its_time_with_the_turn_and_with_the_way_back(case: Case, now: datetime) -> None:
    taken = services.take_over(actor=ANONYMOUS, token=given(case, now), now=now)
    held = str(taken.pk)
    assert handoff.phone(held, now + rules.HANDOFF_LASTS - timedelta(seconds=1))
    assert handoff.phone(held, now + rules.HANDOFF_LASTS) is None
    Case.objects.filter(pk=case.pk).update(state=CaseState.PROCESSING)
    assert handoff.phone(held, now) is None
    Case.objects.filter(pk=case.pk).update(state=CaseState.DRAFT)
    phone = handoff.phone(held, now)
    assert phone is not None
    services.hand_back(actor=phone[0], handoff_id=taken.pk, now=now)
    assert handoff.phone(held, now) is None


def test_looking_at_the_link_opens_nothing(client: Client, alice: User) -> None:
    from_computer = Client()
    from_computer.force_login(alice)
    moment = datetime.now().astimezone()
    rows.draft(alice, moment)
    page = from_computer.post("/identity/phone/")
    token = page.context["link"].rsplit("/", 2)[1]
    for _look in range(2):
        seen = client.get(f"/identity/phone/{token}/")
        assert seen.status_code == 200
        assert "al•••@example.org" in seen.content.decode()
        assert "alice" not in seen.content.decode()
    opened = client.post(f"/identity/phone/{token}/")
    assert (opened.status_code, opened["Location"]) == (302, "/identity/document/")
    assert client.get("/identity/document/").status_code == 200
    assert Client().post(f"/identity/phone/{token}/").status_code == 410


def test_on_a_phone_only_the_pages_of_pictures_open(client: Client, alice: User) -> None:
    moment = datetime.now().astimezone()
    case = rows.draft(alice, moment)
    taken = services.take_over(actor=ANONYMOUS, token=given(case, moment), now=moment)
    session = client.session
    session["verification.handoff"] = str(taken.pk)
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    for page in ("", "consent/", "details/", "check/", "face/", "appeal/", "meeting/", "consents/", "withdraw/", "phone/"):
        assert client.get(f"/identity/{page}")["Location"].startswith("/accounts/login/"), page
    for page in ("/home/", "/personas/", "/licences/mine/", "/desk/"):
        assert client.get(page)["Location"].startswith("/accounts/login/"), page
    assert client.get("/identity/document/").status_code == 200
    other = rows.draft(User.objects.create_user("x@example.org"), moment, document_image=rows.picture())
    assert client.get(f"/identity/pictures/{other.document_image_id}/").status_code == 404


def test_the_computer_follows_the_phone(client: Client, alice: User) -> None:
    moment = datetime.now().astimezone()
    case = rows.draft(alice, moment)
    client.force_login(alice)
    assert 'data-handoff="waiting"' in client.post("/identity/phone/").content.decode()
    assert client.get("/identity/phone/progress/?seen=waiting").status_code == 204
    Handoff.objects.filter(case=case).update(opened_at=moment)
    assert 'data-handoff="opened-3"' in client.get("/identity/phone/progress/?seen=waiting").content.decode()
    Case.objects.filter(pk=case.pk).update(document_image=rows.picture(), document_back_image=rows.picture(), selfie_image=rows.picture())
    assert 'data-handoff="done"' in client.get("/identity/phone/progress/?seen=opened-3").content.decode()
