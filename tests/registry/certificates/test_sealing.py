"""The page is signed by the key of its token; a page that was changed is told from ours, in a reader and by us."""

import io
from base64 import urlsafe_b64decode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from portal.accounts.models import User
from portal.kit import clock
from portal.signing import keys, services
from portal.signing.models import SigningKey
from registry.certificates import paper, tasks
from registry.certificates.models import Certificate
from tests.registry.rows import registration_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(alice: User) -> Certificate:
    """A certificate of a synthetic persona of Alice."""
    registration = registration_of(alice, now=clock.now())
    tasks.issue(str(registration.pk))
    return Certificate.objects.get()


def judged(client: Client, page: bytes) -> PdfSignatureStatus:
    """Returns what a reader says that trusts the certificates we publish."""
    published = client.get("/.well-known/signing-certificates.pem").content
    roots = list(load_certs_from_pemder_data(published))
    signature = PdfFileReader(io.BytesIO(page)).embedded_signatures[0]
    return validate_pdf_signature(signature, ValidationContext(trust_roots=roots))


def answer(client: Client, page: bytes) -> str:
    """Returns what our own page says of a file."""
    sent = {"file": SimpleUploadedFile("certificate.pdf", page, "application/pdf")}
    return client.post("/certificates/verify/", sent).content.decode()


def test_a_reader_that_trusts_our_certificate_finds_the_whole_file_signed(client: Client, certificate: Certificate) -> None:
    status = judged(client, bytes(certificate.paper or b""))
    assert status.bottom_line
    assert status.modification_level == ModificationLevel.NONE


def test_the_page_bears_the_signature_of_the_key_that_signed_its_token(certificate: Certificate) -> None:
    signer = PdfFileReader(io.BytesIO(bytes(certificate.paper or b""))).embedded_signatures[0].signer_cert
    x, y = (SigningKey.objects.get(kid=certificate.kid).public[name] for name in ("x", "y"))
    assert signer.public_key["public_key"].native == b"\x04" + urlsafe_b64decode(f"{x}=") + urlsafe_b64decode(f"{y}=")


def test_one_byte_more_and_the_page_is_not_ours(client: Client, certificate: Certificate) -> None:
    page = bytes(certificate.paper or b"")
    assert "genuine, and the registration" not in answer(client, page + b"\n")
    assert "not the one we issued" in answer(client, page + b"\n")
    assert "not the one we issued" not in answer(client, page)


def test_a_genuine_token_in_a_page_of_somebody_elses_making_is_told(client: Client, certificate: Certificate) -> None:
    forged = paper.draw({**certificate.claims, "names": {"zh": "", "en": "Somebody Famous"}}, certificate.token)
    shown = answer(client, forged)
    assert "not the one we issued" in shown
    assert "Somebody Famous" not in shown


def test_a_reader_sees_what_was_added_to_the_page(client: Client, certificate: Certificate) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(bytes(certificate.paper or b"")))
    writer.root["/Lang"] = writer.root.get("/Version", writer.root["/Type"])
    writer.update_root()
    changed = io.BytesIO()
    writer.write(changed)
    assert not judged(client, changed.getvalue()).bottom_line


def test_a_key_that_was_published_without_a_certificate_gets_one(certificate: Certificate) -> None:
    SigningKey.objects.update(certificate="")
    [key] = keys.configured()
    made = services.certificate_of(key, clock.now())
    assert made.startswith("-----BEGIN CERTIFICATE-----")
    assert services.certificate_of(key, clock.now()) == made


def test_the_certificates_of_a_revoked_key_are_published_no_longer(client: Client, certificate: Certificate) -> None:
    assert b"BEGIN CERTIFICATE" in client.get("/.well-known/signing-certificates.pem").content
    SigningKey.objects.update(revoked_at=clock.now())
    assert client.get("/.well-known/signing-certificates.pem").content == b""
