"""Issuing: written down before it is signed, one for each version, of public facts only, again after a theft."""

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portal.access.actor import CONSOLE, SYSTEM, Actor
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit import clock
from portal.kit.errors import Forbidden, NotFound
from portal.signing import keys, tokens
from portal.signing import services as signing
from portal.signing.models import SigningKey
from portal.signing.queries import public_keys
from registry.certificates import claims, paper, queries, services, tasks
from registry.certificates.models import Certificate
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.statuslist.models import Entry as Place
from tests.organisations import decided, submitted
from tests.registry.rows import registration_of, verified
from verification.models import Identity

pytestmark = pytest.mark.django_db
Act = Callable[[User], Actor]
HAS_CHINESE = paper.font()


@pytest.fixture
def registration(alice: User) -> Registration:
    """A synthetic persona of Alice, registered now."""
    return registration_of(alice, now=clock.now())


def certified(registration: Registration) -> Certificate:
    """Returns the certificate that the worker makes."""
    tasks.issue(str(registration.pk))
    return Certificate.objects.filter(registration=registration).latest("issued_at")


def test_a_certificate_is_a_credential_without_disclosures(registration: Registration, settings: Any) -> None:
    row = certified(registration)
    jwt, tail = row.token.split("~")
    said = tokens.verify(jwt, typ="dc+sd-jwt", keys=public_keys(clock.now()))
    place = Place.objects.get(registration=registration)
    assert tail == ""
    assert not {"_sd", "_sd_alg", "cnf"} & set(said)
    assert (said["iss"], said["vct"], said["sub"]) == (settings.SITE_URL, claims.VCT, ids.printed(registration.registry_id))
    assert said["iat"] == said["nbf"] == int(row.issued_at.timestamp())
    assert said["exp"] == int(registration.expires_at.timestamp())
    assert said["status"] == {"status_list": {"idx": place.index, "uri": f"{settings.SITE_URL}/statuslists/{place.list_id}/"}}
    assert said["jti"] == str(row.pk)


def test_it_says_nothing_of_a_natural_person(registration: Registration, alice: User) -> None:
    text = certified(registration).content
    identity = Identity.objects.get(user=alice)
    for secret in (
        alice.email,
        str(alice.pk),
        str(identity.full_name),
        str(identity.document_number),
        str(registration.operator_id),
        "Alice",
    ):
        assert secret not in text
    assert json.loads(text)["operator"] == {"class": "person"}
    known = {"iss", "sub", "vct", "jti", "iat", "nbf", "exp", "status", "version", "record", "names", "operator", *claims.FACTS}
    assert set(json.loads(text)) == known  # a new fact is a decision, not an accident


def test_it_is_written_down_before_it_is_signed(registration: Registration) -> None:
    row = services.record(actor=SYSTEM, registration_id=registration.pk, now=clock.now())
    assert row is not None
    assert (row.token, row.digest) == ("", hashlib.sha256(row.content.encode()).hexdigest())
    assert Entry.objects.filter(event="certificate.issued", subject_id=row.pk).count() == 1
    assert SigningKey.objects.get(kid=row.kid).needed_until == row.expires_at
    with pytest.raises(NotFound):
        queries.latest(registration.registry_id)
    assert list(queries.unfinished(clock.now())) == [row]
    done = services.finish(actor=SYSTEM, certificate_id=row.pk, now=clock.now())
    assert done is not None
    assert tokens.payload(tokens.verify(done.token[:-1], typ=claims.TYPE, keys=public_keys(clock.now()))).decode() == row.content


def test_a_version_is_certified_once_and_the_next_one_again(registration: Registration) -> None:
    assert list(queries.lacking(clock.now())) == [registration]
    first = certified(registration)
    assert list(queries.lacking(clock.now())) == []
    assert services.record(actor=SYSTEM, registration_id=registration.pk, now=clock.now()) is None
    Registration.objects.update(version=2, facts=registration.facts | {"name_en": "Lin II"})
    second = certified(registration)
    assert (first.version, second.version, second.claims["names"]["en"]) == (1, 2, "Lin II")
    assert first.claims["status"] == second.claims["status"]  # one entry for good
    assert queries.latest(registration.registry_id) == second
    assert queries.is_superseded(Certificate.objects.get(pk=first.pk))


@pytest.mark.parametrize("end", ["revoked_at", "retired_at", "expires_at"])
def test_what_is_over_is_not_certified(registration: Registration, end: str) -> None:
    Registration.objects.update(**{end: clock.now()})
    assert not queries.lacking(clock.now()).exists()
    assert services.record(actor=SYSTEM, registration_id=registration.pk, now=clock.now()) is None


