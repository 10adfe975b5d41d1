"""Networks of our own, each for one idea; the first is the one to start with."""

from __future__ import annotations

from fmnist_core.model.presets.base import (
    Layer,
    Preset,
    activation,
    add,
    batch_norm,
    conv,
    dense,
    depthwise,
    dropout,
    experiment,
    flatten,
    global_average,
    logits,
    max_pool,
    separable,
)
from fmnist_core.specs import TrainSpec


def _template(
    name: str, summary: str, *layers: Layer, notes: str = "", train: TrainSpec | None = None
) -> Preset:
    return Preset(
        group="Templates",
        summary=summary,
        experiment=experiment(name, *layers, train=train),
        notes=notes,
    )


def _same(filters: int, kernel_size: int = 3, **settings: object) -> Layer:
    """Convolve and keep the size of the map."""
    return conv(filters, kernel_size, padding="same", **settings)


def _norm_block(filters: int) -> tuple[Layer, ...]:
    """Convolve, normalise, bend, halve; the bias is left to the normalisation."""
    convolution = _same(filters, activation="linear", use_bias=False)
    return convolution, batch_norm(), activation(), max_pool()


def _residual_block(filters: int, start: str) -> tuple[Layer, ...]:
    """Correct the output of the layer `start` by two convolutions."""
    return _same(filters), _same(filters, activation="linear"), add(start), activation()


PRESETS = (
    _template(
        "small",
        "Two convolutions, quick to train: the one to start with.",
        *(conv(16), max_pool()),
        *(conv(32), max_pool()),
        *(flatten(), dense(64), logits()),
        train=TrainSpec(epochs=5),
    ),
    _template("blank", "No layers yet: build from nothing."),
    _template(
        "linear",
        "Every class weighs all pixels, nothing else: what the others have to beat.",
        *(flatten(), logits()),
    ),
    _template(
        "mlp",
        "Two hidden layers that see pixels but not which of them are neighbours.",
        *(flatten(), dense(128), dense(64), logits()),
    ),
    _template(
        "lenet",
        "LeNet-5 of 1998 with today's ReLU and max pooling: the first convolutional network.",
        *(_same(6, 5), max_pool()),
        *(conv(16, 5), max_pool()),
        *(flatten(), dense(120), dense(84), logits()),
    ),
    _template(
        "batch-norm-dropout",
        "Batch normalisation steadies the training, dropout holds back overfitting.",
        *_norm_block(32),
        *_norm_block(64),
        *(dropout(0.25), flatten(), dense(64), dropout(0.5), logits()),
    ),
    _template(
        "residual",
        "Two shortcuts: each block only has to learn what to add to its input.",
        *(_same(32), max_pool()),
        *_residual_block(32, "max_pooling2d_1"),
        *(_same(64), max_pool()),
        *_residual_block(64, "max_pooling2d_2"),
        *(global_average(), logits()),
    ),
    _template(
        "depthwise",
        "Filters channels one by one and mixes them 1×1, as MobileNet does: few multiply-adds.",
        *(_same(32), max_pool()),
        *(depthwise(padding="same"), _same(64, 1), max_pool()),
        *(separable(128, padding="same"), global_average(), logits()),
    ),
    _template(
        "too-big",
        "For learning why: without pooling, Flatten → Dense alone has 51 million parameters.",
        *(_same(32), _same(64)),
        *(flatten(), dense(1024), logits()),
        notes=(
            "It cannot be trained here, and is here to be repaired. The map keeps its 28×28 "
            "pixels, so Flatten gives 28·28·64 = 50,176 numbers, and each of 1,024 units weighs "
            "all of them. One pooling layer before Flatten divides that by 4."
        ),
    ),
)
