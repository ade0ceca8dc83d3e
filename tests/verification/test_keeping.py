"""Every clock of this room, just before and just after; and what an open case holds."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.access.actor import SYSTEM
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.queries import trail_of
from portal.keeping import clocks, purging
from portal.vault import files
from portal.vault.models import DataKey, Erased, Retention, SealedFile
from tests.portal.rows import case_of
from tests.verification.conftest import Apply, describe
from verification import keeping, queries, services
from verification.models import Case, ConsentRecord, FaceTemplate, Identity
from verification.retention import ABANDONED, DISPUTE, RECORDS
from verification.states import CLOSED, OPEN

MOMENT = timedelta(seconds=1)


def due(name: str, now: datetime) -> list[Any]:
    """Returns what a clock would take at a moment."""
    [clock] = [each for each in clocks.declared() if each.name == name]
    return list(clocks.waiting(clock, now))


def picture() -> SealedFile:
    """Returns a stored picture."""
    return files.store(b"picture", media_type="image/jpeg", kind=Retention.PICTURE)


def decided(user: User, now: datetime, **fields: Any) -> Case:
    """Returns a case that was decided now, with both pictures."""
    typed = {"full_name": "Li Xiaoming", "document_number": "E12345678", "birth_date": "1991-01-01"}
    shown = {"document_image": picture(), "selfie_image": picture(), "document_type": "passport"}
    return case_of(user, **({"state": "verified", "decided_at": now} | typed | shown | fields))


def identity_of(case: Case, now: datetime, **fields: Any) -> Identity:
    """Returns the identity that a case established now, with a face template."""
    typed = {"full_name": case.full_name, "document_number": case.document_number, "birth_date": case.birth_date}
    ends = {"verified_at": now, "valid_until": now + timedelta(days=730), "number_index": b"i" * 16, "document_type": "passport"}
    identity = Identity.objects.create(user=case.user, case=case, **(typed | ends | fields))
    FaceTemplate.objects.create(identity=identity, vector=[0.1] * 128, created_at=now)
    return identity


def purge(now: datetime) -> dict[str, int]:
    """Returns what a purge erased, by kind."""
    report = purging.purge(actor=SYSTEM, now=now)
    assert report.failed == 0
    return {line.name: line.erased for line in report.lines if line.erased}


@pytest.mark.parametrize("state", CLOSED)
def test_pictures_stay_thirty_days_after_the_decision(alice: User, now: datetime, state: str) -> None:
    case = decided(alice, now, state=state)
    assert due("pictures", now + DISPUTE - MOMENT) == []
    assert due("pictures", now + DISPUTE) == [case]


@pytest.mark.parametrize("state", OPEN)
def test_pictures_stay_while_the_person_has_a_case_under_way(alice: User, now: datetime, state: str) -> None:
    case = decided(alice, now, state="rejected")
    under_way = case_of(alice, state=state, document_image=picture())
    assert due("pictures", now + DISPUTE * 9) == []
    under_way.delete()
    assert due("pictures", now + DISPUTE * 9) == [case]


def test_every_picture_of_a_case_goes_and_none_can_be_read_again(alice: User, now: datetime) -> None:
    case = decided(alice, now)
    kept = [getattr(case, name) for name in keeping.PICTURES if getattr(case, name)]
    assert len(kept) >= 2
    assert purge(now + DISPUTE) == {"pictures": 1}
    for file in SealedFile.objects.filter(pk__in=[each.pk for each in kept]):
        with pytest.raises(Erased):
            file.data_key.open()
        with pytest.raises(FileNotFoundError):
            file.read()
    case.refresh_from_db()
    assert [getattr(case, name) for name in keeping.PICTURES] == [None] * len(keeping.PICTURES)
    assert case.full_name == "Li Xiaoming"  # its own clock runs on


@pytest.mark.parametrize("state", ["draft", "retry"])
def test_what_was_begun_goes_thirty_days_after_it_was_last_touched(alice: User, now: datetime, state: str) -> None:
    case = case_of(alice, state=state, touched_at=now, submitted_at=now - timedelta(days=9), document_image=picture(), full_name="Li")
    assert due("drafts", now + ABANDONED - MOMENT) == []
    assert due("drafts", now + ABANDONED) == [case]
    assert purge(now + ABANDONED) == {"drafts": 1}
    assert not Case.objects.exists()
    assert not DataKey.objects.filter(wrapped__isnull=False).exists()
    assert trail_of(case).get().data == {"kind": "drafts", "files": 1}


def test_a_case_that_was_sent_back_counts_from_then(alice: User, now: datetime) -> None:
    case = case_of(alice, state="retry", touched_at=now, decided_at=now + timedelta(days=5))
    assert due("drafts", now + ABANDONED + timedelta(days=5) - MOMENT) == []
    assert due("drafts", now + ABANDONED + timedelta(days=5)) == [case]


@pytest.mark.parametrize("state", ["processing", "review"])
def test_what_waits_for_us_never_goes(alice: User, now: datetime, state: str) -> None:
    case_of(alice, state=state, touched_at=now, submitted_at=now, document_image=picture())
    assert purge(now + RECORDS * 9) == {}


def test_whoever_types_or_adds_a_picture_touches_the_case(alice: User, now: datetime, draft: Apply) -> None:
    case = describe(alice, draft(alice), now + timedelta(days=29))
    assert Case.objects.get(pk=case.pk).touched_at == now + timedelta(days=29)
    assert due("drafts", now + ABANDONED) == []


def test_a_person_whose_draft_went_begins_anew(alice: User, now: datetime, draft: Apply) -> None:
    first = draft(alice)
    purge(now + ABANDONED)
    assert services.start(actor=actor_for(alice), now=now + ABANDONED).pk != first.pk


def test_an_identity_goes_three_years_after_its_end_and_its_case_with_it(alice: User, now: datetime) -> None:
    case = case_of(
        alice, state="expired", decided_at=now - timedelta(days=730), full_name="Li", document_number="E1", birth_date="1991-01-01"
    )
    identity = identity_of(case, now - timedelta(days=730), valid_until=now)
    assert (due("identities", now + RECORDS - MOMENT), due("cases", now + RECORDS * 2)) == ([], [])
    assert due("identities", now + RECORDS) == [identity]
    assert purge(now + RECORDS) == {"templates": 1, "identities": 1, "cases": 1}
    assert (Identity.objects.count(), FaceTemplate.objects.count(), Case.objects.count()) == (0, 0, 0)
    assert not DataKey.objects.filter(wrapped__isnull=False).exists()


def test_a_revoked_identity_keeps_its_number_three_years_from_then(alice: User, now: datetime) -> None:
    identity = identity_of(decided(alice, now, state="revoked"), now, revoked_at=now + timedelta(days=1))
    assert due("identities", now + RECORDS) == []
    assert due("identities", now + RECORDS + timedelta(days=1)) == [identity]


@pytest.mark.parametrize("state", CLOSED)
def test_the_record_of_a_decision_stays_three_years(alice: User, now: datetime, state: str) -> None:
    case = decided(alice, now, state=state)
    assert due("cases", now + RECORDS - MOMENT) == []
    assert due("cases", now + RECORDS) == [case]


def test_three_years_are_three_years_whatever_the_calendar(now: datetime) -> None:
    for year in range(2026, 2034):
        begun = now.replace(year=year)
        assert begun + RECORDS >= begun.replace(year=year + 3)


def test_templates_stay_while_identity_and_consent_do(alice: User, now: datetime) -> None:
    identity = identity_of(decided(alice, now), now)
    given = ConsentRecord.objects.create(user=alice, purpose="face", version="2020-01", given_at=now)
    assert due("templates", identity.valid_until - MOMENT) == []  # consented, though to older words
    assert due("templates", identity.valid_until) == [identity.template]
    ConsentRecord.objects.filter(pk=given.pk).update(withdrawn_at=now)
    assert due("templates", now) == [identity.template]
    assert purge(now) == {"templates": 1}
    assert trail_of(identity.case).get().data == {"kind": "templates", "files": 0}


def test_a_person_counts_once_among_the_stored_faces(alice: User, eve: User, carol: User, now: datetime) -> None:
    identity_of(decided(alice, now), now)
    decided(alice, now, state="rejected")
    case_of(eve, document_image=picture())
    case_of(carol)
    assert keeping.people_with_faces() == 2


def test_the_applicant_reads_that_something_was_erased(alice: User, now: datetime) -> None:
    case = decided(alice, now)
    purge(now + DISPUTE)
    assert [entry.event for entry in queries.history(case)] == ["retention.erased"]
