"""The National Network ID's gateway: result and pseudonym only, no number on the line, and an answer that belongs to its question."""

import json
from datetime import timedelta

import pytest

from portal.kit import clock
from tests.authorities.network_id import NetworkId as NetworkIdServer
from tests.verification.authority.conftest import CREDENTIAL, FACE, NAME, NUMBER, QUESTION, to_network_id
from verification.engines.authority.protocol import Outcome, Question


def test_a_credential_that_passes_brings_a_pseudonym(network_id: NetworkIdServer) -> None:
    answer = to_network_id(network_id).ask(QUESTION)
    assert (answer.outcome, answer.pseudonym, answer.code) == (Outcome.MATCH, "pid-7f3a91c2", "passed")
    assert (answer.authority, answer.reference) == ("network_id", "gw-20260302-0001")


@pytest.mark.parametrize("takes_face", [False, True])
def test_neither_name_nor_number_is_sent(network_id: NetworkIdServer, takes_face: bool) -> None:
    to_network_id(network_id, takes_face=takes_face).ask(QUESTION)
    sent = network_id.received[0]
    assert set(json.loads(sent.body)) == ({"credential", "face"} if takes_face else {"credential"})
    told = sent.body.decode() + sent.path + repr(sent.headers)
    assert not any(each in told for each in (NAME, NUMBER, json.dumps(NAME)))


@pytest.mark.parametrize(
    ("result", "outcome", "retryable"),
    [
        ("passed", "match", False),
        ("failed", "mismatch", False),
        ("unknown", "not_found", False),
        *[("PASSED", "unavailable", True), (True, "unavailable", True), (None, "unavailable", True)],
    ],
)
def test_every_result_is_read(network_id: NetworkIdServer, result: object, outcome: str, retryable: bool) -> None:
    network_id.extra = {"result": result, "score": 91.5}
    answer = to_network_id(network_id).ask(QUESTION)
    assert (answer.outcome, answer.retryable) == (outcome, retryable)
    assert answer.score == (91.5 if outcome != "unavailable" else None)
    assert bool(answer.pseudonym) == (outcome == "match")


@pytest.mark.parametrize(
    "pseudonym",
    [
        None,
        "",
        7,
        "short",
        "x" * 129,
        "a b c d e f",
        NUMBER,
        f"pid-{NUMBER}",
        "360426199101010071",
        "id:36042619910101007x",
        NAME,
        CREDENTIAL,
    ],
)
def test_a_number_is_never_kept_as_a_pseudonym(network_id: NetworkIdServer, pseudonym: object) -> None:
    network_id.extra = {"pseudonym": pseudonym}
    answer = to_network_id(network_id).ask(QUESTION)
    assert (answer.outcome, answer.code, answer.pseudonym) == (Outcome.UNAVAILABLE, "pseudonym_unusable", "")


def test_a_pseudonym_does_not_show() -> None:
    with NetworkIdServer(credentials={CREDENTIAL: "pid-7f3a91c2"}) as server:
        assert "pid-7f3a91c2" not in repr(to_network_id(server).ask(QUESTION))


@pytest.mark.parametrize(
    "wrong",
    [
        {"key_secret": "another"},
        {"key_id": "nobody"},
        {"now": lambda: clock.now() - timedelta(minutes=6)},
        {"now": lambda: clock.now() + timedelta(minutes=6)},
    ],
)
def test_a_wrong_key_or_clock_is_refused(network_id: NetworkIdServer, wrong: dict[str, object]) -> None:
    answer = to_network_id(network_id, **wrong).ask(QUESTION)
    assert (answer.outcome, answer.code, answer.retryable) == (Outcome.UNAVAILABLE, "http_401", True)


def test_a_nonce_is_good_for_one_question(network_id: NetworkIdServer) -> None:
    adapter = to_network_id(network_id, nonce=lambda: "the-same-nonce")
    assert [adapter.ask(QUESTION).outcome for _ in range(2)] == [Outcome.MATCH, Outcome.UNAVAILABLE]


def test_a_passed_that_somebody_else_says_is_not_believed(network_id: NetworkIdServer) -> None:
    network_id.answer_key = "somebody-else"
    assert to_network_id(network_id).ask(QUESTION).code == "answer_unsigned"


def test_the_answer_to_another_question_is_not_believed(network_id: NetworkIdServer) -> None:
    network_id.answer_nonce = "of-yesterday"
    assert to_network_id(network_id).ask(QUESTION).code == "answer_unsigned"


def test_only_who_gave_a_credential_is_asked_about(network_id: NetworkIdServer) -> None:
    adapter = to_network_id(network_id)
    assert adapter.accepts(QUESTION)
    assert adapter.accepts(Question(NAME, "E12345678", "passport", credential=CREDENTIAL))
    assert not adapter.accepts(Question(NAME, NUMBER, "resident_id", FACE))
