"""The applicant's services: who may, in which state, and what is kept."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.storage import storages
from django.db import connection

from portal.access.actor import ANONYMOUS
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from portal.vault.models import Erased, SealedFile
from tests.verification.conftest import BOTH, NUMBERS, Apply, card, describe, selfie
from verification import queries, rules, services
from verification.engines.pictures import BadPicture
from verification.models import Case
from verification.reasons import Step


def stored_files() -> int:
    """Returns how many files the vault's storage holds."""
    vault = storages["vault"]
    folders = vault.listdir("")[0] if vault.exists("") else []
    return sum(len(vault.listdir(folder)[1]) for folder in folders)


def test_starting_twice_goes_on_with_the_same_case(alice: User, now: datetime) -> None:
    first = services.start(actor=actor_for(alice), now=now)
    assert services.start(actor=actor_for(alice), now=now) == first
    assert [entry.event for entry in Entry.objects.filter(subject_id=first.pk)] == ["case.started"]


@pytest.mark.django_db
def test_nobody_starts_without_an_account(now: datetime) -> None:
    with pytest.raises(Unauthenticated):
        services.start(actor=ANONYMOUS, now=now)


def test_an_auditor_verifies_nobody_and_not_themselves(frank: User, now: datetime) -> None:
    with pytest.raises(Forbidden):
        services.start(actor=actor_for(frank), now=now)


def test_nothing_is_taken_before_the_consent(alice: User, now: datetime) -> None:
    case = services.start(actor=actor_for(alice), now=now)
    with pytest.raises(Invalid) as refusal:
        describe(alice, case, now)
    assert refusal.value.code == "consent_missing"
    with pytest.raises(Invalid):
        services.add_picture(actor=actor_for(alice), case=case, slot=Step.DOCUMENT, upload=card("alice"), channel="camera", now=now)
    assert stored_files() == 0


