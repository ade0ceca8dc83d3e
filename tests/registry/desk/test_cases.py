"""Deciding a real-name case."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import translation

from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from tests.registry.desk.desk import NUMBER, Answer, signed_in, text_of, waiting_case
from verification import queries
from verification.models import Case
from verification.reasons import REASONS
from verification.states import CaseState


def _url(name: str, case: Case) -> str:
    return reverse(f"desk:{name}_case" if name else "desk:case", args=[case.pk])


def _claimed(user: User, case: Case) -> Case:
    signed_in(user).post(_url("claim", case))
    case.refresh_from_db()
    return case


def _decide(user: User, case: Case, **data: object) -> Answer:
    return signed_in(user).post(_url("decide", case), data)


def test_name_number_and_pictures_are_hidden_until_the_case_is_claimed(bob: User, case: Case) -> None:
    before = text_of(signed_in(bob).get(_url("", case)))
    assert NUMBER not in before
    assert "林晓梅" not in before
    assert str(case.selfie_image_id) not in before
    after = text_of(signed_in(bob).get(_url("", _claimed(bob, case))))
    assert NUMBER in after
    assert "林晓梅" in after
    assert str(case.selfie_image_id) in after


def test_whoever_looks_without_a_claim_leaves_a_receipt(frank: User, case: Case) -> None:
    body = text_of(signed_in(frank).post(_url("look", case)))
    assert NUMBER in body
    entry = Entry.objects.get(subject_id=case.pk, event=Event.EVIDENCE_VIEWED)
    assert entry.actor_id == frank.pk
    assert _url("decide", case) not in body


def test_a_picture_on_the_page_is_served_and_logged(bob: User, case: Case) -> None:
    _claimed(bob, case)
    answer = signed_in(bob).get(reverse("verification:picture", args=[case.selfie_image_id]))
    assert answer.status_code == 200
    assert Entry.objects.filter(subject_id=case.pk, event=Event.EVIDENCE_VIEWED, actor_id=bob.pk).count() == 1
    assert "selfie" in text_of(signed_in(bob).get(_url("", case)))


def test_risks_and_faces_are_told_in_plain_words(bob: User, case: Case) -> None:
    body = text_of(signed_in(bob).get(_url("", case)))
    assert str(REASONS["face_doubtful"].internal) in body
    assert "0.55" in body
    assert "The machine is in doubt" in body


def test_the_claim_says_who_holds_it_until_when(bob: User, dana: User, case: Case, now: datetime) -> None:
    _claimed(bob, case)
    assert case.claimed_until is not None
    assert timedelta(minutes=29) < case.claimed_until - now < timedelta(minutes=31)
    body = text_of(signed_in(dana).get(_url("", case)))
    assert f"{bob.email} works on this until" in body
    assert _url("claim", case) not in body
    assert _url("decide", case) not in body


def test_the_slower_of_two_claims_is_told_so(bob: User, dana: User, case: Case) -> None:
    _claimed(bob, case)
    answer = signed_in(dana).post(_url("claim", case), follow=True)
    assert "A colleague was faster." in text_of(answer)
    case.refresh_from_db()
    assert case.officer == bob


def test_a_released_case_waits_for_anybody(bob: User, dana: User, case: Case) -> None:
    _claimed(bob, case)
    assert "Given back." in text_of(signed_in(bob).post(_url("release", case), follow=True))
    assert _claimed(dana, case).officer == dana


def test_a_claim_that_ran_out_hides_the_evidence_again(bob: User, case: Case, now: datetime) -> None:
    _claimed(bob, case)
    Case.objects.filter(pk=case.pk).update(claimed_until=now - timedelta(minutes=1))
    body = text_of(signed_in(bob).get(_url("", case)))
    assert "Your claim ran out" in body
    assert NUMBER not in body
    assert _url("claim", case) in body


def test_a_case_is_verified(bob: User, carol: User, case: Case, now: datetime) -> None:
    answer = _decide(bob, _claimed(bob, case), verdict="verified")
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.VERIFIED
    assert queries.identity_of(carol.pk) is not None


def test_an_applicant_is_asked_to_try_again(bob: User, case: Case) -> None:
    _decide(bob, _claimed(bob, case), verdict="retry", retry_reasons=["document_cropped"], note="The lower corner is missing.")
    case.refresh_from_db()
    assert (case.state, case.reasons, case.redo) == (CaseState.RETRY, ["document_cropped"], ["document"])
    assert case.note == "The lower corner is missing."


def test_a_case_is_rejected_and_reasons_of_another_verdict_are_not_read(bob: User, case: Case) -> None:
    data = {"verdict": "rejected", "rejected_reasons": ["not_the_holder"], "retry_reasons": ["document_cropped"]}
    _decide(bob, _claimed(bob, case), **data)
    case.refresh_from_db()
    assert (case.state, case.reasons) == (CaseState.REJECTED, ["not_the_holder"])


def test_a_refusal_needs_a_reason_and_the_note_survives(bob: User, case: Case) -> None:
    answer = _decide(bob, _claimed(bob, case), verdict="rejected", note="Half a thought")
    assert answer.status_code == 422
    assert "Half a thought" in text_of(answer)
    assert "Choose at least one reason" in text_of(answer)
    case.refresh_from_db()
    assert case.state == CaseState.REVIEW


def test_a_made_up_reason_is_refused(bob: User, case: Case) -> None:
    assert _decide(bob, _claimed(bob, case), verdict="rejected", rejected_reasons=["document_cropped"]).status_code == 422


def test_without_a_claim_nothing_is_decided_and_the_note_survives(bob: User, case: Case) -> None:
    answer = _decide(bob, case, verdict="retry", retry_reasons=["document_cropped"], note="Half a thought")
    assert answer.status_code == 409
    assert "Half a thought" in text_of(answer)
    assert "Back to the queue" in text_of(answer)
    case.refresh_from_db()
    assert case.state == CaseState.REVIEW


def test_a_case_that_another_officer_decided_is_shown_as_it_stands(bob: User, dana: User, case: Case, now: datetime) -> None:
    _claimed(bob, case)
    Case.objects.filter(pk=case.pk).update(state=CaseState.REJECTED, decided_by=dana, decided_at=now, officer=None)
    answer = _decide(bob, case, verdict="verified")
    assert answer.status_code == 409
    assert "Your decision was not saved." in text_of(answer)
    case.refresh_from_db()
    assert case.state == CaseState.REJECTED


def test_a_document_number_in_use_is_explained(bob: User, carol: User, eve: User, case: Case) -> None:
    _decide(bob, _claimed(bob, case), verdict="verified")
    other = waiting_case(eve, case.submitted_at or case.created_at)
    answer = _decide(bob, _claimed(bob, other), verdict="verified")
    assert answer.status_code == 409
    other.refresh_from_db()
    assert other.state == CaseState.REVIEW


def test_an_officer_cannot_decide_their_own_case_by_its_address(bob: User, now: datetime) -> None:
    own = waiting_case(bob, now)
    client = signed_in(bob)
    Case.objects.filter(pk=own.pk).update(officer=bob, claimed_until=now + timedelta(minutes=20))
    data = {"verdict": "verified"}
    assert client.post(_url("claim", own)).status_code in (403, 404)
    assert client.post(_url("decide", own), data).status_code in (403, 404)
    assert client.post(_url("preview", own), data).status_code == 404
    assert client.post(_url("look", own)).status_code == 404
    own.refresh_from_db()
    assert own.state == CaseState.REVIEW


def test_the_preview_is_what_the_status_page_then_says(bob: User, carol: User, case: Case) -> None:
    data = {"verdict": "retry", "retry_reasons": ["document_cropped", "selfie_unclear"], "note": "Please keep all four corners in."}
    officer = signed_in(bob)
    _claimed(bob, case)
    preview = text_of(officer.post(_url("preview", case), data, headers={"HX-Request": "true"}))
    officer.post(_url("decide", case), data)
    page = text_of(signed_in(carol).get("/identity/"))
    told = [REASONS[code] for code in ("document_cropped", "selfie_unclear")]
    for text in [*(str(each.text) for each in told), *(str(each.help) for each in told), data["note"], "Your turn again"]:
        assert str(text) in preview
        assert str(text) in page


def test_a_preview_changes_nothing_has_no_links_and_works_without_javascript(bob: User, case: Case) -> None:
    _claimed(bob, case)
    data = {"verdict": "rejected", "rejected_reasons": ["not_the_holder"], "note": "Half a thought"}
    answer = signed_in(bob).post(_url("preview", case), data)
    body = text_of(answer)
    assert answer.status_code == 200
    assert "What the applicant will read" in body
    assert "Half a thought</textarea>" in body.replace("\r\n", "")
    letter = body.split('class="letter-body"')[1].split("</fieldset>")[0]
    assert "href=" not in letter
    case.refresh_from_db()
    assert case.state == CaseState.REVIEW


def test_a_preview_without_a_decision_says_what_is_missing(bob: User, case: Case) -> None:
    _claimed(bob, case)
    answer = signed_in(bob).post(_url("preview", case), {}, headers={"HX-Request": "true"})
    assert "Choose a decision." in text_of(answer)


def test_the_preview_is_in_the_applicants_language(bob: User, carol: User, case: Case) -> None:
    User.objects.filter(pk=carol.pk).update(language="zh-hans")
    _claimed(bob, case)
    with translation.override("en"):
        body = text_of(signed_in(bob).post(_url("preview", case), {"verdict": "verified"}, headers={"HX-Request": "true"}))
    assert 'lang="zh-hans"' in body
    assert "简体中文" in body


def test_the_trail_tells_who_did_what(bob: User, case: Case) -> None:
    _decide(bob, _claimed(bob, case), verdict="rejected", rejected_reasons=["not_the_holder"])
    body = text_of(signed_in(bob).get(_url("", case)))
    for text in ("Verification submitted", "Verification claimed by an officer", "Verification rejected", "You"):
        assert text in body
