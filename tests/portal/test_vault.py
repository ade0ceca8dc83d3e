"""The vault: sealed under a key per record, bound to its place, gone with its key."""

import numpy as np
import pytest
from django.core.files.storage import storages
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import User
from portal.vault import cipher, files, rotation
from portal.vault.models import DataKey, Erased, Retention
from tests.portal.rows import case_of

KEY = b"k" * 32


@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_is_sealed_opens_in_its_place(plain: bytes, place: str) -> None:
    assert cipher.unseal(KEY, cipher.seal(KEY, plain, place), place) == plain


@given(st.binary(min_size=1, max_size=100), st.integers(min_value=0), st.integers(1, 255))
def test_one_flipped_bit_anywhere_refuses_to_open(plain: bytes, where: int, flip: int) -> None:
    sealed = bytearray(cipher.seal(KEY, plain, "here"))
    sealed[where % len(sealed)] ^= flip
    with pytest.raises(cipher.VaultError):
        cipher.unseal(KEY, bytes(sealed), "here")


def test_a_value_moved_to_another_place_does_not_open() -> None:
    with pytest.raises(cipher.VaultError):
        cipher.unseal(KEY, cipher.seal(KEY, b"x", "row 1"), "row 2")


def test_a_column_of_one_row_does_not_open_in_another(alice: User, eve: User) -> None:
    mine, theirs = case_of(alice, full_name="Alice Liddell"), case_of(eve, full_name="Eve Example")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE verification_case SET full_name=(SELECT full_name FROM verification_case WHERE id=%s) WHERE id=%s",
            [theirs.pk, mine.pk],
        )
    moved = type(mine).objects.get(pk=mine.pk)
    with pytest.raises(cipher.VaultError):
        _ = moved.full_name


def test_the_database_holds_no_plain_text_and_the_row_reads_as_written(alice: User) -> None:
    case = case_of(alice, full_name="Alice Liddell")
    with connection.cursor() as cursor:
        cursor.execute("SELECT full_name FROM verification_case WHERE id=%s", [case.pk])
        stored = bytes(cursor.fetchone()[0])
    assert b"Alice" not in stored
    assert type(case).objects.get(pk=case.pk).full_name == "Alice Liddell"


def test_a_sealed_column_cannot_be_set_past_its_row(alice: User) -> None:
    case = case_of(alice)
    with pytest.raises(TypeError):
        type(case).objects.filter(pk=case.pk).update(full_name="plain")


@pytest.mark.django_db
def test_a_file_is_sealed_in_the_storage_and_gone_with_its_key(now: object) -> None:
    file = files.store(b"a face", media_type="image/jpeg", kind=Retention.PICTURE)
    with storages["vault"].open(file.path) as stored:
        assert b"a face" not in stored.read()
    assert file.read() == b"a face"
    files.erase(file.data_key, now=now)  # type: ignore[arg-type]
    again = type(file).objects.get(pk=file.pk)
    with pytest.raises(Erased):
        again.read()
    files.erase_file(file, now=now)  # type: ignore[arg-type]
    assert not storages["vault"].exists(file.path)


@pytest.mark.django_db
def test_a_wrapped_key_of_another_record_does_not_open() -> None:
    one, two = DataKey.draw(Retention.PICTURE), DataKey.draw(Retention.PICTURE)
    DataKey.objects.filter(pk=one.pk).update(wrapped=two.wrapped)
    one.refresh_from_db()
    with pytest.raises(cipher.VaultError):
        one.open()


@pytest.mark.django_db
def test_an_older_master_key_still_opens_and_the_newest_wraps(settings: object) -> None:
    old = DataKey.draw(Retention.PICTURE)
    plain = old.open()
    settings.VAULT_MASTER_KEYS = ["new-2:" + "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldyE=", *settings.VAULT_MASTER_KEYS]  # type: ignore[attr-defined]
    assert DataKey.objects.get(pk=old.pk).open() == plain
    assert DataKey.draw(Retention.PICTURE).master == "new-2"


def test_blind_indexes_differ_by_purpose_and_agree_by_value() -> None:
    assert cipher.blind_index("a", "1") == cipher.blind_index("a", "1")
    assert len({cipher.blind_index("a", "1"), cipher.blind_index("b", "1"), cipher.blind_index("a", "2")}) == 3


def test_turned_templates_keep_their_distances_and_nothing_else() -> None:
    draws = np.random.default_rng(1)
    one, two = draws.standard_normal(128), draws.standard_normal(128)
    assert np.linalg.norm(rotation.turn(one) - rotation.turn(two)) == pytest.approx(np.linalg.norm(one - two))
    assert np.linalg.norm(rotation.turn(one) - one) > 1
