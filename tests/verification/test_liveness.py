"""The judge of recordings: honest people pass, and none of the ways around the camera does."""

import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from demo.faces import acting, attacks, identities, pictures, warps
from demo.faces.acting import Take
from demo.faces.attacks import Attempt
from verification.engines import liveness
from verification.engines import liveness_continuity as continuity
from verification.engines import liveness_geometry as geometry
from verification.engines.challenge import Action, Challenge, Move, draw
from verification.engines.face import faces_in, landmarks_in
from verification.engines.liveness import LivenessJudgement, LivenessState, judge
from verification.engines.liveness_look import Seen, look
from verification.engines.recording import Frame, Pixels
from verification.reasons import REASONS
from verification.rules import Vector

ASKED = Challenge("n", 1500, (Move(Action.OPEN_MOUTH, 1800, 1300), Move(Action.TURN_LEFT, 1800, 1300), Move(Action.BLINK, 1800, 1300)))
EARLIER = Challenge("m", 1500, (Move(Action.TURN_RIGHT, 1800, 1300), Move(Action.BLINK, 1800, 1300), Move(Action.OPEN_MOUTH, 1800, 1300)))
EVERY_MS = 170  # six frames a second: half the work
ALICE = Take(identities.face("alice"), seed=3)


@pytest.fixture(autouse=True)
def _slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting.capture_times, "__defaults__", (EVERY_MS,))
    monkeypatch.setattr(
        liveness, "look", lambda frames: [replace(looked_at(frame.jpeg), ms=frame.ms, phase=frame.phase) for frame in frames]
    )


@cache
def looked_at(jpeg: bytes) -> Seen:
    """Returns what is seen in a frame, looked at once for all tests."""
    return look([Frame(0, 0, jpeg)])[0]


@cache
def known(name: str) -> Vector:
    """Returns the template of another picture of somebody."""
    return faces_in(pictures.document_like(identities.face(name)))[0].template


@cache
def honest() -> tuple[Frame, ...]:
    """Returns Alice's recording of what is asked."""
    return tuple(acting.recorded(ALICE, ASKED, EVERY_MS))


def judged(frames: list[Frame] | tuple[Frame, ...], document: str = "alice") -> LivenessJudgement:
    """Returns the judgement of frames that should show what is asked, by the holder of a document."""
    return judge(list(frames), ASKED, document_template=known(document), selfie_template=known(document))


def test_somebody_who_follows_passes_and_the_officer_reads_how() -> None:
    judgement = judged(honest())
    assert judgement.state == LivenessState.PASSED, judgement
    assert judgement.codes == ()
    assert [step["action"] for step in judgement.measures["steps"]] == ["open_mouth", "turn_left", "blink"]
    assert all(step["seen_ms"] > step["asked_ms"] for step in judgement.measures["steps"])
    assert judgement.measures["document"]["max"] < 0.5


ATTACKS = {
    "photograph tilted": {"liveness_not_followed", "liveness_still"},
    "moving features pasted on": {"liveness_not_followed"},
    "replay, other order": {"liveness_not_followed"},
    "stand-in for movements": {"liveness_face_changed", "liveness_not_followed"},
    "frozen stretches": {"liveness_still"},
}


@pytest.mark.parametrize("kind", ATTACKS)
def test_an_attack_fails_and_tells_nothing_but_what_to_do(kind: str) -> None:
    judgement = judged(attacks.recorded(kind, Attempt(ALICE, identities.face("frank"), ASKED, EARLIER)))
    assert judgement.state == LivenessState.FAILED, judgement
    assert set(judgement.codes) & ATTACKS[kind], judgement
    assert {str(REASONS[code].text) for code in judgement.codes} == {"The recording did not show what was asked for."}


def test_somebody_else_s_face_is_not_the_document_s() -> None:
    assert "liveness_not_the_document" in judged(honest(), document="frank").codes


