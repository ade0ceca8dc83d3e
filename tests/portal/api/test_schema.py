"""The reference: complete, a snapshot that changes knowingly, and true of every answer (Schemathesis)."""

import copy
import json
import os
import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as conformance

from portal.access.actor import CONSOLE
from portal.accounts.models import User
from portal.api.preconditions import etag_of
from portal.feed.types import EventType
from portal.kit import clock
from portal.webhooks import services as webhooks
from portal.webhooks.models import Delivery, Endpoint
from portal.webhooks.serializers import shown
from portal.wsgi import application
from registry.gate.projection import Projection
from registry.gate.server import Gate
from registry.issuing import registry_id as ids
from tests.portal.api.rows import Calling
from tests.portal.webhooks import rows
from tests.receiver import Receiver
from tests.registry.labels import files
from tests.registry.rows import registration_of

SNAPSHOT = Path(__file__).parent / "schema.json"
RENEW = "uv run manage.py spectacular --validate --fail-on-warn --format openapi-json --file tests/portal/api/schema.json"
EXAMPLES = int(os.environ.get("API_EXAMPLES", "4"))
CHECKS = [
    checks.not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_schema_conformance,
    conformance.response_headers_conformance,
]
FEW = settings(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))


def generated() -> dict[str, Any]:
    """Returns the schema as the code makes it."""
    made: dict[str, Any] = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))  # type: ignore[no-untyped-call]
    return made


def loaded(raw: dict[str, Any], app: Any) -> Any:
    """Returns the schema as Schemathesis reads it, with the program that answers."""
    generation = GenerationConfig(max_examples=EXAMPLES, deterministic=True, allow_x00=False)
    project = ProjectConfig(generation=generation)
    schema = schemathesis.openapi.from_dict(raw, config=SchemathesisConfig(projects=ProjectsConfig(default=project)))
    schema.app = app
    return schema


RAW = generated()