def test_what_is_typed_is_kept_sealed(alice: User, now: datetime, draft: Apply) -> None:
    case = describe(alice, draft(alice), now, full_name="  Li　Xiaoming ", number="360426 19910101 0071")
    read = Case.objects.get(pk=case.pk)
    assert (read.full_name, read.document_number, read.birth_date) == ("Li Xiaoming", NUMBERS["alice"], "1991-01-01")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM verification_case")
        raw = b"|".join(bytes(value) if isinstance(value, memoryview) else str(value).encode() for value in cursor.fetchone())
    assert b"Xiaoming" not in raw
    assert NUMBERS["alice"].encode() not in raw
    assert b"1991" not in raw


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"document_type": ""}, {"document_type"}),
        ({"document_type": "driving_licence"}, {"document_type"}),
        ({"full_name": ""}, {"full_name"}),
        ({"full_name": "X"}, {"full_name"}),
        ({"full_name": "Li <b>"}, {"full_name"}),
        ({"full_name": "Li" * 60}, {"full_name"}),
        ({"number": "360426199101010072"}, {"number"}),
        ({"number": "", "full_name": "123"}, {"number", "full_name"}),
        ({"number": "360426201601010073"}, {"number"}),
        ({"document_type": "passport", "number": "E12345678"}, {"birth_date"}),
        ({"document_type": "passport", "number": "E12345678", "birth_date": date(2030, 1, 1)}, {"birth_date"}),
        ({"document_type": "passport", "number": "E12345678", "birth_date": date(2012, 1, 1)}, {"birth_date"}),
        ({"document_type": "passport", "number": "?", "birth_date": None}, {"number", "birth_date"}),
    ],
)
def test_what_cannot_be_right_is_said_field_by_field(
    alice: User, now: datetime, draft: Apply, typed: dict[str, object], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as refusal:
        describe(alice, draft(alice), now, **typed)
    assert set(refusal.value.errors) == fields
    assert all(str(text) for text in refusal.value.errors.values())


def test_a_passport_brings_its_own_birth_date(alice: User, now: datetime, draft: Apply) -> None:
    case = describe(alice, draft(alice), now, document_type="passport", number="e 1234567-8", birth_date=date(1991, 5, 6))
    assert (case.document_number, case.birth_date) == ("E12345678", "1991-05-06")


def test_another_persons_case_does_not_exist(alice: User, eve: User, now: datetime, draft: Apply) -> None:
    case = draft(alice)
    draft(eve)
    with pytest.raises(NotFound):
        describe(eve, case, now)
    with pytest.raises(NotFound):
        services.submit(actor=actor_for(eve), case=case, now=now)


def test_a_new_picture_erases_the_one_before(alice: User, now: datetime, draft: Apply) -> None:
    case = draft(alice)
    first = services.add_picture(actor=actor_for(alice), case=case, slot=Step.DOCUMENT, upload=card("alice"), channel="camera", now=now)
    old = first.document_image
    assert old is not None
    second = services.add_picture(actor=actor_for(alice), case=case, slot=Step.DOCUMENT, upload=card("carol"), channel="", now=now)
    assert second.document_channel == "upload"
    assert stored_files() == 1
    with pytest.raises((Erased, FileNotFoundError)):
        SealedFile.objects.get(pk=old.pk).read()


def test_a_bad_picture_leaves_nothing_behind(alice: User, now: datetime, draft: Apply) -> None:
    case = draft(alice)
    with pytest.raises(BadPicture):
        services.add_picture(actor=actor_for(alice), case=case, slot=Step.SELFIE, upload=b"<svg/>", channel="upload", now=now)
    assert stored_files() == 0
    assert SealedFile.objects.count() == 0


def test_a_stored_picture_shows_no_jpeg(alice: User, now: datetime, submitted: Apply) -> None:
    case = submitted(alice)
    assert case.document_image is not None
    with storages["vault"].open(case.document_image.path) as stored:
        assert b"JFIF" not in stored.read()
    assert case.document_image.read().startswith(b"\xff\xd8")


def test_no_selfie_without_the_face_consent(alice: User, now: datetime, draft: Apply) -> None:
    case = draft(alice, ("processing",))
    with pytest.raises(Invalid):
        services.add_picture(actor=actor_for(alice), case=case, slot=Step.SELFIE, upload=selfie("alice"), channel="camera", now=now)
    assert stored_files() == 0


def test_what_is_missing_is_listed(alice: User, now: datetime, draft: Apply) -> None:
    with pytest.raises(Invalid) as refusal:
        services.submit(actor=actor_for(alice), case=draft(alice), now=now)
    assert set(refusal.value.errors) == {"details", "document", "selfie"}


def test_without_face_consent_no_selfie_is_missing(alice: User, submitted: Apply) -> None:
    assert submitted(alice, consents=("processing",)).state == "processing"


def test_a_submitted_case_is_not_the_applicants_any_more(alice: User, now: datetime, submitted: Apply) -> None:
    case = submitted(alice)
    with pytest.raises(Conflict):
        services.submit(actor=actor_for(alice), case=case, now=now)
    with pytest.raises(Conflict):
        describe(alice, case, now)
    kept = stored_files()
    with pytest.raises(Conflict):
        services.add_picture(actor=actor_for(alice), case=case, slot=Step.SELFIE, upload=selfie("alice"), channel="camera", now=now)
    assert stored_files() == kept


def test_the_sixth_try_in_six_hours_waits(alice: User, now: datetime, submitted: Apply) -> None:
    case = submitted(alice)
    for minutes in range(1, 5):
        Case.objects.filter(pk=case.pk).update(state="retry")
        services.submit(actor=actor_for(alice), case=case, now=now + timedelta(minutes=minutes))
    Case.objects.filter(pk=case.pk).update(state="retry")
    with pytest.raises(TooMany) as refusal:
        services.submit(actor=actor_for(alice), case=case, now=now + timedelta(minutes=10))
    assert refusal.value.retry_after == 6 * 3600 - 600 + 1
    assert queries.tries(alice.pk, now + timedelta(minutes=10)).left == 0
    assert services.submit(actor=actor_for(alice), case=case, now=now + timedelta(hours=6, seconds=1)).state == "processing"


def test_consents_are_given_apart_and_in_a_version(alice: User, now: datetime) -> None:
    actor = actor_for(alice)
    with pytest.raises(Invalid):
        services.consent(actor=actor, purposes=["face"], now=now)
    services.consent(actor=actor, purposes=["processing"], now=now)
    assert queries.consents(alice.pk) == {"processing"}
    services.consent(actor=actor, purposes=BOTH, now=now)
    services.consent(actor=actor, purposes=BOTH, now=now)
    assert queries.consents(alice.pk) == set(BOTH)
    services.consent(actor=actor, purposes=["processing"], now=now)
    assert queries.consents(alice.pk) == {"processing"}
    assert list(Entry.objects.order_by("id").values_list("event", flat=True)) == ["consent.given", "consent.given", "consent.taken_back"]


def test_a_new_version_of_the_text_asks_again(alice: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    services.consent(actor=actor_for(alice), purposes=BOTH, now=now)
    monkeypatch.setitem(rules.CONSENT_VERSIONS, "face", "2027-01")
    assert queries.consents(alice.pk) == {"processing"}
    services.consent(actor=actor_for(alice), purposes=BOTH, now=now)
    assert queries.consents(alice.pk) == set(BOTH)
