"""The clocks of the registry's rooms, and what a person's withdrawal does to the verdict."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client

from portal.access.actor import SYSTEM
from portal.accounts.doors import actor_for
from portal.accounts.models import RoleGrant, User
from portal.keeping import clocks, faces, purging
from portal.keeping.models import PurgeRun
from portal.kit.outcome import Refused
from portal.outbox.models import Message
from portal.vault.models import DataKey, Erased
from registry.consent.keeping import ANSWERED
from registry.consent.models import Licence
from registry.issuing import queries
from registry.issuing.models import Registration
from registry.issuing.verdict import Ask, Status, verdict
from registry.personas.keeping import RECORDS, UNTOUCHED
from registry.personas.models import Application, Portrait
from tests.cast import EPOCH
from tests.registry.rows import licence_of, persona_of, portrait_of, registration_of, verified
from verification import services as verification
from verification.models import ConsentRecord, Identity

MOMENT = timedelta(seconds=1)
LIVE = Ask("demo-live", "live", "commerce", "CN")


def due(name: str, now: datetime) -> list[Any]:
    """Returns what a clock would take at a moment."""
    [clock] = [each for each in clocks.declared() if each.name == name]
    return list(clocks.waiting(clock, now))


def gone(now: datetime) -> set[str]:
    """Returns of which kinds a purge erased something."""
    report = purging.purge(actor=SYSTEM, now=now)
    assert report.failed == 0
    return {line.name for line in report.lines if line.erased}


@pytest.fixture
def registration(alice: User, carol: User, now: datetime) -> Registration:
    """A registered persona of Alice with Carol's face, licensed."""
    verified(carol, now=now)
    registration = registration_of(alice, now=now, portrayed="other")
    licence_of(registration.persona, carol, now=now)
    return registration


def judged(registration: Registration, now: datetime) -> tuple[str, ...]:
    """Returns the reasons, empty for an allowed one."""
    outcome = verdict(queries.facts_of(registration), LIVE, now)
    return outcome.reasons if isinstance(outcome, Refused) else ()


def withdraw(user: User, now: datetime) -> None:
    """Takes the account's consent to the processing back."""
    ConsentRecord.objects.create(user=user, purpose="processing", version="2026-01", given_at=now)
    assert verification.take_back_processing(actor=actor_for(user), now=now)


def test_the_operator_who_withdraws_breaks_the_chain_at_once(registration: Registration, alice: User, now: datetime) -> None:
    assert judged(registration, now) == ()
    withdraw(alice, now)
    assert judged(registration, now) == ("operator_unverified",)


def test_the_portrayed_person_who_withdraws_suspends_the_registration(registration: Registration, carol: User, now: datetime) -> None:
    assert queries.status_of(registration, now) is Status.ACTIVE
    withdraw(carol, now)
    assert queries.status_of(registration, now) is Status.SUSPENDED
    assert judged(registration, now) == ("consent_missing",)
    assert list(queries.touched_by(Message.objects.filter(topic="person.changed"))) == [registration]  # the gate hears of it


def test_whoever_is_verified_again_restores_what_rested_on_it(registration: Registration, carol: User, now: datetime) -> None:
    withdraw(carol, now)
    verified(carol, now=now)
    assert judged(registration, now) == ()


def test_an_address_goes_thirty_days_after_the_answer(registration: Registration, now: datetime) -> None:
    licence = registration.persona.licences.get()
    assert due("addresses", now + ANSWERED - MOMENT) == []
    assert due("addresses", now + ANSWERED) == [licence]
    purging.purge(actor=SYSTEM, now=now + ANSWERED)
    again = Licence.objects.get()
    assert (again.email, again.address, again.state) == (None, "", "granted")
    with pytest.raises(Erased):
        again.data_key.open()
    assert judged(registration, now) == ()


@pytest.mark.parametrize("state", ["invited", "opened", "identity_verified"])
def test_an_address_stays_while_its_answer_is_waited_for(registration: Registration, now: datetime, state: str) -> None:
    Licence.objects.update(state=state, granted_at=None)
    assert due("addresses", now + RECORDS) == []


@pytest.mark.parametrize("state", ["declined", "lapsed", "superseded"])
def test_an_address_that_was_never_answered_goes_after_the_end(registration: Registration, now: datetime, state: str) -> None:
    Licence.objects.update(state=state, granted_at=None, ended_at=now)
    assert due("addresses", now + ANSWERED - MOMENT) == []
    assert len(due("addresses", now + ANSWERED)) == 1


def test_an_identity_stays_while_a_licence_rests_on_it(registration: Registration, carol: User, now: datetime) -> None:
    Identity.objects.update(valid_until=now)
    assert carol.pk not in {identity.user_id for identity in due("identities", now + RECORDS)}
    Licence.objects.update(state="withdrawn")
    assert carol.pk in {identity.user_id for identity in due("identities", now + RECORDS)}