def portal(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answers as the portal does, and closes what it opened."""
    answer = application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


class World:
    """A platform with a registration, a proven webhook and a log; examples name what exists every other time."""

    def __init__(self, receiver: Receiver, alice: User) -> None:
        self.calling = Calling("live")
        row = registration_of(alice, now=clock.now(), platforms=["live"])
        self.endpoint = rows.proven(receiver.url, now=clock.now())
        delivery = webhooks.send_test(actor=CONSOLE, endpoint_id=self.endpoint.pk, now=clock.now())
        Delivery.objects.update(state="delivered", ended_at=clock.now())
        rows.happens(1, EventType.PERSONA_SUSPENDED, now=clock.now())
        self.known = {
            "registry_id": ids.printed(row.registry_id),
            "endpoint_id": str(self.endpoint.pk),
            "delivery_id": str(delivery.pk),
        }
        self.bodies: dict[str, dict[str, Any]] = {
            "apply_label": {"file": files.picture("PNG"), "registry_id": self.known["registry_id"], "content_number": "7"},
            "add_webhook": {"url": "https://hooks.example.com/", "contact": "ops@example.org"},
            "send_sandbox_event": {"registry_id": "VH-TEST-A110-WEDZ", "type": "persona.revoked"},
        }
        self.questions = {"get_registration_history": {"at": clock.rfc3339(clock.now()), "activity": "live"}}
        self.turn, self.seen = count(), set[int]()

    before = {"verify": "active"}

    def answer(self, case: Any) -> Any:
        """Returns the answer to an example."""
        if next(self.turn) % 2:
            case.path_parameters = {name: self.known[name] for name in case.path_parameters}
            case.query = self.questions.get(case.operation.definition.raw["operationId"], case.query)
            case.body = self.bodies.get(case.operation.definition.raw["operationId"], case.body)
            Endpoint.objects.filter(state=self.before.get(case.path.rpartition(":")[2], "none")).update(state="pending")
            if "If-Match" in (case.headers or {}):
                present = Endpoint.objects.filter(pk=self.endpoint.pk).first()
                case.headers = {**case.headers, "If-Match": etag_of(shown(present)) if present else '"gone"'}
        response = case.call(headers=self.calling.bearer)
        self.seen.add(response.status_code)
        return response


@pytest.fixture
def world(alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Stands while one operation is tried."""
    monkeypatch.setattr("registry.gate.server.close_old_connections", lambda: None)
    settings.WEBHOOK_LOOPBACK, settings.API_QUOTAS = True, [("burst", 10**6, 60)]
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test's own transaction goes on over many requests
    with Receiver() as receiver:
        stage = World(receiver, alice)
        yield stage
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    assert any(200 <= status < 300 for status in stage.seen), stage.seen


NAMES = sorted(told["operationId"] for path, each in RAW["paths"].items() if path != "/v1/check" for told in each.values())


def tried(name: str) -> Any:
    """Returns the test of one operation. Each is a function of its own: tests of one name would be run once by several workers."""

    def test(case: Any, world: World) -> None:
        case.validate_response(world.answer(case), checks=CHECKS)

    test.__name__ = test.__qualname__ = f"test_every_answer_to_{name}_is_one_that_the_reference_names"
    return loaded(RAW, portal).include(operation_id=name).parametrize()(FEW(test))


for each_name in NAMES:
    vars()[f"test_every_answer_to_{each_name}_is_one_that_the_reference_names"] = tried(each_name)


def test_every_operation_is_tried() -> None:
    assert len(NAMES) == len(set(NAMES)) == 18
    assert {f"test_every_answer_to_{name}_is_one_that_the_reference_names" for name in NAMES} <= set(globals())


@loaded(RAW, None).include(path="/v1/check").parametrize()  # type: ignore[untyped-decorator]
@FEW
def test_the_gate_answers_as_the_reference_says(case: Any, world: World) -> None:
    projection = Projection()
    projection.load()

    def gate(environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = f"/gate{environ['PATH_INFO']}"
        return Gate(projection)(environ, start_response)

    if next(world.turn) % 2 and isinstance(case.body, dict):
        case.body = {"registry_id": world.known["registry_id"], "platform": "live", "activity": "live"}
    response = case.call(headers=world.calling.bearer, app=gate)
    world.seen.add(response.status_code)
    case.validate_response(response, checks=CHECKS)


def _forget_404(operation: dict[str, Any]) -> None:
    del operation["responses"]["404"]


def _promise_a_header(operation: dict[str, Any]) -> None:
    operation["responses"]["404"]["headers"]["X-Surprise"] = {"schema": {"type": "string"}, "required": True}


def _promise_plain_json(operation: dict[str, Any]) -> None:
    content = operation["responses"]["404"]["content"]
    content["application/json"] = content.pop("application/problem+json")


def _promise_a_number(operation: dict[str, Any]) -> None:
    content = operation["responses"]["404"]["content"]["application/problem+json"]
    content["schema"] = {"type": "object", "properties": {"code": {"type": "integer"}}}


@pytest.mark.parametrize("spoil", [None, _forget_404, _promise_a_header, _promise_plain_json, _promise_a_number])
def test_a_reference_that_does_not_tell_the_truth_is_found_out(spoil: Any, world: World) -> None:
    raw = copy.deepcopy(RAW)
    if spoil:
        spoil(raw["paths"]["/api/v1/webhooks/{endpoint_id}"]["get"])
    operation = loaded(raw, portal)["/api/v1/webhooks/{endpoint_id}"]["GET"]
    case = operation.Case(path_parameters={"endpoint_id": str(uuid.UUID(int=7))})
    response = case.call(headers=world.calling.bearer)
    world.seen.add(200)  # of another call
    if spoil is None:
        case.validate_response(response, checks=CHECKS)
        return
    with pytest.raises(FailureGroup):
        case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize("operation", sorted({(path, method) for path, each in RAW["paths"].items() for method in each}))
def test_every_operation_says_who_may_and_how_it_fails(operation: tuple[str, str]) -> None:
    path, method = operation
    told = RAW["paths"][path][method]
    assert told["summary"]
    assert told["security"]
    assert {"401", "403", "422"} <= set(told["responses"])
    for status, answer in told["responses"].items():
        assert status < "400" or list(answer["content"]) == ["application/problem+json"]


def test_every_public_event_is_in_the_reference() -> None:
    assert set(RAW["webhooks"]) == {each.value for each in EventType}
    assert RAW["openapi"].startswith("3.1")


def test_the_schema_is_the_one_in_the_snapshot(settings: Any, tmp_path: Path) -> None:
    settings.GATE_URL = "http://localhost:8001/gate"
    made = tmp_path / "schema.json"
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=str(made))
    same = json.loads(made.read_text()) == json.loads(SNAPSHOT.read_text())
    assert same, f"The API has changed. If it is meant, and nothing that platforms rely on has gone, renew the snapshot:\n  {RENEW}"


@pytest.mark.parametrize(("accept", "kind"), [("*/*", "application/json"), ("application/vnd.oai.openapi", "application/vnd.oai.openapi")])
def test_the_schema_is_public_and_comes_as_json_or_yaml(client: Client, accept: str, kind: str) -> None:
    answer = client.get("/api/v1/schema", headers={"accept": accept})
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, kind)
    assert b"list_changes" in answer.content


def test_too_many_is_an_answer_of_the_reference_too(world: World, settings: Any) -> None:
    settings.API_QUOTAS = [("burst", 1, 60)]
    operation = loaded(RAW, portal)["/api/v1/caller"]["GET"]
    for status in (200, 429):
        response = operation.Case().call(headers=world.calling.bearer)
        assert response.status_code == status
        operation.Case().validate_response(response, checks=CHECKS)
        world.seen.add(status)
