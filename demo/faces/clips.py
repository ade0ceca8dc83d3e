"""Camera clips: a person moving before a camera, for Chromium's --use-file-for-fake-video-capture."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from demo.faces import acting, identities, pictures
from demo.faces.acting import Moment, Pixels, Take
from demo.faces.head import Expression
from demo.faces.render import Pose, Shot, picture
from verification.engines.challenge import Challenge

# Chromium plays every .mjpeg at this rate, whatever it was made for, and starts again at its end.
PLAYED_FPS = 30
CLIP_FPS = 10
READY_MS = 2500  # from the page's start of the camera to the first frame it keeps
TAIL_MS = 4000

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


def challenge_clip(
    path: Path,
    name: str,
    challenge: Challenge,
    *,
    size: tuple[int, int] = (480, 360),
    ready_ms: int = READY_MS,
    reaction_ms: int = 900,
    changed: Callable[[Take, list[Moment], list[int]], Iterable[Pixels]] = acting.filmed,
) -> Path:
    """Write the clip of a person who follows a challenge, and return its path; `changed` films something else.

    The camera is opened `ready_ms` before the page's recording begins. The page is a little later than that, by what
    the browser takes: the reaction is slow enough to stay within the judge's time if it is up to 0.8 s.
    It goes on for four seconds, so that it does not begin again while the page still records.
    """
    every = round(1000 / CLIP_FPS)
    times = list(range(-ready_ms, challenge.total_ms + TAIL_MS, every))
    take = Take(identities.face(name), seed=len(name), size=size, reaction_ms=reaction_ms)
    shown = changed(take, acting.acted(challenge, times, reaction_ms), times)
    with path.open("wb") as file:
        for pixels in shown:
            file.write(pictures.jpeg(Image.fromarray(pixels)) * (PLAYED_FPS // CLIP_FPS))
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
