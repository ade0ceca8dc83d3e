"""What documents say, and what is wrong with them, from lines of text."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from demo.faces import mrz as printed
from tests.verification.sheets import back, card, line, page, passport_zone, permit, sheet
from verification.engines.fields import Source
from verification.engines.lines import Line, straight
from verification.engines.reading import Reading, read_document
from verification.models import DocumentType
from verification.reasons import REASONS

TODAY = date(2026, 3, 2)


def numbered(body: str) -> str:
    """Returns 17 digits with their check character."""
    return body + ric.calc_check_digit(body + "0")


def read(kind: str, front: list[Line], back_: list[Line] | None = None) -> Reading:
    """Returns the reading as of today."""
    return read_document(kind, front, back_, today=TODAY)


def values(reading: Reading, *names: str) -> list[Any]:
    """Returns the values of fields, None for those unread."""
    return [(found := getattr(reading, name)) and found.value for name in names]


def test_a_resident_card_is_read_from_both_sides() -> None:
    told = read("resident_id", card(), back())
    assert values(told, "name", "number", "birth_date", "sex", "ethnicity") == ["林爱丽", "360426199101010071", "1991-01-01", "M", "汉"]
    assert values(told, "address", "issued", "expiry") == ["乌托邦市样本区示范路一百二十三号", "2020-01-01", "2040-01-01"]
    assert told.expiry is not None
    assert told.expiry.source is Source.BACK
    assert (told.codes, told.repeat) == ((), frozenset())


def test_a_card_for_life_never_expires() -> None:
    told = read("resident_id", card(), back("2020.01.01-长期"))
    assert told.expiry is not None
    assert told.expiry.day == date.max
    assert told.codes == ()


def test_a_passport_is_read_by_its_zone_and_its_page() -> None:
    told = read("passport", page(zone=passport_zone()))
    assert values(told, "name", "latin_name", "number", "birth_date", "sex", "expiry") == [
        "陈样本",
        "CHEN,YANGBEN",
        "E81230964",
        "1990-05-04",
        "F",
        "2035-12-31",
    ]
    assert told.number is not None
    assert told.number.source is Source.MRZ
    assert told.codes == ()


def test_a_permit_is_read() -> None:
    told = read("hk_macao_permit", permit(), sheet(("港澳居民来往内地通行证 HONG KONG AND MACAO", 300, 20)))
    assert values(told, "name", "latin_name", "number", "birth_date") == ["陳大文", "CHAN,TAI MAN", "H12345678", "1985-07-09"]
    assert values(told, "sex", "issued", "expiry") == ["M", "2020-01-01", "2030-01-01"]
    assert told.codes == ()


@pytest.mark.parametrize(
    ("kind", "front", "other", "codes", "repeat"),
    [
        ("resident_id", back(), card(), ("document_wrong_side",), {"front", "back"}),
        ("resident_id", card(), card(), ("document_wrong_side",), {"back"}),
        ("resident_id", back(), None, ("document_wrong_side",), {"front"}),
        ("passport", sheet(("中华人民共和国", 100, 100), ("护照 PASSPORT", 100, 200)), None, ("document_wrong_side",), {"front"}),
        ("resident_id", card(), back("2005.01.01-2025.01.01"), ("document_expired",), set()),
        ("hk_macao_permit", permit(validity="2010.01.01-2020.01.01"), None, ("document_expired",), set()),
        ("resident_id", card(number=numbered("36042620110101007"), birth="2011年1月1日"), back(), ("document_too_young",), set()),
        ("passport", card(), None, ("document_wrong_type",), {"front"}),
        ("resident_id", card(number="830000199201300022"), back(title="台湾居民居住证"), ("document_wrong_type",), {"front"}),
        ("residence_permit", card(), back(), ("document_wrong_type",), {"front"}),
        ("taiwan_permit", permit(), None, ("document_wrong_type",), {"front"}),
        ("resident_id", page(zone=passport_zone()), None, ("document_wrong_type",), {"front"}),
        ("resident_id", sheet(("中华人民共和国机动车驾驶证", 60, 20), ("姓名林爱丽", 60, 90)), None, ("document_unsupported",), {"front"}),
        ("hk_macao_permit", permit(title="往来港澳通行证"), None, ("document_unsupported",), {"front"}),
        ("resident_id", card(number="360426199101010072"), back(), ("document_number_bad",), set()),
        ("resident_id", card(birth="1991年1月2日"), back(), ("document_number_bad",), set()),
        ("resident_id", card(sex="女"), back(), ("document_number_bad",), set()),
        ("resident_id", [], back(), ("document_unreadable",), {"front"}),
        ("resident_id", card(confidence=0.6), back(), ("document_unreadable",), {"front"}),
        ("resident_id", card(), [], ("document_unreadable",), {"back"}),
        ("resident_id", card(number="3604261991010"), back(), ("document_unread",), set()),
        ("passport", page(), None, ("document_unread",), set()),
    ],
)
def test_what_is_wrong_has_a_code_and_a_side(
    kind: str, front: list[Line], other: list[Line] | None, codes: tuple[str, ...], repeat: set[str]
) -> None:
    told = read(kind, front, other)
    assert told.codes == codes
    assert told.repeat == repeat
    assert set(codes) <= set(REASONS)


def test_a_zone_whose_check_digits_fail_is_doubted() -> None:
    first, second = passport_zone()
    told = read("passport", page(zone=(first, "F" + second[1:])))
    assert told.codes == ("document_mrz_bad",)
    assert told.number is not None
    assert told.number.source is Source.FRONT


@pytest.mark.parametrize("different", [{"number": "E99999999"}, {"born": date(1970, 1, 1)}, {"expires": date(2034, 12, 31)}])
def test_a_zone_that_contradicts_the_page_is_doubted(different: dict[str, Any]) -> None:
    """An attacker who prints a page of their own above somebody else's zone."""
    assert read("passport", page(zone=passport_zone(**different))).codes == ("document_mrz_bad",)


def test_the_back_of_another_permit_is_doubted() -> None:
    zone = printed.permit_lines(code="CR", holder="A B", number="H99999999", born=date(1985, 7, 9), expires=date(2030, 1, 1))
    told = read("hk_macao_permit", permit(), [line(text, 40, 400 + 60 * place) for place, text in enumerate(zone)])
    assert told.codes == ("document_mrz_bad",)


def test_digits_misread_as_letters_are_repaired_where_only_digits_can_be() -> None:
    told = read("resident_id", card(number="36O4261991O1O1OO71"), back())
    assert values(told, "number") == ["360426199101010071"]


@given(st.sampled_from(DocumentType.values), st.lists(st.tuples(st.text(max_size=30), st.floats(0, 1200), st.floats(0, 800)), max_size=12))
def test_no_text_on_a_picture_breaks_it(kind: str, placed: list[tuple[str, float, float]]) -> None:
    lines = straight(line(text, x, y) for text, x, y in placed)
    assert set(read(kind, lines, lines).codes) <= set(REASONS)
