"""The lists over HTTP, as the draft wants them (§8, §9)."""

import gzip
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from portal.kit import clock
from registry.statuslist import rules
from registry.statuslist.models import StatusList
from registry.statuslist.relay import Relay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def row(transactional_db: None) -> StatusList:
    """A published list."""
    Relay().look(clock.now())
    return StatusList.objects.get()


def get(client: Client, row: StatusList, **headers: str) -> Any:
    """Returns the answer at the list's address."""
    return client.get(f"/statuslists/{row.pk}/", headers=headers)


def test_a_list_is_a_token_with_its_media_type_for_any_origin(client: Client, row: StatusList) -> None:
    answer = get(client, row, accept="application/statuslist+jwt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/statuslist+jwt")
    assert answer.content.decode() == row.token
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "max-age=5" in answer["Cache-Control"]
    assert "Content-Encoding" not in answer
    assert {"Accept", "Accept-Encoding"} <= {each.strip() for each in answer["Vary"].split(",")}


@pytest.mark.parametrize(
    ("encoding", "zipped"), [("gzip", True), ("br, GZIP;q=0.5", True), ("*", True), ("gzip;q=0", False), ("br", False)]
)
def test_gzip_is_sent_to_who_understands_it(client: Client, row: StatusList, encoding: str, zipped: bool) -> None:
    answer = get(client, row, accept_encoding=encoding)
    assert (answer.get("Content-Encoding") == "gzip") is zipped
    assert (gzip.decompress(answer.content) if zipped else answer.content).decode() == row.token


def test_who_has_it_is_told_so(client: Client, row: StatusList) -> None:
    etag = get(client, row)["ETag"]
    for known in (etag, f'"x", W/{etag}', "*"):
        answer = get(client, row, if_none_match=known)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert get(client, row, if_none_match=etag, accept_encoding="gzip").status_code == 200  # another representation
    Relay().look(clock.now() + rules.RENEW)
    assert get(client, row, if_none_match=etag).status_code == 200


def test_a_script_of_another_origin_may_ask_first(client: Client, row: StatusList) -> None:
    answer = client.options(f"/statuslists/{row.pk}/", headers={"origin": "https://live.example"})
    assert (answer.status_code, answer["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    assert client.head(f"/statuslists/{row.pk}/").status_code == 200


def test_another_form_another_time_and_another_list_are_problems(client: Client, row: StatusList) -> None:
    assert get(client, row, accept="application/statuslist+cwt").status_code == 406
    assert client.get(f"/statuslists/{row.pk}/?time=1686925000", headers={"accept": "application/json"}).status_code == 501
    assert client.get(f"/statuslists/{uuid.uuid4()}/").status_code == 404
    assert client.post(f"/statuslists/{row.pk}/").status_code == 405


def test_a_token_that_has_run_out_is_not_served(client: Client, row: StatusList) -> None:
    StatusList.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    answer = get(client, row, accept="application/statuslist+jwt, application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "list_not_published")


def test_every_list_is_named_in_one_place(client: Client, row: StatusList) -> None:
    answer = client.get("/statuslists/")
    assert (answer["Content-Type"], answer.json()) == ("application/json", {"status_lists": [row.uri]})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert row.uri.endswith(f"/statuslists/{row.pk}/")
