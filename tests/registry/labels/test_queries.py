"""Whose a label is, and who is named as its producer."""

from datetime import timedelta

import pytest

from portal.accounts.models import User
from portal.kit import clock
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.labels import queries
from tests import organisations
from tests.registry.rows import registration_of


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registered synthetic persona of Alice."""
    return registration_of(alice, now=clock.now())


def codes(fields: dict[str, str]) -> list[str]:
    """Returns what is said of a label's naming."""
    owner = queries.owner_of(fields, clock.now())
    assert owner is not None
    return [each.code for each in owner.findings]


def test_a_natural_persons_label_names_the_registry_id_as_producer(registration: Registration) -> None:
    printed = ids.printed(registration.registry_id)
    assert queries.producer_of(registration, clock.now()) == printed
    assert codes({"ContentProducer": printed, "ProduceID": f"{printed}.7"}) == []


def test_an_organisations_producer_code_comes_from_its_verified_credit_code(registration: Registration, alice: User, bob: User) -> None:
    now = clock.now()
    organisation = organisations.decided(organisations.submitted(alice, now), bob, now)
    assert organisation.operator is not None
    Registration.objects.filter(pk=registration.pk).update(operator=organisation.operator)
    registration.refresh_from_db()
    assert queries.producer_of(registration, now) == f"0011{organisations.CODE}00000"
    assert codes({"ContentProducer": f"0011{organisations.CODE}1ABCD", "ProduceID": ids.printed(registration.registry_id)}) == []
    organisation.revoked_at = now
    organisation.save()
    registration = Registration.objects.get(pk=registration.pk)
    assert queries.producer_of(registration, now + timedelta(days=1)) == ids.printed(registration.registry_id)


def test_a_label_with_another_producer_is_told_apart(registration: Registration) -> None:
    printed = ids.printed(registration.registry_id)
    assert codes({"ContentProducer": f"0011{organisations.CODE}00000", "ProduceID": f"{printed}.7"}) == ["producer_other"]


def test_a_registration_that_ended_is_said_to_have(registration: Registration) -> None:
    Registration.objects.filter(pk=registration.pk).update(retired_at=clock.now())
    printed = ids.printed(registration.registry_id)
    assert codes({"ContentProducer": printed}) == ["registration_not_active"]


@pytest.mark.parametrize("text", ["", "VH-0000-0000-0000", "VH-1234-5678-9ABCD", "vh", "VH-" * 500])
def test_a_label_that_names_nothing_of_ours_is_nobodys(text: str, db: None) -> None:
    assert queries.owner_of({"ProduceID": text, "ContentProducer": "x"}, clock.now()) is None
