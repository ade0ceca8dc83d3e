"""The AIGC object of GB 45438-2025 Annex E: written strictly, read with everything that is wrong with it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.labels import aigc
from registry.labels.findings import FAULTS, REMARKS

GOOD = {
    "Label": "1",
    "ContentProducer": "001191440300708461136T1XGW3",
    "ProduceID": "A1",
    "ReservedCode1": "",
    "ContentPropagator": "001191440300708461136T1XGW3",
    "PropagateID": "A1",
    "ReservedCode2": "",
}
ALLOWED = [chr(point) for point in (0x21, *range(0x23, 0x5C), *range(0x5D, 0x7F))]


def codes(**changes: object) -> list[tuple[str, str]]:
    """Returns what is found in a good label with changes."""
    return [(each.code, each.field) for each in aigc.read(json.dumps(GOOD | changes)).findings]


def test_a_good_label_has_nothing_against_it() -> None:
    reading = aigc.read(json.dumps(GOOD))
    assert (reading.fields, reading.findings, reading.well_formed) == (GOOD, (), True)


def test_the_object_may_stand_under_its_name() -> None:
    assert aigc.read(json.dumps({"AIGC": GOOD})).fields == GOOD


def test_the_first_writer_is_the_propagator_too() -> None:
    label = aigc.first_write(producer="VH-1", produce_id="VH-1.7")
    assert label.as_json() == (
        '{"Label":"1","ContentProducer":"VH-1","ProduceID":"VH-1.7","ReservedCode1":"",'
        '"ContentPropagator":"VH-1","PropagateID":"VH-1.7","ReservedCode2":""}'
    )


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"Label": 1}, [("field_not_text", "Label")]),
        ({"Label": "4"}, [("label_value", "Label")]),
        ({"Label": ""}, [("label_value", "Label")]),
        ({"ContentProducer": "某公司"}, [("characters", "ContentProducer")]),
        ({"ContentProducer": "a b"}, [("characters", "ContentProducer")]),
        ({"ProduceID": 'a"b'}, [("characters", "ProduceID")]),
        ({"ProduceID": "a\\b"}, [("characters", "ProduceID")]),
        ({"ContentProducer": ""}, [("empty", "ContentProducer")]),
        ({"ContentProducer": "001191440300708461136A1XGW3"}, [("provider_code", "ContentProducer")]),
        ({"ContentPropagator": ""}, [("propagator_empty", "ContentPropagator")]),
        ({"ReservedCode1": None}, [("field_not_text", "ReservedCode1")]),
        ({"Extra": "x"}, [("field_unknown", "Extra")]),
    ],
)
def test_every_fault_has_a_code_and_its_field(changes: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert codes(**changes) == found


@pytest.mark.parametrize("name", aigc.FIELDS)
def test_no_field_may_be_missing(name: str) -> None:
    reading = aigc.read(json.dumps({key: value for key, value in GOOD.items() if key != name}))
    assert [(each.code, each.field) for each in reading.findings] == [("field_missing", name)]
    assert not reading.well_formed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_json"),
        ("AIGC", "not_json"),
        ("[" * 5000, "not_json"),
        ("[]", "not_an_object"),
        ('"x"', "not_an_object"),
        ("eyJMYWJlbCI6IjEiLCJDb250ZW50UHJvZHVjZXIiOiJ4In0=", "base64"),
        (" " * 20_000, "too_long"),
    ],
)
def test_what_is_no_object_is_told_apart(text: str, code: str) -> None:
    assert [each.code for each in aigc.read(text).findings] == [code]


def test_a_field_said_twice_is_seen() -> None:
    twice = json.dumps(GOOD)[:-1] + ',"Label":"3"}'
    assert ("field_twice", "Label") in [(each.code, each.field) for each in aigc.read(twice).findings]


@given(st.text(max_size=70))
def test_a_content_number_is_taken_only_if_every_character_may_stand_in_a_label(number: str) -> None:
    fits = 0 < len(number) <= 64 and set(number) <= set(ALLOWED)
    if fits:
        written = aigc.first_write(producer="VH-1", produce_id=aigc.produce_id("VH-1", number))
        assert aigc.read(written.as_json()).fields["PropagateID"] == f"VH-1.{number}"
    else:
        with pytest.raises(ValueError):
            aigc.produce_id("VH-1", number)


VALUES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.dictionaries(st.sampled_from([*aigc.FIELDS, "AIGC", "x"]), VALUES | st.lists(VALUES) | st.dictionaries(st.text(), VALUES)))
def test_any_json_can_be_read(value: object) -> None:
    reading = aigc.read(json.dumps(value))
    assert set(reading.fields) <= set(aigc.FIELDS)
    assert all(each.text and each.as_dict()["code"] == each.code for each in reading.findings)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert not aigc.read(text).well_formed


def test_no_code_is_both_a_fault_and_a_remark() -> None:
    assert not set(FAULTS) & set(REMARKS)
