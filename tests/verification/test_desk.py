"""The officer's services."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.outbox.models import Message
from tests.verification.conftest import Apply
from verification import queries, services, tasks
from verification.models import Case, FaceTemplate
from verification.reasons import Step
from verification.services import machine, templates


@pytest.fixture
def waiting(alice: User, now: datetime, submitted: Apply) -> Case:
    """A doubtful case of Alice's that waits for an officer."""
    case = submitted(alice, face="doubtful")
    machine.judge_case(case_id=case.pk, now=now)
    return Case.objects.get(pk=case.pk)


def decide(officer: User, case: Case, verdict: str, reasons: list[str], now: datetime, note: str = "") -> Case:
    """Returns the decided case."""
    return services.decide(actor=actor_for(officer), case_id=case.pk, verdict=verdict, reasons=reasons, note=note, now=now)


def test_officers_and_auditors_see_the_queue_and_nobody_else(bob: User, frank: User, eve: User, waiting: Case) -> None:
    assert list(queries.waiting_cases(actor_for(bob))) == [waiting]
    assert queries.case_for_desk(actor_for(frank), waiting.pk) == waiting
    with pytest.raises(Forbidden):
        queries.waiting_cases(actor_for(eve))
    with pytest.raises(Forbidden):
        queries.case_for_desk(actor_for(eve), waiting.pk)


def test_drafts_are_not_for_the_desk(bob: User, eve: User, draft: Apply) -> None:
    with pytest.raises(NotFound):
        queries.case_for_desk(actor_for(bob), draft(eve).pk)


def test_a_claim_keeps_others_away_for_half_an_hour(bob: User, dana: User, now: datetime, waiting: Case) -> None:
    claimed = services.claim(actor=actor_for(bob), case_id=waiting.pk, now=now)
    assert (claimed.officer, claimed.claimed_until) == (bob, now + timedelta(minutes=30))
    with pytest.raises(Conflict):
        services.claim(actor=actor_for(dana), case_id=waiting.pk, now=now + timedelta(minutes=29))
    services.claim(actor=actor_for(dana), case_id=waiting.pk, now=now + timedelta(minutes=31))
    with pytest.raises(Conflict):
        decide(bob, waiting, "verified", [], now + timedelta(minutes=32))


def test_a_released_case_is_free(bob: User, dana: User, now: datetime, waiting: Case) -> None:
    services.claim(actor=actor_for(bob), case_id=waiting.pk, now=now)
    with pytest.raises(Conflict):
        services.release(actor=actor_for(dana), case_id=waiting.pk, now=now)
    services.release(actor=actor_for(bob), case_id=waiting.pk, now=now)
    services.claim(actor=actor_for(dana), case_id=waiting.pk, now=now)
    with pytest.raises(Conflict):
        services.release(actor=actor_for(bob), case_id=waiting.pk, now=now)


