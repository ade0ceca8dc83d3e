"""Faces for tests of the registry: rendered ones where the machine looks, and plain vectors where only distances count."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image

from demo.faces import pictures
from portal.accounts.models import Platform, User
from portal.vault.files import store
from portal.vault.models import Retention
from portal.vault.rotation import DIMENSIONS, turn
from registry.personas.models import Persona, Portrait
from tests.cast import EPOCH
from tests.registry import rows
from verification.engines import face
from verification.models import FaceTemplate
from verification.rules import Vector

PIXEL = pictures.jpeg(Image.new("RGB", (64, 64), (120, 130, 140)))


@lru_cache(maxsize=32)
def picture(name: str, yaw: float = 0.0) -> bytes:
    """Returns a JPEG of one of the cast, rendered once a session."""
    return pictures.jpeg(pictures.portrait(name, yaw=yaw, size=320))


@lru_cache(maxsize=8)
def template(name: str) -> Vector:
    """Returns the turned face template of one of the cast, as verification keeps it."""
    found = face.faces_in(pictures.portrait(name, size=320))
    return turn(found[0].template)


def vector(seed: int, *, off: float = 0.0) -> Vector:
    """Returns a face of numbers only, or one at the distance `off` from it."""
    drawn = np.random.default_rng(seed).standard_normal(DIMENSIONS)
    one = drawn / np.linalg.norm(drawn)
    shift = np.zeros(DIMENSIONS)
    shift[0] = off
    return one + shift


def verified(user: User, *, now: datetime, face_of: Vector | None, **fields: Any) -> None:
    """Gives the account a standing identity and, if there is one, the template of its face."""
    identity = rows.verified(user, now=now, **fields)
    if face_of is not None:
        FaceTemplate.objects.create(identity=identity, vector=face_of.tolist(), created_at=now)


def portrait_of(persona: Persona, *, shows: Vector | None, position: int = 0, **fields: Any) -> Portrait:
    """Returns a checked portrait whose face is the vector."""
    file = store(PIXEL, media_type="image/jpeg", kind=Retention.PORTRAIT)
    values: dict[str, Any] = {"checked_at": EPOCH, "vector": None if shows is None else shows.tolist(), "position": position}
    return Portrait.objects.create(persona=persona, file=file, added_at=EPOCH, **(values | fields))


def platform(code: str = "demo-live") -> Platform:
    """Returns the platform that personas and licences name."""
    found, _made = Platform.objects.get_or_create(code=code, defaults={"name": code.title(), "created_at": EPOCH, "live_at": EPOCH})
    return found
