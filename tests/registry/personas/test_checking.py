"""The machine's look at a portrait, with rendered faces and the real library."""

from collections.abc import Callable
from datetime import datetime

import pytest
from PIL import Image

from demo.faces import pictures
from portal.access.actor import Actor
from portal.accounts.models import User
from portal.audit.events import Event
from portal.audit.queries import trail_of
from registry.personas import checking, services
from registry.personas.models import Persona, Portrait
from registry.personas.rules import Flag
from tests.registry import likenesses
from tests.registry.rows import persona_of

Act = Callable[[User], Actor]


def checked(persona: Persona, actor: Actor, upload: bytes, now: datetime) -> Portrait:
    portrait = services.add_portrait(actor=actor, persona=persona, upload=upload, now=now)
    checking.check_portrait(portrait_id=portrait.pk, now=now)
    portrait.refresh_from_db()
    assert portrait.checked_at == now
    return portrait


def test_the_creators_own_face_raises_no_flag_and_anothers_does(alice: User, act: Act, now: datetime) -> None:
    likenesses.verified(alice, now=now, face_of=likenesses.template("alice"))
    persona = persona_of(alice, portrayed="self")
    assert checked(persona, act(alice), likenesses.picture("alice", 10.0), now).flags == []
    other = checked(persona, act(alice), likenesses.picture("carol"), now)
    assert other.flags == [Flag.NOT_NAMED_PERSON]
    assert [entry.event for entry in trail_of(other)] == [Event.PORTRAIT_CHECKED]


def test_a_synthetic_face_like_a_verified_persons_is_flagged_for_the_officer(alice: User, carol: User, act: Act, now: datetime) -> None:
    likenesses.verified(carol, now=now, face_of=likenesses.template("carol"))
    persona = persona_of(alice, portrayed="nobody")
    assert checked(persona, act(alice), likenesses.picture("carol", 10.0), now).flags == [Flag.RESEMBLES_VERIFIED_PERSON]
    assert checked(persona, act(alice), likenesses.picture("eve"), now).flags == []


def test_a_picture_without_or_with_several_faces_is_flagged(alice: User, act: Act, now: datetime) -> None:
    persona = persona_of(alice)
    assert checked(persona, act(alice), likenesses.PIXEL, now).flags == [Flag.NO_FACE]
    pair = Image.new("RGB", (640, 320))
    pair.paste(pictures.portrait("alice", size=320), (0, 0))
    pair.paste(pictures.portrait("eve", size=320), (320, 0))
    assert checked(persona, act(alice), pictures.jpeg(pair), now).flags == [Flag.SEVERAL_FACES]


def test_a_picture_that_kills_the_worker_goes_to_the_officer(alice: User, now: datetime) -> None:
    portrait = likenesses.portrait_of(persona_of(alice), shows=None, checked_at=None, attempts=3)
    checking.check_portrait(portrait_id=portrait.pk, now=now)
    portrait.refresh_from_db()
    assert (portrait.checked_at, portrait.flags) == (now, [Flag.CHECK_FAILED])


def test_checking_twice_changes_nothing(alice: User, now: datetime) -> None:
    portrait = likenesses.portrait_of(persona_of(alice), shows=None)
    checking.check_portrait(portrait_id=portrait.pk, now=now)
    assert not trail_of(portrait).exists()


@pytest.mark.django_db
def test_a_portrait_that_is_gone_is_no_trouble(now: datetime) -> None:
    checking.check_portrait(portrait_id=Portrait().pk, now=now)
