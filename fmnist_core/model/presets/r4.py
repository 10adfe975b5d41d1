"""Report R4: a baseline against a better training of the same network."""

from __future__ import annotations

from typing import Any

from fmnist_core.model.presets.base import (
    Layer,
    Preset,
    conv,
    dense,
    dropout,
    experiment,
    flatten,
    logits,
    max_pool,
)
from fmnist_core.specs import TrainSpec

_NOTES = (
    "From a report that compares two confusion matrices. It states no layers but two convolutions "
    "and three Dense; 32 and 64 filters of 3×3, each with max pooling, and Dense 600, 120, 10 are "
    "chosen here, as a much copied PyTorch tutorial on Fashion-MNIST has them; nor the split: a "
    "stratified tenth validates; nor the batch size: 384, with which the baseline's loss ends "
    "where the report's does. A narrower network, 6 and 12 filters of 5×5 and Dense 120, 60, 10 "
    "in batches of 160, came to 70.8 % and 84.6 % on the test set."
)


def _preset(name: str, report_name: str, summary: str, *rest: Layer, **train: Any) -> Preset:
    """Make a preset of two convolutions and the layers behind Flatten."""
    return Preset(
        group="R4 · Baseline",
        summary=summary,
        experiment=experiment(
            name,
            *(conv(32, padding="same"), max_pool()),
            *(conv(64), max_pool()),
            *(flatten(), *rest, logits()),
            train=TrainSpec(**train),
        ),
        notes=_NOTES,
        report_name=report_name,
    )


PRESETS = (
    _preset(
        "r4-baseline",
        "baseline",
        "Plain gradient descent at a small rate, no regularisation: ends undertrained.",
        *(dense(600), dense(120)),
        epochs=20,
        batch_size=384,
        optimizer="sgd",
        learning_rate=0.001,
    ),
    _preset(
        "r4-better",
        "better",
        "The same convolutions with dropout, Adam and twice the epochs.",
        *(dense(600), dropout(0.5), dense(120), dropout(0.5)),
        epochs=40,
        batch_size=384,
        optimizer="adam",
        learning_rate=0.0001,
    ),
)
