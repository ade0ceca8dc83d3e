"""Tencent Cloud FaceID: signed as published, every result code read, nothing of the person told."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import clock
from tests.authorities.tencent import Tencent as TencentServer
from tests.verification.authority.conftest import FACE, NAME, NUMBER, QUESTION, to_tencent
from verification.engines.authority import tencent as adapter
from verification.engines.authority import tencent_codes
from verification.engines.authority.line import Line, Reply
from verification.engines.authority.protocol import Outcome, Question
from verification.engines.authority.tencent import Tencent

BODY = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
HEADERS = {"Content-Type": "application/json; charset=utf-8", "Host": "cvm.tencentcloudapi.com"}
# The worked examples of Tencent's own documents: the older one signs two headers, the newer one the action too.
PUBLISHED = [
    (HEADERS, "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"),
    ({**HEADERS, "X-TC-Action": "DescribeInstances"}, "*" * 32, "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"),
]


@pytest.mark.parametrize(("headers", "secret", "signature"), PUBLISHED)
def test_the_signature_is_that_of_the_published_examples(headers: dict[str, str], secret: str, signature: str) -> None:
    at = datetime.fromtimestamp(1551113065, UTC)
    made = adapter.authorization("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", secret, "cvm", headers, BODY, at)
    assert made.startswith("TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=")
    assert made.endswith(f", Signature={signature}")


@pytest.mark.parametrize(
    ("name", "number", "outcome", "code"),
    [(NAME, NUMBER, "match", "0"), ("李四", NUMBER, "mismatch", "-1"), (NAME, "360426199101010071", "not_found", "-5")],
)
def test_name_and_number_are_compared(tencent: TencentServer, name: str, number: str, outcome: str, code: str) -> None:
    answer = to_tencent(tencent).ask(Question(name, number, "resident_id", FACE))
    assert (answer.outcome, answer.code, answer.authority, answer.score, answer.pseudonym) == (outcome, code, "tencent", None, "")
    assert len(answer.reference) == 36
    asked = json.loads(tencent.received[0].body)
    assert (asked, tencent.received[0].headers["x-tc-action"]) == ({"Name": name, "IdCard": number}, "IdCardVerification")


@pytest.mark.parametrize(
    ("code", "outcome", "retryable"),
    [
        ("0", "match", False),
        ("-1", "mismatch", False),
        ("-2", "unavailable", False),
        ("-3", "unavailable", False),
        ("-4", "unavailable", True),
        ("-5", "not_found", False),
        ("-6", "unavailable", True),
        ("-7", "unavailable", False),
        ("-8", "unavailable", True),
        (5, "unavailable", True),
        ("Success", "unavailable", True),
    ],
)
def test_every_result_of_name_and_number_is_read(tencent: TencentServer, code: object, outcome: str, retryable: bool) -> None:
    tencent.result = code
    answer = to_tencent(tencent).ask(QUESTION)
    assert (answer.outcome, answer.retryable) == (outcome, retryable)


@pytest.mark.parametrize(
    ("action", "score", "outcome", "doubtful"),
    [
        ("ImageRecognition", 100.0, "match", False),
        ("ImageRecognition", 80, "match", False),
        ("ImageRecognition", 79.99, "match", True),
        ("ImageRecognition", 70, "match", True),
        ("ImageRecognition", 69.99, "mismatch", False),
        ("ImageRecognitionV2", 70, "match", False),
        ("ImageRecognitionV2", 69.99, "mismatch", False),
        ("ImageRecognitionV2", 0, "mismatch", False),
    ],
)
def test_a_face_passes_at_one_false_match_in_ten_thousand(
    tencent: TencentServer, action: str, score: float, outcome: str, doubtful: bool
) -> None:
    tencent.similarity = score
    answer = to_tencent(tencent, action).ask(QUESTION)
    assert (answer.outcome, answer.score, answer.doubtful, answer.code) == (outcome, score, doubtful, "Success")
    assert tencent.received[0].headers["x-tc-action"] == action


@pytest.mark.parametrize("score", [None, "89.88", True, -1, 100.5, float("nan"), float("inf"), [89]])
def test_a_score_that_is_none_passes_nobody(tencent: TencentServer, score: object) -> None:
    tencent.similarity = score
    answer = to_tencent(tencent, "ImageRecognition").ask(QUESTION)
    assert (answer.outcome, answer.code, answer.score) == (Outcome.UNAVAILABLE, "score_unreadable", None)


@pytest.mark.parametrize("where", ["result", "error"])
def test_every_failure_of_the_face_is_read_in_both_places(tencent: TencentServer, where: str) -> None:
    failures = {code: meaning for code, meaning in tencent_codes.FACE.items() if code != "Success"}
    adapter_ = to_tencent(tencent, "ImageRecognitionV2")
    for code, meaning in failures.items():
        setattr(tencent, where, code)
        answer = adapter_.ask(QUESTION)
        assert (answer.outcome, answer.retryable, answer.code) == (meaning.outcome, meaning.retryable, code)


@pytest.mark.parametrize(
    ("code", "retryable"),
    [
        ("RequestLimitExceeded", True),
        ("InternalError", True),
        ("InternalError.UnKnown", True),
        ("UnauthorizedOperation.Arrears", True),
        ("ResourceUnavailable.ServiceUnavailable", True),
        ("FailedOperation.DbError", True),
        ("Success", True),
        ("SomethingNew", True),
        ("InvalidParameter", False),
        ("InvalidParameterValue.NameTooLong", False),
        ("MissingParameter", False),
    ],
)
def test_an_error_is_unavailable_and_repeated_unless_the_question_is_to_blame(tencent: TencentServer, code: str, retryable: bool) -> None:
    tencent.error = code
    answer = to_tencent(tencent).ask(QUESTION)
    assert (answer.outcome, answer.code, answer.retryable) == (Outcome.UNAVAILABLE, code, retryable)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"secret_key": "another"}, "AuthFailure.SignatureFailure"),
        ({"secret_id": "AKIDnobody"}, "AuthFailure.SecretIdNotFound"),
        ({"now": lambda: clock.now() - timedelta(minutes=6)}, "AuthFailure.SignatureExpire"),
        ({"now": lambda: clock.now() + timedelta(minutes=6)}, "AuthFailure.SignatureExpire"),
    ],
)
def test_a_wrong_key_or_clock_is_refused_and_said_in_the_log(
    tencent: TencentServer, wrong: dict[str, object], code: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = to_tencent(tencent, "", **wrong).ask(QUESTION)
    assert (answer.outcome, answer.code, answer.retryable) == (Outcome.UNAVAILABLE, code, True)
    assert f"Authority tencent is unavailable: {code}" in caplog.text
    assert "another" not in caplog.text


def test_a_body_changed_on_the_way_is_refused(tencent: TencentServer) -> None:
    class Tampered(Line):
        def post(self, body: bytes, headers: dict[str, str]) -> Reply:
            return super().post(body.replace(b"1231002X", b"12310020"), headers)

    answer = Tencent(Tampered(tencent.address), "AKIDexample", "the-secret-key").ask(QUESTION)
    assert answer.code == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("echo", [NUMBER, NAME, f"FailedOperation.{NUMBER}", {"name": NAME}, f"{NUMBER}-0000", "x" * 500, "a b"])
def test_an_authority_that_repeats_what_it_was_asked_gets_nothing_kept(
    tencent: TencentServer, echo: object, caplog: pytest.LogCaptureFixture
) -> None:
    tencent.error = echo
    with caplog.at_level(logging.DEBUG):
        answer = to_tencent(tencent).ask(QUESTION)
    assert (answer.outcome, answer.code) == (Outcome.UNAVAILABLE, "unreadable")
    assert not any(each in caplog.text + repr(answer) for each in (NAME, NUMBER, NUMBER.lower(), json.dumps(NAME).strip('"')))


def test_a_question_and_an_adapter_show_neither_person_nor_key(tencent: TencentServer) -> None:
    shown = repr(QUESTION) + repr(to_tencent(tencent))
    assert not any(each in shown for each in (NAME, NUMBER, "face'", "the-secret-key"))


class Said:
    """A line on which something was said."""

    host, path = "faceid.tencentcloudapi.com", "/"

    def __init__(self, body: bytes) -> None:
        self.body = body

    def post(self, _body: bytes, _headers: dict[str, str]) -> Reply:
        """Returns what was said."""
        return Reply(200, self.body, {})


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.sampled_from(["0", "Success", NUMBER, NAME, ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["Code", "Result", "Sim"]), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["Error", "Result", "Sim", "RequestId", "Description"]), json_values) | json_values, st.booleans())
def test_no_answer_whatever_its_shape_raises_or_tells_the_person(said: object, face: bool) -> None:
    body = json.dumps({"Response": said}).encode()
    answer = Tencent(Said(body), "id", "secret", "ImageRecognition" if face else "").ask(QUESTION)  # type: ignore[arg-type]
    assert NUMBER not in repr(answer)
    assert NAME not in repr(answer)
    if answer.outcome is Outcome.MATCH:
        assert isinstance(said, dict)
        assert said["Result"] == ("Success" if face else "0")
        assert said.get("Error") is None


def test_a_face_is_sent_only_where_the_site_says_so_and_there_is_one(tencent: TencentServer) -> None:
    assert (to_tencent(tencent).takes_face, to_tencent(tencent, "ImageRecognition").takes_face) == (False, True)
    assert to_tencent(tencent, "ImageRecognition").ask(Question(NAME, NUMBER, "resident_id")).outcome is Outcome.MATCH
    assert "ImageBase64" not in json.loads(tencent.received[0].body)


def test_a_face_larger_than_the_interface_takes_is_not_sent(tencent: TencentServer) -> None:
    answer = to_tencent(tencent, "ImageRecognition").ask(Question(NAME, NUMBER, "resident_id", b"\xff\xd8\xff" * 800_000))
    assert (answer.outcome, answer.code, answer.retryable, tencent.received) == (Outcome.UNAVAILABLE, "face_too_large", False, [])


def test_it_knows_identity_cards_only(tencent: TencentServer) -> None:
    assert to_tencent(tencent).accepts(QUESTION)
    assert not to_tencent(tencent).accepts(Question(NAME, "E12345678", "passport"))
