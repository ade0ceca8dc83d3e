"""The appeal: once, in time, and never before the officer it is about."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.verification import rows
from verification import queries, rules, services
from verification.models import Case
from verification.states import CaseState

WHY = "The picture on my card is twelve years old. I wear glasses now."


@pytest.fixture
def rejected(alice: User, bob: User, now: datetime) -> Case:
    """Alice's case, rejected by Bob."""
    case = rows.in_review(alice, now)
    services.claim(actor=actor_for(bob), case_id=case.pk, now=now)
    told = {"verdict": "rejected", "reasons": ["not_the_holder"], "note": ""}
    return services.decide(actor=actor_for(bob), case_id=case.pk, now=now, **told)  # type: ignore[arg-type]


def test_another_officer_overturns_it(rejected: Case, alice: User, bob: User, dana: User, now: datetime) -> None:
    case = services.appeal(actor=actor_for(alice), text=WHY, now=now)
    assert (case.state, case.risks[0], case.appeal) == ("review", "appealed", WHY)
    with pytest.raises(Forbidden) as refusal:
        services.claim(actor=actor_for(bob), case_id=case.pk, now=now)
    assert refusal.value.code == "rejected_before"
    services.claim(actor=actor_for(dana), case_id=case.pk, now=now)
    services.decide(actor=actor_for(dana), case_id=case.pk, verdict="verified", reasons=[], note="", now=now)
    assert queries.standing(alice.pk, now).verified
    events = list(Entry.objects.filter(subject_id=case.pk).order_by("id").values_list("event", flat=True))
    assert events == ["case.claimed", "case.rejected", "case.appealed", "case.claimed", "case.verified"]


def test_an_appeal_is_possible_once(rejected: Case, alice: User, dana: User, now: datetime) -> None:
    case = services.appeal(actor=actor_for(alice), text=WHY, now=now)
    services.claim(actor=actor_for(dana), case_id=case.pk, now=now)
    services.decide(actor=actor_for(dana), case_id=case.pk, verdict="rejected", reasons=["not_the_holder"], note="", now=now)
    with pytest.raises(Conflict):
        services.appeal(actor=actor_for(alice), text=WHY, now=now)


def test_the_time_for_it_ends(rejected: Case, alice: User, now: datetime) -> None:
    assert queries.appealable(rejected, now + rules.APPEAL_OPEN - timedelta(seconds=1))
    with pytest.raises(Conflict):
        services.appeal(actor=actor_for(alice), text=WHY, now=now + rules.APPEAL_OPEN)


def test_whoever_began_anew_does_not_appeal_as_well(rejected: Case, alice: User, now: datetime) -> None:
    services.start(actor=actor_for(alice), now=now + timedelta(hours=1))
    with pytest.raises(NotFound):
        services.appeal(actor=actor_for(alice), text=WHY, now=now + timedelta(hours=1))


def test_it_needs_words(rejected: Case, alice: User, now: datetime) -> None:
    with pytest.raises(Invalid):
        services.appeal(actor=actor_for(alice), text="  ", now=now)
    assert Case.objects.get(pk=rejected.pk).state == CaseState.REJECTED


def test_nobody_appeals_for_somebody_else(rejected: Case, eve: User, now: datetime) -> None:
    with pytest.raises(NotFound):
        services.appeal(actor=actor_for(eve), text=WHY, now=now)


def test_the_database_keeps_the_first_officer_out(rejected: Case, alice: User, bob: User, now: datetime) -> None:
    case = services.appeal(actor=actor_for(alice), text=WHY, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(decided_by=bob)


def test_the_page_leads_there_and_says_what_happens(client: Client, alice: User, bob: User) -> None:
    moment = datetime.now().astimezone()
    case = rows.in_review(alice, moment, state=CaseState.REJECTED, decided_at=moment, decided_by=bob, reasons=["not_the_holder"])
    client.force_login(alice)
    assert "/identity/appeal/" in client.get("/identity/").content.decode()
    assert client.post("/identity/appeal/", {"text": ""}).status_code == 422
    assert client.post("/identity/appeal/", {"text": WHY}).status_code == 302
    assert Case.objects.get(pk=case.pk).appeal == WHY
    assert client.get("/identity/appeal/").status_code == 302
