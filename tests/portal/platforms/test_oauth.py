"""Access tokens: client credentials and nothing else."""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.idp.oidc.models import Client as Row
from allauth.idp.oidc.models import Token
from django.test import Client

from portal.access.actor import Actor
from portal.accounts import services
from portal.accounts.callers import AddressRefused, KeyBad, caller_of
from portal.accounts.models import Environment, OAuthClient, Platform, Scope, User
from portal.kit import clock
from portal.platforms import tasks
from tests.portal.platforms import rows

Act = Callable[[User], Actor]


class House:
    """A client of Alice's live platform, with its secret."""

    def __init__(self, alice: User, act: Act, web: Client) -> None:
        self.now, self.web, self.alice = clock.now(), web, act(alice)
        self.platform: Platform = rows.live(alice, now=self.now)
        scopes = [Scope.READ, Scope.HISTORY]
        self.row, self.secret = services.create_client(
            actor=self.alice, platform=self.platform, name="catalogue", scopes=scopes, environment=Environment.LIVE, now=self.now
        )

    def fetch(self, *, secret: str | None = None, path: str = "/oauth/token", **form: Any) -> Any:
        pair = f"{self.row.client_id}:{self.secret if secret is None else secret}"
        header = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return self.web.post(path, {"grant_type": "client_credentials", **form}, headers={"authorization": header})

    def called(self, token: str, **more: Any) -> Any:
        return caller_of(f"Bearer {token}", now=clock.now(), **more)


@pytest.fixture
def house(alice: User, act: Act, client: Client) -> House:
    """Everything in its place."""
    return House(alice, act, client)


def test_a_token_lets_in_as_a_key_does(house: House) -> None:
    answer = house.fetch(scope="registry:read")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 3600, "registry:read")
    assert "refresh_token" not in told
    assert "id_token" not in told
    caller = house.called(told["access_token"])
    assert (caller.credential, caller.platform, caller.environment, caller.scopes) == (house.row.pk, "demo-live", "live", {"registry:read"})
    assert house.web.get("/api/v1/changes", headers={"authorization": f"Bearer {told['access_token']}"}).status_code == 200


def test_without_a_wish_a_token_has_the_clients_scopes(house: House) -> None:
    assert set(house.fetch().json()["scope"].split()) == {"registry:read", "registry:history"}


def test_the_secret_may_stand_in_the_body(house: House) -> None:
    form = {"grant_type": "client_credentials", "client_id": house.row.client_id, "client_secret": house.secret}
    assert house.web.post("/oauth/token", form).status_code == 200


def test_neither_secret_nor_token_is_kept(house: House) -> None:
    token = house.fetch().json()["access_token"]
    kept = str(list(Row.objects.values())) + str(list(Token.objects.values())) + str(list(OAuthClient.objects.values()))
    assert house.secret not in kept
    assert token not in kept


@pytest.mark.parametrize("secret", ["", "wrong", "vhs_"])
def test_a_wrong_secret_fetches_nothing(house: House, secret: str) -> None:
    answer = house.fetch(secret=secret)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == "invalid_client"
    assert Token.objects.count() == 0


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "authorization_code", "code": "x"},
        {"grant_type": "refresh_token", "refresh_token": "x"},
        {"grant_type": "password", "username": "alice@example.org", "password": "a quiet long password"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "x"},
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "x"},
    ],
    ids=lambda form: str(form["grant_type"]),
)
def test_no_other_grant_is_given(house: House, form: dict[str, str]) -> None:
    answer = house.fetch(**form)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("scope", ["gate:check", "registry:read webhooks:manage", "openid", "admin"])
def test_a_client_gets_no_scope_it_was_not_given(house: House, scope: str) -> None:
    answer = house.fetch(scope=scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_a_parameter_twice_or_in_the_address_is_refused(house: House) -> None:
    assert house.fetch(scope=["registry:read", "gate:check"]).json()["error"] == "invalid_request"
    assert house.fetch(path="/oauth/token?grant_type=client_credentials").json()["error"] == "invalid_request"


def test_a_revoked_clients_tokens_open_nothing_at_once(house: House) -> None:
    token = house.fetch().json()["access_token"]
    kept = Token.objects.values().get()
    services.revoke_client(actor=house.alice, client_id=house.row.pk, now=house.now)
    with pytest.raises(KeyBad):
        house.called(token)
    assert house.fetch().json()["error"] in ("invalid_client", "unauthorized_client")
    Token.objects.create(**kept)  # one that was being issued at that moment
    with pytest.raises(KeyBad):
        house.called(token)


def test_a_scope_taken_from_the_client_is_gone_from_its_tokens(house: House) -> None:
    token = house.fetch().json()["access_token"]
    Row.objects.update(scopes="registry:read")
    assert house.called(token).scopes == {"registry:read"}


def test_a_token_ends_and_is_forgotten(house: House) -> None:
    token = house.fetch().json()["access_token"]
    with pytest.raises(KeyBad):
        caller_of(f"Bearer {token}", now=clock.now() + timedelta(hours=1, seconds=1))
    Token.objects.update(expires_at=clock.now() - timedelta(days=2))
    tasks.tokens(tasks.TOKENS_JOB)
    assert Token.objects.count() == 0


def test_a_token_counts_only_from_its_clients_addresses(house: House) -> None:
    token = house.fetch().json()["access_token"]
    OAuthClient.objects.update(networks=["203.0.113.0/24"])
    assert house.called(token, address="203.0.113.1")
    with pytest.raises(AddressRefused):
        house.called(token, address="198.51.100.1")


def test_a_client_ends_its_own_token_and_no_others(house: House, act: Act) -> None:
    token = house.fetch().json()["access_token"]
    other, secret = services.create_client(
        actor=house.alice, platform=house.platform, name="other", scopes=[Scope.READ], environment=Environment.LIVE, now=house.now
    )
    form = {"client_id": other.client_id, "client_secret": secret, "token": token}
    house.web.post("/oauth/revoke", form)
    assert house.called(token)
    form = {"client_id": house.row.client_id, "client_secret": house.secret, "token": token}
    assert house.web.post("/oauth/revoke", form).status_code == 200
    with pytest.raises(KeyBad):
        house.called(token)


@pytest.mark.parametrize(
    "path",
    [
        *("/identity/o/authorize", "/identity/o/device", "/identity/o/logout", "/identity/o/api/token", "/identity/o/api/clients"),
        *("/identity/o/api/userinfo", "/identity/o/api/device/code", "/identity/o/api/introspect", "/.well-known/openid-configuration"),
    ],
)
def test_nothing_else_of_the_library_can_be_reached(client: Client, alice: User, path: str) -> None:
    client.force_login(alice)
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_the_metadata_claims_what_is_true(client: Client, db: None, settings: Any) -> None:
    told = client.get("/.well-known/oauth-authorization-server", headers={"host": "testserver"}).json()
    assert told["issuer"] == settings.SITE_URL
    assert told["grant_types_supported"] == ["client_credentials"]
    assert told["scopes_supported"] == list(Scope.values)
    for name in ("token_endpoint", "revocation_endpoint"):
        path = told[name].removeprefix(settings.SITE_URL)
        assert client.post(path).status_code in (400, 401)
        assert client.get(path).status_code == 405


def test_a_user_token_of_the_library_is_no_credential(house: House, alice: User, now: datetime) -> None:
    token = house.fetch().json()["access_token"]
    Token.objects.update(user=alice)
    with pytest.raises(KeyBad):
        house.called(token)
