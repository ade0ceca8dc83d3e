"""The entry of a registration on the desk: restrictions, the national code, and what was true when."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.kit import clock
from registry.issuing import queries, services
from registry.issuing.models import Act, Party, Prohibition, Registration, Side
from registry.issuing.registry_id import printed
from tests.registry.desk.desk import signed_in, text_of
from tests.registry.rows import registration_of

HOUR = timedelta(hours=1)


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registration of Alice, a day old."""
    return registration_of(alice, now=clock.now() - 24 * HOUR)


def url(name: str, registration: Registration) -> str:
    """Returns an address of the entry."""
    return reverse(f"desk:{name}", args=[registration.pk])


def local(moment: datetime) -> str:
    """Returns a moment as the browser sends it."""
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M:%S")


def test_an_officer_forbids_and_allows(bob: User, registration: Registration) -> None:
    desk = signed_in(bob)
    desk.post(url("forbid", registration), {"act": "retire", "reason": "investigation"})
    body = text_of(desk.get(url("entry", registration)))
    assert "The registry looks into a complaint" in body
    assert "The registry forbids retirement" in body
    assert desk.post(url("forbid", registration), {"act": "retire", "reason": "because"}).status_code == 422
    desk.post(url("allow", registration), {"act": "retire"})
    assert not queries.prohibitions_of(registration).exists()
    assert desk.post(url("allow", registration), {"act": "x"}).status_code == 404


def test_the_holders_own_is_shown_and_not_lifted_here(alice: User, bob: User, registration: Registration) -> None:
    where: dict[str, Any] = {"registration_id": registration.pk, "side": Side.HOLDER}
    services.prohibit(actor=actor_for(alice), act=Act.UPDATE, now=clock.now(), **where)
    desk = signed_in(bob)
    body = text_of(desk.get(url("entry", registration)))
    assert "Operator forbids: Changes of the registered facts" in body
    assert "Allow it again" not in body
    desk.post(url("allow", registration), {"act": "update"})
    assert Prohibition.objects.get().lifted_at is None


def test_the_national_code_stands_on_the_public_record(bob: User, registration: Registration) -> None:
    desk = signed_in(bob)
    assert desk.post(url("national_code", registration), {"code": "数字人-1"}).status_code == 422
    desk.post(url("national_code", registration), {"code": "CN-2026-0017"})
    address = f"/r/{printed(registration.registry_id)}"
    assert "CN-2026-0017" in text_of(desk.get(f"{address}/"))
    assert desk.get(f"{address}.json").json()["national_code"] == "CN-2026-0017"
    assert "CN-2026-0017" in text_of(desk.get(url("entry", registration)))


def test_an_auditor_asks_what_was_true_and_changes_nothing(alice: User, frank: User, registration: Registration) -> None:
    then = clock.now() - 2 * HOUR
    where: dict[str, Any] = {"registration_id": registration.pk, "party": Party.OPERATOR}
    services.place_hold(actor=actor_for(alice), reason="pause", note="", now=then, **where)
    desk = signed_in(frank)
    asked = {"moment": local(then + HOUR), "platform": "demo-live", "activity": "live"}
    from_desk = desk.post(url("look_back", registration), {**asked, "platform": ""})
    assert "Suspended" in text_of(from_desk)
    entry = Entry.objects.get(event=Event.PAST_READ)
    assert (entry.actor_id, entry.subject_id) == (frank.pk, registration.pk)
    for name, data in (("forbid", {"act": "update", "reason": "dispute"}), ("allow", {"act": "update"}), ("national_code", {"code": "A"})):
        assert desk.post(url(name, registration), data).status_code == 403
    assert "Forbid something" not in text_of(desk.get(url("entry", registration)))


def test_a_moment_outside_the_registrations_life_is_refused(bob: User, registration: Registration) -> None:
    desk = signed_in(bob)
    for moment, said in ((clock.now() + HOUR, "has not come yet"), (clock.now() - 48 * HOUR, "had not been issued"), (None, "required")):
        answer = desk.post(url("look_back", registration), {"moment": local(moment) if moment else ""})
        assert answer.status_code == 422
        assert said in text_of(answer)
    assert not Entry.objects.filter(event=Event.PAST_READ).exists()


@pytest.mark.parametrize("name", ["entry", "forbid", "allow", "national_code", "look_back"])
def test_nobody_else_comes_in(name: str, eve: User, bob: User, registration: Registration) -> None:
    own = registration_of(bob, now=clock.now())
    for user, row in ((eve, registration), (bob, own)):
        visitor = signed_in(user)
        answers = [visitor.get(url(name, row)), visitor.post(url(name, row), {"act": "update", "reason": "dispute", "code": "A"})]
        assert {each.status_code for each in answers} <= {403, 404, 405}


def test_what_the_desk_asked_is_not_told_to_the_operator(alice: User, bob: User, registration: Registration) -> None:
    signed_in(bob).post(url("look_back", registration), {"moment": local(clock.now() - HOUR)})
    assert "Asked what was true earlier" in text_of(signed_in(bob).get(url("entry", registration)))
    assert "Asked what was true earlier" not in text_of(signed_in(alice).get(f"/home/personas/{registration.persona_id}/"))
