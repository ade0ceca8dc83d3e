"""The record as RDAP writes it (RFC 9083): registered names where there are, members under the prefix `vhr_` elsewhere. Pure.

Nothing here is translated: an answer kept in a cache is the same for every reader, and notices are given in both languages.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from registry.record.history import PUBLIC

MEDIA_TYPE = "application/rdap+json"
CONFORMANCE = ["rdap_level_0", "vhr"]
_HOW_TO_READ = {
    "title": "How to read this",
    "description": [
        "Active: a verified operator answers for this virtual human. Any other status: platforms refuse it.",
        "有效：有已核验的运营者对该虚拟人负责。其他状态：平台拒绝其开播和上传。",
        "Whether it may appear on a platform now is asked at the gate each time.",
    ],
}
_LIMITED = {
    "title": "Rate limits",
    "description": ["Look-ups are limited for each address. Platforms ask the gate or read the status list instead."],
}
_REDACTED = {
    "title": "REDACTED FOR PRIVACY",
    "type": "object redacted due to authorization",
    "description": [
        "The operator is a natural person. The registry has verified who that is, and tells nobody here.",
        "运营者为自然人，登记处已核验其身份，在此不予公开。",
    ],
}
_PORTRAYED = {
    "title": "REDACTED FOR PRIVACY",
    "type": "object redacted due to authorization",
    "description": [
        "Whether a portrayed person agrees is public; who that is is not.",
        "被授权人像本人是否同意为公开信息，其身份不予公开。",
    ],
}


def of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the RDAP form of `public.document`."""
    page = next(each["href"] for each in document["links"] if each["rel"] == "self")
    return {
        "rdapConformance": CONFORMANCE,
        "objectClassName": "vhr_virtual_human",
        "handle": document["handle"],
        "status": document["effective"],  # RFC 8056 names what RFC 9083 §10.2.2 does not
        "events": _events(document["events"]),
        "entities": [_entity(each) for each in document["entities"]],
        "links": [_link(page, page, "self", MEDIA_TYPE), *(_link(page, *_told(each)) for each in document["links"][1:])],
        "notices": [_HOW_TO_READ | {"links": [_link(page, page, "alternate", "text/html")]}, _LIMITED],
        "remarks": [_PORTRAYED] if document["consent"] != "not_needed" else [],
        "lang": "en",
        "vhr_status": document["status"],
        "vhr_names": document["names"],
        "vhr_description": document["description"],
        "vhr_driveMode": document["drive_mode"],
        "vhr_platforms": document["platforms"],
        "vhr_handles": document["handles"],
        "vhr_consent": document["consent"],
        "vhr_revocation": document["revocation"],
        "vhr_nationalCode": document["national_code"],
        "vhr_version": document["version"],
    }


def error(status: int, title: str, detail: str) -> dict[str, Any]:
    """Returns the answer for an error (RFC 9083 §6)."""
    told = {"rdapConformance": CONFORMANCE, "errorCode": status, "title": title or HTTPStatus(status).phrase}
    return told | ({"description": [detail]} if detail else {})


def _events(events: list[dict[str, str]]) -> list[dict[str, str]]:
    """RDAP's “last changed” is one event; the others are a history."""
    told = [{"eventAction": PUBLIC.get(each["eventAction"], each["eventAction"]), "eventDate": each["eventDate"]} for each in events]
    changes = [each for each in told if each["eventAction"] == "last changed"]
    return [each for each in told if each["eventAction"] != "last changed" or each is changes[0]]


def _entity(operator: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "objectClassName": "entity",
        "roles": ["registrant"],
        "status": ["validated"] if operator["verified"] else [],
        "vhr_class": operator["class"],
        "vhr_lastVerified": operator["last_verified"],
    }
    if "name" not in operator:
        return told | {"status": [*told["status"], "private"], "remarks": [_REDACTED]}
    return told | {
        "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["kind", {}, "text", "org"], ["fn", {}, "text", operator["name"]]]],
        "publicIds": [{"type": "Unified Social Credit Code", "identifier": operator["uscc"]}],
    }


def _told(link: Mapping[str, str]) -> tuple[str, str, str]:
    return link["href"], link["rel"], link["type"]


def _link(value: str, href: str, rel: str, media_type: str) -> dict[str, str]:
    return {"value": value, "rel": rel, "href": href, "type": media_type}
