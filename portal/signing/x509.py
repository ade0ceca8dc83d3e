"""A signing key as readers of PDF know it: a certificate that it signs itself (RFC 5280)."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc.jwk import ECKey

NAME = "Virtual Human Registry"
LIFE = timedelta(days=3653)


def self_signed(key: ECKey, *, site: str, since: datetime) -> str:
    """Returns the certificate in PEM. Nobody vouches for it: readers are told to trust it by whoever compared it with ours."""
    private = key.private_key
    if not isinstance(private, EllipticCurvePrivateKey):
        raise TypeError("a signing key has a private half")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    unsigned = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + LIFE)
        .add_extension(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(site)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_FOR_SIGNATURES, critical=True)
    )
    return unsigned.sign(private, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


_FOR_SIGNATURES = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
