"""Whoever steals the disk or a dump reads no name, number or birth date of a person, and sees no face."""

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo import cast
from demo.cast import Player
from demo.faces import pictures
from portal.embedded.cluster import program
from tests.journeys.people import NEWCOMERS, Person
from tests.stack import Demo
from verification.engines import document, face
from verification.engines.pictures import clean
from verification.rules import DOUBT, Vector, distance

pytestmark = pytest.mark.stack

PEOPLE: list[Player | Person] = [
    *(player for player in cast.CAST if player.number),
    *NEWCOMERS,
]  # if these were there
TEMPLATES_OF = ("alice", "carol")  # who is verified
LEFT_OUT = ("mail", "secrets.json", "demo.json")  # for reading by people and scripts, and the keys themselves
PICTURE = re.compile(rb"\A(\xff\xd8\xff|\x89PNG|RIFF....WEBP|GIF8)|JFIF\x00|Exif\x00\x00|IHDR|WEBPVP8", re.DOTALL)
BYTES = re.compile(rb"\\\\x((?:[0-9a-f]{2})+)")  # a bytea, as COPY writes it
VECTOR = re.compile(rb"\[(-?[0-9.e-]+(?:,-?[0-9.e-]+){127})\]")


@pytest.fixture(scope="module")
def dump(demo: Demo) -> bytes:
    """The database as a thief would take it away."""
    made = subprocess.run([program("pg_dump"), "--dbname", demo.database], capture_output=True, check=True)
    return made.stdout


@cache
def on_documents() -> re.Pattern[bytes]:
    """Returns what finds the names, numbers and birth dates on the documents of the cast."""
    told = [*(each.holder for each in PEOPLE), *(each.number for each in PEOPLE), *(_born(each) for each in PEOPLE)]
    return re.compile("|".join(map(re.escape, told)).encode(), re.IGNORECASE)


def _born(who: Player | Person) -> str:
    read = document.resident_id(who.number, today=date(2026, 1, 1)).birth_date
    return str(who.born or read)


def told_in(content: bytes) -> set[bytes]:
    """Returns what of the documents stands in the content, and in any binary column of a dump."""
    columns = [bytes.fromhex(found.decode()) for found in BYTES.findall(content)]
    return {found for each in (content, *columns) for found in on_documents().findall(each)}


def pictures_in(content: bytes) -> int:
    """Returns how many pictures the content is or, as a dump, has in binary columns."""
    columns = [bytes.fromhex(found.decode()) for found in BYTES.findall(content)]
    return sum(1 for each in (content, *columns) if PICTURE.search(each))


def faces_in(dump: bytes) -> set[str]:
    """Returns whose face stands in the dump as the face library sees it."""
    stored = [np.array(found.decode().split(","), dtype=float) for found in VECTOR.findall(dump)]
    return {name for name in TEMPLATES_OF for each in stored if distance(each, bare_template(name)) <= DOUBT}


@cache
def bare_template(name: str) -> Vector:
    """Returns a face before the vault turns it, of the selfie that the demonstration was filled with."""
    with Image.open(BytesIO(clean(pictures.jpeg(pictures.portrait(name, yaw=6, frame=1))))) as picture:
        return face.faces_in(picture)[0].template


def test_a_dump_names_nobody(dump: bytes) -> None:
    assert b"alice@demo.example" in dump  # it is the right database, and its text stands there as it is
    assert told_in(dump) == set()


def test_a_dump_shows_no_face(dump: bytes) -> None:
    assert len(VECTOR.findall(dump)) >= len(TEMPLATES_OF)
    assert faces_in(dump) == set()
    assert pictures_in(dump) == 0


def test_no_file_names_anybody(demo: Demo) -> None:
    kept = {str(path): path.read_bytes() for path in files(demo.folder)}
    assert any(b"alice@demo.example" in content for content in kept.values())  # the database's own files are among them
    assert {path: told for path, content in kept.items() if (told := told_in(content))} == {}


def test_no_file_of_the_vault_is_a_picture(demo: Demo) -> None:
    kept = list(files(demo.folder / "vault"))
    assert len(kept) > 20
    assert [path for path in kept if pictures_in(path.read_bytes())] == []


def test_what_is_planted_is_found(dump: bytes) -> None:
    carol, alice = cast.CAROL, "[" + ",".join(f"{value:.7g}" for value in bare_template("alice")) + "]"
    portrait = pictures.jpeg(pictures.portrait("carol"))
    for planted in (carol.holder.lower(), cast.ALICE.holder, carol.number, "1990-05-04", r"\\x" + cast.ALICE.holder.encode().hex()):
        assert told_in(dump + _row(planted)), planted
    assert faces_in(dump + _row(alice)) == {"alice"}
    assert pictures_in(dump + _row(r"\\x" + portrait.hex())) == 1
    assert pictures_in(portrait) == 1


def _row(value: str) -> bytes:
    return f"17\t{value}\tt\n".encode()


def files(folder: Path) -> Iterator[Path]:
    """Yields every file but those left out."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).parts[0] not in LEFT_OUT:
            yield path
