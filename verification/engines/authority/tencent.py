"""Tencent Cloud FaceID: name and number (IdCardVerification), or these with a face (ImageRecognition, ImageRecognitionV2)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import ClassVar

from portal.kit import clock
from verification.engines.authority import answers, tencent_codes
from verification.engines.authority.line import Fault, Line
from verification.engines.authority.protocol import Answer, Outcome, Question

ENDPOINT = "https://faceid.tencentcloudapi.com"
SERVICE, VERSION = "faceid", "2018-03-01"
ALGORITHM = "TC3-HMAC-SHA256"
_LONGEST_FACE = 3 * 1024 * 1024  # characters of Base64 (ImageBase64)


@dataclass(frozen=True, slots=True)
class Tencent:
    """The adapter. `face_action` names the interface that compares faces; without it no face leaves the house."""

    line: Line
    secret_id: str
    secret_key: str = field(repr=False)
    face_action: str = ""
    now: Callable[[], datetime] = clock.now

    code: ClassVar[str] = "tencent"

    @property
    def takes_face(self) -> bool:
        """Returns whether a face is sent along."""
        return bool(self.face_action)

    def accepts(self, question: Question) -> bool:
        """Returns True for resident identity cards, the only documents this register knows."""
        return question.document_type == "resident_id"

    def ask(self, question: Question) -> Answer:
        """Returns what FaceID says of name and number, and of the face if one is given and wanted."""
        with_face = bool(self.face_action and question.face)
        members = {"IdCard": question.number, "Name": question.name}
        if with_face:
            members["ImageBase64"] = base64.b64encode(question.face).decode()
            if len(members["ImageBase64"]) > _LONGEST_FACE:
                return answers.unavailable(self.code, "face_too_large", retryable=False)
        action = self.face_action if with_face else "IdCardVerification"
        try:
            return self._read(question, action, self._called(action, members))
        except Fault as fault:
            return answers.unavailable(self.code, fault.code)

    def _called(self, action: str, members: Mapping[str, str]) -> dict[str, object]:
        body = json.dumps(members).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Host": self.line.host, "X-TC-Action": action}
        at = self.now()
        reply = self.line.post(
            body,
            {
                **headers,
                "X-TC-Version": VERSION,
                "X-TC-Timestamp": str(int(at.timestamp())),
                "Authorization": authorization(self.secret_id, self.secret_key, SERVICE, headers, body, at),
            },
        )
        response = reply.members().get("Response")
        if not isinstance(response, dict) or (reply.status != 200 and "Error" not in response):
            raise Fault("malformed" if reply.status == 200 else f"http_{reply.status}")
        return response

    def _read(self, question: Question, action: str, response: dict[str, object]) -> Answer:
        reference = response.get("RequestId")
        if (error := response.get("Error")) is not None:
            code = error.get("Code") if isinstance(error, dict) else None
            return answers.answer(question, self.code, tencent_codes.error(code), code=code, reference=reference)
        code, face = response.get("Result"), action != "IdCardVerification"
        table = tencent_codes.FACE if face else tencent_codes.NAME_AND_NUMBER
        meaning = table.get(code, answers.LATER) if isinstance(code, str) else answers.LATER
        score = answers.similarity(response.get("Sim")) if face else None
        answer = answers.answer(question, self.code, meaning, code=code, reference=reference, score=score)
        return _compared(answer, tencent_codes.FACE_ACTIONS[action]) if face and answer.outcome is Outcome.MATCH else answer


def _compared(answer: Answer, thresholds: tencent_codes.Thresholds) -> Answer:
    """Name and number fit; the score says whether the face does."""
    if answer.score is None:
        return answers.unavailable(answer.authority, "score_unreadable", reference=answer.reference)
    if answer.score < thresholds.doubt:
        return replace(answer, outcome=Outcome.MISMATCH)
    return replace(answer, doubtful=answer.score < thresholds.same)


def authorization(secret_id: str, secret_key: str, service: str, headers: Mapping[str, str], body: bytes, at: datetime) -> str:
    """Returns the Authorization header of a POST to `/` that signs these headers and the body.

    TC3-HMAC-SHA256, cloud.tencent.com/document/api/213/30654: names and values of headers in small letters, sorted.
    """
    signed = sorted((name.lower(), value.strip().lower()) for name, value in headers.items())
    names = ";".join(name for name, _value in signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed)
    request = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    day = at.astimezone(UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    to_sign = f"{ALGORITHM}\n{int(at.timestamp())}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"TC3{secret_key}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    return f"{ALGORITHM} Credential={secret_id}/{scope}, SignedHeaders={names}, Signature={signature}"
