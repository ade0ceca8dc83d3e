"""The movements that go with a fresh selfie: asked for by the server, once, in time, and done by the person of the selfie. And attacks."""

from datetime import datetime, timedelta

import pytest
from django.db.models import F

from portal.access.actor import CONSOLE
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.keeping import clocks, faces
from portal.keeping import services as holds
from portal.kit.errors import Conflict, TooMany
from portal.vault.models import SealedFile
from tests import remembering
from tests.verification.conftest import Apply
from tests.verification.renewals.conftest import Send, fresh, moves
from verification import queries as core
from verification import services as verification
from verification.engines.pictures import BadPicture
from verification.engines.recording import BadRecording
from verification.models import Challenge, Identity
from verification.renewals import services
from verification.renewals.models import Renewal
from verification.renewals.services import machine
from verification.retention import DISPUTE
from verification.rules import CHALLENGE_OPEN, CHALLENGES, WINDOW
from verification.services import ChallengeOver

MOMENT = timedelta(seconds=1)


def sent(user: User, moved: services.Moved, now: datetime) -> Renewal:
    """Returns a selfie of Alice with these movements."""
    return services.send(actor=actor_for(user), upload=fresh(), channel="camera", moved=moved, now=now)


def kept() -> int:
    """Returns how many stored files can still be opened."""
    return SealedFile.objects.filter(data_key__wrapped__isnull=False).count()


def test_a_camera_without_movements_is_believed_no_more_than_an_upload(verified: Identity, alice: User, later: datetime) -> None:
    row = services.send(actor=actor_for(alice), upload=fresh(), channel="camera", now=later)
    machine.judge(renewal_id=row.pk, now=later)
    row.refresh_from_db()
    assert (row.state, row.risks) == ("review", ["liveness_missing"])
    assert Identity.objects.get().reverified_at is None


def test_a_stolen_picture_with_the_thiefs_own_movements_confirms_nothing(verified: Identity, send: Send) -> None:
    row = send(mover="eve")
    assert (row.state, row.liveness) == ("retry", "failed")
    assert "liveness_face_changed" in row.reasons
    assert (row.picture, row.recording, kept()) == (None, None, 0)


def test_a_recording_of_other_movements_confirms_nothing(verified: Identity, alice: User, later: datetime) -> None:
    old = remembering.performed("alice", asked_seed=remembering.SEED + 1)
    row = sent(alice, moves(alice, later, film=old), later)
    machine.judge(renewal_id=row.pk, now=later)
    row.refresh_from_db()
    assert (row.state, row.liveness) == ("retry", "failed")


def test_after_two_failed_recordings_an_officer_watches(verified: Identity, send: Send) -> None:
    assert [send(mover="eve").state for _ in range(3)] == ["retry", "retry", "review"]
    assert Renewal.objects.get(state="review").recording is not None


def test_the_name_of_a_virtual_camera_goes_to_an_officer(verified: Identity, alice: User, later: datetime) -> None:
    row = sent(alice, moves(alice, later, camera="OBS Virtual Camera"), later)
    machine.judge(renewal_id=row.pk, now=later)
    row.refresh_from_db()
    assert (row.state, row.risks) == ("review", ["liveness_virtual_camera"])


def test_movements_answer_once_and_in_time(verified: Identity, alice: User, later: datetime) -> None:
    moved = moves(alice, later)
    with pytest.raises(ChallengeOver):
        sent(alice, moved, later + CHALLENGE_OPEN)
    sent(alice, moved, later + CHALLENGE_OPEN - MOMENT)
    Renewal.objects.update(state="retry")
    with pytest.raises(ChallengeOver):
        sent(alice, moved, later + MOMENT)
    assert (Renewal.objects.count(), kept()) == (1, 2)


def test_movements_of_another_person_or_of_a_case_do_not_answer(
    verified: Identity, alice: User, eve: User, draft: Apply, later: datetime
) -> None:
    Challenge.objects.create(user=eve, nonce="eve", script="{}", drawn_at=later, expires_at=later + CHALLENGE_OPEN)
    case = draft(alice)
    of_case = verification.draw(actor=actor_for(alice), case=case, slow=False, now=later)
    own = moves(alice, later)
    for nonce in ("eve", of_case.nonce, "never drawn"):
        with pytest.raises(ChallengeOver):
            sent(alice, services.Moved(nonce, own.recording), later)
    with pytest.raises(ChallengeOver):
        verification.add_recording(
            actor=actor_for(alice), case=case, nonce=own.nonce, upload=own.recording, camera="Front camera", now=later
        )
    assert not Renewal.objects.exists()


