"""What a person is asked to do before the camera: drawn by the server, so that no recording made before can fit it."""

import json
import random
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, pairwise, product

STEPS = 3
LEAD_MS = (1500, 2300)  # looking straight, for the selfie and for what is the person's own open eye and closed mouth
MOVE_MS = (1800, 3000)  # how long a movement is asked for
REST_MS = (1300, 2100)  # looking straight again
GRID_MS = 50
SLOW = 2  # WCAG 2.2.1: who needs more time takes twice the time
LONGEST_TEXT = 2000


class Action(StrEnum):
    """A movement. Left and right are the person's own."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    BLINK = "blink"
    OPEN_MOUTH = "open_mouth"


TURNS = frozenset({Action.TURN_LEFT, Action.TURN_RIGHT})  # without one, a flat picture would never have to show its depth


@dataclass(frozen=True, slots=True)
class Move:
    """One movement: for how many ms it is asked for, and for how many ms the person then looks straight again."""

    action: Action
    ms: int
    rest_ms: int


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the recording in ms from its start; `action` is None while the person looks straight."""

    start: int
    end: int
    action: Action | None


@dataclass(frozen=True, slots=True)
class Challenge:
    """The movements, their times in ms and a nonce that is good for one submission."""

    nonce: str
    lead_ms: int
    moves: tuple[Move, ...]

    @property
    def phases(self) -> tuple[Phase, ...]:
        """Returns lead-in, movement, rest, movement, rest … without a gap; a frame names its phase by this number."""
        lengths = [self.lead_ms, *(ms for move in self.moves for ms in (move.ms, move.rest_ms))]
        actions = [None, *(action for move in self.moves for action in (move.action, None))]
        ends = accumulate(lengths)
        return tuple(Phase(end - length, end, action) for end, length, action in zip(ends, lengths, actions, strict=True))

    @property
    def total_ms(self) -> int:
        """Returns how long the recording is."""
        return self.phases[-1].end

    def slowed(self) -> "Challenge":
        """Returns the same challenge for a person who asked for more time."""
        moves = tuple(replace(move, ms=move.ms * SLOW, rest_ms=move.rest_ms * SLOW) for move in self.moves)
        return replace(self, lead_ms=self.lead_ms * SLOW, moves=moves)

    def as_json(self) -> str:
        """Returns the challenge as JSON text, for the database row and for the page."""
        moves = [{"action": str(move.action), "ms": move.ms, "rest_ms": move.rest_ms} for move in self.moves]
        return json.dumps({"nonce": self.nonce, "lead_ms": self.lead_ms, "moves": moves})


def from_json(text: str) -> Challenge:
    """Returns the challenge written by `as_json`. Raises ValueError for anything that `draw` could not have drawn."""
    if len(text) > LONGEST_TEXT:
        raise ValueError("too long for a challenge")
    try:
        data = json.loads(text)
        moves = tuple(Move(Action(move["action"]), int(move["ms"]), int(move["rest_ms"])) for move in data["moves"])
        challenge = Challenge(str(data["nonce"]), int(data["lead_ms"]), moves)
    except (KeyError, TypeError) as error:
        raise ValueError("not a challenge") from error
    if not _allowed(tuple(move.action for move in moves)) or not _timely(challenge):
        raise ValueError("not a challenge that is drawn")
    return challenge


def draw(rng: random.Random | None = None) -> Challenge:
    """Returns a new challenge; without `rng` from the system's own randomness, as it must be outside tests."""
    source = rng or secrets.SystemRandom()
    actions = source.choice(SEQUENCES)
    moves = tuple(Move(action, _between(source, MOVE_MS), _between(source, REST_MS)) for action in actions)
    return Challenge(secrets.token_urlsafe(18), _between(source, LEAD_MS), moves)


def _between(source: random.Random, limits: tuple[int, int]) -> int:
    return source.randrange(limits[0], limits[1] + 1, GRID_MS)


def _allowed(actions: tuple[Action, ...]) -> bool:
    return len(actions) == STEPS and TURNS.intersection(actions) != set() and all(one != other for one, other in pairwise(actions))


def _timely(challenge: Challenge) -> bool:
    times = [(challenge.lead_ms, LEAD_MS)]
    times += [pair for move in challenge.moves for pair in ((move.ms, MOVE_MS), (move.rest_ms, REST_MS))]
    return any(all(low * pace <= ms <= high * pace for ms, (low, high) in times) for pace in (1, SLOW))


SEQUENCES = tuple(actions for actions in product(Action, repeat=STEPS) if _allowed(actions))
