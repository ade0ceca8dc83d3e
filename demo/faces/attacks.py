"""Recordings by people who are not before the camera: each way of it, rendered, for the bench and the tests.

Where a kind can be made in several strengths, the one here fits the challenge best.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from demo.faces import acting, pictures, warps
from demo.faces.acting import Moment, Pixels, Take
from demo.faces.identities import Face
from verification.engines.challenge import Challenge
from verification.engines.recording import Frame

STILL: Moment = ("front", 0.0)


@dataclass(frozen=True)
class Attempt:
    """Whose face it should be, who attacks, what is asked, and another challenge of which there is a recording."""

    victim: Take
    other: Face
    challenge: Challenge
    earlier: Challenge

    @property
    def times(self) -> list[int]:
        """Return when frames are captured."""
        return acting.capture_times(self.challenge)

    @property
    def moments(self) -> list[Moment]:
        """Return what a person before the camera would do in each frame."""
        return acting.acted(self.challenge, self.times, self.victim.reaction_ms)

    def genuine(self, **changed: object) -> list[Pixels]:
        """Return the pictures of a person who follows the challenge; a changed take is another recording."""
        return list(acting.filmed(replace(self.victim, **changed), self.moments, self.times))  # type: ignore[arg-type]


def _filmed_flat(attempt: Attempt, flat: Callable[[Pixels, Moment], Pixels]) -> list[Pixels]:
    """Return the victim's picture before a camera: `flat` holds it as each moment asks."""
    picture = acting.posed(attempt.victim.face, *STILL, attempt.victim.size, attempt.victim.light)
    shown = [flat(picture, moment) for moment in attempt.moments]
    return list(acting.shot(attempt.victim, shown, attempt.times))


def still(attempt: Attempt) -> list[Pixels]:
    """One picture, injected again and again."""
    return attempt.genuine()[:1] * len(attempt.times)


def photograph(attempt: Attempt) -> list[Pixels]:
    """A photograph before a real camera, hand-held."""
    return _filmed_flat(attempt, lambda picture, _moment: picture)


def tilted(attempt: Attempt) -> list[Pixels]:
    """A photograph tilted by 40° where a turn is asked for."""
    return _filmed_flat(attempt, lambda picture, moment: warps.tilted(picture, 40 * _side(moment)))


def bent(attempt: Attempt) -> list[Pixels]:
    """A photograph rolled about an upright axis and turned by 45° where a turn is asked for."""
    return _filmed_flat(attempt, lambda picture, moment: warps.bent(picture, 45 * _side(moment)))


def shifted(attempt: Attempt) -> list[Pixels]:
    """A photograph pushed aside where a turn is asked for, and down for the other movements."""
    return _filmed_flat(attempt, lambda picture, moment: warps.moved(picture, 0.15 * _side(moment), 0.1 * _other(moment)))


def zoomed(attempt: Attempt) -> list[Pixels]:
    """A photograph brought nearer at each movement."""
    return _filmed_flat(attempt, lambda picture, moment: warps.moved(picture, scale=1 + 0.35 * moment[1]))


def pasted(attempt: Attempt) -> list[Pixels]:
    """A photograph, tilted for turns, with moving eyes and mouth laid over it."""
    take = attempt.victim

    def animated(picture: Pixels, moment: Moment) -> Pixels:
        movement, share = moment
        if movement.startswith("turn"):
            return warps.tilted(picture, 40 * _side(moment))
        moving = acting.posed(take.face, movement, share, take.size, take.light)
        return warps.laid_over(picture, moving, warps.features(take.face, take.size))

    return _filmed_flat(attempt, animated)


def mask(attempt: Attempt) -> list[Pixels]:
    """The attacker behind the victim's photograph, with holes for eyes and mouth; head and photograph turn together."""
    take = attempt.victim
    photo = acting.posed(take.face, *STILL, take.size, take.light)
    shown = []
    for moment in attempt.moments:
        behind = acting.posed(attempt.other, *moment, take.size, take.light)
        sheet, holes = warps.face(take.face, take.size), warps.features(take.face, take.size)
        turn = 25 * _side(moment)
        covering = np.clip(warps.tilted(sheet, turn) - warps.tilted(holes, turn).astype(np.float32), 0, 1)
        shown.append(warps.laid_over(behind, warps.tilted(photo, turn), covering))
    return list(acting.shot(take, shown, attempt.times))


