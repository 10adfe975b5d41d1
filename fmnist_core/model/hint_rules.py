"""What the advice on a network is about: each rule looks at one layer among its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model import edit
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.mending.site import Idea, change, insert_before, move_after, remove
from fmnist_core.model.rules import Shape, Window
from fmnist_core.model.shapes import LayerShape, Trace, score_layer
from fmnist_core.specs.model import LayerSpec, ModelSpec

HEAVY_SHARE = 0.8  # of all parameters: the Dense layer is then nearly the whole network
HEAVY_PARAMETERS = 100_000  # below that, nobody waits for them
Advice = tuple[str, Idea | None]  # what is so and why it matters, and a change to try


@dataclass(frozen=True)
class Step:
    """A layer that fits, in its network.

    Attributes:
        at: Its position.
    """

    model: ModelSpec
    found: Trace
    at: int

    @property
    def layer(self) -> LayerSpec:
        """The layer itself."""
        return self.model.layers[self.at]

    @property
    def shape(self) -> LayerShape:
        """What it makes and costs."""
        return self.found.layers[self.at]

    @property
    def arriving(self) -> Shape:
        """The shape that arrives at it."""
        return self.found.layers[self.at - 1].output if self.at else IMAGE_SHAPE

    @property
    def earlier(self) -> tuple[LayerSpec, ...]:
        """The layers before it."""
        return self.model.layers[: self.at]

    @property
    def later(self) -> tuple[LayerSpec, ...]:
        """The layers after it that fit."""
        return self.model.layers[self.at + 1 : len(self.found.layers)]

    @property
    def learns_later(self) -> bool:
        """A layer after it has weights."""
        return any(shape.cost.trainable for shape in self.found.layers[self.at + 1 :])


def _does_nothing(step: Step) -> Advice | None:
    values, why = step.layer.settings, None
    if values.get("rate") == 0 or values.get("stddev") == 0:
        why = "its strength is 0"
    elif step.layer.type == "Activation" and values["activation"] == "linear":
        why = "linear bends nothing"
    elif step.layer.type == "LeakyReLU" and values["negative_slope"] == 1:
        why = "a slope of 1 on both sides bends nothing"
    elif step.layer.type == "ZeroPadding2D" and values["padding"] == 0:
        why = "its border is 0 pixels wide"
    elif step.layer.type == "Flatten" and len(step.arriving) == 1:
        why = "a vector arrives already"
    elif "pool_size" in values and CATALOGUE[step.layer.type].window(values) == Window():
        why = "a window of 1×1 passes every value on"
    if why is None:
        return None
    return f"This layer changes nothing: {why}.", remove(step.layer)


def _heavy_dense(step: Step) -> Advice | None:
    """Only after convolutions: an MLP has nothing to pool."""
    flatten = _flatten_before(step)
    if step.layer.type != "Dense" or flatten is None:
        return None
    total, held = step.found.parameters, step.shape.cost.trainable
    if total <= HEAVY_PARAMETERS or held < HEAVY_SHARE * total:
        return None
    if not any(CATALOGUE[layer.type].kind == "convolution" for layer in step.earlier):
        return None
    text = (
        f"Flatten → Dense holds {100 * held // total} % of the parameters. Pooling before the "
        "Flatten, or GlobalAveragePooling2D instead of it, makes the network smaller, and it then "
        "learns fewer images by heart."
    )
    return text, insert_before(flatten, "MaxPooling2D")


def _flatten_before(step: Step) -> LayerSpec | None:
    """Return the Flatten before a layer, if nothing with weights stands between them."""
    for layer in reversed(step.earlier):
        if layer.type == "Flatten":
            return layer
        if CATALOGUE[layer.type].kind not in ("regularisation", "activation"):
            break
    return None


def _softmax_at_end(step: Step) -> Advice | None:
    if step.found.problem or step.found.from_logits or step.layer != score_layer(step.model):
        return None
    text = (
        "Softmax at the end makes probabilities, of which the loss has to take the logarithm "
        "again. From logits (linear) it is computed more exactly, and the app shows probabilities "
        "either way."
    )
    if step.layer.type == "Activation":
        return text, remove(step.layer)
    return text, change(step.layer, "activation", "linear")


def _softmax_in_between(step: Step) -> Advice | None:
    if step.layer.settings.get("activation") != "softmax" or not step.learns_later:
        return None
    text = (
        "Softmax before other layers lets its values share a sum of 1. Most are then close to 0, "
        "and the layers after it learn slowly."
    )
    return text, change(step.layer, "activation", "relu")


def _two_activations(step: Step) -> Advice | None:
    first = step.earlier[-1] if step.earlier else None
    if first is None or CATALOGUE[step.layer.type].kind != "activation":
        return None
    if not (_activation(first) and _activation(step.layer)):
        return None
    text = (
        f"Two activations in a row: {first.name} ends in {_activation(first)} already. A second "
        "bend right after the first adds little, and may cut off what the first let through."
    )
    if CATALOGUE[first.type].kind == "activation":
        return text, remove(step.layer)
    return text, change(first, "activation", "linear")


def _dropout_before_batch_norm(step: Step) -> Advice | None:
    if not step.layer.settings.get("rate"):
        return None
    for layer in step.later:
        if layer.type == "BatchNormalization":
            text = (
                f"Dropout before {layer.name}: while training it changes the variance that the "
                "normalisation remembers, so that it is wrong when dropout is off (Li et al. 2018)."
            )
            return text, move_after(step.layer, layer)
        if CATALOGUE[layer.type].kind not in ("activation", "pooling", "shape", "regularisation"):
            break
    return None


def _bias_before_batch_norm(step: Step) -> Advice | None:
    """A merge that joins the layer would still see its bias."""
    layer, values = step.layer, step.layer.settings
    if not values.get("use_bias") or _activation(layer):
        return None
    joined = any(layer.name in other.inputs for other in step.later)
    if joined or not step.later or step.later[0].type != "BatchNormalization":
        return None
    text = (
        f"The bias changes nothing: {step.later[0].name} subtracts the mean of each channel, and "
        "the bias with it."
    )
    return text, Idea(
        f"switch off the bias of {layer.name}",
        lambda model: edit.change_settings(model, layer.name, use_bias=False),
    )


def _one_linear_map(step: Step) -> Advice | None:
    """Said once, at the first layer with a kernel; dropout and noise are off when it is used."""
    shapes = step.found.layers
    kernels = [i for i, shape in enumerate(shapes) if shape.cost.mult_adds]
    if step.found.problem or step.at not in kernels[:1]:
        return None
    scores = score_layer(step.model).name
    if any(_bends(layer) for layer in step.model.layers if layer.name != scores):
        return None
    text = (
        "This whole network is one linear map: no activation or maximum bends the values between "
        "its layers, so it can do no more than a single Dense layer."
    )
    hidden = [step.model.layers[position] for position in kernels[:-1]]
    return text, _bend_all(hidden) if hidden else None


def _bends(layer: LayerSpec) -> bool:
    """Say whether a layer is more than a linear map of what arrives."""
    maximum = layer.type == "GlobalMaxPooling2D" or (
        layer.type == "MaxPooling2D" and layer.settings["pool_size"] > 1
    )
    return bool(_activation(layer)) or maximum or layer.type == "LayerNormalization"


def _activation(layer: LayerSpec) -> str:
    """Return by what a layer bends its values; "" if it does not."""
    if layer.type == "LeakyReLU":
        return "" if layer.settings["negative_slope"] == 1 else "leaky_relu"
    name = str(layer.settings.get("activation", "linear"))
    return "" if name == "linear" else name


def _bend_all(layers: Sequence[LayerSpec]) -> Idea:
    if len(layers) == 1:
        return change(layers[0], "activation", "relu")

    def bend(model: ModelSpec) -> ModelSpec:
        for layer in layers:
            model = edit.change_settings(model, layer.name, activation="relu")
        return model

    return Idea('set activation to "relu" in all layers but the last', bend)


RULES: tuple[Callable[[Step], Advice | None], ...] = (
    _one_linear_map,
    _does_nothing,
    _heavy_dense,
    _softmax_at_end,
    _softmax_in_between,
    _two_activations,
    _dropout_before_batch_norm,
    _bias_before_batch_norm,
)
