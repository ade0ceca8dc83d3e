"""Registrations as platforms read them: one by its ID, and the list of one's own."""

from datetime import timedelta
from typing import Any

import pytest

from portal.accounts.models import User
from portal.kit import clock
from registry.issuing import registry_id as ids
from registry.issuing.models import Hold, Registration
from tests.portal.api.rows import Calling
from tests.registry.rows import registration_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(db: None) -> Calling:
    """The platform on which Alice's personas appear."""
    return Calling("demo-live")


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registered persona of Alice."""
    return registration_of(alice, now=clock.now())


def printed(row: Registration) -> str:
    """Returns the ID as it is shown."""
    return ids.printed(row.registry_id)


def test_a_platform_reads_a_registration_and_nothing_of_a_person(live: Calling, registration: Registration, alice: User) -> None:
    answer = live.get(f"registrations/{printed(registration).lower().replace('-', '')}")
    told = answer.json()
    assert (told["registry_id"], told["status"], told["holds"], told["version"]) == (printed(registration), "active", [], 1)
    assert told["operator"] == {"class": "person", "verified": True}
    assert told["issued_at"].endswith("Z")
    assert told["links"] == {
        "self": f"http://localhost:8000/api/v1/registrations/{printed(registration)}",
        "record": f"http://localhost:8000/r/{printed(registration)}/",
        "certificate": None,
    }
    assert "Person" not in answer.content.decode()
    assert alice.email not in answer.content.decode()


def test_its_version_follows_the_status(live: Calling, registration: Registration) -> None:
    path = f"registrations/{printed(registration)}"
    first = live.get(path)
    assert live.get(path, **{"If-None-Match": first["ETag"]}).status_code == 304
    Hold.objects.create(registration=registration, party="officer", reason="x", placed_at=clock.now())
    second = live.get(path, **{"If-None-Match": first["ETag"]})
    assert (second.status_code, second.json()["status"], second.json()["holds"]) == (200, "suspended", ["officer"])


@pytest.mark.parametrize("typed", ["VH-0000-0000-0000", "x", "VH", "%20", "VH-7K3M-9QRT-2XW%00", "あ"])
def test_what_is_no_id_is_looked_up_nowhere(live: Calling, typed: str, django_assert_max_num_queries: Any) -> None:
    live.get("caller")
    with django_assert_max_num_queries(5):  # the key, two quotas, usage
        answer = live.get(f"registrations/{typed}")
    assert (answer.status_code, answer.json()["code"]) == (400, "registry_id_malformed")


def test_an_id_that_nobody_has_is_unknown(live: Calling) -> None:
    answer = live.get(f"registrations/{ids.printed(ids.draw())}")
    assert (answer.status_code, answer.json()["code"]) == (404, "persona_unknown")


def test_the_list_is_of_ones_own_platform(live: Calling, registration: Registration, alice: User) -> None:
    registration_of(alice, now=clock.now(), platforms=["other"])
    both = registration_of(alice, now=clock.now(), platforms=["other", "demo-live"])
    assert [each["registry_id"] for each in live.get("registrations").json()["items"]] == [printed(registration), printed(both)]
    assert live.get("registrations?handle=@lin").json()["items"] != []
    assert live.get("registrations?handle=@li").json()["items"] == []
    assert len(Calling("other").get("registrations").json()["items"]) == 2
    assert Calling("nobody").get("registrations").json()["items"] == []


def pages(live: Calling, query: str) -> list[str]:
    """Returns the IDs of every page."""
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = live.get(f"registrations?{query}" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [each["registry_id"] for each in page["items"]]
        cursor = page["next_cursor"]
    return seen


def test_a_status_is_looked_for_through_every_page(live: Calling, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.api.queries.LOOKED_AT", 3)
    now = clock.now()
    rows = [registration_of(alice, now=now - timedelta(hours=turn // 2)) for turn in range(9)]
    suspended, ended, revoked = rows[0], rows[4], rows[7]
    Hold.objects.create(registration=suspended, party="officer", reason="x", placed_at=now)
    Registration.objects.filter(pk=ended.pk).update(expires_at=now)
    Registration.objects.filter(pk=revoked.pk).update(revoked_at=now, retired_at=now)
    found = {status: pages(live, f"limit=2&status={status}") for status in ("active", "suspended", "expired", "revoked", "retired")}
    others = {printed(row) for row in rows} - {printed(row) for row in (suspended, ended, revoked)}
    assert (len(found["active"]), set(found["active"])) == (6, others)
    assert [found[each] for each in ("suspended", "expired", "revoked", "retired")] == [
        [printed(suspended)],
        [printed(ended)],
        [printed(revoked)],
        [],
    ]
    assert len(pages(live, "limit=2")) == 9


def test_what_changed_since_a_moment_is_asked_in_any_zone(live: Calling, registration: Registration) -> None:
    at = clock.rfc3339(registration.changed_at)
    later = clock.rfc3339(registration.changed_at + timedelta(seconds=1))
    assert pages(live, f"updated_since={at}") == [printed(registration)]
    assert pages(live, f"updated_since={later}") == []
    assert pages(live, "updated_since=2026-03-02T10:00:00%2B08:00") == [printed(registration)]
