"""The engines' real answers, each worked out once in a run: the same bytes give the same answer, and they take seconds.

The workers of a run share them through files in its throw-away data directory.
"""

import hashlib
import os
import pickle
import random
from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from demo.faces import acting, identities, pictures
from portal.vault.models import SealedFile
from verification.engines import challenge, recording, reel
from verification.engines import pictures as uploads
from verification.engines.face import Face
from verification.models import Case
from verification.services import sight, templates

_answers: dict[Hashable, Any] = {}
SEED = 4


def asked() -> challenge.Challenge:
    """Returns the movements that everybody is asked for in these tests; only the nonce is new each time."""
    return challenge.draw(random.Random(SEED))


@cache
def performed(face: str, *, asked_seed: int = SEED) -> bytes:
    """Returns the recording of one of the cast, or of the stranger with that number, who follows the movements of a seed."""
    who = identities.stranger(int(face)) if face.isdigit() else identities.face(face)
    return reel.pack(acting.recorded(acting.Take(who), challenge.draw(random.Random(asked_seed))))


@cache
def selfie(face: str) -> bytes:
    """Returns the selfie that goes with it."""
    if face.isdigit():
        return pictures.jpeg(pictures.stranger(int(face), size=480, frame=3))
    return pictures.jpeg(pictures.portrait(face, size=480, frame=3))


def remember(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the engines answer from memory where they were asked before, and draws the same movements for everybody."""
    monkeypatch.setattr("verification.services.movements.challenges", SimpleNamespace(draw=asked))
    _by(monkeypatch, uploads, "look", lambda upload, subject: (upload, subject))
    _by(monkeypatch, recording, "clean", lambda upload: upload)
    _by(monkeypatch, sight, "_lines", _content)
    _by(monkeypatch, templates, "faces_of", _content, _with_templates)
    _by(monkeypatch, sight, "_watch", _watched)


def _by(
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    key: Callable[..., Hashable],
    whole: Callable[[Any], Any] = lambda answer: answer,
) -> None:
    real = getattr(module, name)

    def answer(*args: Any) -> Any:
        known = (name, key(*args))
        if known not in _answers:
            _answers[known] = _shared(known, lambda: whole(real(*args)))
        return _answers[known]

    monkeypatch.setattr(module, name, answer)


def _shared(known: Hashable, work_out: Callable[[], Any]) -> Any:
    folder = Path(os.environ["DATA_DIR"]) / "remembered"
    path = folder / hashlib.sha256(pickle.dumps(known)).hexdigest()
    if path.exists():
        return pickle.loads(path.read_bytes())  # noqa: S301 – written by this run
    answer = work_out()
    folder.mkdir(exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_bytes(pickle.dumps(answer))
    draft.replace(path)
    return answer


def _content(file: SealedFile | None) -> Hashable:
    return file and file.read()


def _with_templates(faces: list[Face]) -> list[Face]:
    """Returns the faces with what is worked out only when somebody asks, as nearly everybody does."""
    return [face for face in faces if len(face.template)]


def _watched(case: Case, *templates_seen: Any) -> Hashable:
    if case.recording is None or case.challenge is None:
        return None
    moves = challenge.from_json(case.challenge.script).moves
    return case.recording.read(), moves, tuple(each is not None and each.tobytes() for each in templates_seen)
