"""What an operator does with a persona and its portraits."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.storage import storages
from django.db import connection

from portal.access.actor import Actor
from portal.accounts.models import User
from portal.accounts.services import own_operator
from portal.audit.events import Event
from portal.audit.queries import trail_of
from portal.kit.errors import Forbidden, Invalid, NotFound
from portal.vault.models import Erased, SealedFile
from registry.personas import queries, services
from registry.personas.models import Application, Portrait
from registry.personas.rules import Details
from registry.personas.services import portraits
from tests.registry import likenesses
from tests.registry.rows import operator_of, persona_of
from verification.engines.pictures import BadPicture

Act = Callable[[User], Actor]
LIN = Details(name_zh="小林", name_en=" Lin ", portrayed="nobody", platforms=("demo-live",), handles={"demo-live": "@lin"})


@pytest.fixture(autouse=True)
def _platform(db: None) -> None:
    likenesses.platform()


def test_a_persona_is_made_with_a_receipt(alice: User, act: Act, now: datetime) -> None:
    actor = act(alice)
    persona = services.create(actor=actor, operator=own_operator(actor=actor, now=now), details=LIN, now=now)
    assert (persona.name_en, persona.created_by) == ("Lin", alice)
    assert queries.snapshot(persona)["handles"] == {"demo-live": "@lin"}
    assert [entry.event for entry in trail_of(persona)] == [Event.PERSONA_CREATED]


def test_nobody_makes_a_persona_in_anothers_name(alice: User, eve: User, act: Act, now: datetime) -> None:
    with pytest.raises(NotFound):
        services.create(actor=act(eve), operator=operator_of(alice), details=LIN, now=now)


def test_a_stranger_does_not_find_it_and_the_desk_may_not_change_it(alice: User, bob: User, eve: User, act: Act, now: datetime) -> None:
    persona = persona_of(alice)
    with pytest.raises(NotFound):
        services.change(actor=act(eve), persona=persona, details=LIN, now=now)
    with pytest.raises(Forbidden):
        services.change(actor=act(bob), persona=persona, details=LIN, now=now)


def test_an_auditor_makes_nothing(frank: User, act: Act, now: datetime) -> None:
    with pytest.raises(Forbidden):
        services.create(actor=act(frank), operator=operator_of(frank), details=LIN, now=now)


def test_saving_the_same_leaves_no_trace(alice: User, act: Act, now: datetime) -> None:
    persona = persona_of(alice)
    services.change(actor=act(alice), persona=persona, details=queries.details_of(persona), now=now)
    assert not trail_of(persona).exists()


def test_bad_details_are_refused_by_field(alice: User, act: Act, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        services.change(actor=act(alice), persona=persona_of(alice), details=Details(platforms=("nowhere",)), now=now)
    assert set(refused.value.errors) == {"name_zh", "platforms"}


def test_who_it_shows_is_part_of_the_check(alice: User, act: Act, now: datetime) -> None:
    persona = persona_of(alice)
    portrait = likenesses.portrait_of(persona, shows=None)
    services.change(actor=act(alice), persona=persona, details=Details(name_en="Lin", portrayed="self"), now=now)
    portrait.refresh_from_db()
    assert portrait.checked_at is None


def test_a_portrait_is_cleaned_sealed_and_waits_for_its_check(alice: User, act: Act, now: datetime) -> None:
    portrait = services.add_portrait(actor=act(alice), persona=persona_of(alice), upload=likenesses.PIXEL, now=now)
    assert portrait.checked_at is None
    with storages["vault"].open(portrait.file.path) as stored:
        assert b"JFIF" not in stored.read()
    assert portrait.file.read().startswith(b"\xff\xd8")


def test_a_file_that_is_no_picture_is_refused_in_words(alice: User, act: Act, now: datetime) -> None:
    with pytest.raises(BadPicture) as refused:
        services.add_portrait(actor=act(alice), persona=persona_of(alice), upload=b"hello", now=now)
    assert refused.value.code == "not_a_picture"
    assert not SealedFile.objects.exists()


def test_a_seventh_portrait_is_refused(alice: User, act: Act, now: datetime) -> None:
    persona = persona_of(alice)
    for place in range(6):
        likenesses.portrait_of(persona, shows=None, position=place)
    with pytest.raises(Invalid):
        services.add_portrait(actor=act(alice), persona=persona, upload=likenesses.PIXEL, now=now)


def test_a_picture_is_decoded_while_nothing_is_locked(alice: User, act: Act, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    depths: list[int] = []

    def watched(upload: bytes) -> bytes:
        depths.append(len(connection.savepoint_ids))
        return upload

    monkeypatch.setattr(portraits, "clean", watched)
    services.add_portrait(actor=act(alice), persona=persona_of(alice), upload=likenesses.PIXEL, now=now)
    assert depths == [len(connection.savepoint_ids)]


def test_of_two_uploads_at_once_the_seventh_is_not_kept(alice: User, act: Act, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    persona = persona_of(alice)
    for place in range(5):
        likenesses.portrait_of(persona, shows=None, position=place)

    def overtaken(upload: bytes) -> bytes:
        likenesses.portrait_of(persona, shows=None, position=5)
        return upload

    monkeypatch.setattr(portraits, "clean", overtaken)
    with pytest.raises(Invalid):
        services.add_portrait(actor=act(alice), persona=persona, upload=likenesses.PIXEL, now=now)
    assert Portrait.objects.count() == 6
    assert SealedFile.objects.filter(data_key__wrapped__isnull=False).count() == 6


def test_a_removed_portrait_is_erased(alice: User, act: Act, now: datetime) -> None:
    persona = persona_of(alice)
    portrait = likenesses.portrait_of(persona, shows=None)
    file = SealedFile.objects.get(pk=portrait.file_id)
    services.remove_portrait(actor=act(alice), persona=persona, portrait_id=portrait.pk, now=now)
    assert not Portrait.kept.filter(pk=portrait.pk).exists()
    assert not storages["vault"].exists(file.path)
    with pytest.raises(Erased):
        SealedFile.objects.get(pk=file.pk).data_key.open()


def test_a_portrait_that_was_decided_on_stays_as_evidence(alice: User, bob: User, act: Act, now: datetime) -> None:
    persona = persona_of(alice)
    portrait = likenesses.portrait_of(persona, shows=None)
    application = Application.objects.create(persona=persona, facts=queries.snapshot(persona), submitted_at=now)
    services.remove_portrait(actor=act(alice), persona=persona, portrait_id=portrait.pk, now=now)
    assert list(persona.portraits.all()) == []
    assert queries.portraits_sent(application) == [portrait]
    assert queries.portrait_for(act(bob), portrait.pk) == portrait
    with pytest.raises(NotFound):
        queries.portrait_for(act(alice), portrait.pk)


def test_the_first_portrait_is_the_one_moved_to_the_front(alice: User, act: Act, now: datetime) -> None:
    persona = persona_of(alice)
    one, two, three = (likenesses.portrait_of(persona, shows=None, position=place) for place in range(3))
    services.move_portrait(actor=act(alice), persona=persona, portrait_id=three.pk, step=-1, now=now)
    services.move_portrait(actor=act(alice), persona=persona, portrait_id=one.pk, step=-1, now=now)
    assert list(persona.portraits.all()) == [one, three, two]
