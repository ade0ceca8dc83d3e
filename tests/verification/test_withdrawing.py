"""A person takes back the consent to the processing: what ends, what stays, and who can do it."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.access.actor import ANONYMOUS, CONSOLE, SYSTEM
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.keeping import purging
from portal.keeping import services as holds
from portal.kit.errors import Conflict, Unauthenticated
from portal.letters.models import Letter
from portal.outbox.models import Message
from portal.vault import files
from portal.vault.models import DataKey, Erased, Retention, SealedFile
from tests.post import deliver, read
from tests.verification.conftest import Apply, describe
from verification import queries, services
from verification.models import Case, ConsentRecord, FaceTemplate, Identity
from verification.retention import RECORDS
from verification.rules import CONSENT_VERSIONS
from verification.services import machine, outcome
from verification.services.sight import Sight

LATER = timedelta(days=3)


@pytest.fixture
def submitted(draft: Apply, now: datetime) -> Apply:
    """Goes all the way and submits; what the pictures show does not matter here."""

    def go(user: User) -> Case:
        case = describe(user, draft(user), now)
        for slot in ("document_image", "document_back_image", "selfie_image", "recording"):
            file = files.store(b"picture", media_type="image/jpeg", kind=Retention.PICTURE)
            Case.objects.filter(pk=case.pk).update(**{slot: file})
        return services.submit(actor=actor_for(user), case=case, now=now)

    return go


SAME = Sight(1, 1, 0.3, np.full(128, 0.1), "passed")  # as if both pictures showed one person


def judge(case: Case, now: datetime) -> Case:
    """Returns the case after the machine's turn."""
    machine.conclude(case.pk, SAME, gave_up=False, now=now)
    case.refresh_from_db()
    return case


@pytest.fixture
def verified(alice: User, now: datetime, submitted: Apply) -> Case:
    """Alice's verified case."""
    case = judge(submitted(alice), now)
    assert case.state == "verified"
    assert queries.has_template(alice.pk)
    return case


def withdraw(user: User, now: datetime) -> bool:
    """Takes the account's consent back."""
    return services.take_back_processing(actor=actor_for(user), now=now)


def live_keys() -> int:
    """Returns how many data keys open something."""
    return DataKey.objects.filter(wrapped__isnull=False).count()


def stored() -> list[str]:
    """Returns the files in the storage."""
    storage = storages["vault"]
    return [f"{folder}/{name}" for folder in storage.listdir("")[0] for name in storage.listdir(folder)[1]]


def test_the_verification_ends_and_the_pictures_and_the_template_go_at_once(alice: User, verified: Case, now: datetime) -> None:
    later = now + LATER
    assert withdraw(alice, later)
    assert not queries.standing(alice.pk, later).verified
    assert queries.consents(alice.pk) == frozenset()
    assert (Identity.objects.count(), FaceTemplate.objects.count(), stored()) == (0, 0, [])
    for file in SealedFile.objects.all():
        with pytest.raises(Erased):
            file.data_key.open()
    case = Case.objects.get()
    assert (case.state, case.decided_at) == ("withdrawn", now)  # the decision was then
    assert case.full_name == "Li Xiaoming"  # the sealed record, for three years after the decision
    assert live_keys() == 1


def test_it_leaves_receipts_a_message_and_a_letter(alice: User, verified: Case, now: datetime) -> None:
    before = Entry.objects.count()
    sent = Message.objects.count()
    withdraw(alice, now + LATER)
    assert sorted(Entry.objects.order_by("id").values_list("event", flat=True)[before:]) == [
        "case.withdrawn", "consent.taken_back", "consent.taken_back",
    ]  # fmt: skip
    assert list(Message.objects.values_list("topic", flat=True)[sent:]) == ["person.changed"]
    mails = read(deliver()[-1:])
    assert "Your verification is ended, as you asked" in mails
    assert "Your pictures and the face template are deleted." in mails
    assert "Li Xiaoming" not in mails


def test_three_years_later_nothing_of_the_person_is_left(alice: User, verified: Case, now: datetime) -> None:
    number = outcome.number_index(verified)
    assert number.hex() in dump()
    withdraw(alice, now + LATER)
    assert number.hex() not in dump()  # the number is free at once
    purging.purge(actor=SYSTEM, now=now + RECORDS - timedelta(seconds=1))
    assert Case.objects.count() == 1
    purging.purge(actor=SYSTEM, now=now + RECORDS)
    assert (Case.objects.count(), live_keys(), stored()) == (0, 0, [])
    assert str(verified.pk) in dump()  # the trail, which names nobody


