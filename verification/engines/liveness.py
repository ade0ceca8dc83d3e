"""Liveness: whether a recording shows the person it should, alive, doing what was asked when it was asked.

The judge never calls a doubtful recording live: what is clearly not followed can be repeated, what is merely strange
goes to an officer. Neither tells the person which check it was; the measures do, and only officers read them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np

from verification.engines import liveness_continuity as continuity
from verification.engines.challenge import Challenge
from verification.engines.liveness_look import Seen, look, template
from verification.engines.liveness_movements import Course, Episode, Followed, course, follow
from verification.engines.recording import BadRecording, Frame
from verification.rules import DOUBT, SAME_FACE, Vector, distance

LEAST_FACES = 0.6  # share of the frames that must show a face
LOST_MS = 700  # without a face for longer, somebody else may have come
SEVERAL = 0.1  # share of the frames with another prominent face
DARK = 55.0  # of 255: the brightest tenth of the picture is darker
REACTIONS = 1000  # ms: somebody who reacts to prompts does so about as fast each time; a recording of other times does not
STILL = 0.6  # nothing moved by more, of what a movement takes

# Within one recording a face differs less from itself than in two pictures: up to 0.2 straight, 0.4 while it moves.
CHANGED, CHANGED_DOUBT = 0.42, 0.33
CHANGED_MOVING, CHANGED_MOVING_DOUBT = 0.52, 0.46
FROM_SELFIE, FROM_SELFIE_DOUBT = 0.5, 0.42


class LivenessState(StrEnum):
    """What a recording shows."""

    PASSED = "passed"
    FAILED = "failed"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class LivenessJudgement:
    """The state, codes of the reason catalogue, and what was measured: JSON values, for officers."""

    state: LivenessState
    codes: tuple[str, ...] = ()
    measures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Templates:
    straight: tuple[Vector, ...]
    moving: tuple[Vector, ...]


def judge(
    frames: Sequence[Frame], challenge: Challenge, *, document_template: Vector | None, selfie_template: Vector | None
) -> LivenessJudgement:
    """Returns the judgement of a recording made for `challenge` (at the pace it was followed: see `slowed`).

    Takes about a second and a half of one core for a hundred frames. Never raises for what frames contain.
    """
    plan = list(continuity.timing(frames, challenge))
    if plan:
        return _failed(("liveness_interrupted",), {"timing": plan, "frames": len(frames)})
    try:
        seen = look(frames)
    except BadRecording as error:
        return _failed(("liveness_interrupted",), {"timing": [error.why], "frames": len(frames)})
    faces = [one for one in seen if one.shape is not None]
    measures: dict[str, Any] = {"frames": len(seen), "seconds": round(seen[-1].ms / 1000, 1), "faces": len(faces)}
    unusable = tuple(_unusable(seen, faces))
    if unusable:
        return _failed(unusable, measures)
    return _moved(seen, faces, challenge, measures, (document_template, selfie_template))


def _failed(codes: tuple[str, ...], measures: dict[str, Any]) -> LivenessJudgement:
    return LivenessJudgement(LivenessState.FAILED, codes, measures)


def _unusable(seen: Sequence[Seen], faces: Sequence[Seen]) -> Iterator[str]:
    if float(np.median([one.bright for one in seen])) < DARK:
        yield "liveness_too_dark"
    elif len(faces) < LEAST_FACES * len(seen):
        yield "liveness_no_face"
    if sum(one.faces > 1 for one in seen) > SEVERAL * len(seen):
        yield "liveness_several_faces"


def _moved(
    seen: Sequence[Seen],
    faces: Sequence[Seen],
    challenge: Challenge,
    measures: dict[str, Any],
    known: tuple[Vector | None, Vector | None],
) -> LivenessJudgement:
    found = course(faces, challenge)
    steps, extra = follow(found, challenge)
    measures |= {"steps": [_told(step, found) for step in steps], "extra": [str(episode.action) for episode in extra]}
    failures, doubts = list(_movement_failures(seen, found, steps, extra)), list(_movement_doubts(seen, steps, challenge))
    if not failures:
        compared = _compared(faces, found, steps, challenge)
        for code, doubt in (*_changed(compared, measures), *_others(compared, known, measures)):
            failures += [code] if code else []
            doubts += [doubt] if doubt else []
    measures["doubts"] = doubts
    if failures:
        return _failed(tuple(dict.fromkeys(failures)), measures)
    return LivenessJudgement(LivenessState.DOUBTFUL if doubts else LivenessState.PASSED, ("liveness_doubtful",) if doubts else (), measures)


def _told(step: Followed, found: Course) -> dict[str, Any]:
    told: dict[str, Any] = {"action": str(step.action), "asked_ms": step.asked_ms}
    if step.episode is not None:
        peak = step.episode.peak
        told |= {"seen_ms": step.episode.start, "until_ms": step.episode.end, "amplitude": round(step.episode.amplitude, 2)}
        told |= {"depth": round(float(found.depth[peak]), 3), "unexplained": round(float(found.explained[peak]), 3), "flat": step.flat}
    return told


def _movement_failures(seen: Sequence[Seen], found: Course, steps: Sequence[Followed], extra: Sequence[Episode]) -> Iterator[str]:
    if continuity.frozen(seen) or found.strongest < STILL:
        yield "liveness_still"
    elif extra or any(step.episode is None or step.flat or step.late_end for step in steps):
        yield "liveness_not_followed"


def _movement_doubts(seen: Sequence[Seen], steps: Sequence[Followed], challenge: Challenge) -> Iterator[str]:
    if continuity.relit(seen, challenge):
        yield "the light comes from another side"
    yield from (f"{what} breaks at {ms} ms" for ms, what in continuity.breaks(seen))
    yield from (f"{step.action} ends early" for step in steps if step.early_end)
    yield from (f"{step.action} has no way between" for step in steps if step.abrupt)
    reactions = [step.episode.start - step.asked_ms for step in steps if step.episode is not None]
    if reactions and max(reactions) - min(reactions) > REACTIONS:
        yield "reactions differ"
    lost = _longest_without(seen)
    if lost > LOST_MS:
        yield f"no face for {lost} ms"


def _longest_without(seen: Sequence[Seen]) -> int:
    with_face = [0, *(one.ms for one in seen if one.shape is not None), seen[-1].ms]
    return max(later - earlier for earlier, later in pairwise(with_face))


def _compared(faces: Sequence[Seen], found: Course, steps: Sequence[Followed], challenge: Challenge) -> _Templates:
    """Returns the templates of two straight frames at the beginning, one of each rest, and the furthest of each movement."""
    times = np.array([one.ms for one in faces])
    ends = [phase.end for phase in challenge.phases if phase.action is None]
    wanted = [challenge.lead_ms * 0.4, *(end - 200 for end in ends)]
    straight = {int(np.argmin(np.abs(times - ms))) for ms in wanted}
    moving = {step.episode.peak for step in steps if step.episode is not None}
    return _Templates(tuple(template(faces[at]) for at in sorted(straight)), tuple(template(faces[at]) for at in sorted(moving)))


def _changed(compared: _Templates, measures: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields a code or a doubt where the recording does not show one face only."""
    own = np.median(np.array(compared.straight), axis=0)
    straight = max(distance(own, one) for one in compared.straight)
    moving = max((distance(own, one) for one in compared.moving), default=0.0)
    measures |= {"itself": round(straight, 3), "itself_moving": round(moving, 3)}
    if straight > CHANGED or moving > CHANGED_MOVING:
        yield "liveness_face_changed", ""
    elif straight > CHANGED_DOUBT or moving > CHANGED_MOVING_DOUBT:
        yield "", "the face may have changed"


def _others(compared: _Templates, known: tuple[Vector | None, Vector | None], measures: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields a code or a doubt where the face is not the document's or the selfie's."""
    limits = ((DOUBT, SAME_FACE, "liveness_not_the_document"), (FROM_SELFIE, FROM_SELFIE_DOUBT, "liveness_face_changed"))
    for name, other, (most, doubt, code) in zip(("document", "selfie"), known, limits, strict=True):
        if other is None:
            continue
        distances = [distance(one, other) for one in compared.straight]
        middle = float(np.median(distances))
        measures[name] = {"min": round(min(distances), 3), "max": round(max(distances), 3)}
        if middle > most:
            yield code, ""
        elif middle > doubt:
            yield "", f"the {name}'s face may be another"
