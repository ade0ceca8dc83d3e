"""Checking a certificate: every way to say yes that must be a no."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from joserfc.jwk import ECKey

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.kit import clock
from portal.signing import keys, tokens
from portal.signing.queries import public_keys
from portal.signing.tokens import TokenBad
from registry.certificates import claims as made
from registry.certificates import tasks, verifying
from registry.certificates.models import Certificate
from registry.certificates.verifying import Way
from registry.issuing import registry_id as ids
from registry.issuing import services as issuing
from registry.issuing.models import Party, Registration
from registry.statuslist import bits
from registry.statuslist.models import StatusList
from registry.statuslist.relay import Relay
from registry.statuslist.services import TYPE as LIST_TYPE
from tests.portal.signing.forging import forged
from tests.registry.rows import registration_of

pytestmark = pytest.mark.django_db
Act = Callable[[User], Actor]


@pytest.fixture
def row(alice: User) -> Certificate:
    """A certificate, and the list that it names, published."""
    registration = registration_of(alice, now=clock.now())
    tasks.issue(str(registration.pk))
    Relay().look(clock.now())
    return Certificate.objects.select_related("registration").get()


def ours() -> ECKey:
    """Returns our private key: what is signed with it is wrong for another reason."""
    return keys.configured()[0]


def resigned(row: Certificate, **changes: Any) -> str:
    """Returns the certificate with other claims, well signed."""
    return tokens.sign(ours(), typ=made.TYPE, content=tokens.payload({**row.claims, **changes})) + "~"


def problem(token: str) -> str:
    """Returns what is wrong with a certificate."""
    return verifying.by_token(token, clock.now()).problem


def test_a_certificate_in_force_is_good_by_the_list_of_its_moment(row: Certificate) -> None:
    checked = verifying.by_token(row.token, clock.now())
    signed_at = StatusList.objects.get().signed_at
    assert signed_at is not None
    assert (checked.good, checked.way, checked.as_of) == (True, Way.STATUS_LIST, signed_at.replace(microsecond=0))
    assert checked.registry_id == ids.printed(row.registration.registry_id)
    assert not checked.superseded


def test_the_list_says_what_has_become_of_it(row: Certificate, alice: User, bob: User, act: Act) -> None:
    registration: dict[str, Any] = {"registration_id": row.registration_id, "now": clock.now()}
    issuing.place_hold(actor=act(alice), party=Party.OPERATOR, reason="pause", note="", **registration)
    assert problem(row.token) == ""  # by the list of a moment ago, and the answer says of when
    Relay().look(clock.now())
    assert problem(row.token) == "suspended"
    issuing.lift_hold(actor=act(alice), party=Party.OPERATOR, **registration)
    Relay().look(clock.now())
    assert problem(row.token) == ""
    issuing.revoke(actor=act(bob), reason="legal_order", **registration)
    Relay().look(clock.now())
    assert problem(row.token) == "invalid"


def test_a_number_is_answered_by_the_registry_itself(row: Certificate, alice: User, act: Act) -> None:
    number = row.registration.registry_id
    assert verifying.by_number(number, clock.now()).way is Way.REGISTRY
    issuing.place_hold(
        actor=act(alice), registration_id=row.registration_id, party=Party.OPERATOR, reason="pause", note="", now=clock.now()
    )
    assert verifying.by_number(number, clock.now()).problem == "suspended"  # at once
    assert verifying.by_number(number, row.registration.expires_at).problem == "invalid"
    assert verifying.by_number(ids.draw(), clock.now()).problem == "unknown"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://evil.example"}, "issuer_wrong"),
        ({"vct": "urn:other"}, "vct_wrong"),
        ({"exp": 1}, "expired"),
        ({"exp": "never"}, "claims_missing"),
        ({"exp": None}, "claims_missing"),
        ({"exp": True, "nbf": False}, "expired"),
        ({"nbf": 9_999_999_999}, "not_yet_valid"),
        ({"jti": 7}, "claims_missing"),
        ({"jti": "x"}, "not_recorded"),
        ({"jti": "00000000-0000-0000-0000-000000000001"}, "not_recorded"),
        ({"status": {}}, "list_missing"),
        ({"status": []}, "list_missing"),
        ({"status": {"status_list": {"idx": 0, "uri": "https://evil.example/lists/1"}}}, "list_missing"),
    ],
)
def test_a_certificate_with_other_claims_is_refused(row: Certificate, changes: dict[str, Any], code: str) -> None:
    assert problem(resigned(row, **changes)) == code


@pytest.mark.parametrize("index", [-1, bits.SIZE, 2**70, "0", None, 1.5])
def test_an_index_that_is_none_of_the_list_is_refused(row: Certificate, index: Any) -> None:
    reference = {"idx": index, "uri": row.claims["status"]["status_list"]["uri"]}
    assert problem(resigned(row, status={"status_list": reference})) == "list_unreadable"


def test_a_tampered_certificate_is_refused(row: Certificate) -> None:
    kid, content = row.kid, row.content.encode()
    header = {"alg": "ES256", "typ": made.TYPE, "kid": kid}
    assert problem(forged(header, ours(), content) + "~") == ""  # the forger writes what we write
    assert problem(forged({**header, "alg": "none"}, None, content) + "~") == "algorithm_refused"
    assert problem(forged({**header, "alg": "HS256"}, ours().as_pem(private=False), content) + "~") == "algorithm_refused"
    assert problem(forged({**header, "typ": "statuslist+jwt"}, ours(), content) + "~") == "type_wrong"
    assert problem(forged({**header, "kid": keys.identifier(keys.draw())}, ours(), content) + "~") == "key_unknown"
    assert problem(forged({**header, "jku": "https://evil.example/jwks.json"}, ours(), content) + "~") == "header_refused"
    assert problem(forged(header, keys.draw(), content) + "~") == "signature_wrong"


def test_a_token_that_is_none_or_discloses_is_refused(row: Certificate) -> None:
    for token in (row.token[:-1], row.token + "WyJzYWx0IiwieCIsMV0~", row.token.replace("~", "~~"), "", "~", "a.b.c~"):
        assert problem(token) == "malformed"
    assert problem(StatusList.objects.get().token + "~") == "type_wrong"


def listed(row: Certificate, changes: Mapping[str, Any], inner: Mapping[str, Any], key: ECKey | None = None) -> str:
    """Returns why a certificate is refused with a list that says other things, well signed unless by `key`."""
    said = tokens.verify(StatusList.objects.get().token, typ=LIST_TYPE, keys=public_keys(clock.now()))
    said = {**said, **changes, "status_list": {**said["status_list"], **inner}}
    token = forged({"alg": "ES256", "typ": LIST_TYPE, "kid": row.kid}, key or ours(), tokens.payload(said))
    with pytest.raises(TokenBad) as caught:
        verifying.listed(row.claims, token, keys=public_keys(clock.now()), now=clock.now())
    return caught.value.code


def test_a_list_that_must_not_be_relied_on_refuses_the_certificate(row: Certificate) -> None:
    assert listed(row, {}, {}, key=keys.draw()) == "list_signature_wrong"
    assert listed(row, {"sub": "https://evil.example"}, {}) == "list_of_another"
    assert listed(row, {"exp": 1}, {}) == "list_expired"
    assert listed(row, {"iat": 9_999_999_999}, {}) == "list_expired"
    for inner in ({"bits": 3}, {"bits": None}, {"lst": "!"}, {"lst": ""}, {"lst": 7}, {"lst": bits.compress(b"\0")}):
        assert listed(row, {}, inner) == "list_unreadable"


def test_without_a_list_that_counts_nothing_is_good(row: Certificate) -> None:
    StatusList.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    checked = verifying.by_token(row.token, clock.now())
    assert (checked.good, checked.way, checked.problem) == (False, Way.CERTIFICATE, "list_missing")


def test_an_older_version_says_that_there_is_a_newer_one(row: Certificate) -> None:
    Registration.objects.update(version=2)
    assert verifying.by_token(row.token, clock.now()).superseded


def posted(client: Client, **data: Any) -> tuple[int, str]:
    """Returns status and text of the page after something was sent to it."""
    answer = client.post("/certificates/verify/", data, headers={"accept-language": "en"})
    return answer.status_code, answer.content.decode()


def test_the_page_takes_the_pdf_the_token_or_a_number_and_says_how_it_knows(client: Client, row: Certificate) -> None:
    for data in (bytes(row.paper or b""), row.token.encode()):
        status, text = posted(client, file=SimpleUploadedFile("c", data))
        assert status == 200
        assert "The certificate is genuine, and the registration is active." in text
        assert "published status list" in text
        assert ids.printed(row.registration.registry_id) in text
    status, text = posted(client, number=row.registration.registry_id.lower())
    assert "The registration is active." in text
    assert "By asking the registry itself" in text
    assert "<time datetime=" in text


def test_the_page_says_no_in_plain_words(client: Client, row: Certificate) -> None:
    assert "signature is wrong" in posted(client, file=SimpleUploadedFile("c", (row.token[:-9] + "AAAAAAAA~").encode()))[1]
    assert "Nothing is registered" in posted(client, number=ids.draw())[1]
    for data in ({}, {"number": "VH-0000-0000-0000"}, {"file": SimpleUploadedFile("c", b"%PDF-1.7")}):
        status, text = posted(client, **data)
        assert (status, "There is a problem" in text) == (422, True)
    large = SimpleUploadedFile("c", b"x" * (2 * 1024 * 1024 + 1))
    assert "at most 2 MB" in posted(client, file=large)[1]
    assert client.get("/certificates/verify/").status_code == 200


@pytest.mark.parametrize("data", [b"\0" * 5000, b"eyJ" * 50_000, b"eyJ" + b"a." * 100_000, bytes(range(256)) * 4000])
def test_whatever_is_sent_is_answered_at_once(client: Client, row: Certificate, data: bytes) -> None:
    began = clock.now()
    assert posted(client, file=SimpleUploadedFile("c", data))[0] == 422
    assert clock.now() - began < timedelta(seconds=3)
