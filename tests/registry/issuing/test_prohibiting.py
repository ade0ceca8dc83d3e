"""What may not be done to a registration, by whose word."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.audit.events import Event
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from registry.issuing import queries, services
from registry.issuing.models import Act, Prohibition, Registration, Side
from registry.personas import services as personas
from registry.personas.models import Application
from tests.registry.issuing.upkeep import Actors, forbid, happened


def test_each_side_lifts_its_own_prohibitions(registration: Registration, alice: User, bob: User, act: Actors, now: datetime) -> None:
    where: dict[str, Any] = {"registration_id": registration.pk, "act": Act.TRANSFER, "now": now}
    services.prohibit(actor=act(alice), side=Side.HOLDER, **where)
    services.prohibit(actor=act(bob), side=Side.REGISTRY, reason="dispute", **where)
    assert queries.effective_of(registration, now) == ("client transfer prohibited", "server transfer prohibited")
    with pytest.raises(Forbidden):
        services.lift_prohibition(actor=act(alice), side=Side.REGISTRY, **where)
    with pytest.raises(NotFound):
        services.lift_prohibition(actor=act(bob), side=Side.HOLDER, **where)
    services.lift_prohibition(actor=act(alice), side=Side.HOLDER, **where)
    assert queries.effective_of(registration, now) == ("server transfer prohibited",)
    with pytest.raises(Conflict):
        services.lift_prohibition(actor=act(alice), side=Side.HOLDER, **where)
    assert happened(registration) == [Event.PROHIBITION_SET, Event.PROHIBITION_SET, Event.PROHIBITION_LIFTED]
    assert Prohibition.objects.filter(set_by=alice, lifted_by=alice).count() == 1


def test_the_registry_gives_a_reason_and_strangers_forbid_nothing(
    registration: Registration, bob: User, eve: User, act: Actors, now: datetime
) -> None:
    where: dict[str, Any] = {"registration_id": registration.pk, "act": Act.RETIRE, "now": now}
    with pytest.raises(Invalid):
        services.prohibit(actor=act(bob), side=Side.REGISTRY, reason="because", **where)
    for side in Side:
        with pytest.raises((NotFound, Forbidden)):
            services.prohibit(actor=act(eve), side=side, reason="dispute", **where)
    with pytest.raises(IntegrityError), transaction.atomic():
        Prohibition.objects.create(registration=registration, side="registry", act="retire", set_at=now)


def test_a_prohibition_stands_once(registration: Registration, bob: User, act: Actors, now: datetime) -> None:
    forbid(registration, act(bob), Act.UPDATE, now)
    with pytest.raises(Conflict):
        forbid(registration, act(bob), Act.UPDATE, now)


def test_a_forbidden_change_is_not_approved(registration: Registration, alice: User, bob: User, act: Actors, now: datetime) -> None:
    changed = registration.facts | {"description": "Sells coffee."}
    sent = {"submitted_by": alice, "submitted_at": now, "persona": registration.persona}
    change = Application.objects.create(facts=changed, **sent)
    row = forbid(registration, act(bob), Act.UPDATE, now)
    personas.claim(actor=act(bob), application_id=change.pk, now=now)
    with pytest.raises(services.Prohibited):
        services.register(actor=act(bob), application_id=change.pk, note="", now=now)
    change.refresh_from_db()
    assert change.state == "in_review"
    Application.objects.filter(pk=change.pk).update(facts=registration.facts)  # nothing changes: an officer's renewal
    assert services.register(actor=act(bob), application_id=change.pk, note="", now=now).version == 2
    assert row.lifted_at is None
