"""The gate in the reference. It is a process of its own without this framework, so its one call is described by hand."""

from typing import Any

from django.conf import settings
from django.utils import translation

from portal.accounts.callers import AddressRefused, KeyBad, OtherPlatform, ScopeMissing
from portal.accounts.models import Scope
from portal.kit.errors import Invalid, PortalError, TooMany
from portal.kit.problems import CONTENT_TYPE, as_dict
from registry.gate.asks import ACTIVITIES, MalformedId, TooLarge
from registry.gate.checks import PersonaUnknown, Stale
from registry.gate.server import TOO_MANY, MethodNotAllowed

PATH = "/v1/check"
_MOMENT = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string", "minLength": 1, "maxLength": 64}

QUESTION: dict[str, Any] = {
    "type": "object",
    "description": "A question. A member that is not known is refused.",
    "properties": {
        "registry_id": {**_TEXT, "description": "In any spelling people use."},
        "platform": {**_TEXT, "description": "Your own code."},
        "activity": {"type": "string", "enum": list(ACTIVITIES)},
        "purpose": {**_TEXT, "description": "Such as `commerce`. Left open, the answer names what is licensed."},
        "territory": {**_TEXT, "description": "Such as `CN`. Left open, the answer names where it is licensed."},
    },
    "required": ["registry_id", "platform", "activity"],
    "additionalProperties": False,
}
DECISION: dict[str, Any] = {
    "type": "object",
    "description": "The verdict. It may be relied on until `valid_until`; then ask again.",
    "properties": {
        "decision": {"type": "string", "enum": ["allow", "deny"]},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}, "help": {"type": "string"}},
                "required": ["code", "message", "help"],
            },
        },
        "obligations": {"type": "object", "description": "The label to show, the metadata to write, and the limits to keep."},
        "registry_id": {"type": "string"},
        "as_of": {**_MOMENT, "description": "How fresh the facts were."},
        "valid_until": {"type": ["string", "null"], "format": "date-time"},
        "verified_by": {"type": "string", "enum": ["gate"]},
        "environment": {"type": "string", "enum": ["live", "sandbox"]},
    },
    "required": ["decision", "reasons", "obligations", "registry_id", "as_of", "valid_until", "verified_by", "environment"],
}
ASKED = {"registry_id": "VH-7K3M-9QRT-2XWA", "platform": "demo-live", "activity": "live", "purpose": "commerce", "territory": "CN"}


def _problems() -> list[PortalError]:
    wrong = Invalid("The question has members that cannot be used.", errors={"activity": "This must be “live” or “upload”."})
    refused: list[PortalError] = [MalformedId(), KeyBad(), ScopeMissing([Scope.CHECK]), AddressRefused(), OtherPlatform(), PersonaUnknown()]
    limited = TooMany(TOO_MANY, retry_after=1, code="quota_exceeded")
    return [*refused, MethodNotAllowed(), TooLarge(), wrong, Invalid("The body is not JSON.", code="not_json"), limited, Stale()]


def _answers() -> dict[str, Any]:
    found: dict[str, Any] = {
        "200": {"description": "The verdict.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Decision"}}}}
    }
    for problem in _problems():
        answer = found.setdefault(str(problem.status), {"description": "", "content": {CONTENT_TYPE: {}}})
        answer["description"] += f"- `{problem.code}`: {problem.title}. {problem.detail}\n"
        content = answer["content"][CONTENT_TYPE]
        content["schema"] = {"$ref": "#/components/schemas/Problem"}
        content.setdefault("examples", {})[problem.code] = {"value": as_dict(problem)}
    return dict(sorted(found.items()))


def postprocess(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Returns the schema with the gate's call, at the gate's own address."""
    with translation.override("en"):
        answers = _answers()
    result["components"]["schemas"] |= {"Question": QUESTION, "Decision": DECISION}
    body = {"schema": {"$ref": "#/components/schemas/Question"}, "examples": {"live commerce": {"value": ASKED}}}
    result["paths"][PATH] = {
        "post": {
            "servers": [{"url": settings.GATE_URL, "description": "The gate"}],
            "operationId": "check",
            "tags": ["Gate"],
            "summary": "May this persona do this here now?",
            "description": "Asked before a stream goes live or a video goes up. Every decision is written down.\n\nScope: `gate:check`.",
            "security": [{"apiKey": []}, {"oauth2": [Scope.CHECK.value]}],
            "requestBody": {"required": True, "content": {"application/json": body}},
            "responses": answers,
        },
    }
    return result
