"""The machine's turn, with real rendered faces."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit import jobs
from portal.outbox.models import Message
from portal.vault import rotation
from tests.verification.conftest import NAME, Apply, add, describe, move, selfie
from verification import queries, rules, services, tasks
from verification.engines import face
from verification.models import Case, FaceTemplate, Identity
from verification.reasons import Step
from verification.services import expiry, machine, sight, templates
from verification.services.sight import Sight


def judged(case: Case, now: datetime) -> Case:
    """Returns the case after the machine's turn."""
    machine.judge_case(case_id=case.pk, now=now)
    return Case.objects.get(pk=case.pk)


def crash(case: Case, **_more: object) -> Sight:
    """Stands for whatever goes wrong in the middle of a comparison."""
    raise MemoryError(case.pk)


def sent_again(user: User, case: Case, face: str, now: datetime) -> Case:
    """Returns the case with a new selfie and new movements, submitted."""
    move(user, add(user, case, Step.SELFIE, selfie(face), now), face, now)
    return services.submit(actor=actor_for(user), case=case, now=now)


def test_the_same_person_is_verified(alice: User, now: datetime, submitted: Apply) -> None:
    case = judged(submitted(alice), now)
    assert (case.state, case.reasons, case.risks) == ("verified", [], [])
    assert case.distance is not None
    assert case.distance < 0.2
    standing = queries.standing(alice.pk, now)
    assert (standing.verified, standing.age, standing.adult) == (True, 35, True)
    assert standing.valid_until == now + timedelta(days=730)
    assert Message.objects.get().payload == {"user": str(alice.pk)}
    events = [entry.event for entry in Entry.objects.filter(subject_id=case.pk).order_by("id")]
    assert events == ["case.started", "challenge.drawn", "case.submitted", "case.judged", "case.verified"]


def test_an_identity_ends_after_two_years_without_any_sweep(alice: User, now: datetime, submitted: Apply) -> None:
    judged(submitted(alice), now)
    assert not queries.standing(alice.pk, now + timedelta(days=730)).verified


def test_another_person_is_asked_for_the_selfie_again_and_keeps_the_rest(alice: User, now: datetime, submitted: Apply) -> None:
    case = judged(submitted(alice, face="eve"), now)
    assert (case.state, case.reasons, case.redo) == ("retry", ["liveness_not_the_document", "face_mismatch"], ["selfie"])
    assert queries.steps_left(case) == [Step.SELFIE]
    assert (case.full_name, case.document_image_id is not None) == (NAME.title(), True)
    assert not queries.standing(alice.pk, now).verified
    assert not FaceTemplate.objects.exists()
    assert judged(sent_again(alice, case, "alice", now), now).state == "verified"


def test_after_two_rounds_an_officer_looks(alice: User, now: datetime, submitted: Apply) -> None:
    case = submitted(alice, face="eve")
    for _ in range(2):
        case = sent_again(alice, judged(case, now), "eve", now)
    case = judged(case, now)
    assert (case.state, case.risks) == ("review", ["liveness_not_the_document", "face_mismatch", "retried_often"])
    assert case.reasons == []


def test_a_doubtful_face_goes_to_an_officer(alice: User, now: datetime, submitted: Apply) -> None:
    case = judged(submitted(alice, face="doubtful"), now)
    assert (case.state, case.risks) == ("review", ["liveness_doubtful", "face_doubtful"])
    assert case.distance is not None
    assert rules.SAME_FACE < case.distance <= rules.DOUBT
    assert not FaceTemplate.objects.exists()


def test_no_face_in_the_selfie_is_said(alice: User, now: datetime, filled: Apply) -> None:
    case = filled(alice, face="nobody")
    assert "selfie_no_face" in case.quality
    case = services.ask_for_meeting(actor=actor_for(alice), case=case, kind="video", wish="", now=now)
    case = judged(services.submit(actor=actor_for(alice), case=case, now=now), now)
    assert (case.state, case.reasons, case.redo) == ("retry", ["selfie_no_face"], ["selfie"])


