"""The DET curve (ISO/IEC 19795-1): false non-matches over false matches, both axes by the normal quantile."""

from pathlib import Path
from statistics import NormalDist

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from verification.engines.measures import AIM, Comparisons, Distances, Row, trade_off

KINDS = (".png", ".svg")
TICKS = (1e-5, 1e-4, 1e-3, 1e-2, 0.05, 0.2, 0.5)
_LEAST = 1e-6
_NORMAL = NormalDist()


def draw(compared: Comparisons, rows: list[Row], path: Path) -> None:
    """Writes the curve to a PNG or SVG file: as counted, and by the fitted tail. Needs genuine and impostor pairs."""
    figure = Figure(figsize=(6, 6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _threshold, fmr, fnmr = trade_off(compared)
    axes.step(probit(fmr), probit(fnmr), where="post", label=f"counted, {len(compared.genuine)} genuine, {len(compared.impostor)} impostor")
    fitted = [(row.fmr_fitted, row.fnmr) for row in rows if row.fmr_fitted is not None and row.fnmr is not None]
    if fitted:
        expected, missed = np.array(fitted).T
        axes.plot(probit(expected), probit(missed), "--", label="false matches by the fitted tail")
    axes.axvline(float(probit(np.array([AIM]))[0]), color="grey", linewidth=0.8, label="one false match in 10,000")
    places = probit(np.array(TICKS))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(places, [f"{tick * 100:g} %" for tick in TICKS])
    axes.set(xlim=(places[0], places[-1]), ylim=(places[0], places[-1]), xlabel="false match rate", ylabel="false non-match rate")
    axes.grid(visible=True, linewidth=0.3)
    axes.legend(loc="upper right", fontsize="small")
    figure.savefig(path, dpi=150)


def probit(rates: Distances) -> Distances:
    """Returns the normal quantiles of rates; none and all are drawn at one in a million."""
    return np.array([_NORMAL.inv_cdf(min(max(rate, _LEAST), 1 - _LEAST)) for rate in rates])
