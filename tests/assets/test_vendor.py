"""The committed browser files are the locked ones, and a changed byte is noticed."""

import json
import shutil
from pathlib import Path

import pytest

from tools import vendor

FILES = ("package.json", "package-lock.json")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the vendored files that a test may spoil."""
    for name in FILES:
        shutil.copy(vendor.ROOT / name, tmp_path / name)
    for folder in vendor.load(vendor.ROOT / "package.json")["vendor"]:
        shutil.copytree(vendor.ROOT / folder, tmp_path / folder)
    return tmp_path


def test_the_committed_files_match_their_manifests() -> None:
    assert vendor.problems(vendor.ROOT) == []


def test_a_tampered_file_is_named(copy: Path) -> None:
    script = copy / "static/vendor/htmx.org/htmx.min.js"
    script.write_bytes(script.read_bytes() + b"\n//")
    assert vendor.problems(copy) == ["static/vendor/htmx.org/htmx.min.js: changed"]


def test_a_missing_and_an_unlisted_file_are_named(copy: Path) -> None:
    (copy / "static/vendor/tabler/tabler.min.js").unlink()
    (copy / "static/vendor/extra.js").write_text("")
    assert vendor.problems(copy) == ["static/vendor/extra.js: not in the manifest", "static/vendor/tabler/tabler.min.js: missing"]


def test_another_version_in_the_package_file_is_noticed(copy: Path) -> None:
    package = vendor.load(copy / "package.json")
    package["dependencies"]["htmx.org"] = "4.0.0"
    (copy / "package.json").write_text(json.dumps(package))
    assert vendor.problems(copy) == ["static/vendor: the manifest names other versions than package.json"]


def test_an_archive_with_another_hash_is_refused() -> None:
    with pytest.raises(vendor.VendorError, match="does not match"):
        vendor.checked(b"other bytes", "sha512-AAAA", "htmx.org")


def test_the_lock_pins_every_package_by_hash_and_names_no_host() -> None:
    packages = vendor.load(vendor.ROOT / "package-lock.json")["packages"]
    wanted = [entry for name, entry in packages.items() if name]
    assert all(entry["integrity"].startswith("sha512-") and "resolved" not in entry for entry in wanted)


def test_no_vendored_file_points_at_a_source_map() -> None:
    scripts = [path for path in (vendor.ROOT / "static/vendor").rglob("*.*") if path.suffix in {".js", ".css"}]
    assert scripts
    assert not any(b"sourceMappingURL=" in path.read_bytes() for path in scripts)
