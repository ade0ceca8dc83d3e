"""Deciding an application, and stopping what it led to."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from registry.consent.models import Licence
from registry.issuing import queries as issuing
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.issuing.verdict import Status
from registry.personas.models import Application, Portrayed
from registry.personas.queries import snapshot
from registry.personas.rules import REASONS
from registry.personas.states import ApplicationState
from tests.registry.desk.desk import Answer, signed_in, text_of, waiting_application, waiting_case
from verification import queries as identities
from verification.services import claim, decide


def _url(name: str, application: Application) -> str:
    return reverse(f"desk:{name}_application" if name else "desk:application", args=[application.pk])


def _claimed(user: User, application: Application) -> Application:
    signed_in(user).post(_url("claim", application))
    application.refresh_from_db()
    return application


def _decide(user: User, application: Application, **data: object) -> Answer:
    return signed_in(user).post(_url("decide", application), data)


@pytest.fixture
def registration(bob: User, application: Application) -> Registration:
    """Alice's persona, approved by Bob at the desk."""
    _decide(bob, _claimed(bob, application), verdict="approved")
    return Registration.objects.get(persona=application.persona)


def test_the_page_shows_the_persona_as_it_was_sent(bob: User, application: Application) -> None:
    application.persona.description = "Sells miracles."
    application.persona.save()
    body = text_of(signed_in(bob).get(_url("", application)))
    assert "Explains the night sky." in body
    assert "Sells miracles." not in body
    assert "Resembles a verified person" in body
    assert "Not verified" in body  # the operator


def test_an_application_is_approved_and_registered(bob: User, application: Application) -> None:
    answer = _decide(bob, _claimed(bob, application), verdict="approved")
    assert answer.status_code == 302
    application.refresh_from_db()
    assert application.state == ApplicationState.APPROVED
    registration = Registration.objects.get(persona=application.persona)
    assert registration.facts == application.facts
    record = reverse("home:record", args=[ids.printed(registration.registry_id)])
    assert record in text_of(signed_in(bob).get(_url("", application)))


@pytest.fixture
def licensed(application: Application, carol: User, bob: User, now: datetime) -> Application:
    """Alice's application, now of a persona with Carol's face and Carol's licence; Carol is verified."""
    persona = application.persona
    persona.portrayed = Portrayed.OTHER
    persona.save()
    Licence(
        persona=persona,
        state="granted",
        email=carol.email,
        portrayed=carol,
        media=["live"],
        invited_at=now,
        granted_at=now,
        invitation_ends=now + timedelta(days=7),
    ).save()
    case = waiting_case(carol, now)
    claim(actor=actor_for(bob), case_id=case.pk, now=now)
    decide(actor=actor_for(bob), case_id=case.pk, verdict="verified", reasons=[], note="", now=now)
    application.facts, application.portrayed_user, application.face_distance = snapshot(persona), carol, 0.31
    application.save()
    return application


def test_the_licence_and_the_verified_selfie_stand_beside_the_portraits(bob: User, carol: User, licensed: Application) -> None:
    identity = identities.identity_of(carol.pk)
    assert identity is not None
    before = text_of(signed_in(bob).get(_url("", licensed)))
    assert "Live streams" in before
    assert "The machine takes the two faces for the same person." in before
    assert str(identity.case.selfie_image_id) not in before
    assert str(identity.case.selfie_image_id) in text_of(signed_in(bob).get(_url("", _claimed(bob, licensed))))


def test_without_a_standing_licence_nothing_is_registered_and_the_page_says_why(bob: User, licensed: Application) -> None:
    Licence.objects.update(state="withdrawn")
    answer = _decide(bob, _claimed(bob, licensed), verdict="approved")
    assert answer.status_code == 409
    assert "licence is not in force" in text_of(answer)
    licensed.refresh_from_db()
    assert licensed.state == ApplicationState.IN_REVIEW
    assert not Registration.objects.exists()


