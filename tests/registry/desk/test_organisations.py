"""Deciding an organisation at the desk."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.models import Entry
from tests import organisations
from tests.registry.desk.desk import signed_in, text_of
from tests.registry.rows import persona_of
from verification.organisations.models import Organisation


@pytest.fixture
def filed(alice: User, now: datetime) -> Organisation:
    """Alice's organisation, one hour old."""
    return organisations.submitted(alice, now - timedelta(hours=1))


def _url(name: str, item: Organisation) -> str:
    return reverse(f"desk:{name}_organisation" if name else "desk:organisation", args=[item.pk])


def _claimed(user: User, item: Organisation) -> Organisation:
    signed_in(user).post(_url("claim", item))
    return Organisation.objects.get(pk=item.pk)


def test_it_waits_in_the_queue_and_is_found_by_name_code_and_reference(bob: User, filed: Organisation) -> None:
    browser = signed_in(bob)
    for query in ("", "?tab=organisations", f"?q={filed.reference}", f"?q={filed.uscc}", "?q=星河"):
        assert filed.reference in text_of(browser.get("/desk/" + query)), query
    assert filed.reference not in text_of(browser.get("/desk/?tab=cases"))
    assert browser.post("/desk/next/")["Location"] == _url("", filed)
    assert filed.reference in text_of(browser.get("/desk/?tab=mine"))


def test_names_and_pictures_are_hidden_until_it_is_claimed(bob: User, filed: Organisation) -> None:
    before = text_of(signed_in(bob).get(_url("", filed)))
    assert "林样本" not in before
    assert str(filed.licence_image_id) not in before
    after = text_of(signed_in(bob).get(_url("", _claimed(bob, filed))))
    assert "林样本" in after
    assert str(filed.licence_image_id) in after
    assert str(filed.filed_by.identity.full_name) in after


def test_an_auditor_looks_and_leaves_a_receipt(frank: User, filed: Organisation) -> None:
    body = text_of(signed_in(frank).post(_url("look", filed)))
    assert "林样本" in body
    assert _url("decide", filed) not in body
    assert Entry.objects.get(event=Event.EVIDENCE_VIEWED).actor_id == frank.pk
    for verb in ("claim", "decide", "preview", "revoke"):
        assert signed_in(frank).post(_url(verb, filed), {"verdict": "verified"}).status_code == 403


def test_the_officer_previews_and_asks_for_changes(bob: User, filed: Organisation) -> None:
    _claimed(bob, filed)
    told = {"verdict": "changes_requested", "change_reasons": ["letter_wrong"], "note": "Wrong name."}
    preview = text_of(signed_in(bob).post(_url("preview", filed), told, headers={"HX-Request": "true"}))
    assert "names another person" in preview
    assert "Wrong name." in preview
    assert signed_in(bob).post(_url("decide", filed), told)["Location"] == "/desk/"
    item = Organisation.objects.get()
    assert (item.state, item.reasons, item.note) == ("changes_requested", ["letter_wrong"], "Wrong name.")
    assert item.reference in text_of(signed_in(bob).get("/desk/?tab=done"))


def test_a_decision_without_reasons_or_claim_keeps_what_was_written(bob: User, dana: User, filed: Organisation) -> None:
    _claimed(bob, filed)
    answer = signed_in(bob).post(_url("decide", filed), {"verdict": "rejected", "note": "Kept text."})
    assert answer.status_code == 422
    assert "Kept text." in text_of(answer)
    assert signed_in(dana).post(_url("decide", filed), {"verdict": "verified"}).status_code == 409
    assert Organisation.objects.get().state == "review"


def test_a_second_filing_of_a_code_is_shown_and_refused(bob: User, eve: User, filed: Organisation, now: datetime) -> None:
    second = organisations.submitted(eve, now)
    organisations.decided(filed, bob, now)
    _claimed(bob, second)
    assert filed.reference in text_of(signed_in(bob).get(_url("", second)))
    answer = signed_in(bob).post(_url("decide", second), {"verdict": "verified"})
    assert answer.status_code == 409
    assert "Another organisation is verified with this code" in text_of(answer)


def test_who_files_or_acts_finds_their_own_nowhere(bob: User, dana: User, now: datetime) -> None:
    own = organisations.submitted(bob, now)
    for name in ("", "look", "claim", "release", "preview", "decide", "revoke"):
        assert signed_in(bob).post(_url(name, own), {"verdict": "verified", "reason": "not_an_agent"}).status_code in (403, 404, 405), name
    assert own.reference not in text_of(signed_in(bob).get("/desk/"))
    organisations.decided(own, dana, now)
    organisations.agent(own, bob, dana, now)
    assert signed_in(dana).post(_url("revoke", own), {"reason": "not_an_agent"}).status_code == 404
    assert Organisation.objects.get().state == "verified"


def test_a_revocation_asks_once_more(bob: User, filed: Organisation, now: datetime) -> None:
    organisations.decided(filed, bob, now)
    browser = signed_in(bob)
    assert _url("revoke", filed) in text_of(browser.get(_url("", filed)))
    assert browser.get(_url("revoke", filed)).status_code == 200
    assert browser.post(_url("revoke", filed), {"reason": "because"}).status_code == 422
    assert browser.post(_url("revoke", filed), {"reason": "organisation_closed"})["Location"] == _url("", filed)
    assert Organisation.objects.get().state == "revoked"
    assert _url("revoke", filed) not in text_of(browser.get(_url("", filed)))


def test_an_application_names_the_organisation(bob: User, alice: User, filed: Organisation, now: datetime) -> None:
    star = organisations.decided(filed, bob, now)
    persona = persona_of(alice)
    persona.operator = star.operator  # type: ignore[assignment]
    persona.save()
    application = persona.applications.create(facts={"portrayed": "nobody"}, submitted_by=alice, submitted_at=now)
    page = text_of(signed_in(bob).get(reverse("desk:application", args=[application.pk])))
    assert star.public_name in page
    assert star.uscc in page
    assert "Not verified" not in page
