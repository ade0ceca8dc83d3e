"""Signing keys and tokens: what is drawn, what rotates, and what no token can talk us into."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from joserfc.jwk import ECKey

from portal.access.actor import CONSOLE
from portal.audit.models import Entry
from portal.kit.errors import Conflict, Forbidden
from portal.signing import keys, queries, services, tokens
from portal.signing.models import SigningKey
from portal.signing.services import LEAD
from tests.portal.signing.forging import forged

TYPE = "test+jwt"
OLD, NEW, FOREIGN = keys.draw(), keys.draw(), keys.draw()
PUBLIC = {keys.identifier(OLD): keys.public(OLD)}


def kid(key: ECKey) -> str:
    """Returns the key's name."""
    return keys.identifier(key)


def honest(**changes: Any) -> dict[str, Any]:
    """Returns the header of a token of ours."""
    return {"alg": "ES256", "typ": TYPE, "kid": kid(OLD), **changes}


def refused(token: str) -> str:
    """Returns why the token is refused."""
    with pytest.raises(tokens.TokenBad) as caught:
        tokens.verify(token, typ=TYPE, keys=PUBLIC)
    return caught.value.code


def test_what_we_sign_verifies() -> None:
    token = tokens.sign(OLD, typ=TYPE, content=tokens.payload({"sub": "小林"}))
    assert tokens.verify(token, typ=TYPE, keys=PUBLIC) == {"sub": "小林"}


def test_the_name_of_a_key_is_its_thumbprint() -> None:
    shown = keys.public(OLD)
    assert shown["kid"] == ECKey.import_key({name: shown[name] for name in ("kty", "crv", "x", "y")}).thumbprint()
    assert "d" not in shown


def test_what_the_forger_signs_honestly_verifies() -> None:
    assert tokens.verify(forged(honest(), OLD), typ=TYPE, keys=PUBLIC) == {}


def test_a_token_without_a_signature_or_with_our_public_key_as_a_secret_is_refused() -> None:
    for secret in (OLD.as_pem(private=False), json.dumps(PUBLIC[kid(OLD)]).encode(), OLD.as_der(private=False), b""):
        assert refused(forged(honest(alg="HS256"), secret)) == "algorithm_refused"
        assert refused(forged(honest(), secret)) == "signature_wrong"
    for name in ("none", "None", "nOnE", "", None, ["ES256"], "es256", "RS256", "ES384"):
        assert refused(forged(honest(alg=name), None)) in ("algorithm_refused", "malformed")
    assert refused(forged(honest(), None)) in ("signature_wrong", "malformed")


def test_another_type_is_refused() -> None:
    assert refused(forged(honest(typ="other+jwt"), OLD)) == "type_wrong"
    assert refused(forged({"alg": "ES256", "kid": kid(OLD)}, OLD)) == "type_wrong"


@pytest.mark.parametrize("change", [{"jku": "https://evil.example/jwks"}, {"jwk": keys.public(FOREIGN)}, {"x5u": "https://evil.example"}])
def test_a_token_that_brings_its_own_key_is_refused_whoever_signed_it(change: dict[str, Any]) -> None:
    assert refused(forged(honest(**change), FOREIGN)) == "header_refused"
    assert refused(forged(honest(**change), OLD)) == "header_refused"


def test_a_foreign_key_is_refused_under_its_own_name_and_under_ours() -> None:
    assert refused(forged(honest(kid=kid(FOREIGN)), FOREIGN)) == "key_unknown"
    assert refused(forged(honest(), FOREIGN)) == "signature_wrong"
    assert refused(forged(honest(kid=["x"]), OLD)) in ("key_unknown", "malformed")


def test_every_changed_character_is_noticed() -> None:
    token = tokens.sign(OLD, typ=TYPE, content=b'{"sub":"x"}')
    for place in range(0, len(token) - 1, 7):
        swapped = "A" if token[place] != "A" else "B"
        assert refused(token[:place] + swapped + token[place + 1 :])


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é.é.é", "eyJ9.e30.x", "x" * 100, "e30.e30.e30", "W10.e30.e30", "bnVsbA.e30.AA"])
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refused(token) in ("malformed", "algorithm_refused")


def test_a_signed_list_is_no_claims() -> None:
    assert refused(tokens.sign(OLD, typ=TYPE, content=b"[1]")) == "malformed"
    assert refused(tokens.sign(OLD, typ=TYPE, content=b"\xff")) == "malformed"


def given(settings: Any, *private: ECKey) -> None:
    """Makes these the configured keys, the newest first."""
    settings.SIGNING_KEYS = keys.dumped(private)


def test_keys_are_read_from_pem_and_from_a_file(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS = (NEW.as_pem(private=True) + OLD.as_pem(private=True)).decode()
    assert [kid(each) for each in keys.configured()] == [kid(NEW), kid(OLD)]
    (tmp_path / "keys").write_text(keys.dumped((OLD,)))
    settings.SIGNING_KEYS = str(tmp_path / "keys")
    assert [kid(each) for each in keys.configured()] == [kid(OLD)]
    assert keys.put_first(NEW)
    assert [kid(each) for each in keys.configured()] == [kid(NEW), kid(OLD)]
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text",
    ["{", '{"keys": []}', "[]", "-----BEGIN X-----", json.dumps(keys.public(OLD)), "/nowhere/at/all", '{"kty": "oct", "k": "AAAA"}'],
)
def test_what_is_no_private_key_on_our_curve_is_refused(settings: Any, text: str) -> None:
    settings.SIGNING_KEYS = text
    with pytest.raises(keys.SigningError):
        keys.configured()
    settings.SIGNING_KEYS = json.dumps(ECKey.generate_key("P-384").as_dict(private=True))
    with pytest.raises(keys.SigningError):
        keys.configured()


