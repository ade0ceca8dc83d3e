"""The pages of labels: anybody reads a file's label, an operator opens the kit, and nobody else does."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.kit import clock
from registry.issuing import registry_id as ids
from registry.issuing.models import Registration
from registry.labels import callers, fonts
from tests.registry.labels import files
from tests.registry.rows import persona_of, registration_of


@pytest.fixture(autouse=True)
def _fresh_counts(db: None) -> None:
    """No test's files count for another's."""
    cache.clear()


@pytest.fixture
def registration(alice: User) -> Registration:
    """A registered synthetic persona of Alice."""
    return registration_of(alice, now=clock.now())


def signed_in(user: User) -> Client:
    """Returns a browser of somebody signed in."""
    browser = Client()
    browser.force_login(user)
    return browser


def upload(data: bytes, name: str = "x.png") -> SimpleUploadedFile:
    """Returns a file as a form sends it."""
    return SimpleUploadedFile(name, data)


def where(name: str, registration: Registration, *more: str) -> str:
    """Returns the address of a page of the kit."""
    return reverse(f"labels:{name}", args=[registration.persona_id, *more])


def test_anybody_reads_a_files_label(client: Client, registration: Registration, alice: User) -> None:
    sent = {"file": upload(files.picture("PNG")), "content_number": "2026-7"}
    answer = signed_in(alice).post(where("apply", registration), sent)
    copy = b"".join(answer)
    page = client.post("/labels/", {"file": upload(copy, "<b>.png")}).content.decode()
    assert "it is well formed" in page
    assert f"{ids.printed(registration.registry_id)}.2026-7" in page
    assert f'href="/r/{ids.printed(registration.registry_id)}/"' in page
    assert "&lt;b&gt;.png" in page


def test_a_label_full_of_markup_stays_text(client: Client) -> None:
    label = '{"Label":"<script>alert(1)</script>","x<img src=x onerror=alert(1)>":""}'
    tag = files.id3(3, b"TXXX" + len(b"\0AIGC\0" + label.encode()).to_bytes(4, "big") + b"\0\0" + b"\0AIGC\0" + label.encode())
    page = client.post("/labels/", {"file": upload(files.mp3(tag))}).content.decode()
    assert "not well formed" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("value", ["\\ud800", "\\u0000", "\\u202e", "x" * 15_000])
def test_no_character_in_a_label_breaks_the_page_or_the_answer(client: Client, alice: User, value: str) -> None:
    label = f'{{"Label":"{value}","ProduceID":"{value}","{value}":1}}'
    data = files.matroska(label)
    assert client.post("/labels/", {"file": upload(data)}).status_code == 200
    answer = signed_in(alice).post("/api/v1/labels:inspect", {"file": upload(data)})
    assert (answer.status_code, answer.json()["well_formed"]) == (200, False)


@pytest.mark.parametrize("sent", [{}, {"file": ""}])
def test_no_file_is_said_to_be_missing(client: Client, sent: dict[str, str]) -> None:
    answer = client.post("/labels/", sent)
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_a_forged_form_is_refused_and_a_real_one_is_not(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/labels/", {"file": upload(files.wav())}).status_code == 403
    browser.get("/labels/")
    sent = {"file": upload(files.wav()), "csrfmiddlewaretoken": browser.cookies["csrftoken"].value}
    assert browser.post("/labels/", sent).status_code == 200


def test_a_forged_form_writes_no_label(registration: Registration, alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    sent = {"file": upload(files.wav()), "content_number": "7"}
    assert browser.post(where("apply", registration), sent).status_code == 403


def test_a_visitor_sends_only_so_many_files(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(callers.RATES, "visitor", "1/m/ip")
    assert [client.post("/labels/", {"file": upload(files.wav())}).status_code for _each in range(2)] == [200, 429]
    assert client.get("/labels/").status_code == 200


def test_the_kit_is_for_those_who_answer_and_for_the_desk(registration: Registration, alice: User, bob: User, eve: User) -> None:
    pages = {user.email: signed_in(user).get(where("kit", registration)) for user in (alice, bob, eve)}
    assert {email: page.status_code for email, page in pages.items()} == {alice.email: 200, bob.email: 200, eve.email: 404}
    assert "Write the label into a file" in pages[alice.email].content.decode()
    assert "Write the label into a file" not in pages[bob.email].content.decode()
    assert f"{ids.printed(registration.registry_id)}.2026-0001" in pages[alice.email].content.decode()


def test_there_is_no_kit_before_registration(alice: User) -> None:
    persona = persona_of(alice)
    assert signed_in(alice).get(reverse("labels:kit", args=[persona.pk])).status_code == 404


def test_the_personas_page_leads_to_the_kit(registration: Registration, alice: User) -> None:
    page = signed_in(alice).get(reverse("home:persona", args=[registration.persona_id])).content.decode()
    assert f'href="{where("kit", registration)}"' in page


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_a_ready_picture_is_downloaded(registration: Registration, alice: User, kind: str, begins: bytes) -> None:
    if kind == "png" and not fonts.available():
        pytest.skip("no font with Chinese letters is installed")
    answer = signed_in(alice).get(where("overlay", registration, f"live-1080x1920-7-dark.{kind}") + "?download")
    assert answer.content.startswith(begins)
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_server_without_a_font_says_so(registration: Registration, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_chinese", lambda: None)
    browser = signed_in(alice)
    assert "No PNG can be drawn here" in browser.get(where("kit", registration)).content.decode()
    refused = browser.get(where("overlay", registration, "live-1080x1920-7-dark.png"))
    assert refused.status_code == 409
    assert "no font with Chinese letters" in refused.content.decode()
    assert browser.get(where("overlay", registration, "live-1080x1920-7-dark.svg")).status_code == 200


def test_a_strangers_and_an_unknown_picture_are_not_found(registration: Registration, alice: User, eve: User) -> None:
    assert signed_in(eve).get(where("overlay", registration, "live-1080x1920-7-dark.svg")).status_code == 404
    assert signed_in(alice).get(where("overlay", registration, "live-1x1-7-dark.svg")).status_code == 404


@pytest.mark.parametrize(
    ("data", "number", "said"),
    [
        (b"%PDF", "7", "We cannot label this kind of file"),
        (None, "a b", "Use letters, digits and signs"),
        (None, "", "Give the content a number"),
    ],
)
def test_what_is_wrong_with_a_file_or_number_stands_on_the_kit(
    registration: Registration, alice: User, data: bytes | None, number: str, said: str
) -> None:
    sent = {"file": upload(data or files.wav()), "content_number": number}
    answer = signed_in(alice).post(where("apply", registration), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_no_officer_writes_a_label_in_anothers_name(registration: Registration, bob: User) -> None:
    sent = {"file": upload(files.wav()), "content_number": "7"}
    assert signed_in(bob).post(where("apply", registration), sent).status_code == 404


def test_the_page_on_showing_warns_of_the_trap(client: Client) -> None:
    assert "-movflags use_metadata_tags" in client.get("/labels/showing/").content.decode()