def test_a_jump_in_the_scene_goes_to_an_officer() -> None:
    other = acting.recorded(replace(ALICE, seed=9, light=pictures.FROM_RIGHT), ASKED, EVERY_MS)
    half = next(at for at, frame in enumerate(other) if frame.phase == 3)  # both look straight
    judgement = judged([*honest()[:half], *other[half:]])
    assert judgement.state != LivenessState.PASSED, judgement


@pytest.mark.parametrize(
    "changed",
    [
        lambda frames: [],
        lambda frames: frames[::2],
        lambda frames: frames[:10] + frames[20:],
        lambda frames: frames[:-10],
        lambda frames: [replace(frame, phase=0) for frame in frames],
        lambda frames: [replace(frame, phase=99) for frame in frames],
        lambda frames: [replace(frame, ms=frame.ms * 2) for frame in frames],
        lambda frames: [*frames[:-1], replace(frames[-1], jpeg=b"\xff\xd8\xff")],
    ],
    ids=["empty", "half the frames", "a gap", "no end", "no phases", "wild phases", "half the speed", "damaged"],
)
def test_a_recording_that_is_not_whole_is_asked_for_again(changed: object) -> None:
    assert judged(changed(honest())).codes == ("liveness_interrupted",)  # type: ignore[operator]


def test_darkness_and_an_empty_room_are_named() -> None:
    def filled(level: int) -> list[Frame]:
        times = acting.capture_times(ASKED)
        rng = np.random.default_rng(1)
        return acting.framed(ASKED, times, [(level + rng.integers(0, 9, (96, 128, 3))).astype(np.uint8) for _ms in times])

    assert judged(filled(10)).codes == ("liveness_too_dark",)
    assert judged(filled(150)).codes == ("liveness_no_face",)


def test_two_faces_are_one_too_many() -> None:
    times = acting.capture_times(ASKED)
    pair = np.hstack([acting.posed(ALICE.face, "front", 0.0), acting.posed(identities.face("frank"), "front", 0.0)])
    frames = acting.framed(ASKED, times, [pair] * len(times))
    assert "liveness_several_faces" in judged(frames).codes


def measured(pixels: Pixels) -> tuple[geometry.Points, geometry.Shape]:
    """Returns landmarks and measures of the face in a picture."""
    marks = geometry.points(landmarks_in(pixels)[0][1])
    return marks, geometry.shape(marks)


def test_a_turned_head_has_depth_and_a_tilted_picture_has_none() -> None:
    straight, front = measured(acting.posed(ALICE.face, "front", 0.0))
    turned, left = measured(acting.posed(ALICE.face, "turn_left", 1.0))
    flat, held = measured(warps.tilted(acting.posed(ALICE.face, "front", 0.0), 40))
    assert left.turn - front.turn > 0.25
    assert left.depth - front.depth > 0.09
    assert abs(held.depth - front.depth) < 0.06
    assert geometry.unexplained(straight, turned) > 0.1
    assert geometry.unexplained(straight, flat) < 0.06


def test_measures_do_not_depend_on_size_place_or_roll() -> None:
    marks, shape = measured(acting.posed(ALICE.face, "turn_right", 1.0))
    cos, sin = np.cos(0.3), np.sin(0.3)
    moved = geometry.shape(2.5 * marks @ np.array([[cos, sin], [-sin, cos]]) + (40, -7))
    for name in ("turn", "depth", "eyes", "mouth"):
        assert getattr(moved, name) == pytest.approx(getattr(shape, name))


def test_an_honest_plan_is_in_time_at_both_paces() -> None:
    drawn = draw(random.Random(5))
    for asked, every in ((drawn, 125), (drawn.slowed(), 170)):
        times = acting.capture_times(asked, every)
        frames = acting.framed(asked, times, [np.zeros((8, 8, 3), np.uint8)] * len(times))
        assert list(continuity.timing(frames, asked)) == []