def test_a_machine_without_keys_draws_one_for_itself(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS, settings.DATA_DIR = "", tmp_path
    (first,) = keys.configured()
    assert keys.configured() == (first,)
    assert (tmp_path / "signing-keys.json").stat().st_mode & 0o077 == 0


def signs(now: datetime) -> str:
    """Returns the name of the key that signs."""
    return kid(queries.current(now))


@pytest.mark.django_db
def test_a_new_key_is_published_before_it_signs_and_the_old_one_stays_until_all_it_signed_has_run_out(settings: Any, now: datetime) -> None:
    given(settings, OLD)
    _token, by = services.sign({}, typ=TYPE, until=now + timedelta(days=300), now=now)
    assert by == kid(OLD)  # the first key needs no lead

    given(settings, NEW, OLD)
    services.publish(now)
    assert set(queries.public_keys(now)) == {kid(NEW), kid(OLD)}
    assert signs(now + LEAD - timedelta(seconds=1)) == kid(OLD)
    assert signs(now + LEAD) == kid(NEW)

    given(settings, NEW)  # the old private key is destroyed; what it signed still verifies
    later = now + timedelta(days=299)
    assert set(queries.public_keys(later)) == {kid(NEW), kid(OLD)}
    assert set(queries.public_keys(now + timedelta(days=300))) == {kid(NEW)}


@pytest.mark.django_db
def test_an_end_that_was_noted_is_never_shortened(settings: Any, now: datetime) -> None:
    given(settings, OLD)
    services.sign({}, typ=TYPE, until=now + timedelta(days=300), now=now)
    services.sign({}, typ=TYPE, until=now + timedelta(hours=1), now=now)
    assert SigningKey.objects.get().needed_until == now + timedelta(days=300)


@pytest.mark.django_db
def test_a_key_of_another_process_verifies_here_too(settings: Any, now: datetime) -> None:
    given(settings, OLD)
    services.announce(actor=CONSOLE, key=NEW, at_once=False, now=now)
    assert set(queries.public_keys(now)) == {kid(NEW), kid(OLD)}


@pytest.mark.django_db
def test_a_revoked_key_verifies_nothing_and_signs_nothing(settings: Any, now: datetime) -> None:
    given(settings, NEW, OLD)
    services.publish(now)
    services.revoke(actor=CONSOLE, kid=kid(OLD), now=now)
    assert set(queries.public_keys(now)) == {kid(NEW)}
    assert signs(now) == kid(NEW)  # though its time has not come
    with pytest.raises(Conflict):
        services.revoke(actor=CONSOLE, kid=kid(NEW), now=now)
    assert Entry.objects.filter(event="signing_key.revoked").count() == 1


@pytest.mark.django_db
def test_only_an_administrator_touches_keys(act: Any, bob: Any, now: datetime) -> None:
    with pytest.raises(Forbidden):
        services.announce(actor=act(bob), key=NEW, at_once=True, now=now)
    with pytest.raises(Forbidden):
        services.revoke(actor=act(bob), kid=kid(OLD), now=now)


@pytest.mark.django_db
def test_the_private_half_is_never_in_the_database(settings: Any, now: datetime) -> None:
    given(settings, OLD)
    services.publish(now)
    assert set(SigningKey.objects.get().public) == {"kty", "crv", "x", "y", "kid", "use", "alg"}


def ran(*words: str) -> str:
    """Returns what the command printed."""
    said = StringIO()
    call_command("rotate_signing_key", *words, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_the_command_puts_a_new_key_first_in_the_file(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS, settings.DATA_DIR = "", tmp_path
    (old,) = keys.configured()
    assert f"{kid(old)}  signs" in ran()
    new, same = keys.configured()
    assert kid(same) == kid(old)
    assert SigningKey.objects.get(kid=kid(new)).signs_from - SigningKey.objects.get(kid=kid(new)).published_at == LEAD
    assert f"{kid(new)}  signs" in ran("--revoke", kid(old))
    with pytest.raises(CommandError):
        ran("--revoke", "nonsense")


@pytest.mark.django_db
def test_after_a_theft_the_new_key_signs_at_once(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS, settings.DATA_DIR = "", tmp_path
    ran("--at-once")
    assert signs(SigningKey.objects.latest("published_at").published_at) == kid(keys.configured()[0])


@pytest.mark.django_db
def test_the_command_prints_the_key_where_the_keys_stand_in_the_environment(settings: Any) -> None:
    given(settings, OLD)
    assert "-----BEGIN PRIVATE KEY-----" in ran()


@pytest.mark.django_db
def test_verifiers_find_the_keys(client: Client, settings: Any) -> None:
    given(settings, OLD)
    issuer = client.get("/.well-known/jwt-vc-issuer")
    assert issuer.json() == {"issuer": settings.SITE_URL, "jwks_uri": settings.SITE_URL + "/.well-known/jwks.json"}
    answer = client.get("/.well-known/jwks.json")
    assert [each["kid"] for each in answer.json()["keys"]] == [kid(OLD)]
    assert all("d" not in each for each in answer.json()["keys"])
    assert (answer["Access-Control-Allow-Origin"], answer["Content-Type"]) == ("*", "application/json")
