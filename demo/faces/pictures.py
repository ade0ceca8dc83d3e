"""Portraits of the cast and of strangers; the same arguments give the same pixels."""

from functools import lru_cache
from io import BytesIO

from PIL import Image

from demo.faces import identities
from demo.faces.head import Expression
from demo.faces.identities import Colour, Face
from demo.faces.render import Light, Pose, Shot, picture

FROM_LEFT = Light()
FROM_RIGHT = Light(azimuth=25.0)
GREY_WALL: Colour = (150, 158, 165)


def portrait(
    name: str,
    *,
    yaw: float = 0.0,
    pitch: float = 0.0,
    eyes_open: float = 1.0,
    mouth_open: float = 0.0,
    light: Light = FROM_LEFT,
    size: int = 480,
    frame: int = 0,
    background: Colour = GREY_WALL,
) -> Image.Image:
    """Return a square portrait of one of the cast, `size` pixels wide.

    Degrees: positive yaw turns the nose to the picture's right, positive pitch lowers it. Eyes and mouth are
    open from 0 to 1. Another `frame` has other sensor noise and is alike otherwise.
    """
    shot = Shot(Pose(yaw, pitch), Expression(eyes_open, mouth_open), light, (size, size), background)
    return _taken(identities.face(name), shot, frame).copy()


def stranger(
    seed: int,
    *,
    yaw: float = 0.0,
    pitch: float = 0.0,
    eyes_open: float = 1.0,
    mouth_open: float = 0.0,
    light: Light = FROM_LEFT,
    size: int = 480,
    frame: int = 0,
    background: Colour = GREY_WALL,
) -> Image.Image:
    """Return a portrait, taken as in `portrait`, of a person drawn at random who is none of the cast.

    Strangers lie closer together than the cast does, which makes them good material for doubtful cases.
    """
    shot = Shot(Pose(yaw, pitch), Expression(eyes_open, mouth_open), light, (size, size), background)
    return _taken(identities.stranger(seed), shot, frame).copy()


def document_like(face: Face, size: int = 320) -> Image.Image:
    """Return a plain picture of anybody under another light, as a document would bear."""
    return _taken(face, Shot(Pose(yaw=2, pitch=1), Expression(), FROM_RIGHT, (size, size), (225, 228, 232)), 0).copy()


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    """Return the picture as a JPEG file."""
    file = BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=quality)
    return file.getvalue()


@lru_cache(maxsize=64)
def _taken(face: Face, shot: Shot, frame: int) -> Image.Image:
    return picture(face, shot, frame)
