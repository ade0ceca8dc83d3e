"""What the optional C2PA library says is passed on; whatever it raises is no server error."""

import io
import json
from types import SimpleNamespace, TracebackType

import pytest

from registry.labels import c2pa_reading


class Reader:
    """Stands for the library's reader; the media type says how it answers."""

    def __init__(self, media_type: str, file: io.BytesIO) -> None:
        assert file.tell() == 0
        if media_type == "broken":
            raise RuntimeError("no manifest")
        self.state = media_type

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def json(self) -> str:
        return json.dumps({"validation_state": self.state})


@pytest.mark.parametrize(
    ("answer", "code"), [("Valid", "c2pa_valid"), ("Trusted", "c2pa_valid"), ("Invalid", "c2pa_invalid"), ("broken", "c2pa_invalid")]
)
def test_the_librarys_word_is_passed_on(monkeypatch: pytest.MonkeyPatch, answer: str, code: str) -> None:
    monkeypatch.setattr(c2pa_reading, "c2pa", SimpleNamespace(Reader=Reader))
    file = io.BytesIO(b"x")
    file.read()
    assert c2pa_reading.judged(file, answer).code == code


def test_without_the_library_nobody_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(c2pa_reading, "c2pa", None)
    assert c2pa_reading.judged(io.BytesIO(), "image/png").code == "c2pa_not_checked"
