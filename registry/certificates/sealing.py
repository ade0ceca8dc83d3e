"""The signature of a certificate's PDF (PAdES B-B, ETSI EN 319 142-1): by the key of its token, over the whole file, no change allowed."""

import io

from joserfc.jwk import ECKey
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.signing.x509 import NAME

FIELD = "Registry"


def sealed(pdf: bytes, *, key: ECKey, certificate: str) -> bytes:
    """Returns the PDF with the signature; `certificate` is the key's own, in PEM. A reader shows any change made since."""
    signer = SimpleSigner(
        signing_cert=next(load_certs_from_pemder_data(certificate.encode())),
        signing_key=load_private_key_from_pemder_data(key.as_der(private=True), passphrase=None),
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