def dump() -> str:
    """Returns every row of every table, as a dump would have it."""
    with connection.cursor() as cursor:
        lines = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 – names from the catalogue
            lines += [str(row[0]) for row in cursor.fetchall()]
    return "\n".join(lines)


@pytest.mark.parametrize("state", ["draft", "processing", "review", "retry"])
def test_a_case_under_way_is_closed_and_emptied(alice: User, bob: User, now: datetime, submitted: Apply, state: str) -> None:
    case = submitted(alice)
    Case.objects.update(state=state, officer=bob, claimed_until=now + LATER)
    assert withdraw(alice, now)
    case = Case.objects.get()
    assert (case.state, case.decided_at, case.officer, case.claimed_until) == ("withdrawn", now, None, None)
    assert (case.full_name, case.document_number, case.birth_date, case.document_image, case.selfie_image) == (None,) * 5
    assert (live_keys(), stored()) == (0, [])
    machine.judge_case(case_id=case.pk, now=now)  # a message that was on its way finds nothing to do
    assert Case.objects.get().state == "withdrawn"
    with pytest.raises(Conflict):
        services.decide(actor=actor_for(bob), case_id=case.pk, verdict="verified", reasons=[], note="", now=now)


def test_a_machine_that_was_looking_meanwhile_changes_nothing(alice: User, now: datetime, submitted: Apply) -> None:
    case = submitted(alice)
    withdraw(alice, now)
    assert (judge(case, now).state, Identity.objects.count(), FaceTemplate.objects.count()) == ("withdrawn", 0, 0)


def test_doing_it_again_changes_nothing(alice: User, verified: Case, now: datetime) -> None:
    withdraw(alice, now)
    before = (Entry.objects.count(), Message.objects.count(), Letter.objects.count())
    assert withdraw(alice, now + LATER) is False
    assert (Entry.objects.count(), Message.objects.count(), Letter.objects.count()) == before


def test_the_number_can_be_verified_again_by_the_same_person_and_by_another_account(
    alice: User, eve: User, verified: Case, now: datetime, submitted: Apply
) -> None:
    withdraw(alice, now)
    for user in (alice, eve):
        case = judge(submitted(user), now)
        assert (case.state, case.risks) == ("verified", [])
        withdraw(user, now)


def test_a_revoked_identity_stays_so_that_the_ban_cannot_be_walked_around(
    alice: User, bob: User, eve: User, verified: Case, now: datetime, submitted: Apply
) -> None:
    services.revoke(actor=actor_for(bob), user=alice, now=now)
    assert withdraw(alice, now)
    assert (Case.objects.get().state, stored()) == ("revoked", [])
    assert Identity.objects.get().revoked_at == now
    case = judge(submitted(eve), now)  # with the same card
    assert (case.state, case.risks) == ("review", ["number_in_use"])


def test_under_a_legal_hold_the_pictures_are_stored_until_it_is_lifted(alice: User, verified: Case, now: datetime) -> None:
    holds.place_legal_hold(actor=CONSOLE, user=alice, reference="(2026) 17", now=now)
    withdraw(alice, now)
    assert not queries.standing(alice.pk, now).verified
    assert not FaceTemplate.objects.exists()
    purging.purge(actor=SYSTEM, now=now + RECORDS)
    assert len(stored()) == 4
    assert "ordered that your pictures be kept" in read(deliver()[-1:])
    holds.lift_legal_hold(actor=CONSOLE, user=alice, reference="(2026) 17", now=now + LATER)
    purging.purge(actor=SYSTEM, now=now + LATER)
    assert stored() == []


def test_a_case_under_way_that_a_hold_kept_is_emptied_when_it_is_lifted(alice: User, now: datetime, submitted: Apply) -> None:
    submitted(alice)
    holds.place_legal_hold(actor=CONSOLE, user=alice, reference="(2026) 17", now=now)
    withdraw(alice, now)
    assert Case.objects.get().full_name == "Li Xiaoming"
    holds.lift_legal_hold(actor=CONSOLE, user=alice, reference="(2026) 17", now=now)
    purging.purge(actor=SYSTEM, now=now + LATER)
    case = Case.objects.get()
    assert (case.full_name, case.decided_at, live_keys(), stored()) == (None, now + LATER, 0, [])