def test_changes_are_requested(bob: User, application: Application) -> None:
    _decide(bob, _claimed(bob, application), verdict="changes_requested", change_reasons=["description_unclear"], note="Say what it is.")
    application.refresh_from_db()
    assert (application.state, application.reasons) == (ApplicationState.CHANGES_REQUESTED, ["description_unclear"])
    assert application.note == "Say what it is."


def test_an_application_is_rejected(bob: User, application: Application) -> None:
    _decide(bob, _claimed(bob, application), verdict="rejected", rejected_reasons=["not_allowed_content"])
    application.refresh_from_db()
    assert (application.state, application.decided_by) == (ApplicationState.REJECTED, bob)


def test_another_reason_needs_a_note_and_nothing_written_is_lost(bob: User, application: Application) -> None:
    answer = _decide(bob, _claimed(bob, application), verdict="rejected", rejected_reasons=["other", "handles_wrong"])
    assert answer.status_code == 422
    assert "Write down which other reason." in text_of(answer)
    assert text_of(answer).count("checked") >= 3


def test_without_a_claim_nothing_is_decided_and_the_note_survives(bob: User, dana: User, application: Application) -> None:
    _claimed(dana, application)
    answer = _decide(bob, application, verdict="changes_requested", change_reasons=["handles_wrong"], note="Half a thought")
    assert answer.status_code == 409
    assert "Half a thought" in text_of(answer)
    application.refresh_from_db()
    assert application.state == ApplicationState.IN_REVIEW


def test_a_decided_application_is_not_decided_again(bob: User, registration: Registration, application: Application) -> None:
    answer = _decide(bob, application, verdict="rejected", rejected_reasons=["not_allowed_content"])
    assert answer.status_code == 409
    application.refresh_from_db()
    assert application.state == ApplicationState.APPROVED


def test_the_slower_of_two_claims_is_told_so(bob: User, dana: User, application: Application) -> None:
    _claimed(bob, application)
    assert "A colleague was faster." in text_of(signed_in(dana).post(_url("claim", application), follow=True))
    application.refresh_from_db()
    assert application.officer == bob


def test_an_officer_cannot_touch_their_own_application_by_its_address(bob: User, dana: User, now: datetime) -> None:
    own = waiting_application(bob, now)
    Application.objects.filter(pk=own.pk).update(officer=bob, claimed_until=now + timedelta(minutes=20), state=ApplicationState.IN_REVIEW)
    client = signed_in(bob)
    for name in ("claim", "release", "look", "preview", "decide"):
        assert client.post(_url(name, own), {"verdict": "approved"}).status_code in (403, 404)
    own.refresh_from_db()
    assert own.state == ApplicationState.IN_REVIEW
    assert signed_in(dana).get(_url("", own)).status_code == 200


def test_an_officer_cannot_touch_a_persona_with_their_face(bob: User, application: Application) -> None:
    Application.objects.filter(pk=application.pk).update(portrayed_user=bob)
    assert signed_in(bob).get(_url("", application)).status_code == 404
    assert signed_in(bob).post(_url("claim", application)).status_code == 404


def test_the_preview_is_what_the_personas_page_then_says(bob: User, alice: User, application: Application) -> None:
    data = {"verdict": "changes_requested", "change_reasons": ["portraits_unclear"], "note": "The second one is too dark."}
    _claimed(bob, application)
    preview = text_of(signed_in(bob).post(_url("preview", application), data, headers={"HX-Request": "true"}))
    _decide(bob, application, **data)
    page = text_of(signed_in(alice).get(reverse("home:persona", args=[application.persona_id])))
    for text in ("What the officer says", str(REASONS["portraits_unclear"]), data["note"], "Your turn"):
        assert escape(text) in preview
        assert escape(text) in page


