"""Rates, intervals, the fitted tail, and the rule by which a threshold is chosen."""

from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verification import rules
from verification.engines import measures
from verification.engines.measures import Comparisons, Row

DISTANCES = st.lists(st.floats(0.05, 1.4), max_size=40).map(np.array)


def compared(genuine: list[float], impostor: list[float], *, genuine_failed: int = 0, impostor_failed: int = 0) -> Comparisons:
    """Returns comparisons whose impostor pairs share no picture."""
    images = np.arange(2 * len(impostor)).reshape(-1, 2)
    return Comparisons(np.array(genuine), np.array(impostor), images, genuine_failed, impostor_failed)


def drawn(mean: float, sd: float, count: int) -> list[float]:
    """Returns the quantiles of a normal distribution, as good as so many draws and always the same."""
    return [NormalDist(mean, sd).inv_cdf((number + 0.5) / count) for number in range(count)]


def row(threshold: float, fmr: float | None, fitted: float | None) -> Row:
    """Returns a row of which only the false match rates count."""
    return Row(threshold, fmr, None, fitted, None, None, None, None, None)


ROWS = st.lists(
    st.builds(row, st.floats(0.3, 0.8), st.none() | st.floats(0, 1e-3), st.none() | st.floats(0, 1e-3)),
    max_size=12,
    unique_by=lambda each: each.threshold,
)


@given(ROWS)
def test_the_chosen_threshold_is_the_largest_that_is_safe_by_both_rates(rows: list[Row]) -> None:
    best = measures.chosen(rows)
    safe = [
        each.threshold for each in rows if each.fmr is not None and each.fmr_fitted is not None and max(each.fmr, each.fmr_fitted) <= 1e-4
    ]
    assert (best.threshold if best else None) == max(safe, default=None)


@settings(max_examples=25, deadline=None)
@given(DISTANCES, DISTANCES)
def test_a_laxer_threshold_never_matches_fewer(genuine: np.ndarray, impostor: np.ndarray) -> None:
    rows = measures.table(compared(list(genuine), list(impostor)), (0.3, 0.5, 0.7))
    for strict, lax in pairwise(rows):
        assert strict.fmr is None or strict.fmr <= lax.fmr  # type: ignore[operator]
        assert strict.fnmr is None or strict.fnmr >= lax.fnmr  # type: ignore[operator]
        assert strict.fmr_fitted is None or strict.fmr_fitted <= lax.fmr_fitted  # type: ignore[operator]


@given(st.integers(1, 5000), st.floats(0, 1))
def test_an_interval_holds_its_rate_and_is_narrower_for_more_pairs(tries: int, share: float) -> None:
    errors = round(tries * share)
    low, high = measures.wilson(errors, tries)
    assert 0 <= low <= errors / tries + 1e-12
    assert errors / tries - 1e-12 <= high <= 1
    narrow = measures.wilson(errors * 10, tries * 10)
    assert narrow[1] - narrow[0] < high - low


def test_the_interval_is_the_published_one() -> None:
    # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3: 81 of 263 and 0 of 20
    assert measures.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert measures.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_the_tail_is_told_where_counting_shows_nothing() -> None:
    found = compared([0.3], drawn(0.85, 0.09, 262))
    [strict] = measures.table(found, [0.5])
    assert strict.fmr == 0
    assert strict.fmr_fitted == pytest.approx(NormalDist(0.85, 0.09).cdf(0.5), rel=0.35)
    assert strict.fmr_fitted is not None
    assert strict.fmr_fitted_interval is not None
    assert strict.fmr_fitted_interval[0] < strict.fmr_fitted < strict.fmr_fitted_interval[1]
    best = measures.chosen(measures.table(found))
    assert best is not None
    assert best.threshold == pytest.approx(NormalDist(0.85, 0.09).inv_cdf(1e-4), abs=0.011)


def test_impostors_far_away_do_not_make_the_near_ones_look_rarer() -> None:
    near = drawn(0.85, 0.09, 300)
    far = [distance + (0.4 if distance > 0.9 else 0.0) for distance in near]
    [one], [other] = (measures.table(compared([], each), [0.5]) for each in (near, far))
    assert one.fmr_fitted == other.fmr_fitted


def test_pairs_that_share_pictures_tell_less() -> None:
    distances = np.array(drawn(0.85, 0.09, 400))
    alone = measures.fitted(distances, np.arange(800).reshape(-1, 2))
    shared = measures.fitted(distances, np.array([(number // 50, 8 + number % 50) for number in range(400)]))
    assert alone is not None
    assert shared is not None
    assert shared.spreads[1:].std() > alone.spreads[1:].std()


def test_too_few_impostors_choose_no_threshold() -> None:
    rows = measures.table(compared([0.2, 0.3], [0.9] * (measures.FEWEST - 1)))
    assert rows[0].fmr == 0
    assert rows[0].fmr_fitted is None
    assert measures.chosen(rows) is None


def test_pictures_that_failed_count_as_rejected() -> None:
    [at] = measures.table(compared([0.2, 0.2, 0.9], [0.4, 0.9], genuine_failed=1, impostor_failed=2), [0.5])
    assert (at.fmr, at.fnmr) == (1 / 2, 1 / 3)
    assert (at.far, at.frr) == (1 / 4, 2 / 4)


def test_without_pairs_nothing_is_claimed() -> None:
    [at] = measures.table(compared([], []), [0.5])
    assert (at.fmr, at.fnmr, at.far, at.frr, at.fmr_interval, at.fnmr_interval) == (None,) * 6
    assert measures.equal_error(compared([], [0.5])) is None


def test_the_equal_error_rate_is_where_both_errors_meet() -> None:
    assert measures.equal_error(compared([0.1, 0.2, 0.3, 0.6], [0.4, 0.7, 0.8, 0.9])) == (0.25, 0.4)
    assert measures.equal_error(compared([0.1, 0.2], [0.8, 0.9])) == (0.0, 0.2)


def test_the_thresholds_of_the_table_hold_those_that_are_deployed() -> None:
    assert (measures.THRESHOLDS[0], measures.THRESHOLDS[-1], len(measures.THRESHOLDS)) == (0.30, 0.80, 51)
    assert {rules.SAME_FACE, rules.DOUBT, rules.KNOWN_FACE} <= set(measures.THRESHOLDS)
