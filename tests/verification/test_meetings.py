"""The way without a face: asked for, arranged, noted by one officer, decided by another."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.letters import services as letters
from portal.letters.models import Letter
from tests.verification import rows
from verification import queries, rules, services
from verification.models import Case, Meeting

LATER = timedelta(days=3)
SEEN = "Card in the hand, the face beside it, knew the address by heart."


@pytest.fixture
def faceless(alice: User, now: datetime) -> Case:
    """A case without consent to face comparison, at the desk."""
    return rows.in_review(alice, now, consents=("processing",), distance=None, liveness="", selfie_image=None, risks=["no_face_consent"])


def arranged(case: Case, officer: User, now: datetime) -> Meeting:
    """Returns a video call in three days."""
    services.claim(actor=actor_for(officer), case_id=case.pk, now=now)
    where = "https://calls.example/room"
    return services.arrange(actor=actor_for(officer), case_id=case.pk, kind="video", at=now + LATER, where=where, now=now)


def noted(case: Case, officer: User, now: datetime, *, came: bool = True, same: bool | None = True) -> Meeting:
    """Returns the meeting as the officer saw it."""
    services.claim(actor=actor_for(officer), case_id=case.pk, now=now)
    return services.note(actor=actor_for(officer), case_id=case.pk, came=came, same_person=same, text=SEEN, now=now)


def decided(case: Case, officer: User, now: datetime) -> Case:
    """Returns the case, verified by the officer."""
    services.claim(actor=actor_for(officer), case_id=case.pk, now=now)
    return services.decide(actor=actor_for(officer), case_id=case.pk, verdict="verified", reasons=[], note="", now=now)


def test_four_eyes_verify_a_person_without_a_face(faceless: Case, alice: User, bob: User, dana: User, now: datetime) -> None:
    arranged(faceless, bob, now)
    noted(faceless, bob, now + LATER)
    with pytest.raises(Conflict) as refusal:
        decided(faceless, bob, now + LATER)
    assert refusal.value.code == "four_eyes"
    services.release(actor=actor_for(bob), case_id=faceless.pk, now=now + LATER)
    assert decided(faceless, dana, now + LATER).state == "verified"
    assert queries.standing(alice.pk, now + LATER).verified


def test_nobody_is_verified_by_a_picture_alone(faceless: Case, bob: User, now: datetime) -> None:
    with pytest.raises(Conflict) as refusal:
        decided(faceless, bob, now)
    assert refusal.value.code == "meeting_needed"


def test_a_selfie_without_movements_needs_a_meeting_too(alice: User, bob: User, now: datetime) -> None:
    case = rows.in_review(alice, now, liveness="", distance=0.2)
    with pytest.raises(Conflict) as refusal:
        decided(case, bob, now)
    assert refusal.value.code == "meeting_needed"


@pytest.mark.parametrize(("came", "same"), [(False, None), (True, False)])
def test_a_meeting_with_nobody_or_with_another_person_does_not_count(
    faceless: Case, bob: User, dana: User, now: datetime, came: bool, same: bool | None
) -> None:
    arranged(faceless, bob, now)
    noted(faceless, bob, now + LATER, came=came, same=same)
    with pytest.raises(Conflict) as refusal:
        decided(faceless, dana, now + LATER)
    assert refusal.value.code == "meeting_needed"


def test_an_earlier_good_meeting_does_not_hide_a_later_bad_one(faceless: Case, bob: User, dana: User, now: datetime) -> None:
    arranged(faceless, bob, now)
    noted(faceless, bob, now + LATER)
    arranged(faceless, dana, now + LATER)
    noted(faceless, dana, now + 2 * LATER, same=False)
    with pytest.raises(Conflict):
        decided(faceless, bob, now + 2 * LATER)


def test_the_applicant_is_told_and_the_place_is_sealed(faceless: Case, bob: User, now: datetime) -> None:
    meeting = arranged(faceless, bob, now)
    assert Letter.objects.filter(kind="case.meeting", subject_id=meeting.pk).count() == 1
    with connection.cursor() as cursor:
        cursor.execute('SELECT "where" FROM verification_meeting')
        assert b"calls.example" not in bytes(cursor.fetchone()[0])


def test_a_second_arrangement_takes_the_place_of_the_first(faceless: Case, bob: User, now: datetime) -> None:
    first = arranged(faceless, bob, now)
    at = now + 2 * LATER
    again = services.arrange(actor=actor_for(bob), case_id=faceless.pk, kind="desk", at=at, where="Room 3", now=now)
    assert (again.pk, Meeting.objects.count()) == (first.pk, 1)
    assert (again.kind, again.at, again.where) == ("desk", at, "Room 3")


@pytest.mark.parametrize("ahead", [timedelta(0), -LATER, rules.MEETING_AHEAD + timedelta(seconds=1)])
def test_a_time_that_cannot_be_is_refused(faceless: Case, bob: User, now: datetime, ahead: timedelta) -> None:
    services.claim(actor=actor_for(bob), case_id=faceless.pk, now=now)
    with pytest.raises(Invalid) as refusal:
        services.arrange(actor=actor_for(bob), case_id=faceless.pk, kind="video", at=now + ahead, where="", now=now)
    assert set(refusal.value.errors) == {"at", "where"}


def test_only_the_officer_who_claimed_it_arranges_and_notes(faceless: Case, alice: User, bob: User, dana: User, now: datetime) -> None:
    arranged(faceless, bob, now)
    with pytest.raises(Conflict):
        services.note(actor=actor_for(dana), case_id=faceless.pk, came=True, same_person=True, text=SEEN, now=now)
    with pytest.raises(Forbidden):
        services.note(actor=actor_for(alice), case_id=faceless.pk, came=True, same_person=True, text=SEEN, now=now)


def test_a_note_needs_a_meeting_and_words(faceless: Case, bob: User, now: datetime) -> None:
    services.claim(actor=actor_for(bob), case_id=faceless.pk, now=now)
    with pytest.raises(Conflict):
        services.note(actor=actor_for(bob), case_id=faceless.pk, came=True, same_person=True, text=SEEN, now=now)
    arranged(faceless, bob, now)
    with pytest.raises(Invalid) as refusal:
        services.note(actor=actor_for(bob), case_id=faceless.pk, came=True, same_person=None, text=" ", now=now)
    assert set(refusal.value.errors) == {"same_person", "text"}


def test_the_applicant_says_how_and_when(alice: User, now: datetime) -> None:
    case = rows.draft(alice, now, consents=("processing",), document_image=rows.picture(), document_back_image=rows.picture())
    assert queries.steps_left(case) == ["meeting"]
    with pytest.raises(Invalid):
        services.ask_for_meeting(actor=actor_for(alice), case=case, kind="by pigeon", wish="", now=now)
    case = services.ask_for_meeting(actor=actor_for(alice), case=case, kind="desk", wish="Tuesday", now=now)
    assert (case.meeting_kind, case.meeting_wish, queries.steps_left(case)) == ("desk", "Tuesday", [])


def test_the_letter_is_not_sent_once_the_meeting_was_held(faceless: Case, bob: User, now: datetime) -> None:
    arranged(faceless, bob, now)
    noted(faceless, bob, now + LATER)
    letter = Letter.objects.get(kind="case.meeting")
    letters.send(letter_id=letter.pk, now=now + LATER)
    assert not Letter.objects.filter(pk=letter.pk).exists()
    assert mail.outbox == []
