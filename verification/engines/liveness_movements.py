"""Movements found in a recording, and whether they are those asked for, in their order and at their time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verification.engines.challenge import TURNS, Action, Challenge
from verification.engines.liveness_geometry import Points, unexplained
from verification.engines.liveness_look import Seen

# From where a movement counts, and where it has ended. Measured by bench/liveness.py; turning by 25° gives at least 0.25.
TURN, TURN_ENDS = 0.16, 0.08
MOUTH, MOUTH_ENDS = 0.13, 0.07  # more of the nose's length than the person's own closed mouth
EYES, EYES_END = 0.66, 0.76  # of the person's own open eyes
# A turning head has at least this depth; a flat or rolled-up picture has never shown more than 0.06 and 0.06.
DEPTH, UNEXPLAINED = 0.065, 0.075
EXTRA = 1.5  # so much more than it takes must a movement be to count as one too many

SOONEST_MS = 100  # nobody moves earlier after a prompt that they could not know
LATEST_MS, LATEST_SHARE = 2000, 0.7  # after the prompt, or of the movement's time at the slow pace; 1.5 s to react, then to move
EARLY_END_MS = 800  # a turn is held until the page says more, or a little less; an open mouth is lost now and then by dlib
LATE_END_MS = 600  # and not much after the next prompt
SHORTEST_MS = {Action.BLINK: 250, Action.OPEN_MOUTH: 350, Action.TURN_LEFT: 350, Action.TURN_RIGHT: 350}
OWN_BLINK_MS = 700  # eyes close by themselves for less
ABRUPT = 0.8  # of a turn, in one step there and one back: there was no way between
JOINED_MS = 500  # a movement that is lost for so long goes on

Line = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Episode:
    """A movement seen: from when to when in ms, its furthest measure in units of what it takes, and that frame's place."""

    action: Action
    start: int
    end: int
    amplitude: float
    peak: int

    @property
    def lasted(self) -> int:
        """Returns for how many ms."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Course:
    """All that moved: the person's straight face, the measures over time and the episodes."""

    straight: Points
    episodes: tuple[Episode, ...]
    turn: Line
    depth: Line
    explained: Line  # how badly an affine map of the straight face explains each frame
    strongest: float  # of any movement, in units of what it takes


@dataclass(frozen=True, slots=True)
class Followed:
    """How one step was followed: the episode that answers it if there is one, and what is wrong or in doubt with it."""

    action: Action
    asked_ms: int
    episode: Episode | None
    flat: bool = False
    early_end: bool = False
    late_end: bool = False
    abrupt: bool = False


def course(seen: Sequence[Seen], challenge: Challenge) -> Course:
    """Returns the movements in these frames, all of which show a face; measured against the person's own straight face."""
    times = np.array([one.ms for one in seen])
    straight = np.array([_straight(challenge, one.ms) for one in seen])
    straight = straight if straight.any() else np.ones(len(seen), np.bool_)
    lines = {name: np.array([getattr(one.shape, name) for one in seen]) for name in ("turn", "depth", "eyes", "mouth")}
    own = {name: float(np.median(line[straight])) for name, line in lines.items()}
    turn, depth = (_calm(lines[name] - own[name]) for name in ("turn", "depth"))
    marks = np.array([one.marks for one in seen])
    face = _typical(marks[straight])
    frontal = np.abs(turn) < TURN * 0.75
    eyes = np.where(frontal, lines["eyes"] / max(own["eyes"], 1e-3), 1.0)
    mouth = np.where(frontal & (_calm(eyes) > EYES), _calm(lines["mouth"] - own["mouth"]), 0.0)
    amplitudes = {
        Action.TURN_LEFT: (turn / TURN, TURN_ENDS / TURN),
        Action.TURN_RIGHT: (-turn / TURN, TURN_ENDS / TURN),
        Action.OPEN_MOUTH: (mouth / MOUTH, MOUTH_ENDS / MOUTH),
        Action.BLINK: ((1 - eyes) / (1 - EYES), (1 - EYES_END) / (1 - EYES)),
    }
    episodes = [episode for action, (line, ends) in amplitudes.items() for episode in _episodes(action, line, ends, times)]
    return Course(
        straight=face,
        episodes=tuple(sorted(episodes, key=lambda episode: episode.start)),
        turn=lines["turn"] - own["turn"],
        depth=depth,
        explained=np.array([unexplained(face, one) for one in marks]),
        strongest=max(float(line.max()) for line, _ends in amplitudes.values()),
    )


def _straight(challenge: Challenge, ms: int) -> bool:
    """Says whether the person looks straight then, after the time it takes to come back."""
    phase = next((phase for phase in challenge.phases if phase.start <= ms < phase.end), challenge.phases[-1])
    return phase.action is None and (phase.start == 0 or ms > (phase.start + phase.end) / 2)


