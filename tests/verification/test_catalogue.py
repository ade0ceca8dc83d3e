"""The catalogue of reasons: every code is reached by a test, has a text for whoever reads it, and both languages know it."""

from pathlib import Path

import pytest
from django.utils import translation

from verification.reasons import REASONS, Kind, Reason

TESTS = Path(__file__).resolve().parents[1]
SOURCES = "\n".join(path.read_text() for path in TESTS.rglob("*.py") if path != Path(__file__))


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_code_is_reached_by_a_test(code: str) -> None:
    assert f'"{code}"' in SOURCES


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.code)
def test_every_code_says_what_to_do_in_both_languages(reason: Reason) -> None:
    asked = reason.kind in (Kind.RETRY, Kind.FINAL)
    texts = [reason.internal, *([reason.text, reason.help] if asked else [])]
    for text in texts:
        with translation.override("en"):
            english = str(text)
        with translation.override("zh-hans"):
            chinese = str(text)
        assert english.strip()
        assert chinese != english
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
