"""The selfie goes to an authority under a consent of its own, and under no other."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import pytest
from django.test import Client
from pytest_django import Settings

from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.kit.errors import Invalid
from tests.verification import rows
from verification import checks, queries, rules, services
from verification.engines.authority import choice
from verification.engines.authority.protocol import Answer, Outcome, Question
from verification.models import Case, ConsentRecord, Purpose
from verification.services import asking
from verification.services.sight import Sight

ALL = ("processing", "face", "sharing")
RECIPIENT = "Specimen Authority, 1 Example Road, privacy@authority.example"
PAGE = "/identity/consent/"


@dataclass
class Authority:
    """An authority that remembers what it was asked."""

    takes_face: bool = True
    code: str = "tencent"
    asked: list[Question] = field(default_factory=list)

    def accepts(self, question: Question) -> bool:
        """Returns that it knows every document."""
        return True

    def ask(self, question: Question) -> Answer:
        """Returns a match."""
        self.asked.append(question)
        return Answer(Outcome.MATCH, self.code)


@pytest.fixture
def authority(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that takes faces, configured and told to the applicants."""
    settings.AUTHORITY, settings.AUTHORITY_KEY_ID, settings.AUTHORITY_KEY_SECRET = "tencent", "AKIDexample", "the-secret-key"
    settings.AUTHORITY_FACE, settings.AUTHORITY_RECIPIENT = "ImageRecognitionV2", RECIPIENT
    asked = Authority()
    monkeypatch.setattr(choice, "configured", lambda: asked)
    return asked


@pytest.fixture
def case(alice: User, now: datetime) -> Callable[..., Case]:
    """Makes a case with a selfie, under these consents."""

    def make(*consents: str) -> Case:
        return rows.in_review(alice, now, consents=consents)

    return make


SEEN = Sight(template=np.zeros(128))


def shown(authority: Authority, case: Case) -> bytes:
    """Returns the face that the authority was sent when it was asked about the case."""
    assert asking.answer(case, SEEN) is not None
    return authority.asked[-1].face


def test_under_all_three_consents_the_selfie_is_sent(authority: Authority, case: Callable[..., Case]) -> None:
    made = case(*ALL)
    assert made.selfie_image is not None
    assert shown(authority, made) == made.selfie_image.read()


def test_the_consent_to_comparison_here_is_none_to_sending(authority: Authority, case: Callable[..., Case]) -> None:
    assert shown(authority, case("processing", "face")) == b""
    assert authority.asked[-1].name


@pytest.mark.parametrize("take_back", [services.take_back_sharing, services.take_back_face])
def test_once_taken_back_no_selfie_is_sent(
    authority: Authority, case: Callable[..., Case], alice: User, now: datetime, take_back: Callable[..., None]
) -> None:
    made = case(*ALL)
    take_back(actor=actor_for(alice), now=now)
    assert shown(authority, made) == b""  # though the case in the worker's hands still has its selfie
    assert not ConsentRecord.objects.filter(purpose=Purpose.SHARING, withdrawn_at=None).exists()
    assert ConsentRecord.objects.get(purpose=Purpose.SHARING).withdrawn_at == now


def test_taking_back_the_sharing_leaves_the_rest(authority: Authority, case: Callable[..., Case], alice: User, now: datetime) -> None:
    made = case(*ALL)
    services.take_back_sharing(actor=actor_for(alice), now=now)
    assert queries.consents(alice.pk) == {"processing", "face"}
    made.refresh_from_db()
    assert made.selfie_image is not None


def test_another_authority_is_another_recipient_and_asked_for_anew(
    authority: Authority, case: Callable[..., Case], settings: Settings, alice: User, now: datetime
) -> None:
    made = case(*ALL)
    settings.AUTHORITY = authority.code = "network_id"
    assert shown(authority, made) == b""
    services.consent(actor=actor_for(alice), purposes=ALL, now=now)
    assert shown(authority, made) != b""
    assert len({given.version for given in ConsentRecord.objects.filter(purpose=Purpose.SHARING)}) == 2


def test_a_new_text_asks_again(authority: Authority, case: Callable[..., Case], monkeypatch: pytest.MonkeyPatch) -> None:
    made = case(*ALL)
    monkeypatch.setitem(rules.CONSENT_VERSIONS, "sharing", "2027-01")
    assert shown(authority, made) == b""


def test_sharing_needs_the_comparison(authority: Authority, alice: User, now: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        services.consent(actor=actor_for(alice), purposes=("processing", "sharing"), now=now)
    assert set(refusal.value.errors) == {"sharing"}
    assert not ConsentRecord.objects.exists()


def test_what_has_no_recipient_is_not_agreed_to(alice: User, now: datetime) -> None:
    services.consent(actor=actor_for(alice), purposes=ALL, now=now)
    assert queries.consents(alice.pk) == {"processing", "face"}


def test_leaving_the_box_empty_takes_it_back(authority: Authority, case: Callable[..., Case], alice: User, now: datetime) -> None:
    case(*ALL)
    services.consent(actor=actor_for(alice), purposes=("processing", "face"), now=now)
    assert queries.consents(alice.pk) == {"processing", "face"}


def test_nobody_takes_back_anothers(authority: Authority, case: Callable[..., Case], alice: User, eve: User, now: datetime) -> None:
    case(*ALL)
    services.take_back_sharing(actor=actor_for(eve), now=now)
    assert "sharing" in queries.consents(alice.pk)


def test_the_page_asks_only_where_an_authority_takes_faces_and_names_it(client: Client, alice: User, settings: Settings) -> None:
    client.force_login(alice)
    client.post("/identity/start/")
    assert 'name="sharing"' not in client.get(PAGE).content.decode()
    settings.AUTHORITY, settings.AUTHORITY_FACE, settings.AUTHORITY_RECIPIENT = "tencent", "ImageRecognitionV2", RECIPIENT
    page = client.get(PAGE).content.decode()
    assert 'name="sharing"' in page
    assert RECIPIENT in page
    assert client.post(PAGE, {"processing": "on", "sharing": "on"}).status_code == 422
    assert client.post(PAGE, dict.fromkeys(ALL, "on")).status_code == 302
    assert queries.consents(alice.pk) == set(ALL)


def test_it_is_taken_back_on_the_page_of_the_consents(client: Client, authority: Authority, case: Callable[..., Case], alice: User) -> None:
    case(*ALL)
    client.force_login(alice)
    assert "/identity/sharing/" in client.get("/identity/consents/").content.decode()
    assert "is with the authority" in client.get("/identity/sharing/").content.decode()
    assert client.post("/identity/sharing/")["Location"] == "/identity/consents/"
    assert "/identity/sharing/" not in client.get("/identity/consents/").content.decode()
    assert queries.consents(alice.pk) == {"processing", "face"}


def test_the_portal_does_not_start_with_a_recipient_unnamed(settings: Settings) -> None:
    settings.AUTHORITY, settings.AUTHORITY_KEY_ID, settings.AUTHORITY_KEY_SECRET = "tencent", "AKIDexample", "the-secret-key"
    settings.AUTHORITY_FACE = "ImageRecognitionV2"
    assert [each.id for each in checks.authority()] == ["verification.E002"]
    settings.AUTHORITY_RECIPIENT = RECIPIENT
    assert checks.authority() == []
