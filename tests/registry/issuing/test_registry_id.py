"""Registry IDs: what is drawn, what is understood, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.issuing import registry_id as ids

IDS = st.builds(ids.draw)


@given(IDS)
def test_a_drawn_id_is_twelve_letters_that_read_back(drawn: str) -> None:
    assert len(drawn) == 12
    assert set(drawn) <= set(ids.ALPHABET)
    assert ids.canonical(ids.printed(drawn)) == drawn


@given(IDS, st.integers(0, 11), st.sampled_from(ids.ALPHABET))
def test_every_wrong_letter_is_noticed(drawn: str, place: int, letter: str) -> None:
    wrong = drawn[:place] + letter + drawn[place + 1 :]
    assert ids.canonical(wrong) == (drawn if wrong == drawn else None)


@given(IDS, st.integers(0, 10))
def test_every_swap_of_neighbours_is_noticed(drawn: str, place: int) -> None:
    swapped = drawn[:place] + drawn[place + 1] + drawn[place] + drawn[place + 2 :]
    assert ids.canonical(swapped) == (drawn if swapped == drawn else None)


@pytest.mark.parametrize(
    "spoil",
    [
        str.lower,
        lambda text: text.replace("-", " "),
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", "－"),
        lambda text: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in text),
        lambda text: text.replace("0", "O").replace("1", "l"),
        lambda text: f"  {text}\t",
        lambda text: text.removeprefix("VH-"),
    ],
)
def test_an_id_is_understood_as_people_type_it(spoil: object) -> None:
    for _ in range(50):
        drawn = ids.draw()
        assert ids.canonical(spoil(ids.printed(drawn))) == drawn  # type: ignore[operator]


@pytest.mark.parametrize("text", ["", "VH-", "VH-AAAA-AAAA-AAAU", "VH-0000-0000-00001", "x" * 10_000, "１２３", "\x00" * 12])
def test_what_is_not_an_id_is_none(text: str) -> None:
    assert ids.canonical(text) is None


def test_an_id_that_begins_with_vh_itself_reads_back_without_the_prefix() -> None:
    body = next(drawn for drawn in iter(ids.draw, "") if drawn.startswith("VH"))
    assert ids.canonical(body) == body
    assert ids.canonical(f"VH{body}") == body
