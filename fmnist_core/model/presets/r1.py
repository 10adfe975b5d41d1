"""Report R1: one student's whole tour, from the first Dense layer to 92 %."""

from __future__ import annotations

from typing import Any

from fmnist_core.model.presets.base import (
    Layer,
    Preset,
    average_pool,
    batch_norm,
    conv,
    dense,
    dropout,
    experiment,
    flatten,
    logits,
    max_pool,
)
from fmnist_core.specs import AugmentSpec, DataSpec, TrainSpec

_SOURCE = (
    "From a student's tour through Fashion-MNIST: 48,000 images train and 12,000 validate, with "
    "equal shares of every class. "
)
_USUAL = "Adam 0.001, batch 128 and 10 epochs"
_WATCHED = "batch 128, at most 30 epochs, a stop after 5 without progress and half the rate after 3"
_WATCHFUL: dict[str, Any] = {"epochs": 30, "early_stopping": 5, "reduce_lr": 3}


def _preset(
    name: str,
    summary: str,
    notes: str,
    *layers: Layer,
    report_name: str = "",
    augment: AugmentSpec | None = None,
    **train: Any,
) -> Preset:
    return Preset(
        group="R1 · Tour",
        summary=summary,
        experiment=experiment(
            name,
            *layers,
            data=DataSpec(split="stratified", validation=12_000),
            train=TrainSpec(**train),
            augment=augment,
        ),
        notes=_SOURCE + notes,
        report_name=report_name,
    )


# The tour begins: dense layers, then convolutions without a bend --------------------------------


def _mlp(name: str, summary: str, *units: int) -> Preset:
    notes = (
        "Hidden layers begin at 128 units and lose 32 with each. It does not state the "
        f"activation: ReLU; nor the training: {_USUAL}."
    )
    return _preset(name, summary, notes, flatten(), *map(dense, units), logits())


_LINEAR_NOTES = (
    "It does not state the number and size of the filters: 32 of 3×3 without padding; nor the "
    f"training: {_USUAL}. It compared batches of 32, 64 and 128 with the network without pooling."
)
_LINEAR_CONV = conv(32, activation="linear")
_NORM_NOTES = "It does not state the layers around the normalisation; those here are chosen"

# The middle: the same two convolutions with one thing after another added -------------------------

_GRID_NOTES = (
    "It does not state the network: two convolutions of 32 and 64 filters, 3×3, each with max "
    "pooling, and Dense 128 are chosen here; "
)
_PENALTY_NOTES = (
    f"{_GRID_NOTES}nor the strength of the penalty: 0.0001 on the weights of every layer; nor the "
    f"training: leaky ReLU and Adamax 0.001, the best of its grid, with {_WATCHED}."
)


def _two_convolutions(bend: str, *, rates: tuple[float, ...] = (), **penalty: Any) -> list[Layer]:
    """Make the network that the middle of the tour varies.

    Args:
        bend: Activation of every layer but the last.
        rates: Of a dropout behind each convolution and the Dense layer; none without.
        penalty: `l1` and `l2` of every layer.
    """
    blocks = [
        [conv(32, activation=bend, **penalty), max_pool()],
        [conv(64, activation=bend, **penalty), max_pool()],
        [flatten(), dense(128, activation=bend, **penalty)],
    ]
    for block, rate in zip(blocks, rates, strict=False):
        block.append(dropout(rate))
    return [*blocks[0], *blocks[1], *blocks[2], dense(10, activation="linear", **penalty)]


def _penalised(name: str, summary: str, **penalty: Any) -> Preset:
    layers = _two_convolutions("leaky_relu", **penalty)
    return _preset(
        name, summary, _PENALTY_NOTES, *layers, optimizer="adamax", learning_rate=0.001, **_WATCHFUL
    )


# The end: three convolutions, whose filters fall or rise ----------------------------------------

_FAN_NOTES = (
    "It states leaky ReLU, Adam and about 144,000 parameters for the filters that fall, no sizes: "
    "128, 64 and 32 filters, 3×3 with same padding, max pooling after the first two and Dense 32 "
    "make 144,074; the same three rising make 293,738. Nor does it state the training: Adam 0.001, "
    f"{_WATCHED}."
)


def _fan(name: str, summary: str, *filters: int) -> Preset:
    first, second, third = (
        conv(count, padding="same", activation="leaky_relu") for count in filters
    )
    return _preset(
        name,
        summary,
        _FAN_NOTES,
        *(first, max_pool(), second, max_pool(), third),
        *(flatten(), dense(32, activation="leaky_relu"), logits()),
        **_WATCHFUL,
    )


