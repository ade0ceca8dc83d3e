"""What the machine sees of a case: the text of the document, the two faces, the movements. It loads the engines: worker only."""

import json
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any, Protocol

from PIL import Image

from portal.vault import rotation
from portal.vault.models import SealedFile
from verification.engines import challenge, comparing, face, liveness, ocr, reading, recording
from verification.engines.lines import Line
from verification.models import Case, Challenge
from verification.reasons import Step
from verification.rules import Vector
from verification.services import templates

_SIDES = {"front": Step.DOCUMENT, "back": Step.DOCUMENT_BACK}
_ALSO = ("sex", "issued", "expiry", "nationality", "ethnicity", "address")


class Recorded(Protocol):
    """Whatever has a recording and the challenge that it answers."""

    recording: SealedFile | None
    challenge: Challenge | None


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen; empty where nothing was to be looked at. `template` is the selfie's, turned; `found` are reason codes."""

    document_faces: int = 0
    selfie_faces: int = 0
    distance: float | None = None
    template: Vector | None = None
    liveness: str = ""
    found: tuple[str, ...] = ()
    repeat: tuple[Step, ...] = ()
    findings: dict[str, Any] = field(default_factory=dict)

    def without_face(self) -> "Sight":
        """Returns what remains where the consent to face comparison does not stand."""
        told = {name: value for name, value in self.findings.items() if name != "steps"}
        kept = tuple(code for code in self.found if not code.startswith("liveness_"))
        return Sight(found=kept, repeat=tuple(step for step in self.repeat if step is not Step.SELFIE), findings=told)


def look(case: Case, *, face_consent: bool, today: date) -> Sight:
    """Returns what is to be seen in the case's pictures. Faces and movements are looked at only with the consent."""
    found, repeat, told = _read(case, today)
    if not face_consent:
        return Sight(found=found, repeat=repeat, findings=told)
    document, selfie = templates.faces_of(case.document_image), templates.faces_of(case.selfie_image)
    apart = face.compare(document[0], selfie[0]) if document and selfie else None
    moved = _watch(case, document[0].template if document else None, selfie[0].template if selfie else None)
    return Sight(
        document_faces=len(document),
        selfie_faces=len(selfie),
        distance=apart,
        template=rotation.turn(selfie[0].template) if selfie else None,
        liveness=str(moved.state) if moved else "",
        found=(*found, *(moved.codes if moved else ("liveness_missing",))),
        repeat=repeat,
        findings={**told, "steps": moved.measures["steps"] if moved else []},
    )


def _read(case: Case, today: date) -> tuple[tuple[str, ...], tuple[Step, ...], dict[str, Any]]:
    """The codes of what was read, the sides to take again, and the findings for the officer."""
    front = _lines(case.document_image)
    back = _lines(case.document_back_image) if case.document_back_image else None
    seen = reading.read_document(case.document_type, front, back, today=today)
    compared = comparing.compare(seen, name=case.full_name or "", number=case.document_number or "", birth_date=case.born)
    codes = seen.codes if seen.repeat else (*seen.codes, *comparing.codes(compared))
    also = {name: getattr(seen, name).value for name in _ALSO if getattr(seen, name)}
    rows = [{"field": each.field, "typed": each.typed, "read": each.read, "verdict": str(each.match)} for each in compared]
    return codes, tuple(_SIDES[side] for side in sorted(seen.repeat)), {"compared": rows, "also": also}


def _lines(file: SealedFile | None) -> list[Line]:
    if file is None:
        return []
    with Image.open(BytesIO(file.read())) as picture:
        return ocr.lines_in(picture)


def watch(row: Recorded, selfie: Vector | None) -> "liveness.LivenessJudgement | None":
    """Returns the judgement of a recording beside the selfie alone (its template as it is, not turned); None without one."""
    return _watch(row, None, selfie)


def _watch(case: Recorded, document: Vector | None, selfie: Vector | None) -> "liveness.LivenessJudgement | None":
    if case.recording is None or case.challenge is None:
        return None
    asked = challenge.from_json(case.challenge.script)
    return liveness.judge(recording.unpack(case.recording.read()), asked, document_template=document, selfie_template=selfie)


def stored(findings: dict[str, Any]) -> str:
    """Returns the findings as the case keeps them, sealed."""
    return json.dumps(findings, ensure_ascii=False)
