"""Whether a recording is one piece: taken in its time, by a camera, without a cut."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from verification.engines.challenge import Challenge
from verification.engines.liveness_look import Grey, Seen
from verification.engines.recording import Frame

LEAST_FPS = 5.0
LONGEST_GAP_MS = 700
PHASE_SLACK_MS = 400  # how far the page's clock may lag behind its plan
OVERTIME_MS = 1500

FROZEN = 0.05  # mean difference in brightness of two frames below which a sensor cannot have taken both
FROZEN_SHARE, FROZEN_RUN_MS = 0.3, 700
CUT, CUT_RATIO = 1.5, 2.5  # levels of 255 in one step, and by how much more than before and after; an honest step: 2.0 at most
JUMP = 0.2  # of the face's size, in one step
UNLIKE = 0.3  # correlation of the face with itself a frame later
RELIT = 0.2  # of the face's brightness: how far the light may move to another side; up to 0.1 in an honest recording
PAIR_MS = 300  # frames further apart are not compared


def timing(frames: Sequence[Frame], challenge: Challenge) -> Iterator[str]:
    """Yields what is wrong with the frames' times: too few, gaps, not the length or the phases of the challenge."""
    times = [frame.ms for frame in frames]
    gaps = [later - earlier for earlier, later in pairwise([0, *times])]
    if len(frames) < LEAST_FPS * challenge.total_ms / 1000:
        yield "too few frames"
    if max(gaps, default=challenge.total_ms) > LONGEST_GAP_MS:
        yield "a gap"
    if not times or not challenge.total_ms - LONGEST_GAP_MS <= times[-1] <= challenge.total_ms + OVERTIME_MS:
        yield "another length"
    if any(not _in_phase(frame, challenge) for frame in frames):
        yield "another plan"


def _in_phase(frame: Frame, challenge: Challenge) -> bool:
    if frame.phase >= len(challenge.phases):
        return False
    phase = challenge.phases[frame.phase]
    last = frame.phase == len(challenge.phases) - 1
    return phase.start - PHASE_SLACK_MS <= frame.ms <= phase.end + (OVERTIME_MS if last else PHASE_SLACK_MS)


def frozen(seen: Sequence[Seen]) -> bool:
    """Says whether pictures repeat as no sensor's do: a still, or a stretch of one."""
    same = [_alike(one, other) for one, other in pairwise(seen)]
    longest = run = 0
    for (one, other), repeats in zip(pairwise(seen), same, strict=True):
        run = run + other.ms - one.ms if repeats else 0
        longest = max(longest, run)
    return bool(same) and (float(np.mean(same)) > FROZEN_SHARE or longest > FROZEN_RUN_MS)


def _alike(one: Seen, other: Seen) -> bool:
    return one.fine.shape == other.fine.shape and float(np.abs(one.fine - other.fine).mean()) < FROZEN


def breaks(seen: Sequence[Seen]) -> Iterator[tuple[int, str]]:
    """Yields where, in ms, the recording does not go on as it came: the scene, the face's place or the face itself."""
    steps = [float(np.abs(one.small - other.small).mean()) for one, other in pairwise(seen)]
    for place, (one, other) in enumerate(pairwise(seen)):
        around = [steps[near] for near in (place - 2, place - 1, place + 1, place + 2) if 0 <= near < len(steps)]
        if steps[place] > CUT and steps[place] > CUT_RATIO * max(around, default=0.0):
            yield other.ms, "scene"
        if one.fine.shape != other.fine.shape:
            yield other.ms, "size"
        if other.ms - one.ms <= PAIR_MS:
            yield from ((other.ms, what) for what in _face_breaks(one, other))


def relit(seen: Sequence[Seen], challenge: Challenge) -> bool:
    """Says whether the straight face is lit from another side later than at the beginning: another recording."""
    sides = []
    for phase in challenge.phases[::2]:
        late = [one.patch for one in seen if one.patch is not None and phase.end - (phase.end - phase.start) / 3 < one.ms <= phase.end]
        if late:
            patch, half = np.mean(late, axis=0), late[0].shape[0] // 2
            across, down = patch[:, :half].mean() - patch[:, half:].mean(), patch[:half].mean() - patch[half:].mean()
            sides.append(np.array([across, down]) / max(float(patch.mean()), 1.0))
    return bool(sides) and max(float(np.abs(side - sides[0]).max()) for side in sides) > RELIT


def _face_breaks(one: Seen, other: Seen) -> Iterator[str]:
    if one.shape is None or other.shape is None or one.patch is None or other.patch is None:
        return
    moved = np.hypot(*(np.array(one.shape.middle) - np.array(other.shape.middle)))
    if moved > JUMP * one.shape.size:
        yield "place"
    if _correlation(one.patch.ravel(), other.patch.ravel()) < UNLIKE:
        yield "face"


def _correlation(one: Grey, other: Grey) -> float:
    one, other = one - one.mean(), other - other.mean()
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) + 1e-6))
