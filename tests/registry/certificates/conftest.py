"""Certificates are drawn in a font that takes no second to load; one test draws with the other."""

import pytest

from registry.certificates import paper


@pytest.fixture(autouse=True)
def latin(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no font for Chinese on this machine."""
    monkeypatch.setattr(paper, "font", lambda: None)
