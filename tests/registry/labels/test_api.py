"""The two calls for programs: who may, what is understood, what comes back, and what an attacker gets."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client

from portal.access.actor import CONSOLE
from portal.accounts import services as accounts
from portal.accounts.models import ApiKey, Scope, User
from portal.kit import clock
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.labels import callers
from tests.registry.labels import files
from tests.registry.rows import registration_of

INSPECT, APPLY = "/api/v1/labels:inspect", "/api/v1/labels:apply"


class Platform:
    """A platform with a key."""

    def __init__(self, code: str, *scopes: Scope) -> None:
        now = clock.now()
        platform = accounts.create_platform(actor=CONSOLE, code=code, name=code, now=now)
        self.row, self.key = accounts.issue_key(actor=CONSOLE, platform=platform, name="k", scopes=list(scopes), now=now)

    def send(self, path: str, data: bytes = b"", name: str = "x.png", key: str = "", **more: object) -> Any:
        """Returns the answer to a file, sent by a browser that insists on protection against forgery."""
        cache.clear()
        sent = {"file": SimpleUploadedFile(name, data or files.picture("PNG")), **more}
        headers = {"authorization": f"Bearer {key or self.key}", "accept-language": "en"}
        return Client(enforce_csrf_checks=True).post(path, sent, headers=headers)


@pytest.fixture
def platform(db: None) -> Platform:
    """The platform on which Alice's persona appears."""
    return Platform("demo-live", Scope.CHECK, Scope.READ)


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registered synthetic persona of Alice."""
    return registration_of(alice, now=clock.now())


def labelled(platform: Platform, registration: Registration, data: bytes = b"") -> bytes:
    """Returns a file with the registration's label."""
    answer = platform.send(APPLY, data, registry_id=ids.printed(registration.registry_id), content_number="7")
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content)


def test_a_platform_gets_a_labelled_copy_and_reads_whose_it_is(platform: Platform, registration: Registration) -> None:
    printed = ids.printed(registration.registry_id)
    answer = platform.send(INSPECT, labelled(platform, registration)).json()
    assert (answer["container"], answer["labelled"], answer["well_formed"], answer["findings"]) == ("PNG", True, True, [])
    [label] = answer["labels"]
    assert label["AIGC"]["ProduceID"] == label["AIGC"]["PropagateID"] == f"{printed}.7"
    assert label["owner"] == {"registry_id": printed, "status": "active", "record": f"http://localhost:8000/r/{printed}/"}


def test_the_copy_comes_as_a_download_that_no_cache_keeps(platform: Platform, registration: Registration) -> None:
    answer = platform.send(APPLY, registry_id=ids.printed(registration.registry_id), content_number="a/../b")
    assert answer["Content-Disposition"] == 'attachment; filename="labelled-a----b.png"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "no-store")
    assert json.loads(answer["X-AIGC-Label"])["Label"] == "1"
    answer.close()


def test_an_upload_system_gets_the_verdict_in_the_same_answer(platform: Platform, registration: Registration) -> None:
    asked = {"registry_id": ids.printed(registration.registry_id), "platform": "demo-live", "activity": "upload"}
    data = labelled(platform, registration)
    answer = platform.send(INSPECT, data, **asked).json()
    assert (answer["verdict"]["decision"], answer["findings"]) == ("allow", [])
    Registration.objects.filter(pk=registration.pk).update(retired_at=clock.now())
    answer = platform.send(INSPECT, data, **asked).json()
    assert answer["verdict"]["decision"] == "deny"
    assert [each["code"] for each in answer["verdict"]["reasons"]] == ["not_active"]


def test_a_label_of_somebody_else_is_told_beside_the_verdict(platform: Platform, registration: Registration, alice: User) -> None:
    other = registration_of(alice, now=clock.now(), name_en="Mei")
    asked = {"registry_id": ids.printed(other.registry_id), "platform": "demo-live", "activity": "upload"}
    answer = platform.send(INSPECT, labelled(platform, registration), **asked).json()
    assert [each["code"] for each in answer["findings"]] == ["registration_other"]


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"registry_id": "VH-0000-0000-0000", "platform": "demo-live", "activity": "upload"}, 400, "registry_id_malformed"),
        ({"registry_id": ids.printed(ids.draw()), "platform": "demo-live", "activity": "upload"}, 404, "persona_unknown"),
        ({"registry_id": ids.printed(ids.draw()), "platform": "other", "activity": "upload"}, 403, "platform_mismatch"),
        ({"registry_id": ids.printed(ids.draw()), "platform": "demo-live", "activity": "dance"}, 422, "invalid"),
        ({"platform": "demo-live"}, 422, "invalid"),
        ({"surprise": "1"}, 422, "invalid"),
        ({"platform": ["demo-live", "other"]}, 422, "invalid"),
        ({"purpose": "\u202e"}, 422, "invalid"),
        ({"file2": SimpleUploadedFile("y", b"y")}, 422, "invalid"),
    ],
)
def test_what_is_not_understood_is_a_problem_with_a_code(platform: Platform, more: dict[str, object], status: int, code: str) -> None:
    answer = platform.send(INSPECT, **more)  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_an_empty_file_and_no_file_are_refused(platform: Platform) -> None:
    headers = {"authorization": f"Bearer {platform.key}"}
    for body in ({}, {"file": SimpleUploadedFile("x", b"")}, {"file": "text"}):
        assert Client().post(INSPECT, body, headers=headers).status_code == 422


