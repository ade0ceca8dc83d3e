"""A half-set authority is told when the portal starts, not by the first person who waits for its answer."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from verification import checks


def test_without_an_authority_nothing_is_wrong() -> None:
    assert checks.authority() == []


def test_a_whole_setting_is_right(settings: Settings) -> None:
    settings.AUTHORITY, settings.AUTHORITY_KEY_ID, settings.AUTHORITY_KEY_SECRET = "tencent", "AKIDexample", "the-secret-key"
    assert checks.authority() == []


def test_a_half_setting_stops_the_check_with_what_to_do_and_without_the_key(settings: Settings) -> None:
    settings.AUTHORITY, settings.AUTHORITY_KEY_ID, settings.AUTHORITY_KEY_SECRET = "tencent", "", "the-secret-key"
    with pytest.raises(SystemCheckError, match=r"verification\.E001.*AUTHORITY_KEY_ID") as refusal:
        call_command("check", stdout=StringIO(), stderr=StringIO())
    assert checks.HINT in str(refusal.value)
    assert "the-secret-key" not in str(refusal.value)
