"""What is kept of a filing, of who represents an organisation and of agents' addresses; and when the filer withdraws their consent."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.access.actor import CONSOLE, SYSTEM
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.queries import trail_of
from portal.keeping import clocks, purging
from portal.keeping import services as holds
from portal.vault.models import DataKey, Erased, SealedFile
from tests import organisations
from verification import services as core
from verification.organisations import keeping, queries, services
from verification.organisations.keeping import ANSWERED
from verification.organisations.models import Mandate, Organisation
from verification.organisations.rules import VALID
from verification.retention import ABANDONED, DISPUTE, RECORDS

MOMENT = timedelta(seconds=1)


def due(name: str, now: datetime) -> list[Any]:
    """Returns what a clock would take at a moment."""
    [clock] = [each for each in clocks.declared() if each.name == name]
    return list(clocks.waiting(clock, now))


def purge(now: datetime) -> set[str]:
    """Returns of what a purge erased something in this room."""
    report = purging.purge(actor=SYSTEM, now=now)
    assert report.failed == 0
    room = {"organisation_pictures", "organisation_drafts", "organisations", "mandate_addresses"}
    return {line.name for line in report.lines if line.erased} & room


def opened(row: Organisation) -> Organisation:
    """Returns the organisation as it stands now."""
    return Organisation.objects.select_related("data_key", *keeping.PICTURES).get(pk=row.pk)


@pytest.fixture
def sent(alice: User, now: datetime) -> Organisation:
    """A filing that waits for an officer."""
    return organisations.submitted(alice, now)


@pytest.fixture
def star(sent: Organisation, bob: User, now: datetime) -> Organisation:
    """Star River Culture, verified; Alice owns it."""
    return organisations.decided(sent, bob, now)


def test_pictures_stay_while_an_officer_looks(sent: Organisation, now: datetime) -> None:
    assert due("organisation_pictures", now + RECORDS * 9) == due("organisation_drafts", now + RECORDS * 9) == []


@pytest.mark.parametrize(("verdict", "reasons"), [("verified", []), ("rejected", ["licence_not_genuine"])])
def test_pictures_stay_thirty_days_after_the_decision(
    sent: Organisation, bob: User, now: datetime, verdict: str, reasons: list[str]
) -> None:
    done = organisations.decided(sent, bob, now, verdict, *reasons)
    files = [file.pk for file in (done.licence_image, done.letter_image) if file]
    assert due("organisation_pictures", now + DISPUTE - MOMENT) == []
    assert due("organisation_pictures", now + DISPUTE) == [done]
    assert "organisation_pictures" in purge(now + DISPUTE)
    done = opened(done)
    assert (done.licence_image, done.letter_image, done.representative) == (None, None, "林样本")
    for file in SealedFile.objects.select_related("data_key").filter(pk__in=files):
        with pytest.raises(Erased):
            file.data_key.open()


def test_an_appeal_keeps_the_pictures_it_was_made_with(sent: Organisation, alice: User, bob: User, now: datetime) -> None:
    done = organisations.decided(sent, bob, now, "rejected", "licence_not_genuine")
    appealed = now + DISPUTE - MOMENT
    services.again(actor=actor_for(alice), organisation=done, now=appealed)
    assert due("organisation_pictures", appealed + ABANDONED - MOMENT) == []
    assert due("organisation_drafts", appealed + ABANDONED) == []  # a decision rests on it
    assert due("organisation_pictures", appealed + ABANDONED) == [done]
    services.submit(actor=actor_for(alice), organisation=done, now=appealed)
    assert due("organisation_pictures", now + RECORDS * 9) == []


def test_a_filing_never_sent_goes_thirty_days_after_it_was_last_touched(alice: User, now: datetime) -> None:
    draft = organisations.drafted(alice, now)
    services.add_picture(
        actor=actor_for(alice), organisation=draft, slot="licence", upload=organisations.picture(), channel="camera", now=now + MOMENT
    )
    assert due("organisation_drafts", now + ABANDONED) == []
    assert due("organisation_drafts", now + ABANDONED + MOMENT) == [draft]
    key = draft.data_key_id
    assert purge(now + ABANDONED + MOMENT) == {"organisation_drafts"}
    assert not Organisation.objects.exists()
    assert DataKey.objects.get(pk=key).wrapped is None
    assert not SealedFile.objects.filter(data_key__wrapped__isnull=False).exists()


def test_a_filing_that_was_sent_back_and_left_goes_too(sent: Organisation, bob: User, now: datetime) -> None:
    back = organisations.decided(sent, bob, now + MOMENT, "changes_requested", "licence_unreadable")
    assert due("organisation_drafts", now + ABANDONED) == []
    assert due("organisation_drafts", now + ABANDONED + MOMENT) == [back]


def test_who_represents_it_stays_three_years_after_the_end_and_the_public_facts_for_good(
    star: Organisation, alice: User, now: datetime
) -> None:
    ended = now + VALID
    assert due("organisations", ended + RECORDS - MOMENT) == []
    assert due("organisations", ended + RECORDS) == [star]
    key = star.data_key_id
    assert "organisations" in purge(ended + RECORDS)
    left = opened(star)
    assert (left.representative, left.note, left.public_name, left.operator_id) == (None, None, star.public_name, star.operator_id)
    assert DataKey.objects.get(pk=key).wrapped is None
    left.representative = "New Name"  # filed again: under the fresh key
    left.save(update_fields=["representative"])
    assert opened(star).representative == "New Name"


def test_the_pages_still_show_what_was_emptied(client: Client, star: Organisation, alice: User, bob: User, now: datetime) -> None:
    purge(now + VALID + RECORDS)
    for user, page in ((alice, "organisations:organisation"), (bob, "desk:organisation")):
        client.force_login(user)
        assert client.get(reverse(page, args=[star.pk])).status_code == 200


def test_a_revocation_begins_the_three_years_earlier(star: Organisation, bob: User, now: datetime) -> None:
    services.revoke(actor=actor_for(bob), organisation_id=star.pk, reason="not_an_agent", now=now + MOMENT)
    assert due("organisations", now + RECORDS) == []
    assert due("organisations", now + RECORDS + MOMENT) == [star]


def test_a_rejected_filing_goes_as_a_whole_after_three_years(sent: Organisation, bob: User, now: datetime) -> None:
    done = organisations.decided(sent, bob, now, "rejected", "licence_not_genuine")
    assert due("organisations", now + RECORDS - MOMENT) == []
    assert due("organisations", now + RECORDS) == [done]
    purge(now + RECORDS)
    assert not Organisation.objects.exists()


def test_an_agents_address_goes_thirty_days_after_the_answer(
    client: Client, star: Organisation, alice: User, carol: User, now: datetime
) -> None:
    mandate = organisations.agent(star, alice, carol, now)
    assert mandate not in due("mandate_addresses", now + ANSWERED - MOMENT)
    assert mandate in due("mandate_addresses", now + ANSWERED)
    purge(now + ANSWERED)
    mandate = Mandate.objects.select_related("data_key").get(pk=mandate.pk)
    assert (mandate.email, mandate.state, mandate.data_key.wrapped) == (None, "standing", None)
    client.force_login(alice)
    page = client.get(reverse("organisations:agents", args=[star.pk])).content.decode()
    assert carol.email in page  # the account's own


def test_an_invitation_waits_with_its_address_and_loses_it_after_the_lapse(star: Organisation, alice: User, now: datetime) -> None:
    asked: dict[str, Any] = {"email": "agent@example.com", "role": "agent", "until": None}
    mandate = services.invite(actor=actor_for(alice), organisation=star, now=now, **asked)
    assert mandate not in due("mandate_addresses", now + ANSWERED * 9)
    Mandate.objects.filter(pk=mandate.pk).update(state="lapsed", ended_at=now)
    assert mandate not in due("mandate_addresses", now + ANSWERED - MOMENT)
    assert mandate in due("mandate_addresses", now + ANSWERED)


def test_a_legal_hold_on_the_filer_keeps_everything(star: Organisation, alice: User, now: datetime) -> None:
    holds.place_legal_hold(actor=CONSOLE, user=alice, reference="A-1", now=now)
    assert purge(now + VALID + RECORDS * 2) == set()


def withdraw(user: User, now: datetime) -> None:
    """Takes back the consent to the processing, as the page does."""
    core.take_back_processing(actor=actor_for(user), now=now)


@pytest.mark.parametrize("waits", [True, False])
def test_a_filer_who_takes_their_consent_back_takes_an_undecided_filing_with_them(alice: User, now: datetime, waits: bool) -> None:
    filing = organisations.submitted(alice, now) if waits else organisations.drafted(alice, now)
    withdraw(alice, now)
    assert not Organisation.objects.exists()
    assert [entry.event for entry in trail_of(filing)][-1] == Event.ORGANISATION_WITHDRAWN
    assert not SealedFile.objects.filter(data_key__wrapped__isnull=False).exists()


def test_of_a_verified_organisation_the_pictures_go_and_the_mandate_stands_without_counting(
    star: Organisation, alice: User, now: datetime
) -> None:
    withdraw(alice, now)
    left = opened(star)
    assert (left.state, left.licence_image, left.letter_image, left.representative) == ("verified", None, None, "林样本")
    assert star.operator_id is not None
    assert queries.answers_until(star.operator_id) is None
    assert Mandate.objects.get(user=alice).state == "standing"
    withdraw(alice, now)
    assert Event.ORGANISATION_WITHDRAWN not in [entry.event for entry in trail_of(star)]


def test_a_renewal_that_waits_for_an_officer_comes_back_as_a_draft_without_pictures(star: Organisation, alice: User, now: datetime) -> None:
    late = now + VALID - timedelta(days=9)
    services.again(actor=actor_for(alice), organisation=star, now=late)
    services.submit(actor=actor_for(alice), organisation=star, now=late)
    withdraw(alice, late)
    left = opened(star)
    assert (left.state, left.licence_image) == ("draft", None)
    assert queries.is_verified(left, late)


def test_what_others_filed_stays(star: Organisation, eve: User, now: datetime) -> None:
    withdraw(eve, now)
    assert opened(star).licence_image is not None


def test_a_legal_hold_takes_the_filing_back_and_keeps_it(sent: Organisation, alice: User, now: datetime) -> None:
    holds.place_legal_hold(actor=CONSOLE, user=alice, reference="A-1", now=now)
    withdraw(alice, now)
    left = opened(sent)
    assert left.state == "draft"
    assert left.licence_image is not None
