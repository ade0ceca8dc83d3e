"""The gate over WSGI: who may ask, what is understood, what is written down, and how fast a change arrives."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from portal.access.actor import Actor
from portal.access.roles import Role
from portal.accounts import services as accounts
from portal.accounts.models import Scope, User
from portal.kit import clock
from portal.outbox.services import publish
from portal.outbox.topics import Topic
from registry.gate.models import Decision
from registry.gate.projection import Projection
from registry.gate.server import Gate
from registry.issuing import registry_id as ids
from registry.issuing import services as issuing
from registry.issuing.models import Party, Registration
from tests import cast
from tests.registry.rows import guardian_of, registration_of
from verification import services as identities
from verification.guardians import services as guardians
from verification.models import Identity
from verification.renewals import services as renewals
from verification.renewals.models import Renewal
from verification.rules import REVERIFY

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[User], Actor]


class Desk:
    """A loaded gate with a platform's key and one registered synthetic persona of Alice."""

    def __init__(self, alice: User, act: Act) -> None:
        admin = act(cast.person("grace", Role.ADMINISTRATOR))
        now = clock.now()
        self.platform = accounts.create_platform(actor=admin, code="demo-live", name="Demo Live", now=now)
        self.row, self.key = accounts.issue_key(actor=admin, platform=self.platform, name="k", scopes=[Scope.CHECK], now=now)
        self.admin = admin
        self.registration: Registration = registration_of(alice, now=now)
        self.projection = Projection()
        self.projection.load()
        self.gate = Gate(self.projection)

    def ask(self, body: object = None, *, key: str | None = None, path: str = "/gate/v1/check", method: str = "POST", **more: str) -> Any:
        """Returns status, body and headers of one request."""
        question = {"registry_id": ids.printed(self.registration.registry_id), "platform": "demo-live", "activity": "live"}
        data = body if isinstance(body, bytes) else json.dumps(question if body is None else body).encode()
        answer: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            answer.update(status=int(status.split()[0]), headers=dict(headers))
            return lambda _data: None

        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "CONTENT_LENGTH": str(len(data)),
            "wsgi.input": io.BytesIO(data),
            "HTTP_AUTHORIZATION": f"Bearer {self.key if key is None else key}",
            **more,
        }
        out = b"".join(self.gate(environ, start))
        return answer["status"], json.loads(out), answer["headers"]


@pytest.fixture
def desk(alice: User, act: Act, transactional_db: None) -> Desk:
    """A gate that is up."""
    return Desk(alice, act)


def test_a_registered_persona_is_allowed_with_its_obligations(desk: Desk) -> None:
    status, body, _headers = desk.ask()
    assert (status, body["decision"], body["reasons"]) == (200, "allow", [])
    assert body["obligations"]["label"]["text"]["zh"] == "数字人"
    assert body["registry_id"] == ids.printed(desk.registration.registry_id)
    until = datetime.fromisoformat(body["valid_until"])
    assert timedelta() < until - datetime.fromisoformat(body["as_of"]) <= timedelta(seconds=70)


def test_every_decision_is_written_down_before_it_is_answered(desk: Desk) -> None:
    desk.ask()
    written = Decision.objects.get()
    assert (written.platform, written.key, written.allowed) == ("demo-live", desk.row.pk, True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.update(allowed=False)


def test_what_cannot_be_written_down_is_not_answered(desk: Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE gate_decision RENAME TO gate_gone")
    try:
        status, body, _headers = desk.ask()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gate_gone RENAME TO gate_decision")
    assert status == 503
    assert "decision" not in body


def test_a_hold_and_its_end_arrive_with_the_next_look(desk: Desk, alice: User, act: Act) -> None:
    where = {"actor": act(alice), "registration_id": desk.registration.pk, "party": Party.OPERATOR, "now": clock.now()}
    issuing.place_hold(reason="pause", note="", **where)  # type: ignore[arg-type]
    assert desk.projection.follow() == 1
    _status, body, _headers = desk.ask(HTTP_ACCEPT_LANGUAGE="en")
    assert body["decision"] == "deny"
    assert [reason["code"] for reason in body["reasons"]] == ["hold_operator"]
    assert body["reasons"][0]["help"]
    assert body["valid_until"] is None
    issuing.lift_hold(**where)  # type: ignore[arg-type]
    desk.projection.follow()
    assert desk.ask()[1]["decision"] == "allow"


def test_a_revoked_key_is_bad_at_the_next_look(desk: Desk) -> None:
    accounts.revoke_key(actor=desk.admin, key_id=desk.row.pk, now=clock.now())
    desk.projection.follow()
    assert desk.ask()[0] == 401


def test_a_message_is_read_once_and_none_is_missed(desk: Desk) -> None:
    for _ in range(3):
        with transaction.atomic():
            publish(Topic.PERSONA_UPDATED, stream="persona:x", now=clock.now(), persona=str(desk.registration.persona_id))
    assert desk.projection.follow() == 3
    assert desk.projection.follow() == 0


def test_old_facts_decide_nothing(desk: Desk) -> None:
    assert desk.projection.as_of
    desk.projection.as_of -= timedelta(seconds=60)
    status, body, _headers = desk.ask()
    assert (status, body["code"]) == (503, "registry_unreachable")
    assert desk.ask(path="/gate/healthz", method="GET")[0] == 503


@pytest.mark.parametrize("key", ["", "x", "vhk_live_" + "0" * 28, "Bearer"])
def test_a_wrong_key_is_a_problem(desk: Desk, key: str) -> None:
    status, body, headers = desk.ask(key=key)
    assert (status, body["code"], headers["Content-Type"]) == (401, "key_bad", "application/problem+json")
    assert headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_without_the_scope_is_a_problem(desk: Desk) -> None:
    _row, other = accounts.issue_key(actor=desk.admin, platform=desk.platform, name="r", scopes=[Scope.READ], now=clock.now())
    desk.projection.follow()
    assert desk.ask(key=other)[1]["code"] == "scope_missing"


def test_an_expired_key_is_a_problem(desk: Desk) -> None:
    a_year_ago = clock.now() - accounts.KEY_LIFE
    _row, other = accounts.issue_key(actor=desk.admin, platform=desk.platform, name="r", scopes=[Scope.CHECK], now=a_year_ago)
    desk.projection.follow()
    assert desk.ask(key=other)[1]["code"] == "key_bad"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"registry_id": "VH-0000-0000-0000"}, 400, "registry_id_malformed"),
        ({"registry_id": "nonsense"}, 400, "registry_id_malformed"),
        ({"registry_id": 7}, 422, "invalid"),
        ({"activity": "stream"}, 422, "invalid"),
        ({"purpos": "commerce"}, 422, "invalid"),
        ({"platform": "other"}, 403, "platform_mismatch"),
        ({"purpose": ""}, 422, "invalid"),
        ({"territory": None}, 422, "invalid"),
    ],
)
def test_a_wrong_question_is_a_problem_that_names_what_is_wrong(desk: Desk, change: dict[str, Any], status: int, code: str) -> None:
    question = {"registry_id": ids.printed(desk.registration.registry_id), "platform": "demo-live", "activity": "live"}
    got, body, headers = desk.ask({**question, **change})
    assert (got, body["code"], headers["Content-Type"]) == (status, code, "application/problem+json")
    assert Decision.objects.count() == 0
    if code == "invalid":
        assert body["errors"][0]["pointer"] == f"#/{next(iter(change))}"


