"""Copy the browser files named in package.json into the tree, byte for byte checked against package-lock.json.

`python tools/vendor.py` fetches and writes; `python tools/vendor.py --check` only compares the tree with its manifests.
The result is committed: nothing is fetched when the portal runs, and Node is not needed to build or run it.
"""

import argparse
import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = "MANIFEST.json"
# A storage that hashes names would look for the map files, which are not vendored.
SOURCE_MAP = re.compile(rb"^\s*(//[#@]|/\*#)\s*sourceMappingURL=.*$", re.MULTILINE)


class VendorError(Exception):
    """The files in the tree, the lock and the registry do not agree."""


def load(path: Path) -> dict[str, Any]:
    """The JSON object in `path`."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def registry() -> str:
    """The package registry npm is configured for: its environment variable, or what npm itself answers."""
    address = os.environ.get("NPM_CONFIG_REGISTRY", "")
    npm = shutil.which("npm")
    if not address and npm:
        address = subprocess.run([npm, "config", "get", "registry"], capture_output=True, text=True, check=True).stdout.strip()
    if not address.startswith("https://"):
        raise VendorError("No package registry is known: install npm, or set NPM_CONFIG_REGISTRY to an https address.")
    return address.rstrip("/")


def checked(content: bytes, integrity: str, package: str) -> bytes:
    """`content`, when its sha512 is the one in the lock. Raises VendorError otherwise."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != integrity:
        raise VendorError(f"{package}: the archive does not match package-lock.json")
    return content


def archive(package: str, lock: dict[str, Any], address: str) -> tarfile.TarFile:
    """The package's archive at the locked version, verified."""
    entry = lock["packages"][f"node_modules/{package}"]
    url = f"{address}/{package}/-/{package.rsplit('/', 1)[-1]}-{entry['version']}.tgz"
    with urllib.request.urlopen(url, timeout=60) as response:
        content = checked(response.read(), entry["integrity"], package)
    return tarfile.open(fileobj=io.BytesIO(content), mode="r:gz")


def extracted(package: str, names: list[str], source: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    """Each wanted file as (name in the tree, bytes without a source-map line)."""
    folder = package.rsplit("/", 1)[-1] if not package.startswith("@") else package[1:].split("/")[0]
    for name in names:
        member = source.extractfile(f"package/{name}")
        if member is None:
            raise VendorError(f"{package} has no file {name}")
        yield f"{folder}/{Path(name).name}", SOURCE_MAP.sub(b"", member.read()).rstrip() + b"\n"


def fetch(root: Path) -> None:
    """Write every vendored file and a manifest of hashes beside them."""
    package, lock, address = load(root / "package.json"), load(root / "package-lock.json"), registry()
    for target, wanted in package["vendor"].items():
        hashes: dict[str, str] = {}
        for name, files in wanted.items():
            for path, content in extracted(name, files, archive(name, lock, address)):
                destination = root / target / path
                destination.parent.mkdir(parents=True, exist_ok=True)
                destination.write_bytes(content)
                hashes[path] = hashlib.sha256(content).hexdigest()
        manifest = {"packages": {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted}, "sha256": hashes}
        (root / target / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def pinned(root: Path, wanted: list[str]) -> dict[str, str]:
    """The versions package.json asks for."""
    package = load(root / "package.json")
    versions = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    return {name: versions[name] for name in wanted}


def problems(root: Path) -> list[str]:
    """What differs between package.json, the manifests and the files on disk; empty when all agree."""
    found: list[str] = []
    for target, wanted in load(root / "package.json")["vendor"].items():
        folder = root / target
        manifest = load(folder / MANIFEST)
        if manifest["packages"] != pinned(root, list(wanted)):
            found.append(f"{target}: the manifest names other versions than package.json")
        present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
        found += [f"{target}/{path}: not in the manifest" for path in sorted(present - set(manifest["sha256"]))]
        for path, expected in manifest["sha256"].items():
            if path not in present:
                found.append(f"{target}/{path}: missing")
            elif hashlib.sha256((folder / path).read_bytes()).hexdigest() != expected:
                found.append(f"{target}/{path}: changed")
    return found


def main() -> int:
    """0 when the vendored files are as locked, 1 with the differences on stderr."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, fetch nothing")
    if not parser.parse_args().check:
        fetch(ROOT)
    differences = problems(ROOT)
    for difference in differences:
        sys.stderr.write(difference + "\n")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
