"""What the child says of an upload: one line of JSON, then the bytes of the clean picture."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """The code of a refusal, or the picture and what is wrong with it."""

    code: str = ""
    problems: tuple[str, ...] = ()
    jpeg: bytes = b""

    def packed(self) -> bytes:
        """Returns the answer as it goes through the pipe."""
        return json.dumps({"code": self.code, "problems": self.problems}).encode() + b"\n" + self.jpeg


def unpacked(answer: bytes) -> Answer:
    """Returns what was packed. Raises ValueError for anything else: a child that a picture took over says what it likes."""
    head, _, jpeg = answer.partition(b"\n")
    told = json.loads(head)
    if not isinstance(told, dict) or not isinstance(told.get("problems"), list):
        raise ValueError("not an answer")
    if not told.get("code") and not jpeg.startswith(b"\xff\xd8\xff"):
        raise ValueError("no picture")
    return Answer(str(told.get("code", "")), tuple(map(str, told["problems"])), jpeg)
