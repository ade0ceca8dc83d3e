"""Every address, tried as anonymous, as a stranger and in the wrong role: nothing opens that should not."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from portal.accounts.models import User

# What anybody may open; everything else asks who is there.
PUBLIC = {
    "home:landing",
    "home:platforms",
    "home:search",
    "home:record",
    "home:record_json",
    "home:record_portrait",
    "api:schema",
    "reference:page",
    "home:badge",
    "home:report",
    "home:reported",
    "labels:page",
    "labels:showing",
    "signing:jwks",
    "signing:issuer",
    "signing:certificates",
    "statuslist:all",
    "statuslist:list",
    "certificates:token",
    "certificates:pdf",
    "certificates:verify",
    *(f"developers:{name}" for name in ("landing", "quickstart", "sandbox", "webhooks_guide", "certificates_guide")),
    *(f"developers:{name}" for name in ("verify_offline", "errors", "events")),
    "sandbox:certificate",
    "sandbox:statuslist",
    "sandbox:jwks",
    "sandbox:issuer",
    "embedded:healthz",
    "embedded:mails",
    "embedded:mail",
    "consent:invitation",
    "organisations:invitation",
    "developers:invitation",
    "oauth:token",
    "oauth:revoke",
    "oauth:metadata",
    "guardians:invitation",
    "set_language",
    "verification:phone",
    "verification:take_over",
}
OUTSIDE = ("account_", "mfa_", "usersessions_", "socialaccount_")  # allauth's own, tested there
DESK_ONLY = "desk:"
FILLER = {"uuid": str(uuid.UUID(int=7)), "str": "x", "slug": "x", "int": "1", "path": "x"}


def addresses() -> Iterator[tuple[str, str]]:
    """Yields (name, path) of every address, its parameters filled with identifiers of nothing."""
    yield from _walk(get_resolver().url_patterns, "/", "")


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
    for each in patterns:
        path = prefix + _filled(str(each.pattern), each)
        if isinstance(each, URLResolver):
            inner = f"{each.namespace}:" if each.namespace else ""
            yield from _walk(list(each.url_patterns), path, namespace + inner)
        elif each.name:
            yield namespace + each.name, path


def _filled(route: str, each: URLPattern | URLResolver) -> str:
    for name, converter in getattr(each.pattern, "converters", {}).items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        route = route.replace(f"<{kind}:{name}>", FILLER[kind]).replace(f"<{name}>", "x")
    return route


OURS = [(name, path) for name, path in addresses() if not name.startswith(OUTSIDE)]


def test_there_are_addresses_to_try() -> None:
    assert len(OURS) > 25
    assert {name for name, _path in OURS} >= {"home:dashboard", "desk:queue", "verification:status", "personas:list", "consent:mine"}


@pytest.mark.parametrize(("name", "path"), OURS)
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.django_db
def test_nobody_signed_in_is_led_to_the_door(client: Client, name: str, path: str, method: str) -> None:
    response = getattr(client, method)(path)
    if name in PUBLIC:
        assert response.status_code < 500 or name == "embedded:healthz"  # 503: no stack runs here
    else:
        assert response.status_code in (302, 401, 403, 404, 405), name
        if response.status_code == 302:
            assert response["Location"].startswith("/accounts/login/"), name


@pytest.mark.parametrize(("name", "path"), OURS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_nothing_of_others(client: Client, eve: User, name: str, path: str, method: str) -> None:
    client.force_login(eve)
    response = getattr(client, method)(path)
    assert response.status_code < 500 or name == "embedded:healthz", name
    if name.startswith(DESK_ONLY):
        assert response.status_code in (403, 404, 405), name


@pytest.mark.parametrize(("name", "path"), [row for row in OURS if row[0].startswith(DESK_ONLY)])
def test_an_auditor_changes_nothing_at_the_desk(client: Client, frank: User, name: str, path: str) -> None:
    client.force_login(frank)
    response = client.post(path)
    assert response.status_code in (302, 403, 404, 405), name
    assert response.status_code != 302 or response["Location"].startswith("/desk/")


@pytest.mark.parametrize(("name", "path"), OURS)
def test_every_answer_carries_the_strict_policy(client: Client, alice: User, name: str, path: str) -> None:
    client.force_login(alice)
    response = client.get(path)
    policy = response.get("Content-Security-Policy", "")
    nothing = policy.startswith("default-src 'none'") and "script-src" not in policy  # a picture needs no script at all
    assert nothing or "script-src 'self'" in policy, name
    assert "unsafe" not in policy, name
