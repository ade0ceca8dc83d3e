"""The thresholds on rendered people: what of them holds for faces that were made to be told apart, and what does not."""

from itertools import combinations

import pytest

from demo.faces import pictures
from demo.faces.identities import CAST
from verification import rules
from verification.engines import evaluation, face, measures
from verification.engines.evaluation import Enrolled, Templates
from verification.engines.measures import Comparisons
from verification.engines.pairs import Pair

STRANGERS = range(10, 20)


def enrolled(picture: object) -> Enrolled:
    """Returns the templates of a picture's face."""
    [found] = face.faces_in(picture)  # type: ignore[arg-type]
    return Enrolled(Templates(found.template, found.steadied))


def compared(people: dict[str, Enrolled]) -> Comparisons:
    """Returns all pairs of pictures; a picture's name begins with whom it shows."""
    pairs = [Pair(one, other, one.split()[0] == other.split()[0]) for one, other in combinations(people, 2)]
    return evaluation.compare(pairs, people)


def test_at_the_deployed_threshold_no_two_of_the_cast_match_and_nobody_is_missed() -> None:
    """FMR 0 of 60 and FNMR 0 of 6: facing the camera, and turned a little under another light."""
    cast = {f"{name} front": enrolled(pictures.portrait(name, size=240)) for name in CAST}
    cast |= {f"{name} aside": enrolled(pictures.portrait(name, size=240, yaw=10, light=pictures.FROM_RIGHT)) for name in CAST}
    [at] = measures.table(compared(cast), [rules.SAME_FACE])
    assert (at.fmr, at.fnmr) == (0.0, 0.0)
    assert at.fmr_interval is not None
    assert at.fmr_interval[1] == pytest.approx(0.06, abs=0.005), "sixty pairs show no less than 6 in 100"


def test_rendered_strangers_are_too_alike_to_set_a_threshold_by() -> None:
    """Of people's faces no pair in ten thousand should match where of these more than one in twenty does."""
    [at] = measures.table(compared({f"{seed} front": enrolled(pictures.stranger(seed, size=240)) for seed in STRANGERS}), [rules.SAME_FACE])
    assert at.fmr is not None
    assert at.fmr > 0.05


def test_the_thresholds_leave_room_for_doubt() -> None:
    assert rules.KNOWN_FACE < rules.SAME_FACE < rules.DOUBT
