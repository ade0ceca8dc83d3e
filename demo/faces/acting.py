"""A rendered person doing what a challenge asks: the few poses are rendered once, and sway, noise and time are cheap."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from demo.faces import pictures
from demo.faces.head import Expression
from demo.faces.identities import Face
from demo.faces.render import Light, Pose, Shot, scene
from verification.engines.challenge import Challenge
from verification.engines.recording import Frame

SIZE = (320, 240)
CAPTURED_MS = 125  # as the page captures: eight frames a second
REACTION_MS = 600  # from the page's prompt to the beginning of the movement
RAMP_MS = 500  # from straight to the furthest point
BLINK_MS = 1000  # a blink is not held until the page says more: eyes that are shut do not see it
JPEG_QUALITY = 80
NOISE = 1.6  # of 255, as a small sensor has it
_LARGER = 64  # pixels by which the field of noise is larger than a picture: each takes its noise from another place of it

# The furthest point of each movement. Left and right are the person's own: turning left, the nose goes to the
# picture's right.
POSES: dict[str, tuple[Pose, Expression]] = {
    "front": (Pose(), Expression()),
    "blink": (Pose(), Expression(eyes_open=0.0)),
    "turn_left": (Pose(yaw=25), Expression()),
    "turn_right": (Pose(yaw=-25), Expression()),
    "open_mouth": (Pose(), Expression(mouth_open=0.8)),
    "nod": (Pose(pitch=12), Expression()),
}
_POINTS = {"blink": 2, "open_mouth": 3}  # how many points of a movement are rendered; turns: 4

Moment = tuple[str, float]  # a movement and its share of the way, 0 to 1
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Take:
    """All that one recording differs in from another of the same person."""

    face: Face
    seed: int = 0
    size: tuple[int, int] = SIZE
    light: Light = pictures.FROM_LEFT
    reaction_ms: int = REACTION_MS


def acted(challenge: Challenge, at_ms: Sequence[float], reaction_ms: int = REACTION_MS) -> list[Moment]:
    """Return what the person does at each moment, in ms since the page's recording began."""
    return [_moment(challenge, at, reaction_ms) for at in at_ms]


def _moment(challenge: Challenge, at: float, reaction_ms: int) -> Moment:
    for phase in challenge.phases:
        if phase.action is None:
            continue
        start = phase.start + reaction_ms
        stop = start + BLINK_MS if phase.action == "blink" else phase.end + reaction_ms
        if start <= at < stop + RAMP_MS:
            return phase.action, float(np.clip(min((at - start) / RAMP_MS, 1 - (at - stop) / RAMP_MS), 0, 1))
    return "front", 0.0


def filmed(take: Take, moments: Sequence[Moment], at_ms: Sequence[float]) -> Iterator[Pixels]:
    """Yield a picture for each moment: the pose, as a camera sees it."""
    return shot(take, (posed(take.face, movement, share, take.size, take.light) for movement, share in moments), at_ms)


def shot(take: Take, shown: Iterable[Pixels], at_ms: Sequence[float]) -> Iterator[Pixels]:
    """Yield what is shown at each time, seen by a camera that sways a little and has a noisy sensor."""
    rng = np.random.default_rng([7, take.face.seed, take.seed])
    phases = rng.uniform(0, 2 * np.pi, 4)
    speeds = np.array([1.7, 1.3, 1.1, 0.9])
    width, height = take.size
    noise = NOISE * rng.standard_normal((height + _LARGER, width + _LARGER, 3), np.float32)
    for picture, at in zip(shown, at_ms, strict=True):
        seen = _swayed(picture, np.sin(at / 1000 * speeds + phases))
        down, across = rng.integers(0, _LARGER, 2)
        seen += noise[down : down + height, across : across + width]
        yield np.clip(seen, 0, 255, out=seen).astype(np.uint8)


def posed(face: Face, movement: str, share: float, size: tuple[int, int] = SIZE, light: Light = pictures.FROM_LEFT) -> Pixels:
    """Return the person at a point of a movement, the share rounded to one of the few that are rendered."""
    points = _POINTS.get(movement, 4)
    return _posed(face, movement, round(share * points) / points, size, light)


@lru_cache(maxsize=512)
def _posed(face: Face, movement: str, share: float, size: tuple[int, int], light: Light) -> Pixels:
    if share == 0 and movement != "front":
        return _posed(face, "front", 0.0, size, light)
    pose, expression = POSES[movement]
    shot = Shot(
        pose=Pose(yaw=pose.yaw * share, pitch=pose.pitch * share),
        expression=Expression(1 - (1 - expression.eyes_open) * share, expression.mouth_open * share),
        light=light,
        size=size,
        background=pictures.GREY_WALL,
    )
    return scene(face, shot).astype(np.uint8)


def _swayed(pixels: Pixels, sway: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return the picture moved by up to 1.2 % of its width, turned by 1° and scaled by 1 %; `sway` is four from -1 to 1."""
    height, width = pixels.shape[:2]
    angle, scale = np.radians(sway[2]), 1 / (1.05 + 0.01 * sway[3])
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    middle, shift = np.array([width - 1, height - 1]) / 2, 0.012 * width * sway[:2]
    matrix = np.column_stack([turn, middle - turn @ (middle + shift)])
    moved = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)
    return np.asarray(moved, np.float32)


def capture_times(challenge: Challenge, every_ms: int = CAPTURED_MS) -> list[int]:
    """Return when the page captures a frame, in ms since its recording began."""
    return list(range(40, challenge.total_ms, every_ms))


def recorded(take: Take, challenge: Challenge, every_ms: int = CAPTURED_MS) -> list[Frame]:
    """Return what the page sends when this person follows the challenge."""
    times = capture_times(challenge, every_ms)
    return framed(challenge, times, filmed(take, acted(challenge, times, take.reaction_ms), times))


def framed(challenge: Challenge, times: Sequence[int], shown: Iterable[Pixels]) -> list[Frame]:
    """Return the pictures as frames that bear the times and the phases of this challenge."""
    phases = challenge.phases
    numbers = [next(number for number, phase in enumerate(phases) if at < phase.end) for at in times]
    encoded = (pictures.jpeg(Image.fromarray(pixels), JPEG_QUALITY) for pixels in shown)
    return [Frame(at, number, jpeg) for at, number, jpeg in zip(times, numbers, encoded, strict=True)]
