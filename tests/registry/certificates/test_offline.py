"""The script of the documents verifies what we serve, over HTTP and from files, and says no where it must."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from portal.kit import clock
from portal.signing import keys, tokens
from portal.signing.queries import public_keys
from registry.certificates import tasks
from registry.certificates.models import Certificate
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.statuslist.models import StatusList
from registry.statuslist.relay import Relay
from tests.portal.signing.forging import forged
from tests.registry.rows import registration_of

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = Path(__file__).resolve().parents[3] / "docs" / "verify_offline.py"
ISSUER = "https://registry.example"


def ran(*words: str) -> tuple[int, str]:
    """Returns exit code and output of the script."""
    done = subprocess.run([sys.executable, str(SCRIPT), *words], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_the_script_is_as_short_as_it_says() -> None:
    lines = SCRIPT.read_text().split('"""')[2].splitlines()
    assert len([line for line in lines if line.strip() and not line.startswith(("import", "from"))]) <= 40


def test_the_script_verifies_what_is_served(alice: Any, live_server: LiveServer, settings: Any) -> None:
    settings.SITE_URL = live_server.url
    registration = registration_of(alice, now=clock.now())
    tasks.issue(str(registration.pk))
    Relay().look(clock.now())
    row, site = Certificate.objects.get(), live_server.url
    shown = ids.printed(registration.registry_id)
    uri = row.claims["status"]["status_list"]["uri"]
    places = (f"{site}/certificates/{shown}.jwt", f"{site}/.well-known/jwks.json", uri, site)
    code, said = ran(*places)
    assert (code, said.splitlines()[-1], shown in said) == (0, "valid", True)
    Registration.objects.update(revoked_at=clock.now())
    StatusList.objects.update(signed_at=None)
    registration.status_entry.__class__.objects.update(due_at=clock.now())
    Relay().look(clock.now())
    assert ran(*places)[0] == 1
    assert "revoked" in ran(*places)[1]


@pytest.fixture
def folder(alice: Any, settings: Any, tmp_path: Path) -> Path:
    """The three files, fetched before."""
    settings.SITE_URL = ISSUER
    tasks.issue(str(registration_of(alice, now=clock.now()).pk))
    Relay().look(clock.now())
    (tmp_path / "certificate").write_text(Certificate.objects.get().token)
    (tmp_path / "jwks").write_text(json.dumps({"keys": list(public_keys(clock.now()).values())}))
    (tmp_path / "list").write_text(StatusList.objects.get().token)
    return tmp_path


def offline(folder: Path, issuer: str = ISSUER) -> int:
    """Returns the script's exit code over the files."""
    return ran(*(str(folder / name) for name in ("certificate", "jwks", "list")), issuer)[0]


def test_the_script_needs_no_network_and_refuses_what_is_forged(folder: Path) -> None:
    assert offline(folder) == 0
    assert offline(folder, "https://other.example") == 1
    row, key = Certificate.objects.get(), keys.configured()[0]
    header = {"alg": "ES256", "typ": "dc+sd-jwt", "kid": row.kid}
    for other, signer in (({"alg": "none"}, None), ({"alg": "HS256"}, key.as_pem(private=False)), ({"typ": "x"}, key), ({}, keys.draw())):
        (folder / "certificate").write_text(forged({**header, **other}, signer, row.content.encode()) + "~")
        assert offline(folder) == 1, other
    outside = {**row.claims, "status": {"status_list": {"idx": 2**20, "uri": row.claims["status"]["status_list"]["uri"]}}}
    (folder / "certificate").write_text(forged(header, key, tokens.payload(outside)) + "~")
    assert offline(folder) == 1