def test_only_the_machine_certifies(registration: Registration, alice: User, act: Act) -> None:
    with pytest.raises(Forbidden):
        services.record(actor=act(alice), registration_id=registration.pk, now=clock.now())
    with pytest.raises(Forbidden):
        services.finish(actor=act(alice), certificate_id=registration.pk, now=clock.now())


def test_an_organisation_is_named_with_its_code(alice: User, bob: User) -> None:
    verified(alice, now=clock.now())
    organisation = decided(submitted(alice, clock.now()), bob, clock.now())
    registration = registration_of(alice, now=clock.now())
    Registration.objects.update(operator=organisation.operator)
    said = certified(registration).claims["operator"]
    assert said == {"class": "organisation", "name": organisation.public_name, "uscc": organisation.uscc}


def test_after_a_theft_everything_is_certified_again(registration: Registration, settings: Any) -> None:
    old, new = keys.draw(), keys.draw()
    settings.SIGNING_KEYS = keys.dumped((new, old))
    stolen = certified(registration)
    assert stolen.kid == keys.identifier(old)
    signing.revoke(actor=CONSOLE, kid=stolen.kid, now=clock.now())
    assert list(queries.lacking(clock.now())) == [registration]
    again = certified(registration)
    assert (again.kid, again.pk == stolen.pk) == (keys.identifier(new), False)
    assert queries.latest(registration.registry_id) == again


def test_a_certificate_whose_key_went_before_it_signed_is_made_by_the_next_key(registration: Registration, settings: Any) -> None:
    old, new = keys.draw(), keys.draw()
    settings.SIGNING_KEYS = keys.dumped((new, old))
    row = services.record(actor=SYSTEM, registration_id=registration.pk, now=clock.now())
    assert row is not None
    signing.revoke(actor=CONSOLE, kid=row.kid, now=clock.now())
    settings.SIGNING_KEYS = keys.dumped((new,))
    assert services.finish(actor=SYSTEM, certificate_id=row.pk, now=clock.now()) is None
    assert certified(registration).kid == keys.identifier(new)


def test_a_site_that_moved_certifies_under_its_new_address(registration: Registration, settings: Any) -> None:
    certified(registration)
    settings.SITE_URL = "https://moved.example"
    assert certified(registration).claims["iss"] == "https://moved.example"


def test_the_token_is_found_in_the_pdf_and_in_itself(registration: Registration) -> None:
    row = certified(registration)
    assert bytes(row.paper or b"").startswith(b"%PDF-")
    assert paper.find_token(bytes(row.paper or b"")) == row.token
    assert paper.find_token(row.token.encode() + b"\n") == row.token
    assert paper.find_token(b"%PDF-1.7 nothing here eyJ.a.b~") is None


@pytest.mark.skipif(HAS_CHINESE is None, reason="no font for Chinese on this machine")
def test_the_pdf_bears_the_chinese_name_where_there_is_a_font(registration: Registration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "font", lambda: HAS_CHINESE)
    row = certified(registration)
    assert b"/ToUnicode" in bytes(row.paper or b"")
    assert paper.find_token(bytes(row.paper or b"")) == row.token


def test_the_files_are_public_and_say_what_they_are(client: Client, registration: Registration) -> None:
    row, shown = certified(registration), ids.printed(registration.registry_id)
    token, pdf = client.get(f"/certificates/{shown}.jwt"), client.get(f"/certificates/{shown}.pdf")
    assert (token["Content-Type"], token.content.decode()) == ("application/dc+sd-jwt", row.token)
    assert pdf["Content-Type"] == "application/pdf"
    assert f"{shown}-v1.pdf" in pdf["Content-Disposition"]
    assert client.get("/certificates/VH-0000-0000-0000.jwt").status_code == 400
    assert client.get("/certificates/verify.jwt").status_code == 400


@pytest.mark.django_db(transaction=True)
def test_two_workers_certify_once(alice: User) -> None:
    registration, barrier = registration_of(alice, now=clock.now()), threading.Barrier(4)

    def run() -> None:
        barrier.wait(10)
        services.record(actor=SYSTEM, registration_id=registration.pk, now=clock.now())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Certificate.objects.count() == 1


def test_the_record_and_the_operators_page_lead_to_it_once_it_is_there(client: Client, registration: Registration, alice: User) -> None:
    shown = ids.printed(registration.registry_id)
    record, persona = f"/r/{shown}/", f"/home/personas/{registration.persona_id}/"
    client.force_login(alice)
    assert all(f"/certificates/{shown}" not in client.get(page).content.decode() for page in (record, persona))
    certified(registration)
    assert all(f"/certificates/{shown}.pdf" in client.get(page).content.decode() for page in (record, persona))
