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
from urllib.request import urlopen

from joserfc import jws
from joserfc.jwk import KeySet


def read(place: str) -> str:
    return urlopen(place).read().decode() if "://" in place else open(place).read()


def verified(token: str, typ: str, keys: KeySet) -> dict:
    signed = jws.deserialize_compact(token, keys, algorithms=["ES256"])  # the algorithm is ours, never the token's
    assert signed.protected["typ"] == typ and set(signed.protected) == {"alg", "typ", "kid"}, "another kind of token"
    return json.loads(signed.payload)


def status(certificate: str, jwks: str, status_list: str, issuer: str) -> int:
    keys, now = KeySet.import_key_set(json.loads(read(jwks))), time.time()
    claims = verified(read(certificate).strip().removesuffix("~"), "dc+sd-jwt", keys)
    assert claims["iss"] == issuer and claims["nbf"] <= now < claims["exp"], "another issuer, or not its time"
    said, place = verified(read(status_list), "statuslist+jwt", keys), claims["status"]["status_list"]
    assert said["sub"] == place["uri"] and said["iat"] <= now < said["exp"], "another list, or an old one"
    bits, lst = said["status_list"]["bits"], said["status_list"]["lst"]
    raw = zlib.decompressobj().decompress(base64.urlsafe_b64decode(lst + "=" * (-len(lst) % 4)), 2**24)
    assert 0 <= place["idx"] < len(raw) * 8 // bits, "an index outside the list"
    byte, shift = raw[place["idx"] * bits // 8], place["idx"] * bits % 8
    print(claims["sub"], "by the status list as of", time.strftime("%F %T UTC", time.gmtime(said["iat"])))
    return byte >> shift & (1 << bits) - 1


if __name__ == "__main__":
    value = status(*sys.argv[1:5])
    print({0: "valid", 1: "invalid: revoked, retired or run out", 2: "suspended"}.get(value, "not valid"))
    sys.exit(value != 0)
