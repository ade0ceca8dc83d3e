"""Attacks on the door: sign-in, second factor, links in mails, redirects."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.test import Client

from portal.accounts.models import User
from tests import cast

CREDENTIALS = {"login": "bob@example.org", "password": cast.PASSWORD}


def test_invented_people_cannot_sign_in_once_the_demonstration_is_over(client: Client, bob: User, settings: Any) -> None:
    settings.DEMO = False
    client.post("/accounts/login/", CREDENTIALS)
    assert "_auth_user_id" not in client.session
    assert client.get("/accounts/2fa/").status_code == 302


def test_a_session_of_the_demonstration_ends_with_it(client: Client, bob: User, settings: Any) -> None:
    client.post("/accounts/login/", CREDENTIALS)
    assert client.get("/desk/").status_code == 200
    settings.DEMO = False
    assert client.get("/desk/")["Location"].startswith("/accounts/login/")
    assert client.get("/accounts/password/change/").status_code == 302


def test_the_mails_of_the_demonstration_are_closed_without_it(client: Client, bob: User, settings: Any) -> None:
    settings.DEMO = False
    assert client.get("/demo/mail/").status_code == 404
    assert client.get("/demo/mail/20260101.0/").status_code == 404


@pytest.mark.parametrize("host", ["localhost:9999", "127.0.0.1"])
def test_a_password_mail_leads_to_the_site_and_nowhere_else(host: str, alice: User) -> None:
    Client(headers={"host": host}).post("/accounts/password/reset/", {"email": alice.email})
    body = str(mail.outbox[0].body)
    assert f"{configured.SITE_URL}/accounts/password/reset/key/" in body
    assert f"{host}/accounts" not in body


def test_an_unknown_host_is_refused(db: None) -> None:
    assert Client(headers={"host": "evil.example"}).get("/").status_code == 400


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "\\\\evil.example", "javascript:alert(1)"])
def test_no_sign_in_leads_out_of_the_house(target: str, client: Client, alice: User) -> None:
    answer = client.post("/accounts/login/", {"login": alice.email, "password": cast.PASSWORD, "next": target})
    assert answer["Location"] == "/home/"
    client.get("/identity/", {"next": target})
    assert "verification.next" not in client.session
    assert "evil" not in client.post("/i18n/setlang/", {"language": "en", "next": target})["Location"]


def test_the_session_gets_a_new_key_at_sign_in(client: Client, alice: User) -> None:
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    client.post("/accounts/login/", {"login": alice.email, "password": cast.PASSWORD})
    assert client.cookies["sessionid"].value != session.session_key


def test_nothing_tells_whether_an_address_has_an_account(client: Client, alice: User) -> None:
    known = client.post("/accounts/password/reset/", {"email": alice.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    again = client.post("/accounts/signup/", {"email": alice.email, "password1": cast.PASSWORD})
    fresh = client.post("/accounts/signup/", {"email": "nina@example.org", "password1": cast.PASSWORD})
    assert (again.status_code, again["Location"]) == (fresh.status_code, fresh["Location"])


def test_guessing_a_password_ends_and_cannot_be_washed_out_of_the_cache(client: Client, alice: User) -> None:
    cache.clear()
    wrong = {"login": alice.email, "password": "wrong"}
    for _each in range(5):
        client.post("/accounts/login/", wrong)
    for each in range(400):  # more keys than the cache of Django keeps by itself
        cache.set(f"washing-{each}", 1)
    answer = client.post("/accounts/login/", {"login": alice.email, "password": cast.PASSWORD})
    assert answer.status_code != 302
    cache.clear()


def test_nobody_signs_up_as_staff(client: Client, db: None) -> None:
    extra = {"is_demo": "on", "role": "officer", "is_active": "on", "is_staff": "on"}
    client.post("/accounts/signup/", {"email": "nina@example.org", "password1": cast.PASSWORD, **extra})
    nina = User.objects.get(email="nina@example.org")
    assert not nina.is_demo
    assert not nina.role_grants.exists()
