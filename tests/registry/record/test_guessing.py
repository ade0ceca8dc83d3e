"""Attacks on the public record: guessing IDs, copying the registry, looking for the people behind it."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from portal.accounts.models import User
from portal.kit import clock
from registry.consent.models import Licence
from registry.issuing import registry_id as ids
from registry.issuing.models import Hold, Registration, Version
from registry.record import visits
from tests.registry.rows import guardian_of, licence_of, portrait_of, registration_of
from verification.models import Identity

RDAP = "application/rdap+json"
Counted = Callable[[int], AbstractContextManager[object]]
FORMS = [("/r/{}/", "text/html"), ("/r/{}/", RDAP), ("/r/{}.json", "application/json"), ("/badge/{}.svg", "image/svg+xml")]


@pytest.fixture
def printed(alice: User) -> str:
    """The ID of a registered synthetic persona of Alice."""
    return ids.printed(registration_of(alice, now=clock.now()).registry_id)


def ask(client: Client, form: tuple[str, str], name: str, **kwargs: str) -> HttpResponse:
    """Returns the answer to a look-up."""
    address, accept = form
    return client.get(address.format(name), headers={"accept": accept}, **kwargs)  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.django_db
def test_a_malformed_id_asks_the_database_nothing(client: Client, form: tuple[str, str], django_assert_num_queries: Counted) -> None:
    with django_assert_num_queries(0):
        for letter in "0123456789ABCDEFGHJKMNPRSTVWXYZ":  # every last letter but the right one
            assert ask(client, form, f"VH-M9S3-46Q3-D25{letter}").status_code in (400, 404)


@pytest.mark.parametrize("form", FORMS)
def test_a_scanner_is_stopped_whether_it_guesses_right_or_not(
    client: Client, printed: str, form: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visits, "RATES", {"search": "3/m/ip", "record": "3/m/ip", "badge": "3/m/ip"})
    answers = [ask(client, form, ids.printed(ids.draw())) for _guess in range(4)]
    assert [each.status_code for each in answers] == [404, 404, 404, 429]
    assert answers[3]["Retry-After"] == "60"
    known = ask(client, form, printed)
    assert (known.status_code, "小林" in known.content.decode(), ">active<" in known.content.decode()) == (429, False, False)
    if form[1] == RDAP:
        assert json.loads(known.content)["errorCode"] == 429
    elsewhere = ask(client, form, printed, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 200


def test_other_doors_to_the_record_are_counted_too(client: Client, printed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "RATES", {"search": "2/m/ip", "record": "2/m/ip", "badge": "2/m/ip"})
    for path in ("/r/{}/portrait/", "/r/{}/report/"):
        client.get(path.format(ids.printed(ids.draw())))
    for path in ("/r/{}/", "/r/{}.json", "/r/{}/portrait/", "/r/{}/report/"):
        assert client.get(path.format(printed)).status_code == 429, path
    assert client.post(f"/r/{printed}/report/").status_code == 429
    assert [client.get("/search/", {"q": "lin"}).status_code for _each in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("form", FORMS)
def test_a_known_and_an_unknown_id_differ_in_the_record_alone(client: Client, printed: str, form: tuple[str, str]) -> None:
    known, unknown = ask(client, form, printed), ask(client, form, ids.printed(ids.draw()))
    own = {"ETag", "Cache-Control", "Content-Length", "X-Request-ID", "Content-Type"}
    assert {name: value for name, value in known.items() if name not in own} == {
        name: value for name, value in unknown.items() if name not in own
    }
    assert known.cookies.keys() == unknown.cookies.keys()


def test_another_spelling_says_nothing_of_what_is_known(client: Client, printed: str) -> None:
    for name in (printed, ids.printed(ids.draw())):
        assert client.get(f"/r/{name.lower()}/").status_code == 301
        assert client.get("/search/", {"q": name.lower()}).status_code == 302


def _everything(alice: User, bob: User, carol: User, dana: User) -> Registration:
    """A young person's registration with every field filled, a driver, a guardian and a licence."""
    now = clock.now()
    registration = registration_of(alice, now=now, portrayed="other", drive_mode="hybrid", driver=dana)
    Identity.objects.filter(user=alice).update(is_minor=True, reverified_at=now - timedelta(hours=1))
    guardian_of(alice, now=now)
    persona = registration.persona
    portraits = [str(portrait_of(persona, 0, now=now).pk)]
    registration.facts |= {"portrayed": "other", "portraits": portraits, "handles": {"demo-live": "@lin", "other": "lin_2"}}
    registration.national_code = "CN-1"
    registration.save()
    Version.objects.update(facts=registration.facts)
    licence_of(persona, carol, now=now)
    words = {
        "reason": "pause",
        "note": "Private words of the officer",
        "placed_by": bob,
        "placed_at": now,
        "lifted_at": now,
        "lifted_by": bob,
    }
    Hold.objects.create(registration=registration, party="officer", **words)
    return registration


def test_nothing_personal_shows_anywhere(client: Client, alice: User, bob: User, carol: User, dana: User) -> None:
    registration = _everything(alice, bob, carol, dana)
    printed = ids.printed(registration.registry_id)
    answers = [ask(client, form, printed) for form in [*FORMS, ("/search/?q=lin&x={}", "text/html"), ("/r/{}/report/", "text/html")]]
    assert {each.status_code for each in answers} == {200}
    shown = "".join(str(each.items()) + each.content.decode() for each in answers)
    assert "小林" in shown
    people = [str(value) for user in User.objects.all() for value in (user.pk, user.pk.hex, user.email, user.email.split("@")[0])]
    for each in Identity.objects.all():
        people += [str(each.pk), str(each.full_name), str(each.document_number), str(each.birth_date), str(each.verified_at.date())]
    rows = [registration.pk, registration.persona_id, registration.operator_id, Licence.objects.get().pk, *registration.facts["portraits"]]
    secrets = [*people, *map(str, rows), Licence.objects.get().reference, "Private words"]
    when = registration.issued_at.date().isoformat()  # the tests verify and register on one day: that day is public
    assert [secret for secret in secrets if secret and secret != when and re.search(rf"\b{re.escape(secret)}\b", shown)] == []


def test_the_portrait_is_there_only_while_the_registration_is_active(client: Client, alice: User) -> None:
    registration = registration_of(alice, now=clock.now())
    registration.facts["portraits"] = [str(portrait_of(registration.persona, 0, now=clock.now()).pk)]
    registration.save()
    printed = ids.printed(registration.registry_id)
    path = f"/r/{printed}/portrait/"
    assert path in client.get(f"/r/{printed}/").content.decode()
    assert client.get(path).status_code == 200
    Hold.objects.create(registration=registration, party="operator", reason="pause", placed_at=clock.now())
    assert path not in client.get(f"/r/{printed}/").content.decode()
    assert client.get(path).status_code == 404
