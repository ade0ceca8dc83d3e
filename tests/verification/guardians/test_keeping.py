"""What is kept of a guardian: while it waits, after the decision, after the lapse; and when a person takes their consent back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.access.actor import CONSOLE, SYSTEM
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.keeping import clocks, purging
from portal.keeping import services as holds
from portal.kit.outcome import Refused
from portal.letters.models import Letter
from portal.vault.models import DataKey, Erased, SealedFile
from registry.issuing import queries as issuing
from registry.issuing.verdict import Ask, verdict
from tests.registry import rows
from tests.registry.desk.desk import picture
from verification import services as core
from verification.guardians.keeping import ANSWERED
from verification.guardians.models import Guardianship
from verification.retention import DISPUTE

MOMENT = timedelta(seconds=1)
PAPERS = "guardian_papers"
LIVE = Ask("demo-live", "live", "commerce", "CN")


def due(now: datetime) -> list[Any]:
    """Returns what the clock would take at a moment."""
    [clock] = [each for each in clocks.declared() if each.name == PAPERS]
    return list(clocks.waiting(clock, now))


def opened(row: Guardianship) -> Guardianship:
    """Returns the row as it stands now."""
    return Guardianship.objects.select_related("data_key", "proof__data_key").get(pk=row.pk)


@pytest.mark.parametrize("state", ["confirmed", "refused", "withdrawn"])
def test_proof_note_and_address_stay_thirty_days_after_the_decision(alice: User, now: datetime, state: str) -> None:
    row = rows.guardian_of(alice, now=now, state=state, proof=picture(), note="One household.")
    proof, key = row.proof, row.data_key_id
    assert proof is not None
    assert due(now + DISPUTE - MOMENT) == []
    assert due(now + DISPUTE) == [row]
    report = purging.purge(actor=SYSTEM, now=now + DISPUTE)
    assert {line.name: line.erased for line in report.lines if line.erased} == {PAPERS: 1}
    row = opened(row)
    assert (row.email, row.note, row.proof, row.state) == (None, None, None, state)
    assert DataKey.objects.get(pk=key).wrapped is None
    with pytest.raises(Erased):
        SealedFile.objects.get(pk=proof.pk).data_key.open()
    assert due(now + DISPUTE * 9) == []


@pytest.mark.parametrize("state", ["invited", "opened", "granted"])
def test_nothing_goes_while_it_waits(alice: User, now: datetime, state: str) -> None:
    rows.guardian_of(alice, now=now, state=state, proof=picture(), decided_by=None, decided_at=None)
    assert due(now + DISPUTE * 9) == []


@pytest.mark.parametrize("state", ["declined", "lapsed", "taken_back"])
def test_the_address_goes_thirty_days_after_an_end_without_a_decision(alice: User, now: datetime, state: str) -> None:
    row = rows.guardian_of(alice, now=now, state=state, decided_by=None, decided_at=None, ended_at=now)
    assert due(now + ANSWERED - MOMENT) == []
    assert due(now + ANSWERED) == [row]


@pytest.mark.parametrize("whose", ["minor", "guardian"])
def test_a_legal_hold_on_either_keeps_them(alice: User, bob: User, now: datetime, whose: str) -> None:
    row = rows.guardian_of(alice, now=now, proof=picture())
    holds.place_legal_hold(actor=CONSOLE, user=getattr(row, whose), reference="A-1", now=now)
    assert due(now + DISPUTE * 9) == []


def test_the_pages_still_show_what_was_emptied(client: Client, alice: User, bob: User, now: datetime) -> None:
    row = rows.guardian_of(alice, now=now, proof=picture(), note="One household.")
    purging.purge(actor=SYSTEM, now=now + DISPUTE)
    assert row.guardian is not None
    for user in (alice, row.guardian):
        client.force_login(user)
        assert client.get(reverse("guardians:mine")).status_code == 200
    client.force_login(bob)
    assert client.get(reverse("desk:guardianship", args=[row.pk])).status_code == 200


def withdraw(user: User, now: datetime) -> None:
    """Takes back the consent to the processing, as the page does."""
    core.take_back_processing(actor=actor_for(user), now=now)


def test_a_guardian_who_takes_their_consent_back_is_one_no_longer(alice: User, now: datetime) -> None:
    rows.verified(alice, now=now, birth_date="2009-06-01", is_minor=True)
    registration = rows.registration_of(alice, now=now)
    row = rows.guardian_of(alice, now=now, proof=picture(), note="One household.")
    assert row.guardian is not None
    assert not isinstance(verdict(issuing.facts_of(registration), LIVE, now), Refused)
    guardian = row.guardian
    withdraw(guardian, now)
    row = opened(row)
    assert (row.state, row.ended_at, row.proof) == ("withdrawn", now, None)
    assert (row.note, row.email) == ("One household.", guardian.email)  # of a decision: their own clock runs on
    assert verdict(issuing.facts_of(registration), LIVE, now) == Refused(("guardian_missing",))
    assert Letter.objects.filter(kind="guardian.withdrawn", to=alice).exists()
    rows.verified(guardian, now=now)  # being verified again does not bring it back
    assert verdict(issuing.facts_of(registration), LIVE, now) == Refused(("guardian_missing",))
    assert due(now + DISPUTE) == [row]


def test_a_ward_who_takes_their_consent_back_takes_the_guardian_back(
    nina: User, carol: User, granted: Callable[..., Guardianship], now: datetime
) -> None:
    row = granted(carol, proof=picture())
    proof = row.proof
    assert proof is not None
    withdraw(nina, now)
    row = opened(row)
    assert (row.state, row.email, row.note, row.proof) == ("taken_back", None, None, None)
    assert SealedFile.objects.get(pk=proof.pk).data_key.wrapped is None
    withdraw(nina, now)
    assert opened(row).ended_at == now


def test_an_invitation_that_was_opened_is_declined_and_emptied(carol: User, opened_for: Callable[..., Guardianship], now: datetime) -> None:
    row = opened_for(carol)
    withdraw(carol, now)
    row = opened(row)
    assert (row.state, row.email) == ("declined", None)


def test_a_legal_hold_ends_it_all_the_same_and_keeps_the_papers(alice: User, now: datetime) -> None:
    row = rows.guardian_of(alice, now=now, proof=picture())
    assert row.guardian is not None
    holds.place_legal_hold(actor=CONSOLE, user=row.guardian, reference="A-1", now=now)
    withdraw(row.guardian, now)
    row = opened(row)
    assert row.state == "withdrawn"
    assert row.proof is not None
    assert row.proof.read()


@pytest.mark.parametrize("stranger", ["eve", "carol"])
def test_nobody_ends_what_they_have_no_part_in(request: pytest.FixtureRequest, alice: User, now: datetime, stranger: str) -> None:
    row = rows.guardian_of(alice, now=now, proof=picture())
    withdraw(request.getfixturevalue(stranger), now)
    row = opened(row)
    assert (row.state, row.proof is None) == ("confirmed", False)


@pytest.fixture
def opened_for(opened: Callable[..., Guardianship]) -> Callable[..., Guardianship]:
    """Invites a guardian, who opens the link: the room's own fixture, under a name that the function above leaves free."""
    return opened
