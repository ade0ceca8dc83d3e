"""Every template keeps to what the content security policy and the elements allow."""

import re
from pathlib import Path

import pytest

from tools.vendor import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
FORBIDDEN = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*="),
    "an inline handler": re.compile(r"\s(?:on[a-z]+|hx-on[:a-z-]*)\s*="),
    "an evaluated trigger or value": re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\[|[\"']js:"),
    "an inline script": re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))"),
    "an address on another host": re.compile(r"(?:src|href|action)=\"(?:https?:)?//"),
}
# An attribute bound with ":" reaches `attrs` unescaped, so only whole objects are passed that way.
OBJECTS = {"field", "form", "steps", "page"}
BOUND = re.compile(r"<c-[^>]*?\s:([a-z_-]+)=")
STATIC = re.compile(r"{% static ['\"]([^'\"]+)['\"] %}")
ALLAUTH = ("account/", "mfa/")


def name(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_holds_nothing_the_policy_refuses(path: Path) -> None:
    text = TAGS.sub("x", path.read_text(encoding="utf-8"))
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_only_objects_are_bound_to_an_element(path: Path) -> None:
    text = TAGS.sub("x", path.read_text(encoding="utf-8"))
    assert set(BOUND.findall(text)) <= OBJECTS


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_static_file_a_template_names_exists(path: Path) -> None:
    named = STATIC.findall(path.read_text(encoding="utf-8"))
    assert [file for file in named if not file.startswith(ALLAUTH) and not (ROOT / "static" / file).is_file()] == []


def test_the_check_would_notice_a_breach() -> None:
    breaches = ['<p style="x">', '<a onclick="x()">', '<i hx-trigger="click[x]">', "<script>x</script>", '<img src="//elsewhere/x.png">']
    assert [any(pattern.search(breach) for pattern in FORBIDDEN.values()) for breach in breaches] == [True] * len(breaches)
