"""How well the deployed face comparison does on a list of picture pairs. Reads pictures, writes nothing, needs no database."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from typing import Any

import numpy as np

from verification.engines import face, measures
from verification.engines.measures import Comparisons, Distances
from verification.engines.pairs import Folder, NoFile, Pair
from verification.rules import SAME_FACE, Vector

LIBRARIES = ("dlib-bin", "face-recognition", "face-recognition-models", "numpy", "pillow")


@dataclass(frozen=True, slots=True)
class Templates:
    """What a face is compared by."""

    template: Vector
    steadied: Vector


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of one picture: its templates, or why there are none; its prominent faces; the seconds it took."""

    templates: Templates | None = None
    reason: str = ""
    faces: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The report, ready for JSON, and what was compared, for a plot."""

    report: dict[str, Any]
    compared: Comparisons


def evaluate(pairs: Sequence[Pair], folder: Folder, *, jobs: int = 1) -> Evaluation:
    """Returns the figures of these pairs. Each picture is decoded and encoded once, the largest plausible face of it."""
    enrolled = enrol(sorted({name for pair in pairs for name in (pair.one, pair.other)}), folder, jobs=jobs)
    compared = compare(pairs, enrolled)
    return Evaluation(_head(pairs, enrolled, compared) | _rates(compared) | _circumstances(enrolled), compared)


def enrol(names: Sequence[str], folder: Folder, *, jobs: int = 1) -> dict[str, Enrolled]:
    """Returns what became of each picture, with `jobs` processes at work."""
    if jobs < 2:
        return {name: enrolled_file(name, folder) for name in names}
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return dict(zip(names, pool.map(partial(enrolled_file, folder=folder), names, chunksize=4), strict=True))


def enrolled_file(name: str, folder: Folder) -> Enrolled:
    """Returns what became of one picture; its reasons are missing, outside, ambiguous, unreadable and no_face."""
    try:
        path = folder.file(name)
    except NoFile as error:
        return Enrolled(reason=str(error))
    began = time.perf_counter()
    try:
        faces = face.faces_in(path.read_bytes())
        templates = Templates(faces[0].template, faces[0].steadied) if faces else None
    except (face.Unreadable, OSError):
        return Enrolled(reason="unreadable", seconds=time.perf_counter() - began)
    seconds = time.perf_counter() - began
    return Enrolled(templates, "" if faces else "no_face", len(face.prominent(faces)), seconds)


def compare(pairs: Sequence[Pair], enrolled: Mapping[str, Enrolled]) -> Comparisons:
    """Returns the distances of all pairs of which both pictures were enrolled, and how many pairs were not."""
    number = {name: index for index, name in enumerate(enrolled)}
    found: dict[bool, list[float]] = {True: [], False: []}
    failed: Counter[bool] = Counter()
    images: list[tuple[int, int]] = []
    for pair in pairs:
        one, other = enrolled[pair.one].templates, enrolled[pair.other].templates
        if one is None or other is None:
            failed[pair.same] += 1
            continue
        found[pair.same].append(face.compare(one, other))
        images += [] if pair.same else [(number[pair.one], number[pair.other])]
    shown = np.array(images, dtype=np.int64).reshape(-1, 2)
    return Comparisons(np.array(found[True]), np.array(found[False]), shown, failed[True], failed[False])


def _head(pairs: Sequence[Pair], enrolled: Mapping[str, Enrolled], compared: Comparisons) -> dict[str, Any]:
    failures = [{"file": name, "reason": each.reason} for name, each in enrolled.items() if each.templates is None]
    genuine = sum(pair.same for pair in pairs)
    return {
        "pairs": len(pairs),
        "genuine": genuine,
        "impostor": len(pairs) - genuine,
        "images": len(enrolled),
        "compared": {"genuine": len(compared.genuine), "impostor": len(compared.impostor)},
        "failures_to_enrol": {"count": len(failures), "rate": len(failures) / len(enrolled), "images": failures},
        "images_with_several_faces": sum(each.faces > 1 for each in enrolled.values()),
    }


def _rates(compared: Comparisons) -> dict[str, Any]:
    rows = measures.table(compared)
    [deployed] = measures.table(compared, [SAME_FACE])
    best, equal = measures.chosen(rows), measures.equal_error(compared)
    return {
        "distances": {"genuine": _spread(compared.genuine), "impostor": _spread(compared.impostor)},
        "thresholds": [asdict(row) for row in rows],
        "deployed": asdict(deployed),
        "chosen": (asdict(best) if best else {"threshold": None}) | {"rule": measures.RULE},
        "eer": equal[0] if equal else None,
        "eer_threshold": equal[1] if equal else None,
    }


def _spread(distances: Distances) -> dict[str, float] | None:
    if not len(distances):
        return None
    values = {"mean": distances.mean(), "sd": distances.std(), "least": distances.min(), "greatest": distances.max()}
    return {name: float(value) for name, value in values.items()}


def _circumstances(enrolled: Mapping[str, Enrolled]) -> dict[str, Any]:
    seconds = [each.seconds for each in enrolled.values() if each.seconds]
    median, p95 = np.percentile(seconds, [50, 95]) if seconds else (None, None)
    return {
        "seconds_per_image": {"median": None if median is None else float(median), "p95": None if p95 is None else float(p95)},
        "versions": {name: version(name) for name in LIBRARIES},
    }
