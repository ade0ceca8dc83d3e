"""Newcomers: invented people with a rendered face, a document and a clip for their camera."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import FilePayload

from demo.faces import clips, documents, pictures

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
WEN = Person("wen@newcomers.example", "dana", "文样本", "310101199509220045")
LAN = Person("lan@newcomers.example", "eve", "兰样本", "330106199106080127")
NEWCOMERS = (NORA, PAUL, RUTH, WEN, LAN)


@cache
def card(person: Person, face: str = "") -> FilePayload:
    """Returns a picture of the person's document, with their own face or another's."""
    make = documents.passport if person.born else documents.identity_card
    return _file("document.jpg", pictures.jpeg(make(face or person.face, holder=person.holder, number=person.number)))


@cache
def portraits(face: str) -> list[FilePayload]:
    """Returns two portraits."""
    taken = [pictures.portrait(face, frame=3), pictures.portrait(face, yaw=8, frame=4)]
    return [_file(f"portrait-{place}.jpg", pictures.jpeg(each)) for place, each in enumerate(taken)]


def clip(folder: Path, face: str) -> Path:
    """Returns a clip of the face for a camera."""
    return clips.camera_clip(folder / f"{face}.mjpeg", face, seconds_each=0.3)


def _file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}
