"""The sandbox's own signing key: no verifier of the registry knows it, so nothing that it signs is ever taken for the registry's."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from joserfc.jwk import ECKey

_PURPOSE = b"virtual-human-registry sandbox ES256 1"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SP 800-186 §3.2.1.3)
_BYTES = 40  # 64 bits more than the order has, so that no key is likelier than another (FIPS 186-5 §A.2.1)


def key() -> ECKey:
    """Returns the key: derived from SECRET_KEY (HKDF, RFC 5869), so that every process has the same and none is kept."""
    return _derived(settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _derived(secret: str) -> ECKey:
    drawn = HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=_PURPOSE).derive(secret.encode())
    private = ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, ec.SECP256R1())
    return ECKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def issuer() -> str:
    """Returns the `iss` of the sandbox: an issuer of its own."""
    return f"{settings.SITE_URL}/sandbox"
