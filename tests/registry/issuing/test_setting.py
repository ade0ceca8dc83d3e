"""The national code beside our own ID."""

from datetime import datetime

import pytest

from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden, Invalid
from registry.issuing import services
from registry.issuing.models import Registration
from tests.registry.issuing.upkeep import Actors
from tests.registry.rows import registration_of


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
