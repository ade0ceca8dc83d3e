"""Camera clips: a person moving before a camera, for Chromium's --use-file-for-fake-video-capture."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from demo.faces import identities, pictures
from demo.faces.head import Expression
from demo.faces.render import Pose, Shot, picture

# Chromium plays every .mjpeg at this rate, whatever it was made for, and starts again at its end.
PLAYED_FPS = 30

# The furthest point of each movement. Left and right are the person's own: turning left, the nose
# goes to the picture's right.
_MOVEMENTS: dict[str, tuple[Pose, Expression]] = {
    "front": (Pose(), Expression()),
    "blink": (Pose(), Expression(eyes_open=0.0)),
    "turn_left": (Pose(yaw=25), Expression()),
    "turn_right": (Pose(yaw=-25), Expression()),
    "open_mouth": (Pose(), Expression(mouth_open=1.0)),
    "nod": (Pose(pitch=12), Expression()),
}


def camera_clip(
    path: Path,
    name: str,
    *,
    script: Sequence[str] = ("front",),
    seconds_each: float = 0.6,
    size: tuple[int, int] = (640, 480),
    fps: int = 10,
) -> Path:
    """Write the frames to `path` as JPEG files one after another (.mjpeg) and return the path.

    Each picture is written as often as makes Chromium show it for 1/fps s, so `fps` is best a divisor of 30.
    """
    repeats = max(1, round(PLAYED_FPS / fps))
    with path.open("wb") as file:
        for image in frames(name, script=script, seconds_each=seconds_each, size=size, fps=fps):
            file.write(pictures.jpeg(image) * repeats)
    return path


def frames(
    name: str,
    *,
    script: Sequence[str] = ("front",),
    seconds_each: float = 0.6,
    size: tuple[int, int] = (640, 480),
    fps: int = 10,
) -> Iterator[Image.Image]:
    """Yield the pictures of the script, each movement from the front and back to it, so that a clip loops."""
    face = identities.face(name)
    each = max(3, round(seconds_each * fps))
    for number, (movement, share) in enumerate((step, share) for step in script for share in _course(each)):
        yield picture(face, _shot(movement, share, size), frame=number)


def _course(count: int) -> list[float]:
    """Return how far a movement has gone in each of its frames: eased in from 0, held at 1, eased out to 0."""
    ramp = np.clip(np.minimum(np.linspace(0, 1, count), np.linspace(1, 0, count)) / 0.4, 0, 1)
    return [round(float(share), 3) for share in ramp * ramp * (3 - 2 * ramp)]


def _shot(movement: str, share: float, size: tuple[int, int]) -> Shot:
    pose, expression = _MOVEMENTS[movement]
    return Shot(
        pose=Pose(yaw=pose.yaw * share, pitch=pose.pitch * share),
        expression=Expression(1 - (1 - expression.eyes_open) * share, expression.mouth_open * share),
        light=pictures.FROM_LEFT,
        size=size,
        background=pictures.GREY_WALL,
    )
