"""Newcomers: invented people with a rendered face, a document and a clip for their camera."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from playwright.sync_api import FilePayload

from demo.faces import permits, pictures
from demo.faces.holders import Holder

PASSWORD = "quiet lanterns over water"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has no account yet. A passport does not tell the birth date: `born` is typed."""

    email: str
    face: str
    holder: str
    number: str
    born: str = ""

    @property
    def document_type(self) -> str:
        """Which document they have at hand."""
        return "passport" if self.born else "resident_id"


NORA = Person("nora@newcomers.example", "bob", "NORA SPECIMEN", "110105198802140072")
PAUL = Person("paul@newcomers.example", "frank", "PAUL SPECIMEN", "E70011223", "1991-06-08")
RUTH = Person("ruth@newcomers.example", "dana", "RUTH SPECIMEN", "440305199001010085")
WEN = Person("wen@newcomers.example", "11", "文样本", "310101199509220045")
LAN = Person("lan@newcomers.example", "eve", "兰样本", "330106199106080127")
MILA = Person("mila@newcomers.example", "1", "MILA SPECIMEN", "E70022334", "1993-03-03")
OLEG = Person("oleg@newcomers.example", "18", "OLEG SPECIMEN", "E70033445", "1985-11-20")
TESS = Person("tess@newcomers.example", "6", "TESS SPECIMEN", "310101199203040068")
NEWCOMERS = (NORA, PAUL, RUTH, WEN, LAN, MILA, OLEG, TESS)


@cache
def sides(person: Person, face: str = "") -> list[FilePayload]:
    """Returns the pictures of the person's document, front and back, with their own face or another's; a passport has one."""
    holder = Holder(face or person.face, person.holder, person.number, born=date.fromisoformat(person.born) if person.born else None)
    taken = [side for side in permits.both_sides(person.document_type, holder) if side is not None]
    return [_file("document.jpg", pictures.jpeg(side)) for side in taken]


@cache
def selfie(face: str) -> FilePayload:
    """Returns a selfie."""
    return _file("selfie.jpg", pictures.jpeg(pictures.portrait(face, frame=3)))


@cache
def portraits(face: str) -> list[FilePayload]:
    """Returns two portraits."""
    taken = [pictures.portrait(face, frame=3), pictures.portrait(face, yaw=8, frame=4)]
    return [_file(f"portrait-{place}.jpg", pictures.jpeg(each)) for place, each in enumerate(taken)]


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}