def test_a_portrait_that_was_taken_away_stays_three_years_and_while_the_registration_stands(
    alice: User, registration: Registration, now: datetime
) -> None:
    portrait = portrait_of(registration.persona, 0, now=now)
    Portrait.objects.update(removed_at=now)
    Registration.objects.update(expires_at=now + RECORDS * 2)
    assert due("portraits_removed", now + RECORDS) == []
    Registration.objects.update(expires_at=now)
    assert due("portraits_removed", now + RECORDS - MOMENT) == []
    assert due("portraits_removed", now + RECORDS) == [portrait]
    Application.objects.update(state="in_review")
    assert due("portraits_removed", now + RECORDS) == []
    Application.objects.update(state="rejected")
    assert gone(now + RECORDS) >= {"portraits_removed"}


@pytest.mark.parametrize("end", ["expires_at", "revoked_at", "retired_at"])
def test_portraits_stay_three_years_after_the_registration_ended(registration: Registration, now: datetime, end: str) -> None:
    portrait = portrait_of(registration.persona, 0, now=now)
    Registration.objects.update(**{"expires_at": now + RECORDS, end: now})
    assert due("portraits_ended", now + RECORDS - MOMENT) == []
    assert due("portraits_ended", now + RECORDS) == [portrait]
    Application.objects.update(state="submitted")
    assert due("portraits_ended", now + RECORDS) == []
    Application.objects.update(state="approved")
    assert gone(now + RECORDS) >= {"portraits_ended"}


def test_portraits_of_a_persona_nobody_went_on_with_stay_a_year(alice: User, now: datetime) -> None:
    portrait = portrait_of(persona_of(alice, changed_at=now), 0, now=now)
    assert due("portraits_untouched", now + UNTOUCHED - MOMENT) == []
    assert due("portraits_untouched", now + UNTOUCHED) == [portrait]
    report = purging.purge(actor=SYSTEM, now=now + UNTOUCHED)
    assert (report.erased, report.failed) == (1, 0)
    assert not Portrait.kept.exists()
    assert not storages["vault"].exists(portrait.file.path)
    assert not DataKey.objects.filter(wrapped__isnull=False).exists()


def test_portraits_that_were_decided_on_stay_three_years(alice: User, now: datetime) -> None:
    persona = persona_of(alice, changed_at=now)
    portrait = portrait_of(persona, 0, now=now)
    Application.objects.create(persona=persona, state="rejected", submitted_by=alice, submitted_at=now, decided_at=now)
    assert due("portraits_untouched", now + RECORDS - MOMENT) == []
    assert due("portraits_untouched", now + RECORDS) == [portrait]


def test_portraits_of_a_registered_persona_have_another_clock(registration: Registration, now: datetime) -> None:
    portrait_of(registration.persona, 0, now=now)
    Registration.objects.update(expires_at=now + RECORDS * 9)
    assert due("portraits_untouched", now + RECORDS * 2) == []
    assert due("portraits_ended", now + RECORDS * 2) == []


def test_each_persona_with_a_portrait_counts_among_the_stored_faces(alice: User, now: datetime) -> None:
    persona = persona_of(alice)
    portrait_of(persona, 0, now=now)
    portrait_of(persona, 1, now=now)
    persona_of(alice)
    assert faces.stored().by_room == {"verification": 0, "personas": 1, "renewals": 0}


class TestDashboard:
    """What those who answer for the store read of it."""

    def page(self, user: User, role: str = "") -> str:
        if role:
            RoleGrant.objects.create(user=user, role=role, granted_at=EPOCH)
        browser = Client()
        browser.force_login(user)
        return browser.get("/home/").content.decode()

    def test_operators_and_officers_do_not_see_it(self, alice: User, bob: User) -> None:
        for user in (alice, bob):
            assert "Keeping and forgetting" not in self.page(user)

    def test_an_auditor_sees_that_nothing_was_purged(self, frank: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.kit.clock.now", lambda: now)
        assert "Nothing was purged yet" in self.page(frank)
        PurgeRun.objects.create(started_at=now - timedelta(hours=48), finished_at=now)
        assert "Nothing was purged for two days" in self.page(frank)

    def test_an_administrator_sees_the_last_report(self, alice: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("portal.kit.clock.now", lambda: now)
        purging.purge(actor=SYSTEM, now=now)
        page = self.page(alice, "administrator")
        assert "Last purge" in page
        assert "Nothing was purged" not in page
        assert "are stored" not in page
        PurgeRun.objects.update(report={"erased": 3, "failed": 2, "faces": 100_000, "filing_due": True})
        page = self.page(alice)
        assert "100,000 faces or more are stored" in page
        assert "2 records are kept beyond their time" in page
