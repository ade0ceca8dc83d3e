"""Standard Webhooks 1.0: the standard's own vector, its library as the receiver, ed25519 by the library of cryptography."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from portal.webhooks import signing
from portal.webhooks.signing import Scheme

# "Standard Webhooks 1.0.0 example", https://github.com/standard-webhooks/standard-webhooks (the secret of its specification)
VECTOR = json.loads((Path(__file__).parent / "vector.json").read_text())


def test_the_vector_of_the_standard_is_signed_alike() -> None:
    moment = datetime.fromtimestamp(VECTOR["timestamp"], tz=UTC)
    assert signing.sign(VECTOR["secret"], VECTOR["id"], VECTOR["body"], moment) == VECTOR["signature"]


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    moment = datetime.fromtimestamp(VECTOR["timestamp"], tz=timezone(timedelta(hours=8)))
    assert signing.sign(VECTOR["secret"], VECTOR["id"], VECTOR["body"], moment) == VECTOR["signature"]


def test_the_library_of_the_standard_accepts_any_of_several_secrets() -> None:
    now = datetime.now(tz=UTC)
    (old, _), (new, _), (stranger, _) = (signing.draw(Scheme.V1) for _ in range(3))
    sent = signing.headers("msg_1", '{"type": "x"}', keys=[new, old], now=now)
    assert Webhook(old).verify('{"type": "x"}', sent) == {"type": "x"}
    assert Webhook(new).verify('{"type": "x"}', sent) == {"type": "x"}
    with pytest.raises(WebhookVerificationError):
        Webhook(stranger).verify('{"type": "x"}', sent)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify('{"type": "y"}', sent)


def test_v1a_is_ed25519_over_identifier_time_and_body() -> None:
    private, public = signing.draw(Scheme.V1A)
    assert (private[:5], public[:5]) == ("whsk_", "whpk_")
    moment = datetime.fromtimestamp(1_700_000_000, tz=UTC)
    version, _, signature = signing.sign(private, "msg_1", "{}", moment).partition(",")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public[5:]))
    assert version == "v1a"
    key.verify(base64.b64decode(signature), b"msg_1.1700000000.{}")
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(signature), b"msg_1.1700000001.{}")


def test_the_standards_receiver_passes_over_a_signature_of_the_other_scheme() -> None:
    (old, _), (private, _) = signing.draw(Scheme.V1), signing.draw(Scheme.V1A)
    sent = signing.headers("msg_1", "{}", keys=[private, old], now=datetime.now(tz=UTC))
    assert Webhook(old).verify("{}", sent) == {}


def test_a_key_of_no_known_form_signs_nothing() -> None:
    with pytest.raises(ValueError, match="whsec_"):
        signing.sign("whpk_AAAA", "msg_1", "{}", datetime.now(tz=UTC))
