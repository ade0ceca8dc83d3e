"""What is typed into the search box: every spelling of an ID, a mistake in it, or a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.issuing import registry_id as ids
from registry.record.typed import Mistake, read

ID = "M9S346Q3D25Q"  # a valid one, of the facts
PRINTED = "VH-M9S3-46Q3-D25Q"
FULL_WIDTH = "ＶＨ－Ｍ９Ｓ３－４６Ｑ３－Ｄ２５Ｑ"


@pytest.mark.parametrize(
    "text",
    [
        PRINTED,
        PRINTED.lower(),
        ID,
        "m9s3 46q3 d25q",
        FULL_WIDTH,
        f"  {PRINTED}\n",
        "urn:vh:M9S346Q3D25Q",
        "URN:VH:m9s3-46q3-d25q",
        f"https://registry.example/r/{PRINTED}/",
        f"http://localhost:8000/r/{PRINTED.lower()}.json?x=1#y",
        f"registry.example/r/{ID}",
        f"https://registry.example/badge/{PRINTED}.svg?lang=zh",
        f"/r/{PRINTED}/report/",
    ],
)
def test_an_id_is_read_in_every_spelling(text: str) -> None:
    assert read(text).canonical == ID


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("VH-M9S3-46Q3-D25R", Mistake.CHECK),
        ("M9S3-46Q3-D25R", Mistake.CHECK),
        ("vhM9S346Q3D25R", Mistake.CHECK),
        ("urn:vh:M9S346Q3D25R", Mistake.CHECK),
        ("https://registry.example/r/VH-M9S3-46Q3-D25R/", Mistake.CHECK),
        ("VH-M9S3-46Q3", Mistake.LENGTH),
        ("VH-M9S3-46Q3-D25QQ", Mistake.LENGTH),
        ("VH-M9S3-46U3-D25Q", Mistake.LETTER),
        ("VH-M9S3-46Q3-D25虚", Mistake.LETTER),
    ],
)
def test_a_mistake_in_an_id_is_named(text: str, mistake: Mistake) -> None:
    found = read(text)
    assert (found.canonical, found.mistake) == (None, mistake)


@pytest.mark.parametrize("text", ["小林", "Lin", "@lin", "vhs tapes", "Vivian", "ABCDEFGHJKMN", "100%", "a_b", "https://example.org/lin"])
def test_a_name_is_a_name(text: str) -> None:
    found = read(text)
    assert (found.text, found.canonical, found.mistake) == (text, None, None)


def test_a_word_that_would_pass_for_an_id_by_chance_is_a_name() -> None:
    word = next(each for each in (ids.draw() for _ in range(5000)) if not any(letter.isdigit() for letter in each))
    assert read(word).canonical is None
    assert read(f"VH-{word}").canonical == word


@given(st.text(max_size=400))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    found = read(text)
    assert "\0" not in found.text
    assert found.canonical is None or ids.canonical(found.canonical) == found.canonical


@given(st.integers(0, 11), st.sampled_from(ids.ALPHABET))
def test_no_single_typing_error_finds_another_id(place: int, letter: str) -> None:
    wrong = ID[:place] + letter + ID[place + 1 :]
    found = read(ids.printed(wrong))
    assert (found.canonical == ID) if wrong == ID else (found.mistake is Mistake.CHECK)
