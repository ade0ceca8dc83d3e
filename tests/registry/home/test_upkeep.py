"""The operator renews, protects, hands over and retires on pages; strangers find none of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit import clock
from registry.issuing import queries as issuing
from registry.issuing import services
from registry.issuing.models import Act, Registration, Side, Transfer
from registry.issuing.registry_id import printed
from registry.issuing.tokens import GIVER, RECEIVER, token_of
from registry.issuing.verdict import Status
from tests.registry.rows import licence_of, operator_of, registration_of, verified

Actors = Callable[[User], Actor]
DAY = timedelta(days=1)


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registration of Alice that ends in a month."""
    verified(alice, now=clock.now())
    return registration_of(alice, now=clock.now() - 335 * DAY)


@pytest.fixture
def transfer(registration: Registration, alice: User, eve: User, act: Actors) -> Transfer:
    """Alice wants Eve to have it."""
    verified(eve, now=clock.now())
    return services.ask_transfer(actor=act(alice), registration_id=registration.pk, email=eve.email, now=clock.now())


def page(registration: Registration, name: str = "") -> str:
    """Returns an address of the registration's, or of its persona's page."""
    return f"/home/registrations/{registration.pk}/{name}/" if name else f"/home/personas/{registration.persona_id}/"


def body(client: Client, path: str) -> str:
    """Returns what a page says."""
    return client.get(path).content.decode()


def test_a_renewal_is_offered_said_and_done(client: Client, registration: Registration, alice: User) -> None:
    client.force_login(alice)
    assert page(registration, "renew") in body(client, page(registration))
    assert "Renew for a year" in body(client, page(registration, "renew"))
    assert client.post(page(registration, "renew")).status_code == 302
    renewed = Registration.objects.get()
    assert renewed.expires_at == registration.expires_at + services.TERM
    assert page(registration, "renew") not in body(client, page(registration))
    assert "It can be renewed from 60 days before its end." in body(client, page(registration, "renew"))
    assert client.post(page(registration, "renew"), follow=True).status_code == 200
    assert Registration.objects.get().expires_at == renewed.expires_at


def test_what_the_operator_cannot_renew_goes_to_review(
    client: Client, registration: Registration, alice: User, bob: User, act: Actors
) -> None:
    where: dict[str, Any] = {"registration_id": registration.pk, "side": Side.REGISTRY, "act": Act.TRANSFER}
    services.prohibit(actor=act(bob), reason="dispute", now=clock.now(), **where)
    client.force_login(alice)
    shown = body(client, page(registration))
    assert "It is in dispute who answers for this persona" in shown
    assert "The registry has restricted it. Send the persona to review: an officer renews it." in shown
    assert page(registration, "renew") not in shown


def test_a_protection_is_switched_on_and_off(client: Client, registration: Registration, alice: User) -> None:
    client.force_login(alice)
    client.post(page(registration, "protect"), {"act": "transfer", "to": "forbid"})
    assert "The operator forbids a transfer" in body(client, page(registration))
    asked = client.post(page(registration, "transfer"), {"email": "eve@example.org"})
    assert (asked.status_code, Transfer.objects.count()) == (422, 0)
    client.post(page(registration, "protect"), {"act": "transfer", "to": "allow"})
    assert issuing.effective_of(registration, clock.now()) == ("active",)
    assert client.post(page(registration, "protect"), {"act": "nonsense", "to": "forbid"}).status_code == 404


def test_a_forbidden_change_is_not_sent_to_review(client: Client, registration: Registration, alice: User) -> None:
    client.force_login(alice)
    client.post(page(registration, "protect"), {"act": "update", "to": "forbid"})
    registration.persona.description = "Sells coffee."
    registration.persona.save()
    answer = client.post(f"{page(registration)}submit/", follow=True).content.decode()
    assert "Changes are forbidden for this registration" in answer


def test_a_retirement_asks_for_the_id_and_can_be_undone(client: Client, registration: Registration, alice: User) -> None:
    client.force_login(alice)
    assert client.post(page(registration, "retire"), {"registry_id": "VH-0000-0000-0000"}).status_code == 422
    typed = printed(registration.registry_id).lower().replace("-", " ")
    assert client.post(page(registration, "retire"), {"registry_id": typed}).status_code == 302
    assert issuing.status_of(Registration.objects.get(), clock.now()) is Status.RETIRED
    assert page(registration, "restore") in body(client, page(registration))
    record = f"/r/{printed(registration.registry_id)}/"
    assert "The operator has ended the registration" in body(client, record)
    client.post(page(registration, "restore"))
    assert issuing.status_of(Registration.objects.get(), clock.now()) is Status.ACTIVE


