"""Whether a run is right as often as it says."""

from __future__ import annotations

import argparse
from typing import Any

from fmnist_core.analysis.calibration import (
    Answered,
    Bin,
    apply_temperature,
    coverage,
    fit_temperature,
    reliability,
)
from fmnist_core.analysis.calibration_measures import Measure, measures
from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.cli.predicted import add_part, find, heading, optimistic, percent
from fmnist_core.cli.shared import RUN_HELP, add_command, show

THRESHOLDS = (0.5, 0.7, 0.9, 0.95, 0.99)
BINS = 10


def add(commands: Any) -> None:
    """Add `calibration`."""
    command = add_command(
        commands, "calibration", _calibration, "tell how far a run's confidence can be trusted"
    )
    command.add_argument("run_id", metavar="RUN", help=RUN_HELP)
    add_part(command)


def _calibration(args: argparse.Namespace) -> None:
    run, found = find(args.run_id, args.part)
    validation = load_predictions(run, "validation")
    temperature = fit_temperature(validation.y_true, validation.y_proba)
    plain = measures(found.y_true, found.y_proba)
    scaled = measures(found.y_true, apply_temperature(found.y_proba, temperature))
    bins = reliability(found.y_true, found.y_proba, BINS)
    answered = coverage(found.y_true, found.y_proba, THRESHOLDS)
    data = {
        "run_id": run.run_id,
        "part": found.part,
        "images": len(found),
        "test_used_for_validation": optimistic(run),
        "figures": _figures(plain),
        "temperature": temperature,
        "figures_at_temperature": _figures(scaled),
        "bins": [each._asdict() for each in bins],
        "coverage": [each._asdict() for each in answered],
    }
    fitted = f"at temperature {temperature:.2f}, fitted on validation"
    if found.part == "validation":
        fitted += ", on these very images"
    rows = [f"  {each.name:<38} {each.text:<23}  {scaled[key].text}" for key, each in plain.items()]
    show(
        args,
        data,
        "\n".join(
            [
                heading(run, found),
                "",
                f"  {'':<38} {'as it is':<23}  {fitted}",
                *rows,
                "",
                *_bin_lines(bins),
                "",
                *map(_answered_line, answered),
            ]
        ),
    )


def _figures(found: dict[str, Measure]) -> dict[str, Any]:
    return {key: {"value": each.value, "interval": each.interval} for key, each in found.items()}


def _bin_lines(bins: list[Bin]) -> list[str]:
    return [
        f"  {'confidence':<13} {'images':>7} {'mean':>7}  right, with its 95 % interval",
        *(
            f"  {each.low:.2f} to {each.high:.2f}  {each.images:>7,} "
            f"{100 * each.confidence:>5.1f} %  {percent(each.accuracy, each.interval)}"
            for each in bins
        ),
    ]


def _answered_line(each: Answered) -> str:
    share = f"{100 * each.coverage:.1f} % answered ({each.images:,} of {each.of:,})"
    if each.accuracy is None:
        return f"  from {each.threshold:.2f} on: never answers"
    right = percent(each.accuracy, each.interval)
    return f"  from {each.threshold:.2f} on: {share}, {right} of them right"
