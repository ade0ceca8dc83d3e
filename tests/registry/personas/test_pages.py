"""The operator's pages."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from registry.personas import checking
from registry.personas.models import Persona
from tests.registry import likenesses
from tests.registry.rows import persona_of

WHOLE = {"name_zh": "小林", "description": "Sells tea.", "drive_mode": "human", "portrayed": "nobody", "platforms": ["demo-live"]}


@pytest.fixture(autouse=True)
def _platform(db: None) -> None:
    likenesses.platform()


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def test_pages_lead_to_the_sign_in(client: Client, alice: User) -> None:
    persona = persona_of(alice)
    for name, args in ("list", []), ("new", []), ("edit", [persona.pk]), ("portraits", [persona.pk]):
        assert client.get(reverse(f"personas:{name}", args=args))["Location"].startswith(reverse("account_login"))


def test_a_strangers_persona_is_not_found(client: Client, alice: User, eve: User) -> None:
    persona = persona_of(alice)
    portrait = likenesses.portrait_of(persona, shows=None)
    client.force_login(eve)
    for name, key in ("edit", persona.pk), ("portraits", persona.pk), ("portrait", portrait.pk):
        assert client.get(reverse(f"personas:{name}", args=[key])).status_code == 404
    for name in "portrait_remove", "portrait_move":
        assert client.post(reverse(f"personas:{name}", args=[persona.pk, portrait.pk])).status_code == 404


def test_a_new_persona_leads_to_its_portraits(alices: Client) -> None:
    assert alices.get(reverse("personas:new")).status_code == 200
    answer = alices.post(reverse("personas:new"), WHOLE | {"handle_demo-live": "@lin"})
    persona = Persona.objects.get()
    assert answer["Location"] == reverse("personas:portraits", args=[persona.pk])
    assert persona.handles.get().handle == "@lin"
    assert "小林" in alices.get(reverse("personas:list")).content.decode()


def test_an_error_keeps_what_was_typed(alices: Client) -> None:
    answer = alices.post(reverse("personas:new"), WHOLE | {"name_zh": "", "handle_demo-live": "@lin"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Give the persona a name" in page
    assert "Sells tea." in page
    assert 'value="@lin"' in page


def test_details_are_changed(alices: Client, alice: User) -> None:
    persona = persona_of(alice)
    page = alices.get(reverse("personas:edit", args=[persona.pk]))
    assert 'value="小林"' in page.content.decode()
    assert alices.post(reverse("personas:edit", args=[persona.pk]), WHOLE | {"name_zh": "小王"}).status_code == 302
    persona.refresh_from_db()
    assert persona.name_zh == "小王"


def test_good_pictures_stay_when_another_is_bad(alices: Client, alice: User) -> None:
    persona = persona_of(alice)
    good = SimpleUploadedFile("good.jpg", likenesses.PIXEL)
    bad = SimpleUploadedFile("bad.jpg", b"hello")
    answer = alices.post(reverse("personas:portraits", args=[persona.pk]), {"picture": [good, bad]})
    assert answer.status_code == 422
    assert "bad.jpg" in answer.content.decode()
    assert persona.portraits.count() == 1


def test_an_empty_upload_says_what_to_do(alices: Client, alice: User) -> None:
    answer = alices.post(reverse("personas:portraits", args=[persona_of(alice).pk]))
    assert answer.status_code == 422
    assert "Choose a picture first" in answer.content.decode()


def test_the_page_asks_again_until_every_portrait_is_checked(alices: Client, alice: User, now: datetime) -> None:
    persona = persona_of(alice)
    portrait = likenesses.portrait_of(persona, shows=None, checked_at=None)
    here = reverse("personas:portraits", args=[persona.pk])
    assert f'hx-get="{here}?grid"' in alices.get(here).content.decode()
    checking.check_portrait(portrait_id=portrait.pk, now=now)
    grid = alices.get(f"{here}?grid").content.decode()
    assert "hx-get" not in grid
    assert "We found no face in this picture" in grid


def test_portraits_are_served_moved_and_removed(alices: Client, alice: User) -> None:
    persona = persona_of(alice)
    one, two = (likenesses.portrait_of(persona, shows=None, position=place) for place in range(2))
    answer = alices.get(reverse("personas:portrait", args=[one.pk]))
    assert answer["Content-Type"] == "image/jpeg"
    assert "no-store" in answer["Cache-Control"]
    alices.post(reverse("personas:portrait_move", args=[persona.pk, two.pk]), {"to": "front"})
    assert list(persona.portraits.all()) == [two, one]
    alices.post(reverse("personas:portrait_remove", args=[persona.pk, two.pk]))
    assert list(persona.portraits.all()) == [one]
