"""Alibaba Cloud Id2MetaVerify: signed as published, every code read, names and numbers in the body only."""

import logging
from datetime import timedelta
from urllib.parse import quote

import pytest

from portal.kit import clock
from tests.authorities.alibaba import Alibaba as AlibabaServer
from tests.verification.authority.conftest import NAME, NUMBER, QUESTION, to_alibaba
from verification.engines.authority import alibaba as adapter
from verification.engines.authority.protocol import Outcome, Question


def test_the_signature_is_that_of_the_published_example() -> None:
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    assert adapter.authorization("YourAccessKeyId", "YourAccessKeySecret", headers, query) == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


@pytest.mark.parametrize(
    ("name", "number", "outcome", "code"),
    [(NAME, NUMBER, "match", "1"), ("李 四&ParamType=md5", NUMBER, "mismatch", "2"), (NAME, "360426199101010071", "not_found", "3")],
)
def test_name_and_number_are_compared(alibaba: AlibabaServer, name: str, number: str, outcome: str, code: str) -> None:
    answer = to_alibaba(alibaba).ask(Question(name, number, "resident_id"))
    assert (answer.outcome, answer.code, answer.authority, answer.score, answer.retryable) == (outcome, code, "alibaba", None, False)
    assert len(answer.reference) == 36


def test_the_address_tells_nobody_on_the_way_whom_it_is_about(alibaba: AlibabaServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        to_alibaba(alibaba).ask(QUESTION)
    assert alibaba.received[0].path == "/"
    assert b"face" not in alibaba.received[0].body
    assert not any(each in caplog.text for each in (NAME, NUMBER, quote(NAME)))


@pytest.mark.parametrize(
    ("code", "retryable"),
    [
        *[("400", False), ("401", False), ("403", False)],
        *[("402", True), ("410", True), ("411", True), ("412", True), ("500", True), ("999", True), ("Throttling.User", True)],
        ("MissingParameter", False),
        (200, True),
        (None, True),
    ],
)
def test_every_refusal_is_read(alibaba: AlibabaServer, code: object, retryable: bool) -> None:
    alibaba.code = code
    answer = to_alibaba(alibaba).ask(QUESTION)
    assert (answer.outcome, answer.retryable) == (Outcome.UNAVAILABLE, retryable)
    assert answer.code == (code if isinstance(code, str) else "unreadable")


@pytest.mark.parametrize("result", ["4", 1, True, {"1": "1"}, NUMBER])
def test_an_unknown_result_passes_nobody(alibaba: AlibabaServer, result: object) -> None:
    alibaba.result = result
    answer = to_alibaba(alibaba).ask(QUESTION)
    assert (answer.outcome, answer.retryable) == (Outcome.UNAVAILABLE, True)
    assert NUMBER not in repr(answer)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"key_secret": "another"}, "SignatureDoesNotMatch"),
        ({"key_id": "LTAInobody"}, "InvalidAccessKeyId.NotFound"),
        ({"now": lambda: clock.now() - timedelta(minutes=16)}, "InvalidTimeStamp.Expired"),
        ({"now": lambda: clock.now() + timedelta(minutes=16)}, "InvalidTimeStamp.Expired"),
    ],
)
def test_a_wrong_key_or_clock_is_refused_and_said_in_the_log(
    alibaba: AlibabaServer, wrong: dict[str, object], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = to_alibaba(alibaba, **wrong).ask(QUESTION)
    assert (answer.outcome, answer.code, answer.retryable) == (Outcome.UNAVAILABLE, code, True)
    assert f"Authority alibaba is unavailable: {code}" in caplog.text
    assert not any(each in caplog.text for each in (NAME, NUMBER, quote(NAME), "another"))


def test_a_nonce_is_good_for_one_question(alibaba: AlibabaServer) -> None:
    adapter_ = to_alibaba(alibaba, nonce=lambda: "the-same-nonce")
    assert adapter_.ask(QUESTION).outcome is Outcome.MATCH
    again = adapter_.ask(QUESTION)
    assert (again.outcome, again.code) == (Outcome.UNAVAILABLE, "SignatureNonceUsed")
    fresh = to_alibaba(alibaba)
    assert [fresh.ask(QUESTION).outcome for _ in range(2)] == [Outcome.MATCH, Outcome.MATCH]


def test_it_knows_identity_cards_only_and_takes_no_face(alibaba: AlibabaServer) -> None:
    assert to_alibaba(alibaba).accepts(QUESTION)
    assert not to_alibaba(alibaba).accepts(Question(NAME, "E12345678", "passport"))
    assert not to_alibaba(alibaba).takes_face
