"""Tencent Cloud FaceID as its documents describe it: signature v3 checked step by step, result codes, errors inside HTTP 200.

Written from cloud.tencent.com/document/api/213/30654 and …/api/1007, without the adapter's code.
"""

import base64
import hashlib
import hmac
import json
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.authorities.loopback import Answered, Authority, Received, said

_FORM = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/(\w+)/tc3_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})"
)
ACTIONS = ("IdCardVerification", "ImageRecognition", "ImageRecognitionV2")


class Refused(Exception):
    """The gateway in front of the service says no."""


@dataclass
class Tencent(Authority):
    """`similarity` is what any face gets; `result`, if set, is what every question gets; `error` an error code."""

    keys: dict[str, str] = field(default_factory=lambda: {"AKIDexample": "the-secret-key"})
    similarity: object = 89.88
    result: object = None
    error: object = None

    def answer(self, request: Received) -> Answered:
        """Returns the answer, after the checks of the gateway."""
        number = str(uuid.uuid4())
        try:
            self._admit(request)
            members = self._result(request.headers["x-tc-action"], json.loads(request.body))
        except Refused as refused:
            members = {"Error": {"Code": refused.args[0], "Message": f"{refused.args[0]}: {request.body.decode()}"}}
        return said(200, {"Response": {**members, "RequestId": number}})

    def _admit(self, request: Received) -> None:
        form = _FORM.fullmatch(request.headers.get("authorization", ""))
        if not form:
            raise Refused("AuthFailure.InvalidAuthorization")
        secret_id, day, service, names, signature = form.groups()
        if secret_id not in self.keys:
            raise Refused("AuthFailure.SecretIdNotFound")
        stamp = request.headers["x-tc-timestamp"]
        if abs(self.now() - int(stamp)) > 300:
            raise Refused("AuthFailure.SignatureExpire")
        if day != datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d") or service != "faceid":
            raise Refused("AuthFailure.SignatureFailure")
        if not {"content-type", "host"} <= set(names.split(";")) or not hmac.compare_digest(
            signature, self._signature(request, self.keys[secret_id], day, names)
        ):
            raise Refused("AuthFailure.SignatureFailure")
        if request.headers.get("x-tc-version") != "2018-03-01":
            raise Refused("NoSuchVersion")
        if request.headers.get("x-tc-action") not in ACTIONS:
            raise Refused("InvalidAction")

    @staticmethod
    def _signature(request: Received, secret: str, day: str, names: str) -> str:
        canonical = [request.method, "/", ""]
        canonical += [f"{name}:{request.headers[name].strip().lower()}" for name in names.split(";")]
        canonical += ["", names, hashlib.sha256(request.body).hexdigest()]
        hashed = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
        text = "\n".join(["TC3-HMAC-SHA256", request.headers["x-tc-timestamp"], f"{day}/faceid/tc3_request", hashed])

        def step(key: bytes, message: str) -> bytes:
            return hmac.new(key, message.encode(), hashlib.sha256).digest()

        return step(step(step(step(b"TC3" + secret.encode(), day), "faceid"), "tc3_request"), text).hex()

    def _result(self, action: str, asked: dict[str, Any]) -> dict[str, object]:
        if self.error is not None:
            raise Refused(self.error)
        if missing := {"IdCard", "Name"} - asked.keys():
            raise Refused(f"MissingParameter.{min(missing)}")
        if action == "IdCardVerification":
            holder = self.people.get(asked["IdCard"])
            result = self.result or ("-5" if holder is None else "0" if holder == asked["Name"] else "-1")
            return {"Result": result, "Description": f"{asked['Name']} {asked['IdCard']}"}
        if not base64.b64decode(asked["ImageBase64"], validate=True).startswith(b"\xff\xd8\xff"):
            raise Refused("FailedOperation.ImageDecodeFailed")
        holder = self.people.get(asked["IdCard"])
        if holder != asked["Name"]:
            raise Refused("FailedOperation.IdNoExistSystem" if holder is None else "FailedOperation.IdNameMisMatch")
        return {"Result": self.result or "Success", "Description": "", "Sim": self.similarity}