def test_one_limit_of_draws_counts_cases_and_confirmations(verified: Identity, alice: User, draft: Apply, later: datetime) -> None:
    case = draft(alice)
    for number in range(CHALLENGES):
        if number % 2:
            services.draw(actor=actor_for(alice), slow=True, now=later)
        else:
            verification.draw(actor=actor_for(alice), case=case, slow=False, now=later)
    assert core.draws_left(alice.pk, later) == 0
    with pytest.raises(TooMany):
        services.draw(actor=actor_for(alice), slow=False, now=later)
    with pytest.raises(TooMany):
        verification.draw(actor=actor_for(alice), case=case, slow=False, now=later)
    Challenge.objects.update(drawn_at=F("drawn_at") - WINDOW)
    assert services.draw(actor=actor_for(alice), slow=False, now=later).case is None


def test_nothing_is_drawn_while_a_selfie_is_looked_at(verified: Identity, alice: User, send: Send, later: datetime) -> None:
    send(judged=False)
    with pytest.raises(Conflict):
        services.draw(actor=actor_for(alice), slow=False, now=later)


@pytest.mark.parametrize(("picture", "film", "refused"), [(b"<svg/>", None, BadPicture), (None, b"GIF89a", BadRecording)])
def test_what_is_no_picture_or_no_recording_is_not_kept(
    verified: Identity, alice: User, later: datetime, picture: bytes | None, film: bytes | None, refused: type[Exception]
) -> None:
    moved = moves(alice, later, film=film)
    with pytest.raises(refused):
        services.send(actor=actor_for(alice), upload=picture or fresh(), channel="camera", moved=moved, now=later)
    assert (Renewal.objects.count(), kept()) == (0, 0)


def due(now: datetime) -> list[Renewal]:
    """Returns what the clock would take at a moment."""
    [clock] = [each for each in clocks.declared() if each.name == "renewal_pictures"]
    return list(clocks.waiting(clock, now))


def test_what_an_officer_looked_at_stays_thirty_days_after_the_decision(verified: Identity, send: Send, bob: User, later: datetime) -> None:
    row = send(channel="upload")
    assert due(later + DISPUTE * 9) == []  # an officer has not looked yet
    services.refuse(actor=actor_for(bob), renewal_id=row.pk, now=later)
    assert due(later + DISPUTE - MOMENT) == []
    assert due(later + DISPUTE) == [row]
    [clock] = [each for each in clocks.declared() if each.name == "renewal_pictures"]
    assert len(clock.erase(Renewal.objects.select_related("picture__data_key").get(), later + DISPUTE)) == 1
    assert (Renewal.objects.get().picture, kept()) == (None, 0)


def test_a_legal_hold_keeps_what_the_machine_would_drop_until_it_is_lifted(
    verified: Identity, alice: User, send: Send, later: datetime
) -> None:
    holds.place_legal_hold(actor=CONSOLE, user=alice, reference="A-1", now=later)
    assert send().state == "confirmed"
    assert kept() == 2
    waiting = send(channel="upload", at=later + MOMENT, judged=False)
    verification.take_back_face(actor=actor_for(alice), now=later + MOMENT)
    assert (kept(), due(later + DISPUTE * 9)) == (3, [])
    holds.lift_legal_hold(actor=CONSOLE, user=alice, reference="A-1", now=later + MOMENT * 2)
    assert set(due(later + MOMENT * 2)) == {waiting, Renewal.objects.earliest("submitted_at")}


def test_whoever_takes_the_consent_to_the_processing_back_takes_the_selfie_along(
    verified: Identity, alice: User, send: Send, later: datetime
) -> None:
    row = send(channel="upload")
    assert faces.stored().by_room["renewals"] == 1
    verification.take_back_processing(actor=actor_for(alice), now=later)
    row.refresh_from_db()
    assert (row.state, row.picture, row.distance, kept()) == ("cancelled", None, None, 0)
    assert faces.stored().by_room["renewals"] == 0
