"""The public record: what anybody may read, and what nobody may."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import escape, unescape
from typing import Any

import pytest
from django.test import Client

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit import clock
from registry.issuing import registry_id as ids
from registry.issuing import services
from registry.issuing.models import Party, Registration
from registry.issuing.verdict import REGISTRY_ZONE
from tests.registry.rows import registration_of

UNKNOWN = "VH-M9S3-46Q3-D25Q"  # well formed, and never issued here
Act = Callable[[User], Actor]


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registered synthetic persona of Alice."""
    return registration_of(alice, now=clock.now())


def path(registration: Registration, end: str = "/") -> str:
    """Returns the record's address."""
    return f"/r/{ids.printed(registration.registry_id)}{end}"


def test_anybody_reads_the_record(client: Client, registration: Registration, alice: User) -> None:
    body = client.get(path(registration)).content.decode()
    assert ids.printed(registration.registry_id) in body
    assert "小林" in body
    assert alice.email not in body
    assert "data:image/svg+xml" in body


@pytest.mark.parametrize("spoil", [str.lower, lambda text: text.replace("-", ""), lambda text: text.removeprefix("VH-")])
def test_another_spelling_leads_to_the_printed_one(client: Client, registration: Registration, spoil: Callable[[str], str]) -> None:
    response = client.get(f"/r/{spoil(ids.printed(registration.registry_id))}/")
    assert response.status_code == 301
    assert response["Location"] == path(registration)


@pytest.mark.parametrize(("text", "status"), [(UNKNOWN, 404), ("VH-0000-0000-0000", 400), ("nonsense", 400), ("VH-", 400), ("%00", 400)])
@pytest.mark.django_db
def test_what_is_not_registered_is_not_found(client: Client, text: str, status: int) -> None:
    assert client.get(f"/r/{text}/").status_code == status
    problem = client.get(f"/r/{text}.json")
    assert (problem.status_code, problem["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(problem.content)["code"] == ("not_found" if status == 404 else "registry_id_malformed")


def test_the_twin_says_what_the_page_says_and_names_nobody(client: Client, registration: Registration, alice: User) -> None:
    response = client.get(path(registration, ".json"))
    record = json.loads(response.content)
    assert record["handle"] == ids.printed(registration.registry_id)
    assert record["status"] == ["active"]
    assert record["consent"] == "not_needed"
    month = clock.now().astimezone(REGISTRY_ZONE).strftime("%Y-%m")
    assert record["entities"] == [{"roles": ["operator"], "class": "person", "verified": True, "last_verified": month}]
    assert str(alice.pk) not in response.content.decode()
    assert str(registration.pk) not in response.content.decode()


def test_an_unchanged_record_is_not_sent_again_and_a_changed_one_is(
    client: Client, registration: Registration, alice: User, act: Act
) -> None:
    first = client.get(path(registration, ".json"))
    assert client.get(path(registration, ".json"), headers={"if-none-match": first["ETag"]}).status_code == 304
    services.place_hold(
        actor=act(alice), registration_id=registration.pk, party=Party.OPERATOR, reason="pause", note="private words", now=clock.now()
    )
    again = client.get(path(registration, ".json"), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert json.loads(again.content)["status"] == ["suspended"]
    assert "private words" not in again.content.decode()
    assert "private words" not in client.get(path(registration)).content.decode()


def test_a_revoked_record_stays_and_shows_no_face(client: Client, registration: Registration, bob: User, act: Act) -> None:
    services.revoke(actor=act(bob), registration_id=registration.pk, reason="false_statements", now=clock.now())
    page = client.get(path(registration))
    assert (page.status_code, "It was registered on false statements" in page.content.decode()) == (200, True)
    assert "/portrait/" not in page.content.decode()
    assert client.get(path(registration, "/portrait/")).status_code == 404
    record = json.loads(client.get(path(registration, ".json")).content)
    assert (record["status"], record["revocation"]["reason"]) == (["revoked"], "false_statements")
    assert ids.printed(registration.registry_id) in client.get("/search/", {"q": "小林"}).content.decode()


def test_search_leads_to_an_id_and_lists_names(client: Client, registration: Registration) -> None:
    printed = ids.printed(registration.registry_id)
    assert client.get("/search/", {"q": printed.lower()})["Location"] == path(registration)
    for query in ("小林", "lin", "@LIN"):
        assert printed in client.get("/search/", {"q": query}).content.decode(), query
    for query in ("", "l", "nobody here", "%", "x" * 5000, "' OR 1=1 --"):
        assert printed not in client.get("/search/", {"q": query}).content.decode(), query


def test_a_registration_that_ran_out_is_expired(client: Client, registration: Registration) -> None:
    Registration.objects.filter(pk=registration.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    assert json.loads(client.get(path(registration, ".json")).content)["status"] == ["expired"]


@pytest.mark.parametrize("door", ["/r/{}/", "/r/{}.json", "/r/{}/portrait/", "/certificates/{}.jwt", "/certificates/{}.pdf"])
@pytest.mark.django_db
def test_a_malformed_id_reaches_no_query(door: str, client: Client, django_assert_num_queries: Any) -> None:
    right = ids.draw()
    wrong = [right[:-1] + letter for letter in ids.ALPHABET if letter != right[-1]]
    swapped = right[1] + right[0] + right[2:]
    for text in [*wrong, *([swapped] if swapped != right else []), f"U{right[1:]}", right[:-1], right + "0", "%00" * 12]:
        with django_assert_num_queries(0):
            assert client.get(door.format(text)).status_code == 400


def test_a_retired_record_is_a_tombstone(client: Client, registration: Registration) -> None:
    Registration.objects.filter(pk=registration.pk).update(retired_at=clock.now())
    body = client.get(path(registration)).content.decode()
    assert "The operator has ended the registration" in body
    assert "/portrait/" not in body


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("VH-M9S3-46Q3-D25R", "Its last character does not fit"),
        ("VH-M9S3-46U3-D25Q", "a character that no registry ID has"),
        ("VH-M9S3-46Q3", "twelve characters after VH"),
        ("x", "at least two letters"),
    ],
)
@pytest.mark.django_db
def test_a_mistake_is_told_and_asks_the_database_nothing(
    client: Client, query: str, told: str, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    with django_assert_num_queries(0):
        assert told in client.get("/search/", {"q": query}).content.decode()


def test_search_pages_on_and_keeps_its_filters(client: Client, alice: User) -> None:
    for _each in range(21):
        registration_of(alice, now=clock.now())
    body = client.get("/search/", {"q": "lin", "status": "active"}).content.decode()
    [address] = re.findall(r'rel="next" href="([^"]+)"', body)
    again = client.get("/search/" + unescape(address)).content.decode()
    assert body.count("<tr>") == 1 + 20
    assert again.count("<tr>") == 1 + 1
    assert client.get("/search/", {"q": "lin", "cursor": "made up"}).status_code == 400


def test_the_page_offers_the_badge_the_print_and_the_report(client: Client, registration: Registration) -> None:
    body, printed = client.get(path(registration)).content.decode(), ids.printed(registration.registry_id)
    markup = f'<img src="http://localhost:8000/badge/{printed}.svg" alt="Virtual human {printed}" height="20">'
    assert escape(markup) in body
    assert "data-print" in body
    assert f"/r/{printed}/report/" in body
