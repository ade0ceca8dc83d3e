"""Asking an authority whether a name and a number belong together: what is asked and what comes back, whoever answers."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

_LONG = 5  # characters; "Li" is also a part of "InvalidParameter"


class Outcome(StrEnum):
    """What an authority says of a person."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Question:
    """Whom an authority is asked about. Nothing of it shows in a repr, so that no log and no traceback tells it.

    `face` is a JPEG. `credential` is the network ID credential (网证) that the holder's app gave out; only the National
    Network ID reads it, and it reads neither name nor number.
    """

    name: str = field(repr=False)
    number: str = field(repr=False)
    document_type: str
    face: bytes = field(default=b"", repr=False)
    credential: str = field(default="", repr=False)

    def told_by(self, text: str) -> bool:
        """Returns whether a text of the authority tells the name, the number or the credential; short names only as a whole."""
        folded, asked = text.casefold(), [each.casefold() for each in (self.name, self.number, self.credential) if each]
        return any(each == folded or (len(each) >= _LONG and each in folded) for each in asked)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an authority answered.

    `reference` is its own request number, `code` its own result code or, where nothing usable came back, our cause
    (`timeout`, `http_503`, …). `score` is the similarity of the faces, 0 to 100, and `doubtful` says that it lies between
    the authority's two thresholds. `pseudonym` is the identifier that the National Network ID gives this site for the person.
    `retryable` says that the fault was not in the question: the same may be asked again later.
    """

    outcome: Outcome
    authority: str
    reference: str = ""
    code: str = ""
    score: float | None = None
    doubtful: bool = False
    pseudonym: str = field(default="", repr=False)
    retryable: bool = False


class RealNameAuthority(Protocol):
    """Somebody who knows whose number it is."""

    @property
    def code(self) -> str:
        """Returns the authority's stable name: `tencent`, `alibaba` or `network_id`."""

    @property
    def takes_face(self) -> bool:
        """Returns whether a face in the question is sent along. Nobody need open a picture for an authority that takes none."""

    def accepts(self, question: Question) -> bool:
        """Returns whether the authority knows this kind of document; what it does not accept need not be asked."""

    def ask(self, question: Question) -> Answer:
        """Returns what the authority answers. Never raises: whatever goes wrong is `unavailable` with a cause."""
