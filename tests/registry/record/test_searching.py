"""Search by name and handle: through the index, page by page, and never to the end of the registry."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection

from portal.accounts.models import User
from portal.api.errors import CursorBad
from registry.issuing import registry_id as ids
from registry.issuing.models import Hold, Registration
from registry.personas.models import Persona
from registry.record import searching
from registry.record.searching import Wanted
from registry.record.typed import read
from tests.registry.rows import operator_of, registration_of


def found(text: str, now: datetime, **filters: str) -> list[str]:
    """Returns the IDs of the first page."""
    return [row.registration.registry_id for row in searching.search(Wanted(text, **filters), cursor="", now=now).rows]


def many(user: User, count: int, now: datetime, name: str = "Singer") -> list[Registration]:
    """Returns as many registrations, written at once: only searching looks at them."""
    operator, moment = operator_of(user), now - timedelta(days=1)
    made = {"operator": operator, "created_at": now, "changed_at": now}
    personas = Persona.objects.bulk_create([Persona(name_en=f"{name} {n:05d}", created_by=user, **made) for n in range(count)])
    dates = {"operator": operator, "issued_at": moment, "expires_at": now + timedelta(days=30), "changed_at": now}
    facts = [{"name_zh": f"歌手{n:05d}", "name_en": f"{name} {n:05d}", "platforms": ["demo-live"]} for n in range(count)]
    rows = [
        Registration(registry_id=ids.draw(), persona=persona, facts=told, **dates) for persona, told in zip(personas, facts, strict=True)
    ]
    return Registration.objects.bulk_create(rows)


@pytest.mark.parametrize("text", ["小林", "lin", "LIN", "in", "@LIN"])
def test_a_name_or_handle_is_found_by_a_part_of_it(alice: User, now: datetime, text: str) -> None:
    registration = registration_of(alice, now=now)
    assert found(text, now) == [registration.registry_id]


@pytest.mark.parametrize(("name", "typed"), [("Ｌｉｎａ", "lina"), ("Élodie", "élodie"), ("élodie", "ÉLO"), ("Ünal", "ünal")])
def test_the_form_of_letters_does_not_matter(alice: User, now: datetime, name: str, typed: str) -> None:
    registration = registration_of(alice, now=now, name_en=name)
    assert found(read(typed).text, now) == [registration.registry_id]


@pytest.mark.parametrize("text", ["", "l", "%%", "__", "l%n", "l_n", "\\", "' OR 1=1 --", "林小", "linn", "小林lin"])
def test_what_is_no_part_of_a_name_finds_nothing(alice: User, now: datetime, text: str) -> None:
    registration_of(alice, now=now)
    assert found(text, now) == []


@pytest.mark.parametrize("name", ["100% Lin", "a_b", "back\\slash", 'quote"s', "it's"])
def test_what_a_pattern_would_mean_is_only_itself(alice: User, now: datetime, name: str) -> None:
    exact = registration_of(alice, now=now, name_en=name)
    registration_of(alice, now=now, name_en="100x Lin aXb backslash quote s its")
    assert found(name, now) == [exact.registry_id]


def test_a_record_that_ended_is_still_found_and_filters_go_by_its_status(alice: User, now: datetime) -> None:
    fields = {"revoked": {"revoked_at": now}, "retired": {"retired_at": now}, "expired": {"expires_at": now}}
    rows = {status: registration_of(alice, now=now - timedelta(days=2)) for status in ("active", "suspended", *fields)}
    for status, values in fields.items():
        Registration.objects.filter(pk=rows[status].pk).update(**values)
    Hold.objects.create(registration=rows["suspended"], party="operator", reason="pause", placed_at=now)
    assert set(found("lin", now)) == {row.registry_id for row in rows.values()}
    for status, row in rows.items():
        assert found("lin", now, status=status) == [row.registry_id], status


def test_a_platform_narrows_the_search(alice: User, now: datetime) -> None:
    here = registration_of(alice, now=now)
    there = registration_of(alice, now=now, platforms=["elsewhere"])
    assert found("lin", now, platform="elsewhere") == [there.registry_id]
    assert set(found("lin", now)) == {here.registry_id, there.registry_id}


def test_pages_follow_one_another_and_end_at_a_hundred(alice: User, now: datetime) -> None:
    rows = many(alice, 130, now)
    wanted, cursor, seen = Wanted("singer"), "", []
    for _page in range(5):
        results = searching.search(wanted, cursor=cursor, now=now)
        seen += [row.registration.registry_id for row in results.rows]
        cursor = results.more
    assert (cursor, results.cut) == ("", True)
    assert len(seen) == len(set(seen)) == searching.DEEPEST
    assert set(seen) <= {row.registry_id for row in rows}


def test_the_last_page_says_so(alice: User, now: datetime) -> None:
    many(alice, searching.PAGE, now)
    results = searching.search(Wanted("singer"), cursor="", now=now)
    assert (len(results.rows), results.more, results.cut) == (searching.PAGE, "", False)


def test_a_cursor_serves_one_search_and_cannot_be_made_up(alice: User, now: datetime) -> None:
    many(alice, 25, now)
    cursor = searching.search(Wanted("singer"), cursor="", now=now).more
    assert len(searching.search(Wanted("singer"), cursor=cursor, now=now).rows) == 5
    for wanted, tried in ((Wanted("singe"), cursor), (Wanted("singer"), cursor[:-1] + "x"), (Wanted("singer"), "W10:1:2")):
        with pytest.raises(CursorBad):
            searching.search(wanted, cursor=tried, now=now)


def test_a_search_reads_the_index_and_not_the_table(alice: User, now: datetime) -> None:
    many(alice, 5000, now, name="Performer")
    wanted = registration_of(alice, now=now, name_en="Quixotica")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE issuing_registration")
        query, values = searching.candidates(Wanted("quixo"), now)[:21].query.sql_with_params()
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", values)
        plan = json.dumps(cursor.fetchone()[0])
    assert "record_found_by_pairs" in plan
    assert "Seq Scan" not in plan
    assert found("quixo", now) == [wanted.registry_id]
