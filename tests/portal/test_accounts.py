"""Accounts: roles, the second factor, keys."""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from portal.access.actor import Actor
from portal.access.roles import Permission, Role
from portal.accounts import keys, services
from portal.accounts.models import ApiKey, Operator, Scope, User
from portal.kit.errors import Forbidden
from tests import cast

Act = Callable[[User], Actor]


def test_an_operator_record_is_made_once(alice: User, act: Act, now: datetime) -> None:
    first = services.own_operator(actor=act(alice), now=now)
    assert services.own_operator(actor=act(alice), now=now) == first
    assert Operator.objects.count() == 1


def test_an_auditor_changes_nothing(frank: User, act: Act, now: datetime) -> None:
    actor = act(frank)
    assert actor.may(Permission.READ_DESK)
    assert not any(actor.may(each) for each in (Permission.MANAGE_PERSONA, Permission.DECIDE, Permission.VERIFY_SELF))
    with pytest.raises(Forbidden):
        services.own_operator(actor=actor, now=now)


def test_only_an_administrator_gives_roles_and_keys(bob: User, eve: User, act: Act, now: datetime) -> None:
    with pytest.raises(Forbidden):
        services.grant_role(actor=act(bob), user=eve, role=Role.OFFICER, now=now)
    with pytest.raises(Forbidden):
        services.create_platform(actor=act(eve), code="x", name="X", now=now)


def test_a_key_is_shown_once_and_kept_as_a_digest(act: Act, now: datetime, db: None) -> None:
    admin = act(cast.person("grace", Role.ADMINISTRATOR))
    platform = services.create_platform(actor=admin, code="demo-live", name="Demo Live", now=now)
    row, secret = services.issue_key(actor=admin, platform=platform, name="first", scopes=[Scope.CHECK], now=now)
    assert keys.well_formed(secret)
    assert secret not in str(ApiKey.objects.values().get())
    services.revoke_key(actor=admin, key_id=row.pk, now=now)
    services.revoke_key(actor=admin, key_id=row.pk, now=now)
    assert ApiKey.objects.get().revoked_at == now


@given(st.text(max_size=60))
def test_no_other_text_is_a_well_formed_key(text: str) -> None:
    drawn = keys.draw()
    assert keys.well_formed(drawn)
    assert not keys.well_formed(text)
    assert not keys.well_formed(drawn[:-1] + ("A" if drawn[-1] != "A" else "B"))


def test_staff_without_a_second_factor_are_led_to_it(client: Client, settings: object, db: None) -> None:
    officer = cast.officer("harry")
    User.objects.filter(pk=officer.pk).update(is_demo=False)
    client.force_login(officer)
    response = client.get("/desk/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/2fa/"
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get("/desk/").status_code == 200


def test_demo_accounts_are_excused_only_in_the_demonstration(client: Client, settings: object, bob: User) -> None:
    client.force_login(bob)
    assert client.get("/desk/").status_code == 200
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.get("/desk/").status_code == 302


def test_sign_up_confirms_the_address_before_it_lets_in(client: Client, db: None) -> None:
    response = client.post("/accounts/signup/", {"email": "Nina@Example.org", "password1": "a quiet long password"})
    assert response.status_code == 302
    assert client.get("/home/").status_code == 302
    assert "testserver" not in str(mail.outbox[0].body)
    assert "http://localhost:8000" in str(mail.outbox[0].body)
    link = re.search(r"http\S+/confirm-email/\S+", str(mail.outbox[0].body))
    assert link
    assert client.post(urlsplit(link[0]).path).status_code == 302
    client.post("/accounts/login/", {"login": "nina@example.org", "password": "a quiet long password"})
    assert client.get("/home/").status_code == 200


def test_mails_follow_the_language_in_which_pages_were_read(client: Client, alice: User) -> None:
    client.force_login(alice)
    for header, language in (("zh-CN,zh;q=0.9", "zh-hans"), ("en-GB", "en")):
        client.get("/home/", headers={"accept-language": header})
        alice.refresh_from_db()
        assert alice.language == language


def test_a_fragment_asked_for_after_the_session_ended_loads_its_page_again(client: Client, db: None) -> None:
    response = client.get("/identity/", headers={"hx-request": "true"})
    assert (response.status_code, response["HX-Refresh"]) == (204, "true")
    assert client.get("/identity/").status_code == 302
