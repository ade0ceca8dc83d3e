"""Looking for a known face through the index, which answers before it is asked who still stands."""

from datetime import datetime
from unittest import mock

import pytest
from django.db import connection

from portal.accounts.models import User
from tests import cast
from tests.registry import likenesses
from verification import queries
from verification.models import Identity

FACE = likenesses.vector(1)


@pytest.fixture
def crowd(alice: User, now: datetime) -> User:
    """Alice stands; a dozen whose identities are revoked have faces nearer to the one looked for."""
    likenesses.verified(alice, now=now, face_of=likenesses.vector(1, off=0.3))
    for number in range(12):
        person = cast.person(f"gone{number}")
        likenesses.verified(person, now=now, face_of=likenesses.vector(1, off=0.01 * number))
        Identity.objects.filter(user=person).update(revoked_at=now)
    with connection.cursor() as cursor:  # a table so small would be read whole
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    return alice


def test_revoked_identities_in_front_do_not_hide_the_one_that_stands(crowd: User) -> None:
    with mock.patch.object(queries, "EF_SEARCH", 5):
        [(found, apart)] = queries.nearest(FACE)
        assert found == crowd.pk
        assert apart == pytest.approx(0.3, abs=1e-6)
        assert queries.nearest(FACE, exclude_user=crowd.pk) == []


def test_without_going_on_the_index_would_have_hidden_it(crowd: User) -> None:
    """If this fails, pgvector goes on by itself, or the index is not used and the test above proves nothing."""
    once = queries._SEARCH.replace("strict_order", "off")
    with mock.patch.object(queries, "EF_SEARCH", 5), mock.patch.object(queries, "_SEARCH", once):
        assert queries.nearest(FACE) == []


@pytest.mark.django_db(transaction=True)
def test_the_setting_ends_with_the_search() -> None:
    queries.nearest(FACE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hnsw.ef_search'), current_setting('hnsw.iterative_scan')")
        assert cursor.fetchone() == ("40", "off")