@pytest.mark.parametrize("header", ["Bearer x", "Basic x", "Bearer vhk_live_" + "0" * 28, "Bearer"])
def test_no_key_but_a_real_one_opens(header: str, db: None) -> None:
    answer = Client().post(INSPECT, {}, headers={"authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "key_bad")


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_a_key_that_ended_opens_nothing(platform: Platform, end: str) -> None:
    ApiKey.objects.update(**{end: clock.now()})
    assert platform.send(INSPECT).status_code == 401


def test_a_key_that_reads_gets_no_verdict_and_writes_nothing(registration: Registration, db: None) -> None:
    reads = Platform("demo-live", Scope.READ)
    printed = ids.printed(registration.registry_id)
    assert reads.send(INSPECT).status_code == 200
    asked = reads.send(INSPECT, registry_id=printed, platform="demo-live", activity="upload")
    assert (asked.status_code, asked.json()["code"]) == (403, "scope_missing")
    assert reads.send(APPLY, registry_id=printed, content_number="7").status_code == 403


def test_a_platform_labels_only_what_is_registered_for_it(registration: Registration) -> None:
    other = Platform("other", Scope.CHECK)
    assert other.send(APPLY, registry_id=ids.printed(registration.registry_id), content_number="7").status_code == 404


@pytest.mark.parametrize("number", ["", "a b", '"', "数", "x" * 65])
def test_a_content_number_that_no_label_may_bear_is_refused(platform: Platform, registration: Registration, number: str) -> None:
    answer = platform.send(APPLY, registry_id=ids.printed(registration.registry_id), content_number=number)
    assert answer.status_code == 422


@pytest.mark.parametrize("field", ["revoked_at", "retired_at"])
def test_no_label_is_written_for_a_registration_that_ended(platform: Platform, registration: Registration, field: str) -> None:
    Registration.objects.filter(pk=registration.pk).update(**{field: clock.now()})
    answer = platform.send(APPLY, registry_id=ids.printed(registration.registry_id), content_number="7")
    assert (answer.status_code, answer.json()["code"]) == (409, "registration_not_active")


def signed_in(user: User, **more: bool) -> Client:
    """Returns a browser of somebody signed in."""
    browser = Client(**more)  # type: ignore[arg-type]
    browser.force_login(user)
    return browser


def form(**more: object) -> dict[str, object]:
    """Returns a form with a file."""
    return {"file": SimpleUploadedFile("x.png", files.picture("PNG")), **more}


def test_a_creator_labels_in_their_own_name_only(registration: Registration, alice: User, eve: User, bob: User) -> None:
    asked = {"registry_id": ids.printed(registration.registry_id), "content_number": "7"}
    answers = {user.email: signed_in(user).post(APPLY, form(**asked)) for user in (alice, eve, bob)}
    assert {email: answer.status_code for email, answer in answers.items()} == {alice.email: 200, eve.email: 404, bob.email: 404}
    answers[alice.email].close()


def test_a_creator_gets_no_verdict(registration: Registration, alice: User) -> None:
    asked = {"registry_id": ids.printed(registration.registry_id), "platform": "demo-live", "activity": "upload"}
    assert signed_in(alice).post(INSPECT, form(**asked)).json()["code"] == "key_needed"


@pytest.mark.parametrize("path", [INSPECT, APPLY])
def test_a_forged_form_of_another_site_is_refused(path: str, alice: User) -> None:
    assert signed_in(alice, enforce_csrf_checks=True).post(path, form()).status_code == 403


@pytest.mark.parametrize("path", [INSPECT, APPLY])
def test_whoever_is_nobody_is_turned_away_before_a_byte_is_read(path: str, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_request: object) -> None:
        pytest.fail("the body was read")

    monkeypatch.setattr(WSGIRequest, "_load_post_and_files", fail)
    answer = Client(enforce_csrf_checks=True).post(path, form())
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("path", [INSPECT, APPLY])
def test_another_method_is_named_as_such(path: str, db: None) -> None:
    assert Client().get(path).json()["code"] == "method_not_allowed"


def test_too_many_files_are_too_many(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setitem(callers.RATES, "account", "2/m/user")
    browser = signed_in(alice)
    answers = [browser.post(INSPECT, form()) for _each in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1]["Retry-After"] == "60"


def test_a_file_larger_than_the_limit_is_refused_unread(platform: Platform) -> None:
    environ = {"CONTENT_LENGTH": str(64 * 1024 * 1024 + 1), "HTTP_AUTHORIZATION": f"Bearer {platform.key}"}
    answer = Client().generic("POST", INSPECT, b"", content_type="multipart/form-data; boundary=x", **environ)  # type: ignore[arg-type]
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "body", [b"", b"--x\r\n", b"garbage", b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n\x00']
)
def test_half_a_form_is_no_server_error(platform: Platform, body: bytes) -> None:
    headers = {"authorization": f"Bearer {platform.key}"}
    answer = Client().generic("POST", INSPECT, body, content_type="multipart/form-data; boundary=x", headers=headers)
    assert 400 <= answer.status_code < 500
