"""The settings choose the authority, and a half-set one is refused aloud."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tests.authorities.tencent import Tencent as TencentServer
from tests.verification.authority.conftest import QUESTION
from verification.engines.authority import alibaba, choice, network_id
from verification.engines.authority import tencent as tencent_adapter
from verification.engines.authority.protocol import Outcome

GATEWAY = "https://gateway.example/ask"
Kind = type[tencent_adapter.Tencent] | type[alibaba.Alibaba] | type[network_id.NetworkId]


def choose(settings: Settings, name: str, **other: str) -> None:
    """Sets an authority with a key."""
    settings.AUTHORITY, settings.AUTHORITY_KEY_ID, settings.AUTHORITY_KEY_SECRET = name, "AKIDexample", "the-secret-key"
    for each, value in other.items():
        setattr(settings, f"AUTHORITY_{each}", value)


def test_without_a_setting_nobody_is_asked() -> None:
    assert choice.configured() is None


@pytest.mark.parametrize(
    ("name", "endpoint", "kind", "address"),
    [
        ("tencent", "", tencent_adapter.Tencent, "https://faceid.tencentcloudapi.com"),
        ("alibaba", "", alibaba.Alibaba, "https://cloudauth.aliyuncs.com"),
        ("alibaba", "https://cloudauth-dualstack.aliyuncs.com", alibaba.Alibaba, "https://cloudauth-dualstack.aliyuncs.com"),
        ("network_id", GATEWAY, network_id.NetworkId, GATEWAY),
    ],
)
def test_the_setting_names_the_authority(settings: Settings, name: str, endpoint: str, kind: Kind, address: str) -> None:
    choose(settings, name, ENDPOINT=endpoint)
    chosen = choice.configured()
    assert isinstance(chosen, kind)
    assert (chosen.code, chosen.line.endpoint, chosen.takes_face) == (name, address, False)


@pytest.mark.parametrize(
    ("name", "face", "endpoint"), [("tencent", "ImageRecognition", ""), ("tencent", "ImageRecognitionV2", ""), ("network_id", "1", GATEWAY)]
)
def test_a_face_is_sent_only_if_the_site_says_so(settings: Settings, name: str, face: str, endpoint: str) -> None:
    choose(settings, name, ENDPOINT=endpoint, FACE=face)
    chosen = choice.configured()
    assert chosen
    assert chosen.takes_face


@pytest.mark.parametrize(
    ("name", "other", "says"),
    [
        ("baidu", {}, "AUTHORITY is one of tencent, alibaba, network_id"),
        ("tencent", {"KEY_SECRET": ""}, "AUTHORITY_KEY_SECRET"),
        ("alibaba", {"KEY_ID": ""}, "AUTHORITY_KEY_ID"),
        ("tencent", {"ENDPOINT": "http://faceid.tencentcloudapi.com"}, "begins with https://"),
        ("tencent", {"ENDPOINT": "https://faceid.tencentcloudapi.com/v3"}, "at the root"),
        ("network_id", {}, "AUTHORITY_ENDPOINT"),
        ("alibaba", {"FACE": "1"}, "none"),
        ("tencent", {"FACE": "CompareFace"}, "ImageRecognition, ImageRecognitionV2"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_without_telling_the_key(
    settings: Settings, name: str, other: dict[str, str], says: str
) -> None:
    choose(settings, name, **other)
    with pytest.raises(ImproperlyConfigured, match=says) as refusal:
        choice.configured()
    assert "the-secret-key" not in str(refusal.value)


def test_what_is_configured_can_ask(settings: Settings, tencent: TencentServer) -> None:
    choose(settings, "tencent", ENDPOINT=tencent.address)
    chosen = choice.configured()
    assert chosen
    assert chosen.ask(QUESTION).outcome is Outcome.MATCH
