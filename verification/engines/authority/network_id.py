"""The National Network ID (国家网络身份认证公共服务, 网号/网证), by way of a gateway of the site's own.

The Measures in force since 2025-07-15 let a site learn the result and nothing more. What goes in and comes out is public
(developers.weixin.qq.com/miniprogram/dev/platform-capabilities/cityservice/ncidas/guide.html, 1.0 of 2026-04-28): in, the
credential that the holder's app gives out, and a face if wanted; out, passed or not, an identifier of the person for this
site alone (网络身份应用标识), and the similarity of the faces. The interface itself is handed only to sites that were
admitted. So this adapter speaks no interface of the state: it speaks the narrow one below, WHICH IS OURS, to a gateway that
an admitted site puts in front of the real one.

    POST {"credential": "…", "face": "<Base64 of a JPEG, if one is sent>"}
    200  {"result": "passed" | "failed" | "unknown", "pseudonym": "…", "score": 0–100 or null, "reference": "…"}

Both ways are signed with HMAC-SHA-256, the answer over the nonce of its question. `passed` says that the credential is
genuine (and the face its holder's); name and number are neither sent nor compared.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from portal.kit import clock
from verification.engines.authority import answers
from verification.engines.authority.answers import LATER, MATCH, MISMATCH, NOT_FOUND, Meaning
from verification.engines.authority.line import Fault, Line
from verification.engines.authority.protocol import Answer, Outcome, Question

RESULTS: dict[str, Meaning] = {"passed": MATCH, "failed": MISMATCH, "unknown": NOT_FOUND}
_PSEUDONYM = re.compile(r"[A-Za-z0-9+/=_.:-]{8,128}", re.ASCII)
_DOCUMENT_NUMBER = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class NetworkId:
    """The adapter."""

    line: Line
    key_id: str
    key_secret: str = field(repr=False)
    takes_face: bool = False
    now: Callable[[], datetime] = clock.now
    nonce: Callable[[], str] = secrets.token_hex

    code: ClassVar[str] = "network_id"

    def accepts(self, question: Question) -> bool:
        """Returns whether the person gave a credential; of what document it was made is the state's to know."""
        return bool(question.credential)

    def ask(self, question: Question) -> Answer:
        """Returns whether the credential is genuine, and the person's pseudonym. Name and number stay here."""
        members = {"credential": question.credential}
        if self.takes_face and question.face:
            members["face"] = base64.b64encode(question.face).decode()
        try:
            return self._read(question, self._called(json.dumps(members).encode()))
        except Fault as fault:
            return answers.unavailable(self.code, fault.code)

    def _called(self, body: bytes) -> dict[str, object]:
        at, nonce = str(int(self.now().timestamp())), self.nonce()
        reply = self.line.post(
            body,
            {
                "Content-Type": "application/json",
                "X-Authority-Key": self.key_id,
                "X-Authority-Time": at,
                "X-Authority-Nonce": nonce,
                "X-Authority-Signature": signature(self.key_secret, self.line.path, at, nonce, body),
            },
        )
        members = reply.members()
        if reply.status != 200:
            raise Fault(f"http_{reply.status}")
        expected = signature(self.key_secret, "answer", at, nonce, reply.body)
        if not hmac.compare_digest(expected.encode(), reply.headers.get("x-authority-signature", "").encode()):
            raise Fault("answer_unsigned")
        return members

    def _read(self, question: Question, members: dict[str, object]) -> Answer:
        code = members.get("result")
        meaning = RESULTS.get(code, LATER) if isinstance(code, str) else LATER
        score = answers.similarity(members.get("score"))
        answer = answers.answer(question, self.code, meaning, code=code, reference=members.get("reference"), score=score)
        if answer.outcome is not Outcome.MATCH:
            return answer
        pseudonym = members.get("pseudonym")
        if not isinstance(pseudonym, str) or not _is_pseudonym(question, pseudonym):
            return answers.unavailable(self.code, "pseudonym_unusable", reference=answer.reference, retryable=False)
        return replace(answer, pseudonym=pseudonym)


def _is_pseudonym(question: Question, value: str) -> bool:
    """A gateway that passes on a document's number is told no: what is called a pseudonym would be kept as one."""
    return bool(_PSEUDONYM.fullmatch(value)) and not _DOCUMENT_NUMBER.search(value) and not question.told_by(value)


def signature(secret: str, subject: str, at: str, nonce: str, body: bytes) -> str:
    """Returns the signature of a question (`subject` is the path) or of an answer (`subject` is `answer`), in hexadecimal."""
    signed = "\n".join(("v1", subject, at, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.digest(secret.encode(), signed.encode(), "sha256").hex()
