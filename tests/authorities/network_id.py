"""A gateway to the National Network ID as docs/authorities.md describes it: our own interface, not the state's."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field

from tests.authorities.loopback import Answered, Authority, Received, said


@dataclass
class NetworkId(Authority):
    """`credentials` maps a credential to its holder's pseudonym; `extra` is laid over every answer; `answer_key` signs it."""

    keys: dict[str, str] = field(default_factory=lambda: {"site": "the-gateway-secret"})
    credentials: dict[str, str] = field(default_factory=dict)
    nonces: set[str] = field(default_factory=set)
    extra: dict[str, object] = field(default_factory=dict)
    answer_key: str = "the-gateway-secret"
    answer_nonce: str = ""

    def answer(self, request: Received) -> Answered:
        """Returns the answer, signed over the nonce of its question."""
        at, nonce = request.headers["x-authority-time"], request.headers["x-authority-nonce"]
        refusal = self._refusal(request, at, nonce)
        if refusal:
            return said(401, {"error": refusal})
        pseudonym = self.credentials.get(json.loads(request.body)["credential"])
        told = {"result": "passed" if pseudonym else "unknown", "pseudonym": pseudonym, "score": None, "reference": "gw-20260302-0001"}
        body = json.dumps({**told, **self.extra}).encode()
        signature = self._signature(self.answer_key, "answer", at, self.answer_nonce or nonce, body)
        return 200, {"Content-Type": "application/json", "X-Authority-Signature": signature}, body

    def _refusal(self, request: Received, at: str, nonce: str) -> str:
        secret = self.keys.get(request.headers["x-authority-key"], "")
        expected = self._signature(secret, request.path, at, nonce, request.body)
        if not secret or not hmac.compare_digest(expected, request.headers["x-authority-signature"]):
            return "signature"
        if abs(self.now() - int(at)) > 300:
            return "expired"
        if nonce in self.nonces:
            return "nonce"
        self.nonces.add(nonce)
        return ""

    @staticmethod
    def _signature(secret: str, subject: str, at: str, nonce: str, body: bytes) -> str:
        text = f"v1\n{subject}\n{at}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
        return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
