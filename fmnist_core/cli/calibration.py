"""Whether a run is right as often as it says."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from fmnist_core.analysis.calibration import (
    EQUAL,
    Answered,
    Bin,
    apply_temperature,
    brier_score,
    coverage,
    expected_calibration_error,
    fit_temperature,
    negative_log_likelihood,
    reliability,
)
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
    plain = _figures(found.y_true, found.y_proba)
    scaled = _figures(found.y_true, apply_temperature(found.y_proba, temperature))
    bins = reliability(found.y_true, found.y_proba, BINS)
    answered = coverage(found.y_true, found.y_proba, THRESHOLDS)
    data = {
        "run_id": run.run_id,
        "part": found.part,
        "images": len(found),
        "test_used_for_validation": optimistic(run),
        "figures": plain,
        "temperature": temperature,
        "figures_at_temperature": scaled,
        "bins": [each._asdict() for each in bins],
        "coverage": [each._asdict() for each in answered],
    }
    fitted = f"at temperature {temperature:.2f}, fitted on validation"
    if found.part == "validation":
        fitted += ", on these very images"
    rows = [f"  {name:<24} {plain[name]:>10.4f} {scaled[name]:>10.4f}" for name in plain]
    show(
        args,
        data,
        "\n".join(
            [
                heading(run, found),
                "",
                f"  {'':<24} {'as it is':>10} {'scaled':>10}  {fitted}",
                *rows,
                "",
                *_bin_lines(bins),
                "",
                *map(_answered_line, answered),
            ]
        ),
    )


def _figures(y_true: np.ndarray, y_proba: np.ndarray) -> dict[str, float]:
    errors = {
        f"ECE, equal {equal}": expected_calibration_error(y_true, y_proba, equal=equal)
        for equal in EQUAL
    }
    loss = {"negative log-likelihood": negative_log_likelihood(y_true, y_proba)}
    return errors | loss | {"Brier score": brier_score(y_true, y_proba)}


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
