"""How often the liveness judge errs, on rendered recordings: APCER for each kind of attack, BPCER on people who follow.

uv run bench/liveness.py [--cast 6] [--people 8] [--each 2] [--size 400x300] [--seed 1]

ISO/IEC 30107-3: APCER is the share of an attack's recordings that pass, and the worst kind counts; BPCER is the share
of honest recordings that fail. What goes to an officer is neither, and is counted beside them.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo.faces import acting, attacks, pictures
from demo.faces.acting import Take
from demo.faces.attacks import Attempt
from demo.faces.identities import CAST, Face, face, stranger
from verification.engines import challenge
from verification.engines.face import faces_in
from verification.engines.liveness import LivenessState, judge
from verification.engines.recording import Frame
from verification.rules import Vector

GENUINE = "honest"


@dataclass
class Tally:
    """Outcomes of one kind of recording, their codes, and the seconds that judging took."""

    states: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def share(self, state: LivenessState) -> float:
        """Returns the share of a state in percent."""
        return 100 * self.states[state] / max(1, sum(self.states.values()))


def recordings(
    people: list[Face], rng: random.Random, each: int, size: tuple[int, int], kinds: list[str]
) -> Iterator[tuple[str, Face, list[Frame], Attempt]]:
    """Yields kind, whose document it is, frames and attempt."""
    attempts = []
    for number, person in enumerate(people):
        for turn in range(each):
            take = Take(person, seed=rng.randrange(10**6), size=size, reaction_ms=rng.randrange(350, 1100))
            other = people[(number + 1 + turn) % len(people)]
            attempt = Attempt(take, other, challenge.draw(rng), challenge.draw(rng))
            attempts.append(attempt)
    for kind in kinds:
        for attempt in attempts:
            frames = acting.recorded(attempt.victim, attempt.challenge) if kind == GENUINE else attacks.recorded(kind, attempt)
            yield kind, attempt.victim.face, frames, attempt


def template(person: Face) -> Vector:
    """Returns the template of another picture of the person, as on a document."""
    return faces_in(pictures.document_like(person))[0].template


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=8, help="strangers besides the cast of six")
    parser.add_argument("--cast", type=int, default=len(CAST), help="how many of the cast")
    parser.add_argument("--each", type=int, default=2, help="challenges for each person")
    parser.add_argument("--size", default="400x300")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, help="stop after so long")
    parser.add_argument("--only", help="kinds of recordings, with commas between")
    parser.add_argument("--verbose", action="store_true", help="print every recording that is judged wrongly")
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    people = [*map(face, CAST[: options.cast]), *map(stranger, range(1, options.people + 1))]
    known = {person.seed: template(person) for person in people}
    tallies: dict[str, Tally] = {}
    kinds = options.only.split(",") if options.only else [GENUINE, *attacks.KINDS]
    started = time.monotonic()
    for kind, person, frames, attempt in recordings(people, random.Random(options.seed), options.each, (width, height), kinds):
        if options.seconds and time.monotonic() - started > options.seconds:
            print("not all recordings were made: out of time")
            break
        began = time.perf_counter()
        judged = judge(frames, attempt.challenge, document_template=known[person.seed], selfie_template=known[person.seed])
        tally = tallies.setdefault(kind, Tally())
        tally.seconds.append(time.perf_counter() - began)
        tally.states[judged.state] += 1
        tally.codes.update(judged.codes)
        if options.verbose and (judged.state == LivenessState.PASSED) != (kind == GENUINE):
            print(kind, person.seed, judged, [str(move.action) for move in attempt.challenge.moves], attempt.victim.reaction_ms, flush=True)
    report(tallies)


def report(tallies: dict[str, Tally]) -> None:
    """Prints the table and the figures."""
    print(f"{'kind':<28}{'n':>5}{'passed':>9}{'doubtful':>10}{'failed':>9}{'s each':>8}  codes")
    for kind, tally in tallies.items():
        shares = (tally.share(state) for state in (LivenessState.PASSED, LivenessState.DOUBTFUL, LivenessState.FAILED))
        passed, doubtful, failed = shares
        mean = sum(tally.seconds) / len(tally.seconds)
        codes = ", ".join(f"{code} {count}" for code, count in tally.codes.most_common())
        print(f"{kind:<28}{len(tally.seconds):>5}{passed:>8.1f}%{doubtful:>9.1f}%{failed:>8.1f}%{mean:>8.2f}  {codes}")
    honest = tallies.pop(GENUINE, Tally())
    if tallies:
        worst = max(tallies, key=lambda kind: tallies[kind].share(LivenessState.PASSED))
        print(f"\nAPCER of the worst kind ({worst}): {tallies[worst].share(LivenessState.PASSED):.1f} %")
    print(f"BPCER: {honest.share(LivenessState.FAILED):.1f} %, to an officer besides: {honest.share(LivenessState.DOUBTFUL):.1f} %")


if __name__ == "__main__":
    main()
