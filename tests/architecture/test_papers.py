"""Documents, catalogues and the list of settings say what the code does."""

import re
from pathlib import Path

import polib
import pytest

from registry.issuing.reasons import REASONS

PROJECT = Path(__file__).resolve().parents[2]
PAGES = [*PROJECT.glob("*.md"), *(PROJECT / "docs").glob("*.md")]
CATALOGUES = sorted((PROJECT / "locale").glob("*/LC_MESSAGES/*.po"))
# The verdict's codes of the design; the gate may give no other.
CODES = {
    *("persona_unknown", "not_active", "consent_missing", "consent_expired", "consent_withdrawn", "scope_not_covered"),
    *("operator_unverified", "operator_reverify_due", "driver_required", "driver_unverified", "age_below_limit", "guardian_missing"),
    *("hold_consent", "hold_operator", "hold_officer", "hold_label", "hold_legal"),
    *("key_bad", "key_bound_elsewhere", "label_missing", "replay"),
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_link_in_a_document_is_dead(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)\)", page.read_text())
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_readme_has_the_two_commands() -> None:
    readme = (PROJECT / "README.md").read_text()
    assert "pip install uv && uv run manage.py up --demo" in readme
    assert "pip install uv && uv run pytest" in readme


def test_there_are_catalogues() -> None:
    assert [path.parts[-3] for path in CATALOGUES] == ["zh_Hans"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_text_is_translated_with_its_placeholders(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue.untranslated_entries() + catalogue.fuzzy_entries()] == []
    held = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
    for entry in catalogue:
        translated = [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())
        for text in translated:
            assert set(held.findall(text)) == set(held.findall(entry.msgid_plural or entry.msgid)), entry.msgid


def test_every_setting_is_named_in_the_example() -> None:
    settings = (PROJECT / "portal" / "settings.py").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", settings)) | {"SECRET_KEY", "VAULT_MASTER_KEYS", "VAULT_INDEX_KEY"}
    named = set(re.findall(r"^#? ?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    assert read - named == set()


def test_every_reason_of_the_design_has_its_texts_and_no_other_does() -> None:
    assert set(REASONS) == CODES
    assert all(reason.message and reason.help for reason in REASONS.values())
