"""The authorities on this machine, an adapter to each, and a person whom they know."""

from collections.abc import Callable, Iterator

import pytest

from tests.authorities.alibaba import Alibaba as AlibabaServer
from tests.authorities.loopback import Authority
from tests.authorities.network_id import NetworkId as NetworkIdServer
from tests.authorities.tencent import Tencent as TencentServer
from verification.engines.authority.alibaba import Alibaba
from verification.engines.authority.line import Line
from verification.engines.authority.network_id import NetworkId
from verification.engines.authority.protocol import Question, RealNameAuthority
from verification.engines.authority.tencent import Tencent

NAME, NUMBER, CREDENTIAL = "欧阳明月", "11010519491231002X", "bnctZXhhbXBsZS1jcmVkZW50aWFs"
PEOPLE = {NUMBER: NAME}
FACE = b"\xff\xd8\xff\xe0 a face"
QUESTION = Question(NAME, NUMBER, "resident_id", FACE, CREDENTIAL)
Pair = tuple[Authority, RealNameAuthority]


@pytest.fixture
def tencent() -> Iterator[TencentServer]:
    """Tencent Cloud, which knows one person."""
    with TencentServer(people=dict(PEOPLE)) as server:
        yield server


@pytest.fixture
def alibaba() -> Iterator[AlibabaServer]:
    """Alibaba Cloud, which knows one person."""
    with AlibabaServer(people=dict(PEOPLE)) as server:
        yield server


@pytest.fixture
def network_id() -> Iterator[NetworkIdServer]:
    """A gateway to the National Network ID, which knows one credential."""
    with NetworkIdServer(credentials={CREDENTIAL: "pid-7f3a91c2"}) as server:
        yield server


def to_tencent(server: Authority, face_action: str = "", **other: object) -> Tencent:
    """Returns an adapter with the right key."""
    return Tencent(Line(server.address), **{"secret_id": "AKIDexample", "secret_key": "the-secret-key", **other}, face_action=face_action)  # type: ignore[arg-type]


def to_alibaba(server: Authority, **other: object) -> Alibaba:
    """Returns an adapter with the right key."""
    return Alibaba(Line(server.address), **{"key_id": "LTAIexample", "key_secret": "the-access-secret", **other})  # type: ignore[arg-type]


def to_network_id(server: Authority, **other: object) -> NetworkId:
    """Returns an adapter with the right key."""
    address = f"{server.address}/v1/ask"
    return NetworkId(Line(address), **{"key_id": "site", "key_secret": "the-gateway-secret", **other})  # type: ignore[arg-type]


BUILDERS: dict[str, Callable[..., RealNameAuthority]] = {"tencent": to_tencent, "alibaba": to_alibaba, "network_id": to_network_id}


@pytest.fixture(params=BUILDERS)
def each(request: pytest.FixtureRequest) -> Pair:
    """Each authority in turn, with its adapter."""
    server: Authority = request.getfixturevalue(request.param)
    return server, BUILDERS[request.param](server)
