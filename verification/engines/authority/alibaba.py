"""Alibaba Cloud ID verification: name and number (Id2MetaVerify, cloudauth 2019-03-07). It compares no face.

Interface: help.aliyun.com/zh/id-verification/information-verification/developer-reference/vatsl9lfmbwe74iv. Its register takes
names and numbers in clear only (`ParamType=normal`; MD5 is no longer offered). They travel in the form body, as the SDK
3.14.0 sends them: in the address they would lie in the logs of every machine on the way.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar
from urllib.parse import quote, urlencode

from portal.kit import clock
from verification.engines.authority import answers
from verification.engines.authority.answers import LATER, MATCH, MISMATCH, NEVER, NOT_FOUND, Meaning
from verification.engines.authority.line import Fault, Line, Reply
from verification.engines.authority.protocol import Answer, Question

ENDPOINT = "https://cloudauth.aliyuncs.com"
ACTION, VERSION = "Id2MetaVerify", "2019-03-07"
ALGORITHM = "ACS3-HMAC-SHA256"

# ResultObject.BizCode, where Code is 200.
RESULTS: dict[str, Meaning] = {"1": MATCH, "2": MISMATCH, "3": NOT_FOUND}

# Code, where it is not 200. Those not named here (402 source failed, 410 not activated, 411 no permission, 412 in arrears,
# 500, SignatureDoesNotMatch, InvalidTimeStamp.Expired, Throttling.User …) blame the account, the hour or the service.
REFUSALS: dict[str, Meaning] = {
    "400": NEVER,  # a member is missing
    "401": NEVER,  # the form of name or number is wrong
    "403": NEVER,  # this person was asked about too often
    **dict.fromkeys(("MissingParameter", "InvalidParameter", "UnsupportedParameter", "InvalidApi.NotFound"), NEVER),
}


@dataclass(frozen=True, slots=True)
class Alibaba:
    """The adapter."""

    line: Line
    key_id: str
    key_secret: str = field(repr=False)
    now: Callable[[], datetime] = clock.now
    nonce: Callable[[], str] = secrets.token_hex

    code: ClassVar[str] = "alibaba"
    takes_face: ClassVar[bool] = False

    def accepts(self, question: Question) -> bool:
        """Returns True for resident identity cards, the only documents this register knows."""
        return question.document_type == "resident_id"

    def ask(self, question: Question) -> Answer:
        """Returns what Id2MetaVerify says of name and number."""
        members = {"ParamType": "normal", "IdentifyNum": question.number, "UserName": question.name}
        try:
            return self._read(question, self._called(urlencode(members, quote_via=quote).encode()))
        except Fault as fault:
            return answers.unavailable(self.code, fault.code)

    def _called(self, body: bytes) -> Reply:
        headers = {
            "Host": self.line.host,
            "Content-Type": "application/x-www-form-urlencoded",
            "x-acs-action": ACTION,
            "x-acs-version": VERSION,
            "x-acs-date": self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": self.nonce(),
            "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        }
        return self.line.post(body, {**headers, "Authorization": authorization(self.key_id, self.key_secret, headers)})

    def _read(self, question: Question, reply: Reply) -> Answer:
        members = reply.members()
        code, reference = members.get("Code"), members.get("RequestId")
        if code != "200" or reply.status != 200:
            meaning = REFUSALS.get(code, LATER) if isinstance(code, str) else LATER
            return answers.answer(question, self.code, meaning, code=code, reference=reference)
        result = members.get("ResultObject")
        code = result.get("BizCode") if isinstance(result, dict) else None
        meaning = RESULTS.get(code, LATER) if isinstance(code, str) else LATER
        return answers.answer(question, self.code, meaning, code=code, reference=reference)


def authorization(key_id: str, key_secret: str, headers: Mapping[str, str], query: str = "") -> str:
    """Returns the Authorization header of a POST to `/` that signs these headers, among them the hash of the body.

    ACS3-HMAC-SHA256, help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature: names of headers in small
    letters, sorted; `query` is the canonical query string, which Id2MetaVerify has none of.
    """
    signed = sorted((name.lower(), value.strip()) for name, value in headers.items())
    names = ";".join(name for name, _value in signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed)
    request = f"POST\n/\n{query}\n{lines}\n{names}\n{dict(signed)['x-acs-content-sha256']}"
    to_sign = f"{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.digest(key_secret.encode(), to_sign.encode(), "sha256").hex()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signature}"
