"""Alibaba Cloud cloudauth as its documents describe it: signature V3, 15 minutes of grace, each nonce once, errors as HTTP 4xx.

Written from help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature, without the adapter's code.
"""

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs

from tests.authorities.loopback import Answered, Authority, Received, said

_FORM = re.compile(r"ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})")


class Refused(Exception):
    """The gateway says no: status and code."""


@dataclass
class Alibaba(Authority):
    """`result`, if set, is the BizCode of every question; `code`, if not 200, is what the service answers with."""

    keys: dict[str, str] = field(default_factory=lambda: {"LTAIexample": "the-access-secret"})
    nonces: set[str] = field(default_factory=set)
    result: object = None
    code: object = "200"

    def answer(self, request: Received) -> Answered:
        """Returns the answer, after the checks of the gateway."""
        number = str(uuid.uuid4()).upper()
        try:
            self._admit(request)
            return said(200, {"RequestId": number, **self._result(request.body.decode())})
        except Refused as refused:
            status, code = refused.args
            return said(status, {"Code": code, "Message": f"{code}: {request.body.decode()}", "RequestId": number, "HostId": self.host})

    def _admit(self, request: Received) -> None:
        form = _FORM.fullmatch(request.headers.get("authorization", ""))
        if not form:
            raise Refused(400, "IncompleteSignature")
        key_id, names, signature = form.groups()
        if key_id not in self.keys:
            raise Refused(404, "InvalidAccessKeyId.NotFound")
        must = {"host"} | {name for name in request.headers if name.startswith("x-acs-") or name == "content-type"}
        if not must <= set(names.split(";")) or request.headers["x-acs-content-sha256"] != hashlib.sha256(request.body).hexdigest():
            raise Refused(400, "SignatureDoesNotMatch")
        if not hmac.compare_digest(signature, self._signature(request, self.keys[key_id], names)):
            raise Refused(400, "SignatureDoesNotMatch")
        sent = datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(self.now() - sent.timestamp()) > 900:
            raise Refused(400, "InvalidTimeStamp.Expired")
        if (nonce := request.headers["x-acs-signature-nonce"]) in self.nonces:
            raise Refused(400, "SignatureNonceUsed")
        self.nonces.add(nonce)
        if (request.headers["x-acs-action"], request.headers["x-acs-version"]) != ("Id2MetaVerify", "2019-03-07"):
            raise Refused(404, "InvalidApi.NotFound")

    @staticmethod
    def _signature(request: Received, secret: str, names: str) -> str:
        path, _mark, query = request.path.partition("?")
        canonical = [request.method, path, query]
        canonical += [f"{name}:{request.headers[name].strip()}" for name in names.split(";")]
        canonical += ["", names, request.headers["x-acs-content-sha256"]]
        hashed = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
        return hmac.new(secret.encode(), f"ACS3-HMAC-SHA256\n{hashed}".encode(), hashlib.sha256).hexdigest()

    def _result(self, form: str) -> dict[str, object]:
        asked = {name: values[0] for name, values in parse_qs(form, strict_parsing=True).items()}
        if self.code != "200":
            return {"Code": self.code, "Message": form}
        if asked["ParamType"] != "normal":
            return {"Code": "401", "Message": form}
        holder = self.people.get(asked["IdentifyNum"])
        result = self.result or ("3" if holder is None else "1" if holder == asked["UserName"] else "2")
        return {"Code": "200", "Message": "success", "ResultObject": {"BizCode": result}}
