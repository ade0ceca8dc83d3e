"""False match and false non-match rates (ISO/IEC 19795-1) from distances of face pairs: pure figures, no picture is read.

A few hundred impostor pairs cannot show one in ten thousand by counting. Beside the counted rate stands the tail of a
normal distribution fitted to the nearer half of the impostors' distances; both have a 95 % interval.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Distances = NDArray[np.float64]
Interval = tuple[float, float]

THRESHOLDS = tuple(round(0.30 + step / 100, 2) for step in range(51))
AIM = 1e-4  # one false match in ten thousand
RULE = "the largest threshold at which neither the counted nor the fitted false match rate exceeds 1 in 10,000"
RESAMPLINGS = 400
FEWEST = 20  # impostor pairs from which a tail is fitted
_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Row:
    """The rates at one threshold. Pairs that could not be compared count in `far` and `frr` only: as rejected.

    A rate is None where no pair was there to count.
    """

    threshold: float
    fmr: float | None
    fmr_interval: Interval | None
    fmr_fitted: float | None
    fmr_fitted_interval: Interval | None
    fnmr: float | None
    fnmr_interval: Interval | None
    far: float | None
    frr: float | None


@dataclass(frozen=True, slots=True)
class Comparisons:
    """What was compared: distances of pairs of one person and of two, who is in the latter, and how many pairs failed.

    `impostor_images` (n, 2) numbers the images of each impostor pair: pairs that share an image are not independent.
    """

    genuine: Distances
    impostor: Distances
    impostor_images: NDArray[np.int64]
    genuine_failed: int = 0
    impostor_failed: int = 0


def wilson(errors: int, tries: int) -> Interval:
    """Returns the 95 % interval of a rate by Wilson's score; it holds for no errors as well."""
    rate, z2 = errors / tries, _Z * _Z
    middle = (rate + z2 / (2 * tries)) / (1 + z2 / tries)
    half = _Z / (1 + z2 / tries) * (rate * (1 - rate) / tries + z2 / (4 * tries * tries)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Tail:
    """Normal distributions fitted to the nearer half of distances: the first to all, the others to resamplings."""

    centres: Distances
    spreads: Distances

    def rate(self, threshold: float) -> tuple[float, Interval]:
        """Returns the share of impostors expected up to a threshold, and its 95 % interval."""
        rates = [_NORMAL.cdf((threshold - centre) / spread) for centre, spread in zip(self.centres, self.spreads, strict=True)]
        low, high = np.percentile(rates[1:] or rates, [2.5, 97.5])
        return rates[0], (float(low), float(high))


def fitted(distances: Distances, images: NDArray[np.int64]) -> Tail | None:
    """Returns the fitted tail; None for fewer than twenty distances. It draws images, not pairs, again, always the same ones."""
    if len(distances) < FEWEST:
        return None
    order = np.argsort(distances)
    ordered, pairs = distances[order], images[order]
    count = int(images.max()) + 1
    draws = np.random.default_rng(19795).multinomial(count, np.full(count, 1 / count), size=RESAMPLINGS)
    fits = [_near_half(ordered, np.ones(len(ordered)))]
    for draw in draws:
        weights = (draw[pairs[:, 0]] * draw[pairs[:, 1]]).astype(np.float64)
        fits += [_near_half(ordered, weights)] if weights.sum() >= FEWEST else []
    centres, spreads = np.array(fits).T
    return Tail(centres, np.maximum(spreads, 1e-6))


def _near_half(ordered: Distances, weights: NDArray[np.float64]) -> tuple[float, float]:
    """Returns the weighted median and the root mean square distance from it of what lies nearer."""
    summed = np.cumsum(weights)
    middle = float(ordered[np.searchsorted(summed, summed[-1] / 2)])
    near = ordered <= middle
    return middle, float(np.sqrt(np.average((ordered[near] - middle) ** 2, weights=weights[near])))


def table(found: Comparisons, thresholds: Iterable[float] = THRESHOLDS) -> list[Row]:
    """Returns the rates at each threshold."""
    tail = fitted(found.impostor, found.impostor_images) if len(found.impostor) else None
    return [_row(found, tail, threshold) for threshold in thresholds]


def _row(found: Comparisons, tail: Tail | None, threshold: float) -> Row:
    matched, missed = int((found.impostor <= threshold).sum()), int((found.genuine > threshold).sum())
    impostor, genuine = len(found.impostor), len(found.genuine)
    expected, expected_interval = tail.rate(threshold) if tail else (None, None)
    return Row(
        threshold=threshold,
        fmr=_share(matched, impostor),
        fmr_interval=wilson(matched, impostor) if impostor else None,
        fmr_fitted=expected,
        fmr_fitted_interval=expected_interval,
        fnmr=_share(missed, genuine),
        fnmr_interval=wilson(missed, genuine) if genuine else None,
        far=_share(matched, impostor + found.impostor_failed),
        frr=_share(missed + found.genuine_failed, genuine + found.genuine_failed),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def chosen(rows: Iterable[Row], aim: float = AIM) -> Row | None:
    """Returns the row of the largest threshold whose counted and fitted false match rates are at most `aim`.

    None where impostors were too few for a fit, or where no threshold is strict enough.
    """
    safe = (row for row in rows if row.fmr is not None and row.fmr <= aim and row.fmr_fitted is not None and row.fmr_fitted <= aim)
    return max(safe, key=lambda row: row.threshold, default=None)


def equal_error(found: Comparisons) -> tuple[float, float] | None:
    """Returns the rate at which both errors are nearest to each other (their mean) and the threshold; None without pairs."""
    if not len(found.genuine) or not len(found.impostor):
        return None
    at, fmr, fnmr = trade_off(found)
    best = int(np.argmin(np.abs(fmr - fnmr)))
    return float((fmr[best] + fnmr[best]) / 2), float(at[best])


def trade_off(found: Comparisons) -> tuple[Distances, Distances, Distances]:
    """Returns every distance that occurs, and the counted FMR and FNMR with it as the threshold."""
    at = np.unique(np.concatenate([found.genuine, found.impostor]))
    fmr = np.searchsorted(np.sort(found.impostor), at, side="right") / len(found.impostor)
    fnmr = 1 - np.searchsorted(np.sort(found.genuine), at, side="right") / len(found.genuine)
    return at, fmr, fnmr
