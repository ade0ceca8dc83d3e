"""Registry IDs: what is drawn, what is understood, what is refused."""

import random
from collections.abc import Callable, Iterator
from itertools import chain, islice
from unittest import mock

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


SEED = 20260302
LETTERS = ids.ALPHABET


def sample(size: int) -> list[str]:
    """Returns the same IDs each time: drawn from a seeded stream, so that a failure can be looked at."""
    drawn = random.Random(SEED)
    bodies = ("".join(drawn.choice(LETTERS) for _ in range(ids.BODY)) for _ in iter(int, 1))
    return list(islice((found for body in bodies if (found := ids.of_body(body))), size))


SAMPLE = sample(300)


def substitutions(text: str) -> Iterator[str]:
    """Yields the ID with each single letter replaced by each other one."""
    for place, right in enumerate(text):
        yield from (text[:place] + wrong + text[place + 1 :] for wrong in LETTERS if wrong != right)


def swaps(text: str, apart: int) -> Iterator[str]:
    """Yields the ID with each two different letters exchanged that stand `apart` places from each other."""
    for left in range(len(text) - apart):
        right = left + apart
        if text[left] != text[right]:
            yield text[:left] + text[right] + text[left + 1 : right] + text[left] + text[right + 1 :]


def twins(text: str) -> Iterator[str]:
    """Yields the ID with each doubled letter replaced by each other one, doubled."""
    for place in range(len(text) - 1):
        if text[place] == text[place + 1]:
            yield from (text[:place] + letter * 2 + text[place + 2 :] for letter in LETTERS if letter != text[place])


@pytest.mark.parametrize(
    ("mistakes", "at_least"),
    [(substitutions, 100_000), (lambda each: swaps(each, 1), 3_000), (lambda each: swaps(each, 2), 2_800), (twins, 2_500)],
    ids=["substitution", "adjacent swap", "jump swap", "twin"],
)
def test_of_a_sample_every_single_mistake_is_noticed(mistakes: Callable[[str], Iterator[str]], at_least: int) -> None:
    wrong = [text for each in SAMPLE for text in mistakes(each)]
    assert len(wrong) >= at_least
    assert [text for text in wrong if ids.canonical(text) is not None] == []


def test_a_u_is_refused_wherever_it_stands() -> None:
    for each in SAMPLE[:50]:
        assert all(ids.canonical(each[:place] + "U" + each[place + 1 :]) is None for place in range(12))


@pytest.mark.parametrize("hyphens", ["", "-", "\u2011", "\uff0d", " ", "\u3000"])
def test_the_spellings_of_one_id_are_one(hyphens: str) -> None:
    for each in SAMPLE:
        spelt = ids.printed(each).replace("-", hyphens)
        confused = spelt.lower().replace("1", "l").replace("0", "o")
        wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in confused)
        assert {ids.canonical(text) for text in (spelt, confused, wide, spelt.replace("1", "I"))} == {each}


def test_an_id_of_the_sandbox_is_never_drawn() -> None:
    bodies = iter(["TEST0000000", "TEST0000001", "TEST0000002", *(each[:11] for each in SAMPLE)])
    letters = chain.from_iterable(bodies)
    with mock.patch("secrets.choice", side_effect=lambda _alphabet: next(letters)):
        assert not ids.is_test(ids.draw())
    made = [found for number in range(40) if (found := ids.of_body(f"TEST{number:07d}"))]
    assert made
    assert all(ids.is_test(each) and ids.canonical(ids.printed(each)) == each for each in made)


@pytest.mark.parametrize("body", ["", "TEST000000", "TEST00000000", "TESTI000000", "test0000000"])
def test_what_is_no_body_makes_no_id(body: str) -> None:
    assert ids.of_body(body) is None


def test_of_body_gives_none_where_the_check_letter_is_not_in_the_alphabet() -> None:
    assert {ids.of_body(f"TEST{number:07d}") is None for number in range(100)} == {True, False}
