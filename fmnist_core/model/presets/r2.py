"""Report R2: one, two and three convolutions."""

from __future__ import annotations

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
from fmnist_core.specs import DataSpec, TrainSpec

_NOTES = (
    "From a report that compares one, two and three convolutions: 3×3 kernels, valid padding, "
    "ReLU, Adam 0.001, batch 512, 50 epochs. It does not state the dropout rates; 0.25 after each "
    "of the first two convolutions, 0.4 after the third and 0.3 after the Dense layer are chosen "
    "here. It pooled all 70,000 images and split them again 80:20, with the test part as "
    "validation data; here an honest split is the default, and the split setting "
    '"resplit" with 0.2 repeats theirs.'
)


def _preset(name: str, report_name: str, summary: str, *layers: Layer) -> Preset:
    return Preset(
        group="R2 · Depth",
        summary=summary,
        experiment=experiment(
            name,
            *layers,
            data=DataSpec(split="stratified", validation=0.1),
            train=TrainSpec(epochs=50, batch_size=512, optimizer="adam", learning_rate=0.001),
        ),
        notes=_NOTES,
        report_name=report_name,
    )


PRESETS = (
    _preset(
        "r2-1-layer",
        "1_Layer",
        "One convolution with dropout.",
        *(conv(32), max_pool(), dropout(0.25)),
        *(flatten(), dense(32), logits()),
    ),
    _preset(
        "r2-2-layer",
        "2_Layer",
        "Two convolutions with dropout.",
        *(conv(32), max_pool(), dropout(0.25)),
        *(conv(64), dropout(0.25)),
        *(flatten(), dense(64), logits()),
    ),
    _preset(
        "r2-3-layer",
        "3_Layer",
        "Three convolutions with dropout.",
        *(conv(32), max_pool(), dropout(0.25)),
        *(conv(64), dropout(0.25)),
        *(conv(128), dropout(0.4)),
        *(flatten(), dense(128), dropout(0.3), logits()),
    ),
)
