"""The national code beside our own ID."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden, Invalid
from registry.issuing import services
from registry.issuing.models import Act, Prohibition, Registration, Side
from tests.registry.rows import registration_of, verified

Actors = Callable[[User], Actor]
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)


@pytest.fixture
def registration(alice: User, now: datetime) -> Registration:
    """A registration of Alice's, whose identity outlasts it."""
    verified(alice, now=now, valid_until=now + 900 * DAY)
    return registration_of(alice, now=now)


def happened(registration: Registration) -> list[str]:
    """Returns the events on the registration's trail."""
    return list(Entry.objects.filter(subject_id=registration.pk).order_by("id").values_list("event", flat=True))


def forbid(registration: Registration, actor: Actor, act: Act, now: datetime) -> Prohibition:
    """Lets an officer forbid something."""
    where: dict[str, Any] = {"registration_id": registration.pk, "side": Side.REGISTRY, "act": act}
    return services.prohibit(actor=actor, reason="dispute", now=now, **where)


def test_the_national_code_is_set_corrected_and_taken_away(registration: Registration, bob: User, act: Actors, now: datetime) -> None:
    for code in ("CN-0017", " CN-0018 ", ""):
        services.set_national_code(actor=act(bob), registration_id=registration.pk, code=code, now=now)
    told = [entry.data for entry in Entry.objects.filter(event=Event.NATIONAL_CODE_SET).order_by("id")]
    assert [(each["before"], each["after"]) for each in told] == [(None, "CN-0017"), ("CN-0017", "CN-0018"), ("CN-0018", None)]
    with pytest.raises(Conflict):
        services.set_national_code(actor=act(bob), registration_id=registration.pk, code="", now=now)


def test_only_an_officer_without_a_part_in_it_sets_a_code(
    registration: Registration, alice: User, eve: User, bob: User, frank: User, act: Actors, now: datetime
) -> None:
    for other in (alice, eve, frank):
        with pytest.raises(Forbidden):
            services.set_national_code(actor=act(other), registration_id=registration.pk, code="A", now=now)
    own = registration_of(bob, now=now)
    with pytest.raises(Forbidden):
        services.set_national_code(actor=act(bob), registration_id=own.pk, code="A", now=now)
    with pytest.raises(Invalid):
        services.set_national_code(actor=act(bob), registration_id=registration.pk, code="数", now=now)
