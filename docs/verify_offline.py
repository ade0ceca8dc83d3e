"""Verifies a certificate and its status without asking us: `python verify_offline.py CERTIFICATE JWKS STATUS_LIST ISSUER`.

Three files that were fetched before, or addresses; any JOSE library will do (`pip install joserfc`). Prints what it found;
exit code 0: valid, 1: not valid. CERTIFICATE is the .jwt file; JWKS stands at ISSUER/.well-known/jwks.json; STATUS_LIST at
the `uri` that the certificate names. Keep a list for its `ttl`, and rely on none after its `exp`.
"""

import base64
import json
import sys
import time
import zlib
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from joserfc import jws
from joserfc.jwk import KeySet


def read(place: str) -> str:
    return str(urlopen(place).read().decode()) if "://" in place else Path(place).read_text()  # noqa: S310 - the caller's own address


def demand(good: bool, otherwise: str) -> None:
    if not good:
        sys.exit(f"not valid: {otherwise}")


def verified(token: str, typ: str, keys: KeySet) -> dict[str, Any]:
    signed = jws.deserialize_compact(token, keys, algorithms=["ES256"])  # the algorithm is ours, never the token's
    demand(signed.protected == {"alg": "ES256", "typ": typ, "kid": signed.protected.get("kid")}, "another kind of token")
    return dict(json.loads(signed.payload or b""))


def status(certificate: str, jwks: str, status_list: str, issuer: str) -> int:
    keys, now = KeySet.import_key_set(json.loads(read(jwks))), time.time()
    claims = verified(read(certificate).strip().removesuffix("~"), "dc+sd-jwt", keys)
    demand(claims["iss"] == issuer and claims["nbf"] <= now < claims["exp"], "another issuer, or not its time")
    said, place = verified(read(status_list), "statuslist+jwt", keys), claims["status"]["status_list"]
    demand(said["sub"] == place["uri"] and said["iat"] <= now < said["exp"], "another list, or an old one")
    bits, lst = said["status_list"]["bits"], said["status_list"]["lst"]
    raw = zlib.decompressobj().decompress(base64.urlsafe_b64decode(lst + "=" * (-len(lst) % 4)), 2**24)
    demand(0 <= place["idx"] < len(raw) * 8 // bits, "an index outside the list")
    print(claims["sub"], "by the status list as of", time.strftime("%F %T UTC", time.gmtime(said["iat"])))
    return int(raw[place["idx"] * bits // 8] >> place["idx"] * bits % 8 & (1 << bits) - 1)


if __name__ == "__main__":
    value = status(*sys.argv[1:5])
    demand(value == 0, {1: "revoked, retired or run out", 2: "suspended"}.get(value, "an unknown status"))
    print("valid")
