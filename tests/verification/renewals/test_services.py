"""A fresh selfie from its sending to the end, with real rendered faces, and attacks on it."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit import jobs
from portal.kit.errors import Conflict, Forbidden, NotFound, TooMany
from portal.outbox.models import Message
from portal.vault.models import SealedFile
from tests.verification.conftest import Apply, describe
from tests.verification.renewals.conftest import Send, at_distance, fresh, moves
from verification import services as verification
from verification.engines.pictures import BadPicture
from verification.models import Case, FaceTemplate, Identity
from verification.renewals import queries, services, tasks
from verification.renewals.models import Renewal
from verification.renewals.rules import Way
from verification.renewals.services import machine
from verification.renewals.services.sending import SelfieNotEnough
from verification.rules import REVERIFY
from verification.services import machine as cases


def wrapped() -> int:
    """Returns how many stored pictures can still be opened."""
    return SealedFile.objects.filter(data_key__wrapped__isnull=False).count()


def test_a_fresh_selfie_of_the_holder_begins_the_six_months_anew(verified: Identity, send: Send, later: datetime) -> None:
    row = send()
    assert (row.state, row.reasons, row.risks, row.liveness) == ("confirmed", [], [], "passed")
    assert (row.picture, row.recording) == (None, None)
    assert row.distance is not None
    assert 0.01 < row.distance < 0.4
    assert wrapped() == 0  # nobody needs it any more
    identity, ends = Identity.objects.get(), verified.valid_until
    assert (identity.reverified_at, identity.confirmed_at, identity.valid_until) == (later, later, ends)
    due = queries.due(identity.user_id, later)
    assert due is not None
    assert (due.by, due.soon, due.over) == (later + REVERIFY, False, False)
    assert Message.objects.filter(topic="person.changed").count() == 1
    assert Entry.objects.filter(event="identity.confirmed").count() == 1


def test_judging_twice_changes_nothing(verified: Identity, send: Send, later: datetime) -> None:
    row = send()
    before = (Renewal.objects.values().get(), Entry.objects.count(), Message.objects.count())
    machine.judge(renewal_id=row.pk, now=later + timedelta(hours=1))
    assert (Renewal.objects.values().get(), Entry.objects.count(), Message.objects.count()) == before


def test_another_persons_selfie_confirms_nothing_and_after_two_an_officer_looks(verified: Identity, send: Send) -> None:
    for _ in range(2):
        row = send(fresh("eve"), mover="eve")
        assert (row.state, row.reasons, row.picture) == ("retry", ["face_mismatch"], None)
    row = send(fresh("eve"), mover="eve")
    assert (row.state, row.risks) == ("review", ["face_mismatch", "retried_often"])
    assert row.picture is not None
    assert Identity.objects.get().reverified_at is None


def test_what_cannot_be_seen_is_asked_again(verified: Identity, send: Send) -> None:
    assert send(fresh("nobody")).reasons == ["selfie_no_face"]


def test_doubt_and_an_upload_go_to_an_officer(verified: Identity, send: Send, bob: User, later: datetime) -> None:
    row = send(channel="upload")
    assert (row.state, row.risks) == ("review", ["liveness_missing", "selfie_uploaded"])
    assert list(queries.waiting(actor_for(bob))) == [row]
    services.confirm(actor=actor_for(bob), renewal_id=row.pk, now=later)
    assert Identity.objects.get().reverified_at == later
    at_distance(verified, 0.55)
    assert send(at=later + timedelta(days=1)).risks == ["face_doubtful"]


def test_the_very_picture_that_the_template_was_made_of_is_not_fresh(verified: Identity, send: Send) -> None:
    at_distance(verified, 0.0)
    assert (send().state, Renewal.objects.get().risks) == ("review", ["selfie_seen_before"])


def test_after_a_refusal_only_the_document_confirms(verified: Identity, send: Send, alice: User, bob: User, later: datetime) -> None:
    row = send(channel="upload")
    services.refuse(actor=actor_for(bob), renewal_id=row.pk, now=later)
    identity = Identity.objects.get()
    assert (identity.reverified_at, identity.revoked_at, queries.way_of(identity)) == (None, None, Way.DOCUMENT)
    with pytest.raises(SelfieNotEnough):
        send()
    for verb in (services.confirm, services.refuse):
        with pytest.raises(Conflict):
            verb(actor=actor_for(bob), renewal_id=row.pk, now=later)
    Identity.objects.update(verified_at=later + timedelta(hours=1))  # by a new case
    assert queries.way_of(Identity.objects.get()) is Way.SELFIE


def test_a_case_with_the_document_counts_as_confirmation(alice: User, now: datetime, submitted: Apply) -> None:
    cases.judge_case(case_id=submitted(alice).pk, now=now)
    Identity.objects.update(reverified_at=now + timedelta(days=100))
    later = now + timedelta(days=200)
    actor, case = actor_for(alice), verification.start(actor=actor_for(alice), now=later)
    first = Case.objects.exclude(pk=case.pk).get()
    slots = ("document_image", "document_back_image", "selfie_image", "recording", "challenge")
    Case.objects.filter(pk=case.pk).update(**{slot: getattr(first, slot) for slot in slots})
    case.refresh_from_db()
    verification.submit(actor=actor, case=describe(alice, case, later), now=later)
    cases.judge_case(case_id=case.pk, now=later)
    identity = Identity.objects.get()
    assert (identity.verified_at, identity.reverified_at, identity.confirmed_at) == (later, None, later)


def test_without_face_consent_template_or_identity_no_selfie_is_taken(verified: Identity, send: Send, alice: User, later: datetime) -> None:
    kept = wrapped()
    FaceTemplate.objects.all().delete()
    with pytest.raises(SelfieNotEnough):
        send()
    verification.take_back_face(actor=actor_for(alice), now=later)
    with pytest.raises(SelfieNotEnough):
        send()
    Identity.objects.update(revoked_at=later)
    with pytest.raises(SelfieNotEnough):
        send()
    assert (Renewal.objects.count(), wrapped()) == (0, kept)


@pytest.mark.parametrize("judged", [False, True])
def test_taking_back_the_face_consent_erases_the_selfie_at_once(
    verified: Identity, send: Send, alice: User, bob: User, later: datetime, judged: bool
) -> None:
    row = send(channel="upload", judged=judged)
    assert row.state == ("review" if judged else "waiting")
    verification.take_back_face(actor=actor_for(alice), now=later)
    row.refresh_from_db()
    assert (row.state, row.picture, row.distance, wrapped()) == ("cancelled", None, None, 0)
    machine.judge(renewal_id=row.pk, now=later)
    with pytest.raises(Conflict):
        services.confirm(actor=actor_for(bob), renewal_id=row.pk, now=later)
    assert Identity.objects.get().reverified_at is None


def test_a_consent_taken_back_while_the_machine_looks_confirms_nothing(
    verified: Identity, send: Send, alice: User, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = machine.look

    def slowly(row: Renewal) -> machine.Sight:
        sight = look(row)
        verification.take_back_face(actor=actor_for(alice), now=later)
        return sight

    monkeypatch.setattr(machine, "look", slowly)
    assert send().state == "cancelled"
    assert (Identity.objects.get().reverified_at, wrapped()) == (None, 0)


def test_an_identity_revoked_while_the_selfie_waits_is_not_confirmed(
    verified: Identity, send: Send, alice: User, bob: User, later: datetime
) -> None:
    waiting = send(judged=False)
    verification.revoke(actor=actor_for(bob), user=alice, now=later)
    machine.judge(renewal_id=waiting.pk, now=later)
    waiting.refresh_from_db()
    assert (waiting.state, wrapped()) == ("cancelled", 0)


def test_five_tries_in_six_hours(verified: Identity, send: Send, later: datetime) -> None:
    for _ in range(5):
        send(fresh("nobody"))
    kept = wrapped()
    with pytest.raises(TooMany) as refusal:
        send()
    assert refusal.value.retry_after <= 6 * 3600 + 1
    assert wrapped() == kept
    assert send(at=later + timedelta(hours=6, minutes=1)).state == "confirmed"


def test_one_selfie_is_looked_at_at_a_time(verified: Identity, send: Send, alice: User, later: datetime) -> None:
    send(judged=False)
    for channel in ("camera", "upload"):
        with pytest.raises(Conflict):
            send(judged=False, channel=channel)
    with pytest.raises(IntegrityError), transaction.atomic():
        Renewal.objects.create(user=alice, submitted_at=later, channel="camera")
    assert wrapped() == 2  # the selfie and its recording


def test_a_hostile_file_is_refused_and_not_kept(verified: Identity, send: Send) -> None:
    with pytest.raises(BadPicture):
        send(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert (Renewal.objects.count(), wrapped()) == (0, 0)


def test_a_crashed_comparison_is_found_again_and_after_three_an_officer_looks(
    verified: Identity, send: Send, later: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(row: Renewal) -> machine.Sight:
        raise MemoryError(row.pk)

    row = send(judged=False)
    monkeypatch.setattr(machine, "look", crash)
    for _ in range(3):
        with pytest.raises(MemoryError):
            machine.judge(renewal_id=row.pk, now=later)
        assert list(tasks._waiting(later)) == [row.pk]
    machine.judge(renewal_id=row.pk, now=later)
    row.refresh_from_db()
    assert (row.state, row.risks) == ("review", ["machine_gave_up"])


def test_a_lost_wake_up_is_found_by_the_sweep(verified: Identity, send: Send, later: datetime) -> None:
    row = send(judged=False)
    Identity.objects.update(valid_until=later + timedelta(days=9999))  # the job reads the real clock
    jobs.run_waiting(later)
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_only_officers_decide_and_nobody_about_themselves(
    verified: Identity, send: Send, alice: User, eve: User, frank: User, bob: User, later: datetime
) -> None:
    row = send(channel="upload")
    for user in (alice, eve, frank):
        for verb in (services.confirm, services.refuse):
            with pytest.raises(Forbidden):
                verb(actor=actor_for(user), renewal_id=row.pk, now=later)
    Renewal.objects.update(user=bob)
    with pytest.raises(Forbidden):
        services.confirm(actor=actor_for(bob), renewal_id=row.pk, now=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        Renewal.objects.update(decided_by=bob)


def test_looking_at_a_selfie_is_logged_and_strangers_see_none(
    verified: Identity, send: Send, alice: User, bob: User, eve: User, later: datetime
) -> None:
    row = send(channel="upload")
    services.view_picture(actor=actor_for(alice), renewal_id=row.pk, now=later)
    assert not Entry.objects.filter(event="evidence.viewed").exists()
    services.view_picture(actor=actor_for(bob), renewal_id=row.pk, now=later)
    assert Entry.objects.filter(event="evidence.viewed", subject_id=row.pk).count() == 1
    with pytest.raises(NotFound):
        services.view_picture(actor=actor_for(eve), renewal_id=row.pk, now=later)


@pytest.mark.django_db(transaction=True)
def test_of_two_selfies_at_the_same_moment_one_is_taken(verified: Identity, alice: User, later: datetime) -> None:
    actor, start, ends = actor_for(alice), threading.Barrier(2), []
    drawn = [moves(alice, later) for _ in range(2)]

    def race() -> None:
        moved = drawn.pop()
        start.wait()
        try:
            services.send(actor=actor, upload=fresh(), channel="camera", moved=moved, now=later)
            ends.append("sent")
        except Conflict as error:
            ends.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=race) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(ends) == ["already_sent", "sent"]
    assert (Renewal.objects.count(), wrapped()) == (1, 2)
