"""The signature of a certificate's PDF (PAdES B-B, ETSI EN 319 142-1): by the key of its token, over the whole file, no change allowed."""

import io

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.pem import unarmor
from asn1crypto.x509 import Certificate as X509
from joserfc.jwk import ECKey
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.signing.x509 import NAME

FIELD = "Registry"


def sealed(pdf: bytes, *, key: ECKey, certificate: str) -> bytes:
    """Returns the PDF with the signature; `certificate` is the key's own, in PEM. A reader shows any change made since."""
    signer = SimpleSigner(
        signing_cert=X509.load(unarmor(certificate.encode())[2]),
        signing_key=PrivateKeyInfo.load(key.as_der(private=True)),
        cert_registry=SimpleCertificateStore(),
    )
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=NAME,
    )
    written: bytes = sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), metadata, signer=signer).getvalue()
    return written