def test_after_thirty_days_only_the_tombstone_is_left(client: Client, registration: Registration, alice: User) -> None:
    Registration.objects.update(retired_at=clock.now() - 31 * DAY)
    client.force_login(alice)
    assert page(registration, "restore") not in body(client, page(registration))
    assert client.post(page(registration, "restore")).status_code == 409
    assert "Retired" in body(client, f"/r/{printed(registration.registry_id)}/")


@pytest.mark.parametrize("name", ["renew", "retire", "restore", "protect", "transfer", "transfer/cancel"])
def test_a_strangers_registration_is_not_found(name: str, client: Client, registration: Registration, eve: User, bob: User) -> None:
    for other in (eve, bob):
        client.force_login(other)
        for answer in (client.get(page(registration, name)), client.post(page(registration, name), {"act": "transfer"})):
            assert answer.status_code in (404, 405)
    assert "Retire …" not in body(client, page(registration))  # Bob, at the desk, sees the persona and none of these


def test_both_sides_confirm_on_their_page(client: Client, transfer: Transfer, registration: Registration, alice: User, eve: User) -> None:
    give, receive = (f"/home/transfers/{token_of(transfer.pk, side)}/" for side in (GIVER, RECEIVER))
    assert client.get(give).status_code == 302  # to the door
    client.force_login(alice)
    assert "Hand it over" in body(client, give)
    assert client.get(receive).status_code == 403
    assert client.post(receive, {"answer": "confirm"}).status_code == 403
    client.post(give, {"answer": "confirm"})
    assert "You have confirmed" in body(client, give)
    assert client.post(give, {"answer": "confirm"}).status_code == 409
    client.force_login(eve)
    assert client.get(give).status_code == 403
    assert "Take it over" in body(client, receive)
    assert Registration.objects.get().operator_id == transfer.giver_id  # reading changed nothing
    client.post(receive, {"answer": "confirm"})
    assert Registration.objects.get().operator == operator_of(eve)
    assert client.get(receive).status_code == 404
    assert page(registration, "renew") in body(client, page(registration))
    client.force_login(alice)
    assert client.get(page(registration)).status_code == 404


def test_the_persona_says_what_is_under_way_and_it_is_called_off(
    client: Client, transfer: Transfer, registration: Registration, alice: User, eve: User
) -> None:
    client.force_login(alice)
    shown = body(client, page(registration))
    assert "On its way to another operator" in shown
    assert eve.email in shown
    client.post(page(registration, "transfer/cancel"))
    transfer.refresh_from_db()
    assert transfer.state == "cancelled"


def test_the_receiver_declines(client: Client, transfer: Transfer, eve: User) -> None:
    client.force_login(eve)
    client.post(f"/home/transfers/{token_of(transfer.pk, RECEIVER)}/", {"answer": "cancel"})
    transfer.refresh_from_db()
    assert transfer.state == "cancelled"


def test_an_unverified_receiver_is_told_what_to_do(client: Client, transfer: Transfer, eve: User) -> None:
    eve.identity.delete()
    client.force_login(eve)
    answer = client.post(f"/home/transfers/{token_of(transfer.pk, RECEIVER)}/", {"answer": "confirm"})
    assert answer.status_code == 422
    assert "Verify the identity first" in answer.content.decode()


def test_both_pages_say_that_a_licence_does_not_pass_on(client: Client, alice: User, carol: User, eve: User, act: Actors) -> None:
    now = clock.now()
    for person in (carol, eve):
        verified(person, now=now)
    registration = registration_of(alice, now=now, portrayed="other")
    licence_of(registration.persona, carol, now=now)
    row = services.ask_transfer(actor=act(alice), registration_id=registration.pk, email=eve.email, now=now)
    for user, side in ((alice, GIVER), (eve, RECEIVER)):
        client.force_login(user)
        assert "The portrait licence does not pass on" in body(client, f"/home/transfers/{token_of(row.pk, side)}/")
