"""Every address, knocked at by whoever has no business there."""

from datetime import datetime
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.audit.models import Entry
from registry.consent.models import Licence
from registry.issuing.models import Hold, Registration
from registry.personas.models import Application
from tests import cast
from tests.registry.desk import desk
from tests.registry.desk.desk import signed_in
from tests.registry.rows import guardian_of
from verification.guardians.models import Guardianship
from verification.models import Case
from verification.renewals.models import Renewal

PERSONA = ["home:persona", "home:submit", "personas:edit", "personas:portraits", "consent:invite"]
LICENCE = ["licence", "identify", "grant", "decline", "narrow", "withdraw", "resend", "take_back"]
DESK = ["case", "look_case", "claim_case", "release_case", "preview_case", "decide_case"]
HOLDS = ["desk:hold", "desk:lift", "desk:revoke", "home:hold", "home:lift"]
FORM = {"verdict": "verified", "reason": "officer:content", "party": "officer", "step": "grant", "email": "x@example.org", "to": "front"}


@pytest.fixture
def addresses(registration: Registration, licence: Licence, alice: User, now: datetime) -> list[str]:
    """Every address of an object that is somebody's."""
    case, application, portrait = desk.waiting_case(alice, now), Application.objects.get(), registration.persona.portraits.first()
    assert portrait is not None
    assert case.document_image is not None
    found = [reverse(name, args=[registration.persona_id]) for name in PERSONA]
    found += [reverse(f"consent:{name}", args=[licence.pk]) for name in LICENCE] + [reverse("home:uses", args=[licence.pk])]
    found += [reverse(f"desk:{name}", args=[case.pk]) for name in DESK]
    found += [reverse(f"desk:{name.replace('case', 'application')}", args=[application.pk]) for name in DESK]
    found += [reverse(name, args=[registration.pk]) for name in HOLDS]
    found += [reverse(f"personas:portrait_{verb}", args=[registration.persona_id, portrait.pk]) for verb in ("move", "remove")]
    found += _guarded(alice, now)
    pictures = [reverse("personas:portrait", args=[portrait.pk]), reverse("consent:picture", args=[licence.pk, portrait.pk])]
    return [
        *found,
        *pictures,
        reverse("verification:picture", args=[case.document_image.pk]),
        reverse("desk:queue"),
        reverse("desk:claim_next"),
    ]


def _guarded(alice: User, now: datetime) -> list[str]:
    """A guardian who consented for somebody, and a selfie of Alice's that an officer looks at."""
    row = guardian_of(cast.person("nina"), now=now, state="granted", decided_by=None, decided_at=None)
    selfie = Renewal.objects.create(user=alice, picture=desk.picture(), channel="upload", state="review", submitted_at=now)
    found = [reverse(f"guardians:{name}", args=[row.pk]) for name in ("answer", "decline", "withdraw", "proof")]
    at_desk = [reverse("desk:guardianship", args=[row.pk]), reverse("desk:renewal", args=[selfie.pk]), reverse("desk:checks")]
    return [*found, *at_desk, reverse("renewals:picture", args=[selfie.pk])]


def _form(path: str) -> dict[str, str]:
    return FORM | ({"reason": "pause"} if path.startswith("/home/") else {})


def _state() -> tuple[object, ...]:
    rows = [
        list(model.objects.order_by("pk").values()) for model in (Licence, Registration, Application, Case, Hold, Guardianship, Renewal)
    ]
    return (*rows, Entry.objects.count())


def test_a_stranger_finds_every_door_closed(addresses: list[str], eve: User) -> None:
    before, browser = _state(), signed_in(eve)
    for path, verb in product(addresses, (browser.get, browser.post)):
        assert verb(path, _form(path)).status_code in (403, 404, 405), path
    assert _state() == before


def test_whoever_is_not_signed_in_is_led_to_the_door(addresses: list[str]) -> None:
    before, browser = _state(), Client()
    for path, verb in product(addresses, (browser.get, browser.post)):
        answer = verb(path, _form(path))
        assert answer.status_code in (302, 404), path
        assert answer.status_code == 404 or answer["Location"].startswith("/accounts/login/"), path
    assert _state() == before


def test_an_auditor_reads_and_changes_nothing(addresses: list[str], frank: User) -> None:
    before, browser = _state()[:-1], signed_in(frank)
    for path in addresses:
        assert browser.post(path, _form(path)).status_code in (200, 403, 404, 405, 422), path
    assert _state()[:-1] == before


def test_an_officer_does_not_act_for_an_operator_or_a_portrayed_person(addresses: list[str], bob: User) -> None:
    before, browser = _state()[:-1], signed_in(bob)
    for path in [each for each in addresses if not each.startswith("/desk/")]:
        assert browser.post(path, _form(path)).status_code in (403, 404, 405), path
    assert _state()[:-1] == before


def test_the_operator_does_not_answer_for_the_portrayed_person(licence: Licence, alice: User) -> None:
    before, browser = _state(), signed_in(alice)
    for name in ("identify", "grant", "decline", "narrow", "withdraw"):
        assert browser.post(reverse(f"consent:{name}", args=[licence.pk]), FORM).status_code == 404, name
    assert _state() == before


def test_an_officer_finds_their_own_case_nowhere_on_the_desk(bob: User, now: datetime) -> None:
    case, browser = desk.waiting_case(bob, now), signed_in(bob)
    for name in DESK:
        assert browser.post(reverse(f"desk:{name}", args=[case.pk]), FORM).status_code in (403, 404, 405), name
    assert case.reference not in browser.get("/desk/", {"q": bob.email}).content.decode()
    assert Case.objects.get(pk=case.pk).officer is None
