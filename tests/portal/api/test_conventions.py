"""The manners of every call: problems, strict questions, versions, identifiers, and who is asked."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from portal.accounts.models import ApiKey, Environment, Scope
from portal.api import limiting, usage
from portal.api.errors import QuotaExceeded
from portal.api.models import Usage
from portal.api.paging import Asked
from portal.kit import clock
from portal.webhooks.models import Endpoint
from tests.portal.api.rows import Calling

pytestmark = pytest.mark.django_db
NEW = {"url": "https://hooks.example.com/in", "contact": "ops@example.org"}


@pytest.fixture
def live(db: None) -> Calling:
    """A platform that may do everything."""
    return Calling("live")


@pytest.fixture
def other(db: None) -> Calling:
    """Another one."""
    return Calling("other")


def test_a_caller_learns_who_it_is(live: Calling) -> None:
    answer = live.get("caller")
    told = answer.json()
    assert (told["platform"], told["environment"], told["credential"]) == ("live", "live", str(live.key.pk))
    assert told["limits"] == [
        {"name": "burst", "limit": 120, "window_seconds": 60},
        {"name": "daily", "limit": 50_000, "window_seconds": 86_400},
    ]
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept"} <= {each.strip() for each in answer["Vary"].split(",")}


@pytest.mark.parametrize("header", ["", "Bearer", "Basic x", "Bearer vhk_live_x"])
def test_nobody_is_anonymous(live: Calling, header: str) -> None:
    answer = Client().get("/api/v1/caller", headers={"Authorization": header})
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (401, "application/problem+json", "key_bad")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path"), [("GET", "webhooks"), ("POST", "webhooks"), ("GET", "registrations")])
def test_a_scope_that_is_missing_is_named(db: None, method: str, path: str) -> None:
    answer = Calling("gate-only", Scope.CHECK).send(method, path, NEW if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_sandbox_key_asks_who_it_is_and_nothing_of_the_registry(live: Calling) -> None:
    test = Calling("live", platform=live.platform, environment=Environment.TEST)
    assert test.get("caller").json()["environment"] == "test"
    for path in ("registrations", "webhooks", "changes"):
        assert test.get(path).json()["code"] == "live_key_needed"
    counted = Usage.objects.order_by("operation").values_list("environment", "operation", "outcome", "calls")
    refused = [("test", name, "refused", 1) for name in ("list_changes", "list_registrations", "list_webhooks")]
    assert list(counted) == [("test", "get_caller", "ok", 1), *refused]


def test_a_key_with_a_list_of_addresses_counts_from_nowhere_else(live: Calling) -> None:
    bound = Calling("live", platform=live.platform, networks=["192.0.2.0/24"])
    answer = bound.get("caller", **{"X-Forwarded-For": "192.0.2.7"})
    assert (answer.status_code, answer.json()["code"]) == (403, "address_refused")


def test_a_problem_names_the_answer_it_is(live: Calling) -> None:
    answer = live.get("registrations/VH-0000-0000-0000")
    told = answer.json()
    assert told["request_id"] == answer["X-Request-ID"]
    assert (told["code"], told["status"], told["instance"]) == ("registry_id_malformed", 400, "/api/v1/registrations/VH-0000-0000-0000")


def test_the_callers_own_identifier_comes_back_and_never_is_ours(live: Calling) -> None:
    answer = live.get("caller", **{"X-Request-ID": "abc-1"})
    assert answer["X-Correlation-ID"] == "abc-1"
    assert answer["X-Request-ID"] != "abc-1"
    for bad in ("x" * 65, "a b", "é", "a\x7f", ""):
        assert "X-Correlation-ID" not in live.get("caller", **{"X-Request-ID": bad})


@pytest.mark.parametrize(
    "query",
    [
        *("?surprise=1", "?limit=0", "?limit=101", "?limit=1&limit=2", "?limit=%ED%A0%80", "?status=dancing", "?handle=%00"),
        *("?updated_since=2026-03-02", "?updated_since=2026-03-02T10:00:00", "?updated_since=2026-13-02T10:00:00Z"),
    ],
)
def test_a_parameter_that_is_unknown_doubled_or_wrong_is_refused(live: Calling, query: str) -> None:
    answer = live.get(f"registrations{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "parameters_invalid")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/" + query[1:].partition("=")[0]]


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/problem+json"])
def test_there_is_one_form_of_answer(live: Calling, accept: str) -> None:
    answer = live.get("caller", Accept=accept)
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "x"]
)
def test_there_is_one_form_of_body(live: Calling, kind: str) -> None:
    answer = live.send("POST", "webhooks", NEW, kind=kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}',
        b'{"url": "https://a.example/", "url": "https://b.example/", "contact": "x@example.org"}', b'{"url": "\\ud800"}',
        b'{"a":' * 100 + b"1" + b"}" * 100, b"[" * 30_000, b'{"a":' * 9_000, b'{"a": ' + b"9" * 5_000 + b"}", b"\xc3\x28",
    ],
)  # fmt: skip
def test_a_body_with_a_trick_is_refused(live: Calling, raw: bytes) -> None:
    answer = live.send("POST", "webhooks", raw=raw or b" ")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert not Endpoint.objects.exists()


def test_a_huge_body_is_refused_unread(live: Calling) -> None:
    for raw in (b'{"a": "' + b"x" * 70_000 + b'"}', b"x" * (3 * 1024 * 1024)):
        answer = live.send("POST", "webhooks", raw=raw)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({**NEW, "state": "active"}, ["#/state"]),
        ({**NEW, "a/b~c": 1}, ["#/a~1b~0c"]),
        ({**NEW, "types": ["persona.danced"]}, ["#/types/0"]),
        ({**NEW, "types": "persona.revoked"}, ["#/types"]),
        ({**NEW, "contact": "ops"}, ["#/contact"]),
        ({**NEW, "contact": "ops@example.org\nBcc: eve@example.org"}, ["#/contact"]),
        ({**NEW, "language": None}, ["#/language"]),
        ({**NEW, "url": {"x": 1}}, ["#/url"]),
        ({**NEW, "url": "x\x00"}, ["#/url"]),
        ({}, ["#/contact", "#/url"]),
    ],
)
def test_a_member_that_cannot_be_used_is_pointed_at(live: Calling, body: dict[str, Any], pointers: list[str]) -> None:
    answer = live.send("POST", "webhooks", body)
    assert answer.status_code == 422
    assert sorted(each["pointer"] for each in answer.json()["errors"]) == pointers


def test_a_body_where_none_belongs_is_refused(live: Calling) -> None:
    answer = live.send("POST", f"webhooks/{live.key.pk}:rotate", {"overlap": 1})
    assert (answer.status_code, [each["pointer"] for each in answer.json()["errors"]]) == (422, ["#/overlap"])


@pytest.mark.parametrize("method", ["PUT", "OPTIONS", "TRACE", "BREW", "DELETE"])
def test_another_method_is_refused_and_the_right_ones_named(live: Calling, method: str) -> None:
    answer = live.send(method, "caller")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_turns_a_reading_into_a_writing(live: Calling, header: str) -> None:
    added = live.send("POST", "webhooks", NEW).json()
    answer = live.get(f"webhooks/{added['id']}", **{header: "DELETE", "If-Match": "*"})
    assert answer.status_code == 200
    assert live.send("POST", f"webhooks/{added['id']}", {"_method": "DELETE"}).status_code == 405
    assert Endpoint.objects.count() == 1


def test_a_version_one_has_is_not_sent_again(live: Calling) -> None:
    first = live.get("caller")
    for known in (first["ETag"], f"W/{first['ETag']}", f'"x", {first["ETag"]}', "*"):
        again = live.get("caller", **{"If-None-Match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert live.get("caller", **{"If-None-Match": '"x"'}).status_code == 200
    assert not first["ETag"].startswith("W/")


def test_usage_counts_calls_by_credential_day_operation_and_outcome(live: Calling, settings: Any) -> None:
    second = Calling("live", platform=live.platform)
    live.get("caller"), live.get("caller"), second.get("caller")
    live.get("caller?x=1")
    live.send("PUT", "caller")  # refused before anybody is asked who they are
    settings.API_QUOTAS = [("burst", 1, 60)]
    live.get("caller")
    found = Usage.objects.values_list("credential", "operation", "outcome", "calls")
    assert sorted((str(row[0]), *row[1:]) for row in found) == sorted(
        [
            (str(live.key.pk), "get_caller", "ok", 2),
            (str(live.key.pk), "get_caller", "refused", 1),
            (str(live.key.pk), "get_caller", "limited", 1),
            (str(second.key.pk), "get_caller", "ok", 1),
        ]
    )
    assert set(Usage.objects.values_list("platform", "environment")) == {(live.platform.pk, "live")}


def test_a_fault_of_ours_is_counted_and_tells_nothing(live: Calling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.api.api.quotas", lambda: 1 / 0)
    answer = Client(raise_request_exception=False).get("/api/v1/caller", headers=live.bearer)
    assert answer.status_code == 500
    assert b"division" not in answer.content
    assert answer["X-Request-ID"]
    assert Usage.objects.get().outcome == "failed"


def test_a_day_is_a_day_of_utc(live: Calling) -> None:
    usage.count(live.caller, "get_caller", 200, now=datetime.fromisoformat("2026-03-03T07:59:00+08:00"))
    assert Usage.objects.get().day.isoformat() == "2026-03-02"


def test_a_short_quota_that_refuses_spares_the_long_one(live: Calling, settings: Any) -> None:
    settings.API_QUOTAS = [("burst", 2, 60), ("daily", 3, 86_400)]
    now = clock.now().replace(second=0)

    def ask() -> list[tuple[str, int]]:
        standings: list[limiting.Standing] = []
        try:
            limiting.consume(live.caller, standings, now=now)
        except QuotaExceeded as error:
            return [(error.quota.name, -1)]
        return [(each.quota.name, each.quota.limit - each.used) for each in standings]

    assert [ask() for _turn in range(4)] == [[("burst", 1), ("daily", 2)], [("burst", 0), ("daily", 1)], [("burst", -1)], [("burst", -1)]]
    now = datetime.fromtimestamp(now.timestamp() + 60, tz=now.tzinfo)
    assert [ask(), ask()] == [[("burst", 1), ("daily", 0)], [("daily", -1)]]


def test_too_many_says_which_quota_and_when_to_come_again(live: Calling, other: Calling, settings: Any) -> None:
    settings.API_QUOTAS = [("burst", 1, 60)]
    good, answer = live.get("caller"), live.get("caller")
    assert (good["RateLimit-Policy"], good["RateLimit"][:14]) == ('"burst";q=1;w=60', '"burst";r=0;t=')
    told = answer.json()
    assert (answer.status_code, told["code"], told["violated-policies"]) == (429, "quota_exceeded", ["burst"])
    assert told["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert 0 < int(answer["Retry-After"]) <= 60
    assert answer["RateLimit"] == f'"burst";r=0;t={answer["Retry-After"]}'
    assert other.get("caller").status_code == 200  # each platform has its own
    assert Calling("live", platform=live.platform).get("caller").status_code == 429  # a second key is no second portion


def test_an_ended_key_is_nobodys(live: Calling) -> None:
    ApiKey.objects.update(revoked_at=clock.now())
    assert live.get("caller").status_code == 401


def test_a_cursor_bears_any_moment_and_identifier() -> None:
    page = Asked(1, None, "here")
    again = Asked(1, page.behind(clock.now(), "x"), "here")
    assert again.place() is not None
    assert json.dumps(again.cursor)
