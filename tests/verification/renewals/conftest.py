"""Alice is verified by her face and sends a fresh selfie, months later."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO

import pytest
from PIL import Image

from demo.faces import pictures
from portal.accounts.doors import actor_for
from portal.accounts.models import User
from portal.vault import rotation
from tests import remembering
from tests.registry import likenesses
from verification import services as verification
from verification.engines import face
from verification.engines import pictures as pictures_engine
from verification.models import FaceTemplate, Identity
from verification.renewals import services
from verification.renewals.models import Renewal
from verification.renewals.services import machine
from verification.rules import Vector

MONTHS = timedelta(days=170)
Send = Callable[..., Renewal]


@cache
def fresh(name: str = "alice") -> bytes:
    """Returns a selfie taken on another day; `nobody` shows no face."""
    if name == "nobody":
        return likenesses.PIXEL
    return pictures.jpeg(pictures.portrait(name, yaw=4, frame=5, size=320))


@pytest.fixture
def verified(alice: User, now: datetime) -> Identity:
    """Alice's identity, with the consent to face comparison and the kept template."""
    verification.consent(actor=actor_for(alice), purposes=["processing", "face"], now=now)
    likenesses.verified(alice, now=now, face_of=likenesses.template("alice"))
    return Identity.objects.get(user=alice)


@pytest.fixture
def later(now: datetime) -> datetime:
    """Ten days before the six months are over."""
    return now + MONTHS


@pytest.fixture
def send(alice: User, later: datetime) -> Send:
    """Sends a selfie as Alice, and lets the machine judge it."""

    def go(
        picture: bytes | None = None, channel: str = "camera", at: datetime | None = None, judged: bool = True, mover: str = "alice"
    ) -> Renewal:
        when, actor = at or later, actor_for(alice)
        moved = moves(alice, when, mover) if channel == "camera" else None
        row = services.send(actor=actor, upload=picture or fresh(), channel=channel, moved=moved, now=when)
        if judged:
            machine.judge(renewal_id=row.pk, now=when)
            row.refresh_from_db()
        return row

    return go


def moves(user: User, now: datetime, mover: str = "alice", *, film: bytes | None = None, camera: str = "Front camera") -> services.Moved:
    """Returns the recording of one of the cast who does what was asked of the user just now."""
    drawn = services.draw(actor=actor_for(user), slow=False, now=now)
    return services.Moved(drawn.nonce, film or remembering.performed(mover), camera)


def at_distance(identity: Identity, apart: float) -> None:
    """Moves the kept template away from Alice's fresh selfie, to that distance."""
    vector = rotation.turn(_seen()).copy()
    vector[0] += apart
    FaceTemplate.objects.filter(identity=identity).update(vector=vector)


@cache
def _seen() -> Vector:
    with Image.open(BytesIO(pictures_engine.clean(fresh()))) as picture:
        return face.faces_in(picture)[0].template
