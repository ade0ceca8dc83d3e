"""The sandbox's certificates verify under its own issuer and nowhere else."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from portal.kit import clock
from portal.signing import keys
from portal.signing.queries import public_keys
from portal.signing.tokens import TokenBad
from registry.certificates import verifying
from registry.issuing import registry_id as ids
from registry.sandbox import certificates, signing
from registry.sandbox.cast import ALLOWED, BUSY, BY_ID, PERSONAS
from registry.statuslist.rules import INVALID, SUSPENDED, VALID

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).resolve().parents[3] / "docs" / "verify_offline.py"
STANDING = {
    "TESTA110WEDZ": VALID,
    "TESTAN0NYM08": VALID,  # its operator may not go live; the registration itself stands
    "TESTREV0KEDB": INVALID,
    "TESTRET1RED3": INVALID,
    "TESTH01D1EGE": SUSPENDED,
    "TESTW1THDRNG": SUSPENDED,
}
CERTIFIED = [each.registry_id for each in PERSONAS if each.changed and each.registry_id != "TESTEXP1RY07"]


def own_keys() -> dict[str, Any]:
    """Returns the sandbox's public key by its `kid`."""
    return {keys.identifier(signing.key()): keys.public(signing.key())}


@pytest.mark.parametrize("registry_id", CERTIFIED)
def test_a_certificate_verifies_with_its_entry_in_the_list(registry_id: str) -> None:
    now, known = clock.now(), own_keys()
    claims = verifying.certificate(certificates.token(registry_id, now), keys=known, issuer=signing.issuer(), now=now)
    assert claims["sub"] == ids.printed(registry_id)
    value, _as_of = verifying.listed(claims, certificates.status_list(now), keys=known, now=now)
    assert value == STANDING.get(registry_id, value)
    facts = BY_ID[registry_id].facts("any", now)
    assert (value == SUSPENDED) >= bool(facts and facts.holds)


def test_what_has_run_out_is_told_by_the_certificate_itself() -> None:
    now = clock.now()
    with pytest.raises(TokenBad, match="expired"):
        verifying.certificate(certificates.token("TESTEXP1RY07", now), keys=own_keys(), issuer=signing.issuer(), now=now)


def test_a_verifier_of_the_registry_refuses_them(settings: Any) -> None:
    now = clock.now()
    token = certificates.token(ALLOWED.registry_id, now)
    assert verifying.by_token(token, now).problem == "key_unknown"
    assert not set(own_keys()) & set(public_keys(now))
    with pytest.raises(TokenBad, match="key_unknown"):
        verifying.certificate(token, keys=public_keys(now), issuer=settings.SITE_URL, now=now)
    with pytest.raises(TokenBad, match="issuer_wrong"):  # even one that was talked into the sandbox's keys
        verifying.certificate(token, keys=own_keys(), issuer=settings.SITE_URL, now=now)


def test_another_secret_has_another_key_and_the_same_secret_the_same(settings: Any) -> None:
    first = keys.identifier(signing.key())
    settings.SECRET_KEY = "another"
    second = keys.identifier(signing.key())
    assert first != second
    signing._derived.cache_clear()
    assert keys.identifier(signing.key()) == second


@pytest.mark.parametrize("registry_id", ["VH-TEST-N0B0-DY0Q", ids.printed(BUSY), "VH-0000-0000-0000", "x"])
def test_there_is_none_for_what_is_not_registered(client: Client, registry_id: str) -> None:
    assert client.get(f"/sandbox/certificates/{registry_id}.jwt").status_code == 404


def test_the_issuer_says_where_its_keys_are(client: Client, settings: Any) -> None:
    said = client.get("/.well-known/jwt-vc-issuer/sandbox").json()
    assert said == {"issuer": f"{settings.SITE_URL}/sandbox", "jwks_uri": f"{settings.SITE_URL}/sandbox/.well-known/jwks.json"}
    shown = client.get("/sandbox/.well-known/jwks.json")
    assert shown.json() == {"keys": list(own_keys().values())}
    assert "d" not in shown.json()["keys"][0]
    assert shown["Access-Control-Allow-Origin"] == "*"
    assert client.get("/.well-known/jwks.json").json()["keys"] != shown.json()["keys"]


def verified(site: str, shown: str, issuer: str, jwks: str) -> tuple[int, str]:
    """Returns exit code and output of the script of the documents."""
    places = (f"{site}/sandbox/certificates/{shown}.jwt", jwks, f"{site}/sandbox/statuslists/1", issuer)
    done = subprocess.run([sys.executable, str(SCRIPT), *places], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.django_db(transaction=True)
def test_the_script_of_the_documents_verifies_them_when_it_is_told_their_issuer(live_server: LiveServer, settings: Any) -> None:
    site = settings.SITE_URL = live_server.url
    own = (f"{site}/sandbox", f"{site}/sandbox/.well-known/jwks.json")
    code, said = verified(site, ids.printed(ALLOWED.registry_id), *own)
    assert (code, said.splitlines()[-1]) == (0, "valid")
    for word, registry_id in (("revoked", "TESTREV0KEDB"), ("suspended", "TESTH01D0FFK"), ("not its time", "TESTEXP1RY07")):
        code, said = verified(site, ids.printed(registry_id), *own)
        assert (code, word in said) == (1, True), said
    assert verified(site, ids.printed(ALLOWED.registry_id), site, own[1])[0] == 1
    assert verified(site, ids.printed(ALLOWED.registry_id), site, f"{site}/.well-known/jwks.json")[0] == 1
