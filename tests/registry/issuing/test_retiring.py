"""The operator ends a registration and, for thirty days, takes it back."""

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.audit.events import Event
from portal.kit.errors import Conflict, NotFound
from portal.outbox.models import Message
from registry.issuing import queries, rules, services
from registry.issuing.models import Act, Registration, Side
from registry.issuing.verdict import Status
from tests.post import deliver
from tests.registry.issuing.upkeep import DAY, MOMENT, Actors, happened
from tests.registry.rows import registration_of


def test_a_stranger_renews_and_retires_nothing(registration: Registration, eve: User, bob: User, act: Actors, now: datetime) -> None:
    for other in (eve, bob):
        for verb in (services.renew, services.retire, services.restore):
            with pytest.raises(NotFound):
                verb(actor=act(other), registration_id=registration.pk, now=registration.expires_at - DAY)
    assert happened(registration) == []


def test_a_retirement_stops_at_once_and_can_be_undone(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    where: dict[str, Any] = {"actor": act(alice), "registration_id": registration.pk}
    services.retire(now=now, **where)
    assert queries.status_of(registration, now) is Status.RETIRED
    with pytest.raises(Conflict):
        services.retire(now=now, **where)
    restored = services.restore(now=now + 30 * DAY - MOMENT, **where)
    assert queries.status_of(restored, now) is Status.ACTIVE
    assert happened(registration) == [Event.REGISTRATION_RETIRED, Event.REGISTRATION_RESTORED]
    assert [each.topic for each in Message.objects.order_by("id")] == ["persona.retired", "persona.restored"]


def test_what_was_undone_is_no_news_any_more(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    services.retire(actor=act(alice), registration_id=registration.pk, now=now)
    services.restore(actor=act(alice), registration_id=registration.pk, now=now)
    assert [each.subject for each in deliver()] == ["The retirement has been undone"]


def test_after_thirty_days_a_retirement_is_final(registration: Registration, alice: User, bob: User, act: Actors, now: datetime) -> None:
    services.retire(actor=act(alice), registration_id=registration.pk, now=now)
    with pytest.raises(Conflict):
        services.restore(actor=act(alice), registration_id=registration.pk, now=now + rules.UNDO)
    with pytest.raises(IntegrityError), transaction.atomic():  # its ID is never used again
        Registration.objects.filter(pk=registration_of(bob, now=now).pk).update(registry_id=registration.registry_id)


def test_a_revocation_meanwhile_ends_the_undo(registration: Registration, alice: User, bob: User, act: Actors, now: datetime) -> None:
    services.retire(actor=act(alice), registration_id=registration.pk, now=now)
    services.revoke(actor=act(bob), registration_id=registration.pk, reason="false_statements", now=now + DAY)
    with pytest.raises(Conflict):
        services.restore(actor=act(alice), registration_id=registration.pk, now=now + 2 * DAY)
    assert queries.status_of(Registration.objects.get(), now + DAY) is Status.REVOKED


def test_what_expired_in_retirement_comes_back_expired(registration: Registration, alice: User, act: Actors, now: datetime) -> None:
    end = registration.expires_at
    services.retire(actor=act(alice), registration_id=registration.pk, now=end - DAY)
    restored = services.restore(actor=act(alice), registration_id=registration.pk, now=end + DAY)
    assert queries.status_of(restored, end + DAY) is Status.EXPIRED


@pytest.mark.parametrize("side", Side)
def test_a_forbidden_retirement_is_refused(
    side: Side, registration: Registration, alice: User, bob: User, act: Actors, now: datetime
) -> None:
    who = act(alice if side is Side.HOLDER else bob)
    services.prohibit(actor=who, registration_id=registration.pk, side=side, act=Act.RETIRE, reason="dispute", now=now)
    with pytest.raises(services.Prohibited):
        services.retire(actor=act(alice), registration_id=registration.pk, now=now)