def test_the_face_consent_alone_is_taken_back_under_a_hold_without_losing_evidence(alice: User, verified: Case, now: datetime) -> None:
    holds.place_legal_hold(actor=CONSOLE, user=alice, reference="(2026) 17", now=now)
    services.take_back_face(actor=actor_for(alice), now=now)
    assert not FaceTemplate.objects.exists()
    assert len(stored()) == 4


def test_nobody_ends_it_for_another(alice: User, eve: User, verified: Case, now: datetime) -> None:
    assert withdraw(eve, now) is False
    for actor in (ANONYMOUS, SYSTEM, CONSOLE):
        with pytest.raises(Unauthenticated):
            services.take_back_processing(actor=actor, now=now)
    assert queries.standing(alice.pk, now).verified


def test_an_auditor_without_any_other_role_can_take_back_what_they_once_gave(frank: User, now: datetime) -> None:
    ConsentRecord.objects.create(user=frank, purpose="processing", version="2026-01", given_at=now)
    assert withdraw(frank, now)


class TestPages:
    """As a browser sees them."""

    withdraw, consents = reverse("verification:withdraw"), reverse("verification:consents")

    def client(self, user: User, **more: object) -> Client:
        browser = Client(**more)  # type: ignore[arg-type]
        browser.force_login(user)
        return browser

    def test_the_page_says_what_follows_and_the_button_does_it(self, alice: User, verified: Case) -> None:
        browser = self.client(alice)
        page = browser.get(self.withdraw).content.decode()
        assert "You are no longer verified" in page
        assert "for three years after the decision" in page
        done = browser.post(self.withdraw, follow=True).content.decode()
        assert "Your consent is taken back, and your verification is ended." in done
        assert 'data-state="withdrawn"' in done
        assert "Verify again" in done
        assert Case.objects.get().state == "withdrawn"

    def test_a_replayed_request_does_nothing_more(self, alice: User, verified: Case) -> None:
        browser = self.client(alice)
        browser.post(self.withdraw, follow=True)
        entries = Entry.objects.count()
        again = browser.post(self.withdraw, follow=True).content.decode()
        assert "Your consent is taken back, and" not in again
        assert Entry.objects.count() == entries

    def test_a_stranger_and_a_forged_request_change_nothing(self, alice: User, eve: User, verified: Case) -> None:
        strange = self.client(eve)
        assert strange.get(self.withdraw)["Location"] == self.consents
        strange.post(self.withdraw, {"user": str(alice.pk), "case": str(verified.pk)})
        forged = self.client(alice, enforce_csrf_checks=True)
        assert forged.post(self.withdraw).status_code == 403
        assert Client().post(self.withdraw)["Location"].startswith("/accounts/login/")
        assert Case.objects.get().state == "verified"

    def test_a_link_alone_ends_nothing(self, alice: User, verified: Case) -> None:
        self.client(alice).get(self.withdraw, {"confirm": "1"})
        assert Case.objects.get().state == "verified"

    def test_the_history_shows_versions_and_times_of_ones_own(self, alice: User, eve: User, verified: Case, now: datetime) -> None:
        page = self.client(alice).get(self.consents).content.decode()
        assert f"version {CONSENT_VERSIONS['processing']}" in page
        assert self.withdraw in page
        assert reverse("verification:face") in page
        withdraw(alice, now + LATER)
        after = self.client(alice).get(self.consents).content.decode()
        assert "No consent stands" in after
        assert after.count("Ended: ") == after.count("Given: ") == 2
        assert "Given: " not in self.client(eve).get(self.consents).content.decode()

    def test_a_hold_is_told_before_and_after(self, alice: User, verified: Case, now: datetime) -> None:
        holds.place_legal_hold(actor=CONSOLE, user=alice, reference="(2026) 17", now=now)
        browser = self.client(alice)
        assert "An authority has ordered" in browser.get(self.withdraw).content.decode()
        assert "ordered that your pictures be kept" in browser.post(self.withdraw, follow=True).content.decode()
