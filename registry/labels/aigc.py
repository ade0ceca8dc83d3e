"""The implicit label: the AIGC object of GB 45438-2025 Annex E. Pure.

Seven fields, every one a string. We write only the characters that the annex names (GB 18030 0x21, 0x23 to 0x5B, 0x5D to 0x7E: no
space, no quotation mark, no backslash, no Chinese), and on the first write the propagator's fields repeat the producer's (note 1).
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.labels import provider_code
from registry.labels.findings import Finding

FIELDS = ("Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2")
GENERATED, POSSIBLY, SUSPECTED = "1", "2", "3"
MEANINGS: dict[str, str | Promise] = {
    GENERATED: _("It was made by AI."),
    POSSIBLY: _("It may have been made by AI: whoever published it says so."),
    SUSPECTED: _("It is suspected to have been made by AI."),
}
LONGEST = 16 * 1024  # characters of a label that are read at all
LONGEST_NUMBER = 64
_ALLOWED = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]*")
_BASE64 = re.compile(r"ey[A-Za-z0-9+/_-]{20,}={0,2}")


@dataclass(frozen=True, slots=True)
class Label:
    """The seven fields."""

    label: str
    producer: str
    produce_id: str
    reserved_1: str = ""
    propagator: str = ""
    propagate_id: str = ""
    reserved_2: str = ""

    def as_dict(self) -> dict[str, str]:
        """Returns the fields under the names and in the order of the annex."""
        values = (self.label, self.producer, self.produce_id, self.reserved_1, self.propagator, self.propagate_id, self.reserved_2)
        return dict(zip(FIELDS, values, strict=True))

    def as_json(self) -> str:
        """Returns what is written into a file under the key AIGC: compact JSON, printable ASCII."""
        return json.dumps(self.as_dict(), separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A label as it was found: its fields (texts only; empty if it cannot be read), and what is to be said of it."""

    fields: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def well_formed(self) -> bool:
        """Whether nothing in it goes against the annex."""
        return not any(finding.is_fault for finding in self.findings)


def allowed(text: str) -> bool:
    """Returns whether every character of a value may stand in a label."""
    return _ALLOWED.fullmatch(text) is not None


def first_write(*, producer: str, produce_id: str, label: str = GENERATED) -> Label:
    """Returns the label of whoever writes first: the propagator's fields are the producer's. Raises ValueError if it is malformed."""
    written = Label(label, producer, produce_id, propagator=producer, propagate_id=produce_id)
    if not read(written.as_json()).well_formed:
        raise ValueError(written)
    return written


def produce_id(printed_id: str, number: str) -> str:
    """Returns the content's number: the registry ID and the caller's own number of 1 to 64 characters. Raises ValueError."""
    if not 0 < len(number) <= LONGEST_NUMBER or not allowed(number):
        raise ValueError(number)
    return f"{printed_id}.{number}"


def read(text: str) -> Reading:
    """Returns what a label says, as the bare object or under the member AIGC, with everything that is wrong with it."""
    if len(text) > LONGEST:
        return Reading({}, (Finding("too_long"),))
    twice: list[str] = []
    try:
        found = json.loads(text, object_pairs_hook=lambda pairs: _once(pairs, twice))
    except (ValueError, RecursionError):
        return Reading({}, (Finding("base64" if _BASE64.fullmatch(text.strip()) else "not_json"),))
    if isinstance(found, dict) and set(found) == {"AIGC"}:
        found = found["AIGC"]
    if not isinstance(found, dict):
        return Reading({}, (Finding("not_an_object"),))
    findings = [Finding("field_twice", _shown(name)) for name in twice]
    findings += [finding for name in FIELDS for finding in _judged(name, found)]
    findings += [Finding("field_unknown", _shown(name)) for name in sorted(set(found) - set(FIELDS))[: len(FIELDS)]]
    return Reading({name: _whole(found[name]) for name in FIELDS if isinstance(found.get(name), str)}, tuple(findings))


def _whole(value: str) -> str:
    """Half a character (a lone surrogate, which JSON can escape) can be shown to nobody."""
    return value.encode(errors="replace").decode()


def _once(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    names = [name for name, _value in pairs]
    twice.extend(sorted({name for name in names if names.count(name) > 1}) if len(names) <= LONGEST_NUMBER else [])
    return dict(pairs)


def _shown(name: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in name[:40])


def _judged(name: str, found: dict[str, Any]) -> list[Finding]:
    if name not in found:
        return [Finding("field_missing", name)]
    value = found[name]
    if not isinstance(value, str):
        return [Finding("field_not_text", name)]
    if not allowed(value):
        return [Finding("characters", name)]
    return [Finding(code, name) for code in [_content(name, value)] if code]


def _content(name: str, value: str) -> str:
    if name == "Label":
        return "" if value in MEANINGS else "label_value"
    if not value:
        return {"ContentProducer": "empty", "ProduceID": "empty", "ContentPropagator": "propagator_empty"}.get(name, "")
    named = name in ("ContentProducer", "ContentPropagator")
    wrong = named and provider_code.looks_like_one(value) and provider_code.read(value) is None
    return "provider_code" if wrong else ""