def test_changes_are_shown_before_and_after(bob: User, alice: User, registration: Registration, now: datetime) -> None:
    persona = registration.persona
    persona.description = "Explains the deep sea."
    persona.save()
    again = waiting_application(alice, now, persona=persona)
    body = text_of(signed_in(bob).get(_url("", again)))
    assert "Explains the night sky." in body
    assert "Explains the deep sea." in body
    assert body.index("change-before") < body.index("change-after")


def test_a_hold_suspends_and_its_lifting_restores(dana: User, registration: Registration, application: Application, now: datetime) -> None:
    client = signed_in(dana)
    client.post(reverse("desk:hold", args=[registration.pk]), {"reason": "label:label_missing", "note": "Show the label."})
    assert issuing.status_of(registration, now + timedelta(minutes=1)) is Status.SUSPENDED
    body = text_of(client.get(_url("", application)))
    assert "Hold: Labelling" in body
    assert "Show the label." in body
    client.post(reverse("desk:lift", args=[registration.pk]), {"party": "label"})
    assert issuing.status_of(registration, now + timedelta(minutes=1)) is Status.ACTIVE
    assert [entry.data["reason"] for entry in Entry.objects.filter(event=Event.HOLD_PLACED)] == ["label_missing"]


def test_a_hold_needs_a_known_reason_and_is_placed_once(bob: User, registration: Registration) -> None:
    client, url = signed_in(bob), reverse("desk:hold", args=[registration.pk])
    answer = client.post(url, {"reason": "consent:made_up", "note": "Half a thought"})
    assert answer.status_code == 422
    assert "Half a thought" in text_of(answer)
    assert client.post(url, {"reason": "officer:complaint"}).status_code == 302
    assert client.post(url, {"reason": "officer:content", "note": "Half a thought"}).status_code == 409


def test_the_desk_lifts_no_hold_of_the_operator(bob: User, registration: Registration) -> None:
    assert signed_in(bob).post(reverse("desk:lift", args=[registration.pk]), {"party": "operator"}).status_code in (403, 404)
    assert signed_in(bob).post(reverse("desk:lift", args=[registration.pk]), {"party": "nonsense"}).status_code == 404


def test_a_revocation_asks_once_more_and_then_ends_it(bob: User, registration: Registration, application: Application) -> None:
    client, url = signed_in(bob), reverse("desk:revoke", args=[registration.pk])
    assert "This cannot be undone" in text_of(client.get(url))
    assert client.post(url, {}).status_code == 422
    assert Registration.objects.filter(pk=registration.pk, revoked_at=None).exists()
    assert client.post(url, {"reason": "false_statements"}).status_code == 302
    registration.refresh_from_db()
    assert registration.revoked_at is not None
    body = text_of(client.get(_url("", application)))
    assert "Revoked" in body
    assert url not in body


def test_auditors_and_operators_stop_nothing(frank: User, alice: User, registration: Registration, application: Application) -> None:
    for user in (frank, alice):
        client = signed_in(user)
        assert client.post(reverse("desk:hold", args=[registration.pk]), {"reason": "officer:content"}).status_code == 403
        assert client.post(reverse("desk:lift", args=[registration.pk]), {"party": "officer"}).status_code == 403
        assert client.get(reverse("desk:revoke", args=[registration.pk])).status_code == 403
    body = text_of(signed_in(frank).get(_url("", application)))
    assert reverse("desk:hold", args=[registration.pk]) not in body
    assert reverse("desk:revoke", args=[registration.pk]) not in body


def test_an_officer_holds_nothing_of_their_own(bob: User, dana: User, now: datetime) -> None:
    own = waiting_application(bob, now)
    _decide(dana, _claimed(dana, own), verdict="approved")
    registration = Registration.objects.get(persona=own.persona)
    assert signed_in(bob).post(reverse("desk:hold", args=[registration.pk]), {"reason": "officer:content"}).status_code in (403, 404)
    assert signed_in(bob).post(reverse("desk:revoke", args=[registration.pk]), {"reason": "legal_order"}).status_code in (403, 404)
