"""The record for programs: JSON and RDAP, what may be kept of it, and errors in the form asked for."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit import clock
from registry.issuing import registry_id as ids
from registry.issuing import services
from registry.issuing.models import Party, Registration
from tests import organisations
from tests.registry.rows import registration_of

Act = Callable[[User], Actor]
RDAP = "application/rdap+json"
UNKNOWN, MALFORMED = "VH-M9S3-46Q3-D25Q", "VH-M9S3-46Q3-D25R"
KINDS = [("/", RDAP), (".json", RDAP), (".json", "application/json"), ("/", "application/json"), (".json", "*/*")]


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registered synthetic persona of Alice."""
    return registration_of(alice, now=clock.now())


def path(registration: Registration, end: str = "/") -> str:
    """Returns the record's address."""
    return f"/r/{ids.printed(registration.registry_id)}{end}"


def rdap(client: Client, registration: Registration) -> dict[str, Any]:
    """Returns the record as RDAP."""
    response = client.get(path(registration), headers={"accept": RDAP})
    assert response["Content-Type"] == RDAP
    told: dict[str, Any] = json.loads(response.content)
    return told


def test_rdap_names_what_rdap_names(client: Client, registration: Registration) -> None:
    told, printed = rdap(client, registration), ids.printed(registration.registry_id)
    assert told["rdapConformance"] == ["rdap_level_0", "vhr"]
    assert (told["handle"], told["status"], told["vhr_status"]) == (printed, ["active"], ["active"])
    own = {"rdapConformance", "objectClassName", "handle", "status", "events", "entities", "links", "notices", "remarks", "lang"}
    assert {name for name in told if not name.startswith("vhr_")} == own
    [self_link, *_others] = told["links"]
    page = f"http://localhost:8000/r/{printed}/"
    assert self_link == {"value": page, "rel": "self", "href": page, "type": RDAP}
    assert all(set(link) == {"value", "rel", "href", "type"} for link in told["links"])
    assert all(isinstance(line, str) for notice in told["notices"] for line in notice["description"])


def test_a_person_is_redacted_and_that_is_announced(client: Client, registration: Registration) -> None:
    [entity] = rdap(client, registration)["entities"]
    assert (entity["roles"], entity["status"]) == (["registrant"], ["validated", "private"])
    assert entity["remarks"][0]["type"] == "object redacted due to authorization"
    assert {"vcardArray", "handle", "publicIds"}.isdisjoint(entity)


def test_an_organisation_is_named_and_its_people_are_not(client: Client, carol: User, bob: User) -> None:
    now = clock.now()
    organisation = organisations.decided(organisations.submitted(carol, now), bob, now)
    registration = registration_of(carol, now=now)
    Registration.objects.filter(pk=registration.pk).update(operator=organisation.operator)
    told = rdap(client, registration)
    [entity] = told["entities"]
    assert entity["publicIds"] == [{"type": "Unified Social Credit Code", "identifier": organisations.CODE}]
    assert ["fn", {}, "text", "星河文化有限公司"] in entity["vcardArray"][1]
    assert "林样本" not in json.dumps(told, ensure_ascii=False)


def test_what_happened_has_rdaps_names(client: Client, registration: Registration, alice: User, bob: User, act: Act) -> None:
    kept = {"registration_id": registration.pk, "party": Party.OPERATOR}
    services.place_hold(actor=act(alice), reason="pause", note="", now=clock.now(), **kept)  # type: ignore[arg-type]
    told = rdap(client, registration)
    assert (told["status"], told["vhr_status"]) == (["client hold"], ["suspended"])
    services.lift_hold(actor=act(alice), now=clock.now(), **kept)  # type: ignore[arg-type]
    services.revoke(actor=act(bob), registration_id=registration.pk, reason="legal_order", now=clock.now())
    told = rdap(client, registration)
    assert [each["eventAction"] for each in told["events"]] == ["deletion", "unlocked", "locked", "expiration"]
    assert told["vhr_revocation"]["reason"] == "legal_order"
    for event in told["events"]:
        assert event["eventDate"].endswith("Z")
        assert datetime.fromisoformat(event["eventDate"]).utcoffset() is not None


@pytest.mark.parametrize(("end", "accept"), KINDS)
def test_each_form_has_a_validator_of_its_own_and_may_be_kept(client: Client, registration: Registration, end: str, accept: str) -> None:
    first = client.get(path(registration, end), headers={"accept": accept})
    assert first["Content-Type"] == (RDAP if accept == RDAP else "application/json")
    assert not first["ETag"].startswith("W/")
    assert first["Cache-Control"] == "public, max-age=5, stale-if-error=300"
    assert "Accept" in first["Vary"].split(", ")
    assert (first["Access-Control-Allow-Origin"], first["Cross-Origin-Resource-Policy"]) == ("*", "cross-origin")
    other = client.get(path(registration, end), headers={"accept": "application/json" if accept == RDAP else RDAP})
    assert other["ETag"] != first["ETag"]
    for known in (first["ETag"], f'"x", {first["ETag"]}', "W/" + first["ETag"], "*"):
        again = client.get(path(registration, end), headers={"accept": accept, "if-none-match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Access-Control-Allow-Origin"] == "*"
        assert again["Cache-Control"] == first["Cache-Control"]
    assert client.get(path(registration, end), headers={"accept": accept, "if-none-match": '"x"'}).status_code == 200


@pytest.mark.parametrize(("end", "accept"), KINDS)
def test_head_and_preflight_are_answered(client: Client, registration: Registration, end: str, accept: str) -> None:
    got, head = (ask(path(registration, end), headers={"accept": accept}) for ask in (client.get, client.head))
    assert (head.status_code, head.content) == (200, b"")
    assert [head[name] for name in ("ETag", "Content-Type", "Content-Length")] == [
        got[name] for name in ("ETag", "Content-Type", "Content-Length")
    ]
    before = client.options(path(registration, end), headers={"accept": accept, "origin": "https://elsewhere.example"})
    assert (before.status_code, before["Access-Control-Allow-Headers"]) == (204, "Accept, If-None-Match")


@pytest.mark.parametrize(("name", "status"), [(UNKNOWN, 404), (MALFORMED, 400)])
@pytest.mark.django_db
def test_errors_come_in_the_form_asked_for(client: Client, name: str, status: int) -> None:
    for address in (f"/r/{name}/", f"/r/{name}.json"):
        refused = client.get(address, headers={"accept": RDAP})
        told = json.loads(refused.content)
        assert (refused.status_code, refused["Content-Type"], told["errorCode"]) == (status, RDAP, status)
        assert told["rdapConformance"]
        assert isinstance(told["description"], list)
        problem = client.get(address, headers={"accept": "application/json"})
        assert (problem["Content-Type"], json.loads(problem.content)["status"]) == ("application/problem+json", status)
        assert problem["Cache-Control"] == "no-store"
        assert problem["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("accept", ["text/html", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png"])
def test_browsers_get_the_page(client: Client, registration: Registration, accept: str) -> None:
    page = client.get(path(registration), headers={"accept": accept})
    assert page["Content-Type"].startswith("text/html")
    assert "Accept" in page["Vary"].split(", ")