def test_an_unknown_id_is_a_problem(desk: Desk) -> None:
    question = {"registry_id": ids.printed(ids.draw()), "platform": "demo-live", "activity": "live"}
    assert desk.ask(question)[:2][1]["code"] == "persona_unknown"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"a":' * 5000, b"x" * 20_000])
def test_what_is_no_question_is_a_problem_and_never_a_failure(desk: Desk, body: bytes) -> None:
    status, answer, _headers = desk.ask(body)
    assert 400 <= status < 500
    assert answer["code"] in ("not_json", "too_large", "invalid")


def test_other_addresses_and_methods_are_problems(desk: Desk) -> None:
    assert desk.ask(path="/gate/v1/else")[0] == 404
    assert desk.ask(method="GET")[0] == 405
    assert desk.ask(path="/gate/healthz", method="GET")[1] == {"status": "ok"}


def test_the_gate_answers_in_the_callers_language(desk: Desk) -> None:
    in_english = desk.ask({"x": 1}, HTTP_ACCEPT_LANGUAGE="en")[1]["title"]
    assert in_english == "Please check what you entered"


def test_the_projection_holds_nothing_about_a_person(desk: Desk, alice: User) -> None:
    held = repr(desk.projection.facts)
    assert alice.email not in held
    assert str(alice.pk) not in held


def answer(desk: Desk, **more: str) -> tuple[str, list[str]]:
    """Returns decision and codes about the desk's persona, after a look at what changed."""
    desk.projection.follow()
    question = {"registry_id": ids.printed(desk.registration.registry_id), "platform": "demo-live", "activity": "live", **more}
    _status, body, _headers = desk.ask(question)
    return body["decision"], [reason["code"] for reason in body["reasons"]]


def test_a_guardians_withdrawal_and_the_loss_of_their_identity_arrive_with_the_next_look(
    desk: Desk, alice: User, bob: User, act: Act
) -> None:
    now = clock.now()
    identity = Identity.objects.get(user=alice)
    identity.is_minor, identity.birth_date = True, f"{now.year - 17}-01-01"
    identity.save()
    desk.projection.load()
    assert answer(desk) == ("deny", ["guardian_missing"])
    row = guardian_of(alice, now=now, state="granted", decided_by=None, decided_at=None)
    guardians.confirm(actor=act(bob), guardianship_id=row.pk, now=now)
    assert answer(desk) == ("allow", [])
    assert row.guardian is not None
    identities.revoke(actor=act(bob), user=row.guardian, now=now)
    assert answer(desk) == ("deny", ["guardian_missing"])
    Identity.objects.filter(user=row.guardian).update(revoked_at=None)
    desk.projection.load()
    guardians.withdraw(actor=act(row.guardian), guardianship_id=row.pk, now=now)
    assert answer(desk) == ("deny", ["guardian_missing"])


def test_the_six_months_are_asked_of_live_commerce_and_end_with_a_confirmation(desk: Desk, alice: User, bob: User, act: Act) -> None:
    now = clock.now()
    Identity.objects.filter(user=alice).update(verified_at=now - REVERIFY)
    desk.projection.load()
    assert answer(desk, purpose="commerce") == ("deny", ["operator_reverify_due"])
    assert answer(desk, purpose="education") == ("allow", [])
    assert answer(desk) == ("allow", [])
    assert desk.ask()[1]["obligations"]["limits"] == {"excluded_purposes": ["commerce"]}
    row = Renewal.objects.create(user=alice, channel="upload", state="review", submitted_at=now)
    renewals.confirm(actor=act(bob), renewal_id=row.pk, now=now)
    assert answer(desk, purpose="commerce") == ("allow", [])
