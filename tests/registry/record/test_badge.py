"""The badge that other sites show."""

import re
from xml.etree import ElementTree

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.kit import clock
from registry.issuing import registry_id as ids
from registry.issuing.models import Hold, Registration
from registry.record import drawing
from registry.record.drawing import LANGUAGES, NOT_REGISTERED, THEMES, Badge
from tests.registry.rows import registration_of

SVG = "{http://www.w3.org/2000/svg}"
UNKNOWN, MALFORMED = "VH-M9S3-46Q3-D25Q", "VH-M9S3-46Q3-D25R"
STATUSES = ["active", "suspended", "expired", "revoked", "retired", NOT_REGISTERED]


@pytest.fixture
def printed(alice: User) -> str:
    """The ID of a registered synthetic persona of Alice."""
    return ids.printed(registration_of(alice, now=clock.now()).registry_id)


def luminance(colour: str) -> float:
    """Returns the relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("theme", THEMES)
def test_every_badge_can_be_read_and_nothing_overflows(status: str, language: str, theme: str) -> None:
    drawn = ElementTree.fromstring(drawing.svg(Badge(UNKNOWN, status, language, theme)))  # noqa: S314 - our own drawing
    plates, letters = [each for each in drawn.iter(f"{SVG}rect") if each.get("fill")], list(drawn.iter(f"{SVG}text"))
    assert len(plates) == len(letters) == 2
    for plate, text in zip(plates, letters, strict=True):
        left, right = int(plate.get("x", "0")), int(plate.get("x", "0")) + int(plate.get("width", "0"))
        start = int(text.get("x", "0"))
        assert left < start
        assert start + int(text.get("textLength", "0")) < right
        light, dark = sorted((luminance(str(each.get("fill"))) for each in (plate, text)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5
    [title] = drawn.findall(f"{SVG}title")
    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == title.text
    assert title.text == f"{letters[0].text}: {letters[1].text}"
    assert {each.tag.removeprefix(SVG) for each in drawn.iter()} == {"svg", "title", "clipPath", "rect", "g", "text"}


def test_chinese_is_measured_as_wide_as_it_is_high() -> None:
    assert drawing.width("已冻结") == 3 * drawing.SIZE
    assert drawing.width("WWW") > drawing.width("iii")


def test_the_badge_follows_the_status(client: Client, printed: str) -> None:
    first = client.get(f"/badge/{printed}.svg")
    assert (first.status_code, first["Content-Type"]) == (200, "image/svg+xml; charset=utf-8")
    assert ">active<" in first.content.decode()
    assert client.get(f"/badge/{printed}.svg", headers={"if-none-match": first["ETag"]}).status_code == 304
    Hold.objects.create(registration=Registration.objects.get(), party="operator", reason="pause", placed_at=clock.now())
    again = client.get(f"/badge/{printed}.svg?lang=zh&theme=dark", headers={"if-none-match": first["ETag"]})
    assert ">已冻结<" in again.content.decode()


def test_other_sites_may_show_it_and_it_can_do_nothing(client: Client, printed: str) -> None:
    answer = client.get(f"/badge/{printed}.svg")
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=5, stale-if-error=300"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<script|<style|on\w+=|href|url\(http", answer.content.decode())


@pytest.mark.parametrize("name", [UNKNOWN, MALFORMED, "x", "<script>", "%3Cscript%3E"])
@pytest.mark.django_db
def test_what_nobody_registered_has_a_grey_badge(client: Client, name: str) -> None:
    answer = client.get(f"/badge/{name}.svg", {"lang": "zh"})
    assert (answer.status_code, answer["Content-Type"]) == (404, "image/svg+xml; charset=utf-8")
    assert ">未登记<" in answer.content.decode()
    assert "script" not in answer.content.decode()


@pytest.mark.parametrize("query", ["lang=fr", "theme=blue", "x=1", "lang=zh&lang=en", "lang=", "theme=light&size=2"])
def test_what_a_badge_cannot_do_is_refused(client: Client, printed: str, query: str) -> None:
    assert client.get(f"/badge/{printed}.svg?{query}").status_code == 400