def _typical(marks: NDArray[np.float64]) -> Points:
    """Returns the median face of several, each brought to the same place and size first."""
    middles = marks.mean(axis=1, keepdims=True)
    scales = np.sqrt(((marks - middles) ** 2).sum(axis=(1, 2), keepdims=True))
    typical: Points = np.median((marks - middles) / scales, axis=0) * float(np.median(scales))
    return typical


def _calm(line: Line) -> Line:
    """Returns the running median of three."""
    padded = np.concatenate([line[:1], line, line[-1:]])
    calm: Line = np.median(np.stack([padded[:-2], padded[1:-1], padded[2:]]), axis=0)
    return calm


def _episodes(action: Action, line: Line, ends: float, times: NDArray[np.int64]) -> Iterator[Episode]:
    """Yields the stretches that reach 1 and do not fall below `ends` for long; they count from and to where they reach 1."""
    above = np.flatnonzero(line >= ends)
    if not len(above):
        return
    cuts = np.flatnonzero(np.diff(times[above]) > JOINED_MS) + 1
    half = float(np.median(np.diff(times))) / 2 if len(times) > 1 else 0.0
    for stretch in np.split(above, cuts):
        if line[stretch].max() >= 1:
            strong = stretch[line[stretch] >= 1]
            peak = int(stretch[int(np.argmax(line[stretch]))])
            yield Episode(action, int(times[strong[0]] - half), int(times[strong[-1]] + half), float(line[peak]), peak)


def follow(found: Course, challenge: Challenge) -> tuple[list[Followed], list[Episode]]:
    """Returns how each step was followed, and the movements that nobody asked for."""
    phases, answered = challenge.phases, []
    steps = []
    for number, move in enumerate(challenge.moves):
        asked, rest = phases[2 * number + 1], phases[2 * number + 2]
        fitting = (episode for episode in found.episodes if episode.action == move.action and episode not in answered)
        episode = next((one for one in fitting if _fits(one, asked.start, asked.end)), None)
        if episode is None:
            steps.append(Followed(move.action, asked.start, None))
            continue
        answered.append(episode)
        turned = move.action in TURNS
        steps.append(
            Followed(
                action=move.action,
                asked_ms=asked.start,
                episode=episode,
                flat=turned and not _deep(found, episode),
                early_end=turned and episode.end < asked.end - EARLY_END_MS,
                late_end=episode.end > rest.end + LATE_END_MS,
                abrupt=turned and _abrupt(found, episode),
            )
        )
    spare = [episode for episode in found.episodes if episode not in answered and not _repeats(episode, steps, challenge)]
    return steps, [episode for episode in spare if _too_many(episode)]


def _repeats(episode: Episode, steps: Sequence[Followed], challenge: Challenge) -> bool:
    """Says whether it is what was asked for just then, once more: a held movement that was lost from sight for a while."""
    times = zip(steps, challenge.phases[1::2], challenge.phases[2::2], strict=True)
    return any(
        step.episode is not None and episode.action == step.action and asked.start <= episode.start <= rest.end
        for step, asked, rest in times
    )


def _fits(episode: Episode, start: int, end: int) -> bool:
    return (
        start + SOONEST_MS <= episode.start <= start + max(LATEST_MS, LATEST_SHARE * (end - start))
        and episode.lasted >= SHORTEST_MS[episode.action]
    )


def _deep(found: Course, episode: Episode) -> bool:
    """Says whether the turn showed a nose that stands out of the face, to the side of the turn."""
    side = 1 if episode.action is Action.TURN_LEFT else -1
    around = slice(max(0, episode.peak - 2), episode.peak + 3)
    return float(np.median(side * found.depth[around])) >= DEPTH and float(np.median(found.explained[around])) >= UNEXPLAINED


def _abrupt(found: Course, episode: Episode) -> bool:
    """Says whether the head is turned in one frame and straight in the next, there and back: pictures, not a movement."""
    steps = np.diff(found.turn) * (1 if episode.action is Action.TURN_LEFT else -1)
    most = ABRUPT * TURN * episode.amplitude
    there, back = steps[max(0, episode.peak - 40) : episode.peak], steps[episode.peak : episode.peak + 40]
    return bool(len(there) and len(back) and there.max() >= most and -back.min() >= most)


def _too_many(episode: Episode) -> bool:
    if episode.action is Action.BLINK:
        return episode.lasted > OWN_BLINK_MS
    return episode.amplitude >= EXTRA and episode.lasted >= SHORTEST_MS[episode.action]
