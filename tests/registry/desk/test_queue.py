"""One list of what waits, for officers to work and auditors to read."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from registry.personas.models import Application
from tests.registry.desk.desk import signed_in, waiting_application, waiting_case
from verification.models import Case
from verification.states import CaseState

QUEUE = "/desk/"


def _body(user: User, query: str = "") -> str:
    return signed_in(user).get(QUEUE + query).content.decode()


def test_an_officer_sees_cases_and_applications_the_oldest_first(bob: User, case: Case, application: Application) -> None:
    body = _body(bob)
    assert body.index(case.reference) < body.index(application.reference)
    assert "Claim next" in body


def test_the_tabs_show_their_part_and_count_it(bob: User, case: Case, application: Application) -> None:
    body = _body(bob, "?tab=cases")
    assert case.reference in body
    assert application.reference not in body
    assert body.count('class="tab-count"') == 6


def test_an_unknown_tab_or_page_shows_the_whole_queue(bob: User, case: Case) -> None:
    assert case.reference in _body(bob, "?tab=nonsense&page=99")


def test_an_auditor_reads_everything_and_finds_no_button(frank: User, case: Case, application: Application) -> None:
    body = _body(frank)
    assert case.reference in body
    assert application.reference in body
    assert "Claim next" not in body
    page = signed_in(frank).get(reverse("desk:case", args=[case.pk])).content.decode()
    assert reverse("desk:claim_case", args=[case.pk]) not in page
    assert reverse("desk:decide_case", args=[case.pk]) not in page


def test_an_auditor_may_not_claim_or_decide(frank: User, case: Case, application: Application) -> None:
    client = signed_in(frank)
    verdict = {"verdict": "verified"}
    assert client.post(reverse("desk:claim_next")).status_code == 403
    assert client.post(reverse("desk:claim_case", args=[case.pk])).status_code == 403
    assert client.post(reverse("desk:claim_application", args=[application.pk])).status_code == 403
    assert client.post(reverse("desk:decide_case", args=[case.pk]), verdict).status_code == 403
    assert client.post(reverse("desk:preview_case", args=[case.pk]), verdict).status_code == 403


def test_an_operator_is_refused_everywhere(alice: User, case: Case, application: Application) -> None:
    client = signed_in(alice)
    pages = [QUEUE, reverse("desk:case", args=[case.pk]), reverse("desk:application", args=[application.pk])]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    posts = ["desk:claim_case", "desk:look_case", "desk:release_case", "desk:decide_case", "desk:preview_case"]
    assert {client.post(reverse(name, args=[case.pk]), {"verdict": "verified"}).status_code for name in posts} == {403}
    assert client.post(reverse("desk:claim_next")).status_code == 403


def test_whoever_is_not_signed_in_is_led_to_the_door(client: Client, case: Case) -> None:
    for page in (QUEUE, reverse("desk:case", args=[case.pk])):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_claim_next_takes_the_oldest_free_item_and_leads_to_it(bob: User, dana: User, case: Case, application: Application) -> None:
    first = signed_in(bob).post(reverse("desk:claim_next"))
    second = signed_in(dana).post(reverse("desk:claim_next"))
    assert first["Location"] == reverse("desk:case", args=[case.pk])
    assert second["Location"] == reverse("desk:application", args=[application.pk])
    third = signed_in(bob).post(reverse("desk:claim_next"), follow=True)
    assert "Nothing is left that you could claim." in third.content.decode()


def test_claim_next_takes_over_what_ran_out(bob: User, dana: User, case: Case, now: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(officer=dana, claimed_until=now - timedelta(minutes=1))
    signed_in(bob).post(reverse("desk:claim_next"))
    case.refresh_from_db()
    assert case.officer == bob


def test_an_officer_never_meets_their_own_things(bob: User, now: datetime) -> None:
    case, application = waiting_case(bob, now), waiting_application(bob, now)
    client = signed_in(bob)
    body = client.get(QUEUE).content.decode()
    assert case.reference not in body
    assert application.reference not in body
    assert client.get(reverse("desk:case", args=[case.pk])).status_code == 404
    assert client.get(reverse("desk:application", args=[application.pk])).status_code == 404
    assert client.get(f"{QUEUE}?q={case.reference}").content.decode().count("queue-row") == 0


def test_what_was_rejected_by_an_officer_is_left_to_another(bob: User, dana: User, carol: User, case: Case, now: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(state=CaseState.REJECTED, decided_by=bob, decided_at=now)
    again = waiting_case(carol, now)
    assert signed_in(bob).post(reverse("desk:claim_next"))["Location"] == QUEUE
    page = signed_in(bob).get(reverse("desk:case", args=[again.pk])).content.decode()
    assert "Another officer decides this time." in page
    assert reverse("desk:claim_case", args=[again.pk]) not in page
    assert signed_in(dana).post(reverse("desk:claim_next"))["Location"] == reverse("desk:case", args=[again.pk])


def test_long_waits_are_marked(bob: User, carol: User, now: datetime) -> None:
    waiting_case(carol, now, waits=timedelta(days=4))
    assert "chip-bad" in _body(bob)


def test_done_shows_what_was_decided_and_by_whom(bob: User, dana: User, case: Case, now: datetime) -> None:
    assert "Nothing decided yet" in _body(bob, "?tab=done")
    Case.objects.filter(pk=case.pk).update(state=CaseState.VERIFIED, decided_by=dana, decided_at=now)
    body = _body(bob, "?tab=done")
    assert case.reference in body
    assert dana.email in body
    assert "Nothing waits" in _body(bob)


@pytest.mark.parametrize("query", ["reference", "name", "nothing"])
def test_an_item_is_found_by_reference_or_name(bob: User, application: Application, query: str) -> None:
    asked = {"reference": application.reference, "name": "xinghe", "nothing": "A-00000000"}[query]
    found = application.reference in _body(bob, f"?q={asked}").replace(f'value="{asked}"', "").replace(f"“{asked}”", "")
    assert found is (query != "nothing")
