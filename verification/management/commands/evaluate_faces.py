"""`manage.py evaluate_faces PAIRS.csv --images DIR [--json] [--plot FILE] [--jobs N]`: measures the thresholds on your pictures."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from verification.engines import curve, measures
from verification.engines.evaluation import Evaluation, evaluate
from verification.engines.pairs import BadPairs, Folder, read_pairs


class Command(BaseCommand):
    """Reads pictures and writes nothing but the plot; needs no database."""

    help = "Measure false match and false non-match rates of the face comparison on a list of picture pairs (file_x,file_y,Decision)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes the list, the folder of its pictures, and how to tell the figures."""
        parser.add_argument("pairs", type=Path, help="CSV with the columns file_x, file_y and Decision (Yes: one person, No: two)")
        parser.add_argument("--images", type=Path, required=True, metavar="DIR", help="the folder of the pictures")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
        parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the DET curve into a .png or .svg file")
        parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes at work (default 1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the figures. Ends with an error for a list, a folder or a plot that cannot be used."""
        plot: Path | None = options["plot"]
        if plot and (plot.suffix.lower() not in curve.KINDS or not plot.parent.is_dir()):
            raise CommandError(f"{plot}: the plot must be a {' or '.join(curve.KINDS)} file in a folder that is there")
        try:
            found = evaluate(read_pairs(options["pairs"]), Folder(options["images"]), jobs=options["jobs"])
        except BadPairs as error:
            raise CommandError(str(error)) from error
        if plot:
            self._draw(found, plot)
        self.stdout.write(json.dumps(found.report, indent=1) if options["json"] else _table(found.report))

    def _draw(self, found: Evaluation, plot: Path) -> None:
        if not len(found.compared.genuine) or not len(found.compared.impostor):
            raise CommandError("a curve needs pairs of one person and pairs of two whose faces were found")
        try:
            curve.draw(found.compared, measures.table(found.compared), plot)
        except OSError as error:
            raise CommandError(f"{plot}: {error.strerror}") from error


def _table(report: dict[str, Any]) -> str:
    failures, seconds = report["failures_to_enrol"], report["seconds_per_image"]
    lines = [
        f"pairs {report['pairs']} (genuine {report['genuine']}, impostor {report['impostor']}), images {report['images']}",
        f"failures to enrol {failures['count']} ({failures['rate']:.2%})",
        *(f"  {each['file']}: {each['reason']}" for each in failures["images"]),
        "threshold      FMR  95 % interval       fitted  95 % interval         FNMR  95 % interval         FRR",
        *(_line(row) for row in report["thresholds"]),
        "deployed",
        _line(report["deployed"]),
        f"chosen: {report['chosen']['rule']}",
        _line(report["chosen"])
        if report["chosen"]["threshold"]
        else "  none: no threshold is strict enough, or impostor pairs are too few",
        f"equal error rate {_rate(report['eer']).strip()}",
        f"seconds per image {_seconds(seconds['median'])} (median), {_seconds(seconds['p95'])} (p95)",
        ", ".join(f"{name} {number}" for name, number in report["versions"].items()),
    ]
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    cells = [_rate(row["fmr"]), _between(row["fmr_interval"]), _rate(row["fmr_fitted"]), _between(row["fmr_fitted_interval"])]
    return "  ".join([f"{row['threshold']:9.2f}", *cells, _rate(row["fnmr"]), _between(row["fnmr_interval"]), _rate(row["frr"])])


def _rate(value: float | None) -> str:
    return f"{'–':>8}" if value is None else f"{value:8.3%}"


def _between(interval: tuple[float, float] | None) -> str:
    return f"{'–':>16}" if interval is None else f"{interval[0]:.3%}–{interval[1]:.3%}".rjust(16)


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