@pytest.mark.parametrize("who", ["eve", "frank"])
def test_only_officers_decide(who: str, now: datetime, waiting: Case, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    for verb in (services.claim, services.release):
        with pytest.raises(Forbidden):
            verb(actor=actor_for(user), case_id=waiting.pk, now=now)
    with pytest.raises(Forbidden):
        decide(user, waiting, "verified", [], now)


def test_nobody_decides_about_themselves(bob: User, now: datetime, submitted: Apply) -> None:
    own = submitted(bob, face="doubtful")
    machine.judge_case(case_id=own.pk, now=now)
    actor = actor_for(bob)
    assert own not in queries.waiting_cases(actor)
    with pytest.raises(NotFound):
        queries.case_for_desk(actor, own.pk)
    with pytest.raises(Forbidden):
        services.claim(actor=actor, case_id=own.pk, now=now)
    with pytest.raises(Forbidden):
        services.revoke(actor=actor, user=bob, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=own.pk).update(decided_by=bob)


def test_deciding_needs_a_claim(bob: User, now: datetime, waiting: Case) -> None:
    with pytest.raises(Conflict):
        decide(bob, waiting, "verified", [], now)


@pytest.mark.parametrize(
    ("verdict", "reasons"),
    [
        ("approved", []),
        ("retry", []),
        ("rejected", []),
        ("retry", ["document_not_genuine"]),
        ("rejected", ["selfie_unclear"]),
        ("verified", ["selfie_unclear"]),
    ],
)
def test_reasons_must_belong_to_the_verdict(bob: User, now: datetime, waiting: Case, verdict: str, reasons: list[str]) -> None:
    services.claim(actor=actor_for(bob), case_id=waiting.pk, now=now)
    with pytest.raises(Invalid):
        decide(bob, waiting, verdict, reasons, now)


def test_an_officer_verifies_and_the_worker_makes_the_template(alice: User, bob: User, now: datetime, waiting: Case) -> None:
    services.claim(actor=actor_for(bob), case_id=waiting.pk, now=now)
    case = decide(bob, waiting, "verified", [], now)
    assert (case.state, case.decided_by, case.officer) == ("verified", bob, None)
    assert queries.standing(alice.pk, now).verified
    assert Message.objects.filter(topic="person.changed").count() == 1
    [identity] = tasks._without_template(now)
    for _ in range(2):
        templates.keep_template(identity_id=identity, now=now)
    assert FaceTemplate.objects.count() == 1
    assert list(tasks._without_template(now)) == []


def test_a_selfie_without_a_face_is_tried_three_times_for_a_template(bob: User, now: datetime, waiting: Case) -> None:
    services.claim(actor=actor_for(bob), case_id=waiting.pk, now=now)
    decide(bob, waiting, "verified", [], now)
    [identity] = tasks._without_template(now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templates, "faces_of", lambda file: [])
        for _ in range(4):
            templates.keep_template(identity_id=identity, now=now)
    assert list(tasks._without_template(now)) == []


def test_an_officer_asks_again_only_for_what_failed(bob: User, now: datetime, waiting: Case) -> None:
    services.claim(actor=actor_for(bob), case_id=waiting.pk, now=now)
    case = decide(bob, waiting, "retry", ["document_cropped"], now, note="The left corner is missing.")
    assert (case.state, case.reasons, case.redo) == ("retry", ["document_cropped"], ["document"])
    assert queries.steps_left(case) == [Step.DOCUMENT]
    assert Case.objects.get(pk=case.pk).note == "The left corner is missing."


def test_a_decided_case_is_not_decided_again(bob: User, dana: User, now: datetime, waiting: Case) -> None:
    services.claim(actor=actor_for(bob), case_id=waiting.pk, now=now)
    decide(bob, waiting, "rejected", ["document_not_genuine"], now)
    for officer in (bob, dana):
        with pytest.raises((Conflict, Forbidden)):
            decide(officer, waiting, "verified", [], now)
        with pytest.raises((Conflict, Forbidden)):
            services.claim(actor=actor_for(officer), case_id=waiting.pk, now=now)
    assert Case.objects.get(pk=waiting.pk).state == "rejected"


def test_after_a_rejection_another_officer_decides(
    alice: User, bob: User, dana: User, now: datetime, waiting: Case, submitted: Apply
) -> None:
    services.claim(actor=actor_for(bob), case_id=waiting.pk, now=now)
    decide(bob, waiting, "rejected", ["not_the_holder"], now)
    again = submitted(alice)
    machine.judge_case(case_id=again.pk, now=now)
    assert Case.objects.get(pk=again.pk).risks == ["rejected_before"]
    with pytest.raises(Forbidden):
        services.claim(actor=actor_for(bob), case_id=again.pk, now=now)
    services.claim(actor=actor_for(dana), case_id=again.pk, now=now)
    assert decide(dana, again, "verified", [], now).state == "verified"


def test_a_revoked_identity_ends_at_once_and_frees_the_number(alice: User, eve: User, bob: User, now: datetime, submitted: Apply) -> None:
    case = submitted(alice)
    machine.judge_case(case_id=case.pk, now=now)
    for _ in range(2):
        services.revoke(actor=actor_for(bob), user=alice, now=now)
    assert not queries.standing(alice.pk, now).verified
    assert queries.template_of(alice.pk) is None
    assert Case.objects.get(pk=case.pk).state == "revoked"
    assert Entry.objects.filter(event="identity.revoked").count() == 1
    other = submitted(eve)
    machine.judge_case(case_id=other.pk, now=now)
    assert Case.objects.get(pk=other.pk).risks == ["number_in_use"]
    services.claim(actor=actor_for(bob), case_id=other.pk, now=now)
    assert decide(bob, other, "verified", [], now).state == "verified"


def test_a_stranger_revokes_nobody(alice: User, eve: User, now: datetime) -> None:
    with pytest.raises(Forbidden):
        services.revoke(actor=actor_for(eve), user=alice, now=now)
