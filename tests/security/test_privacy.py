"""What must not stay behind: in a cache, in a log, in the trail."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit.logs import WithoutTokens
from portal.outbox.models import Message
from registry.consent.models import Licence
from registry.consent.tokens import token_of
from registry.issuing.models import Registration
from registry.issuing.registry_id import printed
from tests.registry.desk.desk import signed_in
from verification.models import Identity

PERSONAL = [
    "/home/", "/personas/", "/personas/new/", "/licences/mine/", "/identity/", "/search/", "/", "/accounts/email/", "/accounts/2fa/",
    "/accounts/sessions/", "/identity/face/", "/identity/consents/", "/identity/withdraw/", "/nowhere/",
]  # fmt: skip


@pytest.mark.parametrize("path", PERSONAL)
def test_what_somebody_signed_in_reads_is_kept_nowhere(path: str, alice: User) -> None:
    answer = signed_in(alice).get(path)
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_pictures_of_people_are_kept_nowhere(registration: Registration, licence: Licence, alice: User, carol: User) -> None:
    portrait = registration.persona.portraits.first()
    assert portrait is not None
    own, hers = reverse("personas:portrait", args=[portrait.pk]), reverse("consent:picture", args=[licence.pk, portrait.pk])
    for user, path in ((alice, own), (carol, hers), (carol, reverse("home:uses", args=[licence.pk]))):
        answer = signed_in(user).get(path)
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)


def test_the_public_record_may_be_cached_whoever_reads_it(
    registration: Registration, licence: Licence, alice: User, client: Client
) -> None:
    path = reverse("home:record_json", args=[printed(registration.registry_id)])
    for browser in (client, signed_in(alice)):
        answer = browser.get(path)
        assert answer["Cache-Control"].startswith("public")
        assert not answer.cookies
        assert "Access-Control-Allow-Credentials" not in answer
    assert client.get(path)["ETag"] == signed_in(alice).get(path)["ETag"]


def test_the_record_names_nobody(registration: Registration, licence: Licence, alice: User, carol: User, client: Client) -> None:
    name = printed(registration.registry_id)
    shown = "".join(client.get(reverse(f"home:{page}", args=[name])).content.decode() for page in ("record", "record_json"))
    secrets = [
        alice.email,
        carol.email,
        str(alice.pk),
        str(carol.pk),
        str(registration.pk),
        str(registration.operator_id),
        licence.reference,
    ]
    secrets += [str(each.full_name) for each in Identity.objects.all()] + [str(each.document_number) for each in Identity.objects.all()]
    assert [secret for secret in secrets if secret in shown] == []


def test_the_log_holds_no_token(
    registration: Registration, licence: Licence, carol: User, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(WithoutTokens())
    token = token_of(licence.pk, 1)
    with caplog.at_level(logging.WARNING, "django.request"):
        client.get(reverse("consent:invitation", args=[token]))
        client.get(f"/accounts/confirm-email/Mg:1vN4xL:{token}/x")
        client.get(f"/personas/{carol.pk}/")
    assert "Not Found" in caplog.text
    assert token not in caplog.text
    assert str(carol.pk) in caplog.text


def test_the_trail_and_the_outbox_name_nobody(registration: Registration, licence: Licence, carol: User) -> None:
    signed_in(carol).post(reverse("consent:withdraw", args=[licence.pk]))
    assert Entry.objects.filter(event="licence.withdrawn").exists()
    written = str(list(Entry.objects.values())) + str(list(Message.objects.values()))
    assert "@" not in written
    assert "Person" not in written


def test_every_page_keeps_strangers_out_of_its_frame_and_scripts(client: Client, alice: User) -> None:
    for browser, path in ((client, "/"), (client, "/nowhere/"), (signed_in(alice), "/home/"), (client, "/accounts/login/")):
        answer = browser.get(path)
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert {"frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"} <= set(policy.split("; "))
        assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == ("nosniff", "same-origin")