PRESETS = (
    _mlp("r1-mlp-1", "One hidden layer of 128 units.", 128),
    _mlp("r1-mlp-2", "Two hidden layers of 128 and 96 units.", 128, 96),
    _mlp("r1-mlp-3", "Three hidden layers of 128, 96 and 64 units.", 128, 96, 64),
    _preset(
        "r1-linear-cnn",
        "A convolution without a bend: the whole network is one linear map.",
        _LINEAR_NOTES,
        *(_LINEAR_CONV, flatten(), logits()),
    ),
    _preset(
        "r1-linear-max-pool",
        "The linear convolution with max pooling, which is a bend.",
        _LINEAR_NOTES,
        *(_LINEAR_CONV, max_pool(), flatten(), logits()),
    ),
    _preset(
        "r1-linear-average-pool",
        "The linear convolution with average pooling: still one linear map.",
        _LINEAR_NOTES,
        *(_LINEAR_CONV, average_pool(), flatten(), logits()),
    ),
    _preset(
        "r1-batch-norm",
        "The linear convolution with batch normalisation.",
        f"{_NORM_NOTES}: its linear convolution, 32 filters of 3×3; nor the training: {_USUAL}.",
        *(_LINEAR_CONV, batch_norm(), flatten(), logits()),
    ),
    _preset(
        "r1-batch-norm-deep",
        "Three ReLU convolutions, each with batch normalisation.",
        f"{_NORM_NOTES}: 32, 64 and 128 filters of 3×3 with ReLU, pooling after the last two, and "
        f"Dense 128; nor the training: {_USUAL}.",
        *(conv(32), batch_norm()),
        *(conv(64), batch_norm(), max_pool()),
        *(conv(128), batch_norm(), max_pool()),
        *(flatten(), dense(128), logits()),
    ),
    _preset(
        "r1-augmented",
        "The same on three changed copies of the training images: turned, shifted, mirrored.",
        f"{_NORM_NOTES}: its linear convolution, 32 filters of 3×3. It put a rotated, a shifted "
        "and a mirrored copy together, 144,000 images, so without the originals. It does not state "
        "how far: up to 20° and 0.1 of the side; nor its many epochs: 30, with Adam 0.001, batch "
        "128.",
        *(_LINEAR_CONV, batch_norm(), flatten(), logits()),
        augment=AugmentSpec(
            augmentation="own-copies",
            keep_originals=False,
            rotation=20,
            shift=0.1,
            horizontal_flip=True,
        ),
        epochs=30,
    ),
    _preset(
        "r1-dropout",
        "Two convolutions with ReLU, Adam and dropout.",
        f"{_GRID_NOTES}nor the dropout rates: 0.25 after each pooling and 0.5 after Dense 128; nor "
        f"the training beyond Adam: {_USUAL}.",
        *_two_convolutions("relu", rates=(0.25, 0.25, 0.5)),
    ),
    _preset(
        "r1-grid",
        "Best of 35 activations × optimizers: leaky ReLU with Adamax.",
        f"{_GRID_NOTES}nor the training beyond early stopping and a reduction of the rate on a "
        f"plateau: {_WATCHED}; as it names optimizers by their words, each has the rate that Keras "
        "takes then, 0.01 for SGD and 0.001 for the others. (At 0.001 SGD came to 78.7 % with ELU "
        "and 77.2 % with leaky ReLU.) Its grid was relu, selu, elu, tanh, leaky_relu × adam, sgd, "
        "rmsprop, adagrad, adadelta, adamax, nadam.",
        *_two_convolutions("leaky_relu"),
        optimizer="adamax",
        **_WATCHFUL,
    ),
    _penalised("r1-l1", "A penalty on the size of each weight (L1).", l1=0.0001),
    _penalised("r1-l2", "A penalty on the square of each weight (L2).", l2=0.0001),
    _penalised("r1-l1-l2", "Both penalties, L1 and L2.", l1=0.0001, l2=0.0001),
    _preset(
        "r1-mastery",
        "One convolution and Dense 100 with stochastic gradient descent.",
        "It states the layers, 542,230 parameters and SGD. ReLU, He's first weights, rate 0.01, "
        "momentum 0.9, batch 32 and 10 epochs are chosen here, as the tutorial from which the "
        "network seems to come has them.",
        *(conv(32, kernel_initializer="he_uniform"), max_pool()),
        *(flatten(), dense(100, kernel_initializer="he_uniform"), logits()),
        report_name="Mastery",
        optimizer="sgd",
        learning_rate=0.01,
        momentum=0.9,
        batch_size=32,
    ),
    _fan("r1-fan-in", "Three convolutions whose filters fall: 128, 64, 32.", 128, 64, 32),
    _fan("r1-fan-out", "Three convolutions whose filters rise: 32, 64, 128.", 32, 64, 128),
)