def replayed(attempt: Attempt) -> list[Pixels]:
    """A genuine recording of another challenge."""
    moments = acting.acted(attempt.earlier, attempt.times, attempt.victim.reaction_ms)
    return list(acting.filmed(attempt.victim, moments, attempt.times))


def same_order(attempt: Attempt) -> list[Pixels]:
    """A genuine recording of a challenge that asked for the same movements at other times: a chance of one in 34."""
    moves = zip(attempt.earlier.moves, attempt.challenge.moves, strict=True)
    earlier = replace(attempt.earlier, moves=tuple(replace(move, action=now.action) for move, now in moves))
    return replayed(replace(attempt, earlier=earlier))


def reversed_(attempt: Attempt) -> list[Pixels]:
    """The genuine recording, backwards."""
    return attempt.genuine()[::-1]


def swapped(attempt: Attempt) -> list[Pixels]:
    """The victim, from the middle on the attacker."""
    half = len(attempt.times) // 2
    return attempt.genuine()[:half] + attempt.genuine(face=attempt.other)[half:]


def stand_in(attempt: Attempt) -> list[Pixels]:
    """The victim's picture while looking straight, the attacker for the movements."""
    victim, attacker = photograph(attempt), attempt.genuine(face=attempt.other)
    return [two if moment[1] else one for one, two, moment in zip(victim, attacker, attempt.moments, strict=True)]


def somebody_else(attempt: Attempt) -> list[Pixels]:
    """The attacker follows the challenge."""
    return attempt.genuine(face=attempt.other)


def frozen(attempt: Attempt) -> list[Pixels]:
    """A genuine recording held still for 1.5 s now and then, to stretch it."""
    pictures = attempt.genuine()
    return [pictures[at - at % 24] if at % 24 < 12 else pictures[at] for at in range(len(pictures))]


def slideshow(attempt: Attempt) -> list[Pixels]:
    """Stills of the victim's movements, one after another without what lies between, before a real camera."""
    moments = [(movement, 1.0) if share > 0.5 else STILL for movement, share in attempt.moments]
    return list(acting.filmed(attempt.victim, moments, attempt.times))


def spliced(attempt: Attempt) -> list[Pixels]:
    """Two genuine recordings of the victim, cut together where both look straight: a library of movements, injected."""
    return _cut(attempt, attempt.genuine(seed=attempt.victim.seed + 77, light=pictures.FROM_RIGHT))


def spliced_alike(attempt: Attempt) -> list[Pixels]:
    """The same of two recordings made in one sitting: place, light and clothes are alike. Nothing but a little step tells."""
    return _cut(attempt, attempt.genuine(seed=attempt.victim.seed + 77))


def _cut(attempt: Attempt, second: list[Pixels]) -> list[Pixels]:
    cut = next(at for at, ms in enumerate(attempt.times) if ms >= attempt.challenge.phases[2].end - 200)
    return attempt.genuine()[:cut] + second[cut:]


def _side(moment: Moment) -> float:
    return {"turn_left": 1.0, "turn_right": -1.0}.get(moment[0], 0.0) * moment[1]


def _other(moment: Moment) -> float:
    return 0.0 if moment[0].startswith("turn") else moment[1]


KINDS: dict[str, Callable[[Attempt], Sequence[npt.NDArray[np.uint8]]]] = {
    "still injected": still,
    "photograph": photograph,
    "photograph tilted": tilted,
    "photograph bent": bent,
    "photograph shifted": shifted,
    "photograph zoomed": zoomed,
    "moving features pasted on": pasted,
    "mask with holes": mask,
    "slideshow of stills": slideshow,
    "replay, other order": replayed,
    "replay, same order": same_order,
    "reversed": reversed_,
    "swapped midway": swapped,
    "stand-in for movements": stand_in,
    "somebody else": somebody_else,
    "frozen stretches": frozen,
    "spliced": spliced,
    "spliced, one sitting": spliced_alike,
}


def recorded(kind: str, attempt: Attempt) -> list[Frame]:
    """Return what the attacker sends. An unknown kind raises KeyError."""
    return acting.framed(attempt.challenge, attempt.times, KINDS[kind](attempt))
