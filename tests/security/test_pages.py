"""Attacks through what is typed: markup, template code, odd characters, forged requests."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from registry.consent.models import Licence
from registry.issuing.models import Registration
from registry.issuing.registry_id import printed
from registry.personas.models import Persona
from tests.registry.desk import desk
from tests.registry.desk.desk import signed_in

NAME = "\"'><img src=x onerror=alert(1)>{{ 7|add:7000 }}{% now 'Y' %}{{ request }}"


@pytest.fixture
def booby_trap(registration: Registration, licence: Licence) -> Registration:
    """The registered persona with markup wherever its operator can write."""
    texts = {"name_en": NAME, "name_zh": "", "description": NAME}
    Persona.objects.filter(pk=registration.persona_id).update(**texts)
    Registration.objects.filter(pk=registration.pk).update(facts={**registration.facts, **texts, "handles": {"demo-live": NAME}})
    registration.versions.get().application.__class__.objects.update(facts={**registration.facts, **texts}, note=NAME)
    registration.refresh_from_db()
    return registration


def _harmless(browser: Client, *paths: str) -> None:
    for path in paths:
        answer = browser.get(path)
        page = answer.content.decode()
        assert answer.status_code == 200, path
        assert "<img src=x" not in page, path
        assert "7007" not in page, path
        assert "WSGIRequest" not in page, path
        assert "&amp;lt;img" not in page, path
        assert "&lt;img src=x onerror" in page, path


def test_markup_in_a_persona_stays_text_everywhere(
    booby_trap: Registration, licence: Licence, client: Client, alice: User, bob: User, carol: User
) -> None:
    persona, record = booby_trap.persona, printed(booby_trap.registry_id)
    application = persona.applications.get()
    _harmless(client, f"/r/{record}/", "/search/?q=onerror")
    own = [reverse(name, args=[persona.pk]) for name in ("home:persona", "personas:edit", "personas:portraits", "consent:invite")]
    _harmless(signed_in(alice), "/home/", "/personas/", *own)
    _harmless(signed_in(bob), reverse("desk:application", args=[application.pk]), "/desk/?tab=done")
    hers = [reverse(name, args=[licence.pk]) for name in ("consent:licence", "consent:withdraw", "home:uses")]
    _harmless(signed_in(carol), "/licences/mine/", *hers)


@pytest.mark.parametrize(
    "query", ["ab\0cd", "%", "_%_%_%", "\\", "' OR 1=1 --", '"; DROP TABLE x', "\ud800".encode("utf-8", "replace").decode()]
)
@pytest.mark.parametrize("path", ["/search/", "/desk/"])
def test_no_search_breaks(path: str, query: str, bob: User, registration: Registration) -> None:
    answer = signed_in(bob).get(path, {"q": query})
    assert answer.status_code == 200
    assert printed(registration.registry_id) not in answer.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "9" * 40, "abc", "NaN", "²"])
def test_no_page_number_breaks(page: str, bob: User, carol: User, licence: Licence) -> None:
    assert signed_in(bob).get("/desk/", {"page": page}).status_code == 200
    assert signed_in(carol).get(reverse("home:uses", args=[licence.pk]), {"page": page}).status_code == 200


@pytest.mark.parametrize("spelling", ["..%2f..%2fetc", "%00", "VH-%00", "a" * 3000, "VH-0000-0000-0000", "%F0%9F%98%80", "<script>"])
def test_no_spelling_of_an_id_breaks(spelling: str, client: Client, db: None) -> None:
    for path in (f"/r/{spelling}/", f"/r/{spelling}.json", f"/r/{spelling}/portrait/"):
        assert client.get(path).status_code in (400, 404)


def test_a_forged_form_changes_nothing(alice: User, bob: User, carol: User, licence: Licence, now: datetime) -> None:
    case = desk.waiting_case(alice, now)
    forged = [
        (carol, reverse("consent:withdraw", args=[licence.pk])),
        (alice, reverse("home:submit", args=[licence.persona_id])),
        (bob, reverse("desk:claim_case", args=[case.pk])),
        (bob, "/accounts/logout/"),
        (bob, "/i18n/setlang/"),
    ]
    for user, path in forged:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(user)
        assert browser.post(path).status_code == 403, path
    licence.refresh_from_db()
    assert licence.state == "granted"
