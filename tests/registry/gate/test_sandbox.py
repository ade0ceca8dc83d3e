"""The gate's sandbox: a test key asks among its personas, a live key among the registry's, and neither sees the other's."""

import json
from typing import Any

import pytest

from portal.accounts import services as accounts
from portal.accounts.models import Environment, Scope
from portal.kit import clock
from registry.gate.models import Decision
from registry.issuing import registry_id as ids
from registry.sandbox.cast import ALLOWED, BUSY, OUT_OF_REACH, PERSONAS
from tests.registry.gate.test_gate import Desk, desk

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def test_key(desk: Desk) -> str:
    """A key of the sandbox of the same platform."""
    made = accounts.issue_key(
        actor=desk.admin, platform=desk.platform, name="t", scopes=[Scope.CHECK], now=clock.now(), environment=Environment.TEST
    )
    desk.projection.follow()
    return made[1]


def asked(desk: Desk, key: str, registry_id: str, activity: str = "live") -> Any:
    """Returns status, body and headers."""
    question = {"registry_id": ids.printed(registry_id), "platform": "demo-live", "activity": activity}
    return desk.ask(json.dumps(question).encode(), key=key)


def test_every_persona_of_the_sandbox_is_answered_as_it_promises(desk: Desk, test_key: str) -> None:
    for persona in PERSONAS:
        for activity, promised in (("live", persona.live), ("upload", persona.upload)):
            status, body, _headers = asked(desk, test_key, persona.registry_id, activity)
            if promised == ("persona_unknown",):
                assert (status, body["code"]) == (404, "persona_unknown")
                continue
            assert status == 200
            assert (body["decision"], body["environment"]) == ("deny" if promised else "allow", "sandbox")
            assert tuple(reason["code"] for reason in body["reasons"]) == promised
            assert bool(body["obligations"]) == (not promised)


def test_neither_key_sees_the_personas_of_the_other(desk: Desk, test_key: str) -> None:
    assert asked(desk, test_key, desk.registration.registry_id)[1]["code"] == "persona_unknown"
    assert asked(desk, desk.key, ALLOWED.registry_id)[1]["code"] == "persona_unknown"
    assert asked(desk, desk.key, BUSY)[:1] == (404,)
    assert desk.ask()[1]["environment"] == "live"


def test_a_live_key_does_not_see_an_id_of_the_sandbox_even_if_it_were_registered(desk: Desk) -> None:
    desk.projection.facts[ALLOWED.registry_id] = desk.projection.facts[desk.registration.registry_id]
    assert asked(desk, desk.key, ALLOWED.registry_id)[0] == 404


def test_a_decision_of_the_sandbox_is_marked_by_its_id(desk: Desk, test_key: str) -> None:
    asked(desk, test_key, ALLOWED.registry_id)
    desk.ask()
    marked = {ids.is_test(each.registry_id): each.allowed for each in Decision.objects.all()}
    assert marked == {True: True, False: True}


def test_trouble_looks_as_it_would(desk: Desk, test_key: str) -> None:
    status, body, headers = asked(desk, test_key, BUSY)
    assert (status, body["code"], headers["Retry-After"]) == (429, "too_many", "5")
    status, body, _headers = asked(desk, test_key, OUT_OF_REACH)
    assert (status, body["code"]) == (503, "registry_unreachable")
    assert not Decision.objects.exists()


def test_a_test_key_asks_for_its_own_platform_only(desk: Desk, test_key: str) -> None:
    question = {"registry_id": ids.printed(ALLOWED.registry_id), "platform": "another", "activity": "live"}
    assert desk.ask(json.dumps(question).encode(), key=test_key)[1]["code"] == "platform_mismatch"