def test_without_face_consent_the_machine_looks_at_no_face(
    alice: User, now: datetime, submitted: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(face, "faces_in")
    case = judged(submitted(alice, consents=("processing",)), now)
    assert (case.state, case.risks, case.distance) == ("review", ["no_face_consent"], None)


def test_consent_taken_back_during_the_comparison_leaves_no_template(
    alice: User, now: datetime, submitted: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, look = submitted(alice), sight.look

    def slowly(case: Case, **more: Any) -> Sight:
        seen = look(case, **more)
        services.take_back_face(actor=actor_for(alice), now=now)
        return seen

    monkeypatch.setattr(sight, "look", slowly)
    case = judged(case, now)
    assert (case.state, case.risks, case.distance) == ("review", ["no_face_consent"], None)
    assert not FaceTemplate.objects.exists()


def test_judging_twice_changes_nothing(alice: User, now: datetime, submitted: Apply) -> None:
    case = judged(submitted(alice), now)
    before = (Case.objects.values().get(), Identity.objects.values().get(), Entry.objects.count(), Message.objects.count())
    judged(case, now + timedelta(minutes=1))
    assert (Case.objects.values().get(), Identity.objects.values().get(), Entry.objects.count(), Message.objects.count()) == before


def test_a_crashed_comparison_is_found_again_and_finished(
    alice: User, now: datetime, submitted: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = submitted(alice)
    with monkeypatch.context() as broken:
        broken.setattr(sight, "look", crash)
        with pytest.raises(MemoryError):
            machine.judge_case(case_id=case.pk, now=now)
    assert list(tasks._processing(now)) == [case.pk]
    assert Case.objects.get(pk=case.pk).attempts == 1
    assert jobs.run_waiting(now) >= 1
    assert Case.objects.get(pk=case.pk).state == "verified"
    assert list(tasks._processing(now)) == []


def test_a_case_that_kills_the_machine_three_times_goes_to_an_officer(
    alice: User, now: datetime, submitted: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = submitted(alice)
    monkeypatch.setattr(sight, "look", crash)
    for _ in range(3):
        with pytest.raises(MemoryError):
            machine.judge_case(case_id=case.pk, now=now)
    case = judged(case, now)
    assert (case.state, case.risks) == ("review", ["machine_gave_up"])


def test_a_number_of_another_account_goes_to_an_officer_who_cannot_verify_it(
    alice: User, eve: User, bob: User, now: datetime, submitted: Apply
) -> None:
    judged(submitted(alice), now)
    case = judged(submitted(eve, document="eve", face="eve"), now)
    assert (case.state, case.risks, case.reasons) == ("review", ["number_in_use"], [])
    services.claim(actor=actor_for(bob), case_id=case.pk, now=now)
    with pytest.raises(services.NumberInUse):
        services.decide(actor=actor_for(bob), case_id=case.pk, verdict="verified", reasons=[], note="", now=now)
    assert Case.objects.get(pk=case.pk).state == "review"
    assert not queries.standing(eve.pk, now).verified


def test_a_number_verified_elsewhere_during_the_judgement_goes_to_an_officer(
    alice: User, eve: User, now: datetime, submitted: Apply, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(submitted(alice), now)
    facts_of = machine.facts_of
    monkeypatch.setattr(machine, "facts_of", lambda *args, **more: replace(facts_of(*args, **more), number_held=False))
    case = judged(submitted(eve, document="eve", face="eve"), now)
    assert (case.state, case.risks) == ("review", ["number_in_use"])


def test_a_known_face_under_another_account_goes_to_an_officer(alice: User, eve: User, now: datetime, submitted: Apply) -> None:
    judged(submitted(alice), now)
    case = judged(submitted(eve, number="11010519491231002X"), now)
    assert (case.state, case.risks) == ("review", ["face_known"])


def test_a_minor_goes_to_an_officer(alice: User, now: datetime, submitted: Apply) -> None:
    case = judged(submitted(alice, number="360426200901010075"), now)
    assert (case.state, case.risks) == ("review", ["minor"])


def test_templates_are_kept_turned_and_found_by_distance(alice: User, carol: User, now: datetime, submitted: Apply) -> None:
    judged(submitted(alice), now)
    judged(submitted(carol, document="carol", face="carol", number="11010519491231002X"), now)
    kept = queries.template_of(alice.pk)
    assert kept is not None
    plain = templates.faces_of(Case.objects.get(user=alice).selfie_image)[0].template
    assert np.allclose(kept, rotation.turn(plain), atol=1e-5)
    assert rules.distance(kept, plain) > 0.6
    assert [user for user, _ in queries.nearest(kept)] == [alice.pk, carol.pk]
    [(user, apart)] = queries.nearest(kept, exclude_user=alice.pk)
    assert (user, apart > rules.DOUBT) == (carol.pk, True)


def test_renewal_replaces_the_identity_and_another_document_is_looked_at(alice: User, now: datetime, submitted: Apply) -> None:
    judged(submitted(alice), now)
    later = now + timedelta(days=700)
    again = submitted(alice)
    assert judged(again, later).state == "verified"
    assert queries.standing(alice.pk, now + timedelta(days=900)).verified
    assert (Identity.objects.count(), FaceTemplate.objects.count()) == (1, 1)
    assert judged(submitted(alice, number="11010519491231002X"), later).risks == ["identity_changed"]


def test_taking_the_consent_back_deletes_template_and_selfie_at_once(alice: User, now: datetime, submitted: Apply) -> None:
    case = judged(submitted(alice), now)
    selfie_file = case.selfie_image
    services.take_back_face(actor=actor_for(alice), now=now)
    assert queries.template_of(alice.pk) is None
    assert selfie_file is not None
    selfie_file.refresh_from_db()
    assert selfie_file.data_key.wrapped is None
    assert Case.objects.get(pk=case.pk).selfie_image is None
    assert queries.standing(alice.pk, now).verified
    assert list(tasks._without_template(now)) == []


def test_an_ended_identity_is_written_down_and_loses_its_template(alice: User, now: datetime, submitted: Apply) -> None:
    case = judged(submitted(alice), now)
    assert list(tasks._ended(now)) == []
    later = now + timedelta(days=731)
    [identity] = tasks._ended(later)
    for _ in range(2):
        expiry.expire(identity_id=identity, now=later)
    assert Case.objects.get(pk=case.pk).state == "expired"
    assert not FaceTemplate.objects.exists()
    assert list(tasks._without_template(later)) == []
    assert services.start(actor=actor_for(alice), now=later) != case


def test_details_can_be_changed_while_the_selfie_is_asked_again(alice: User, now: datetime, submitted: Apply) -> None:
    case = judged(submitted(alice, face="eve"), now)
    case = describe(alice, case, now, full_name="Li Xiaohong")
    assert (case.full_name, queries.steps_left(case)) == ("Li Xiaohong", [Step.SELFIE])
