"""Output shape and cost of every layer of a network, and the first thing that does not fit.

Pure arithmetic from the catalogue, well under a millisecond for 30 layers, and equal to Keras's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fmnist_core.exceptions import ModelError
from fmnist_core.labels import IMAGE_SHAPE, NUM_CLASSES
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.rules import Cost, Misfit, Shape, shape_text
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec

MAX_PARAMETERS = 50_000_000  # 600 MB with Adam's two moments: still trains on a laptop


@dataclass(frozen=True)
class LayerShape:
    """What one layer makes and costs.

    Attributes:
        output: Output shape without the batch dimension.
        cost: Parameters, and multiply-adds for one image.
    """

    name: str
    output: Shape
    cost: Cost


@dataclass(frozen=True)
class Problem:
    """Why a network cannot be trained.

    Attributes:
        layer: Name of the layer at which it shows; "" for a network without layers.
        reason: Half a sentence in plain words.
        fixes: Changes that would help, the likeliest first.
    """

    layer: str
    reason: str
    fixes: tuple[str, ...]

    def __str__(self) -> str:
        """The whole as one or two sentences."""
        reason = f"{self.layer}: {self.reason}" if self.layer else self.reason.capitalize()
        return f"{reason}. You could {', or '.join(self.fixes)}."


@dataclass(frozen=True)
class Trace:
    """A walk through a network: the layers that fit, and the problem that ended it, if any.

    Attributes:
        layers: One entry a layer, up to the problem.
        problem: None for a network that can be trained.
        from_logits: The network ends in logits; False: in probabilities.
    """

    layers: tuple[LayerShape, ...]
    problem: Problem | None
    from_logits: bool = True

    @property
    def total(self) -> Cost:
        """Parameters and multiply-adds of all layers together."""
        return Cost(*(sum(column) for column in zip(*(s.cost for s in self.layers), strict=True)))

    @property
    def parameters(self) -> int:
        """Trainable and other parameters together, as Keras's summary counts them."""
        return self.total.trainable + self.total.non_trainable


def trace(model: ModelSpec) -> Trace:
    """Walk through the network and stop at the first problem."""
    shapes: dict[str, Shape] = {INPUT: IMAGE_SHAPE}
    found: list[LayerShape] = []
    shape: Shape = IMAGE_SHAPE
    for layer in model.layers:
        try:
            entry = _layer_shape(layer, shape, shapes)
        except Misfit as misfit:
            return Trace(tuple(found), Problem(layer.name, misfit.reason, misfit.fixes))
        found.append(entry)
        shape = shapes[layer.name] = entry.output
    fitting = Trace(tuple(found), None)
    if problem := _end_problem(model, fitting):
        return replace(fitting, problem=problem)
    return replace(fitting, from_logits=_score_layer(model).settings.get("activation") != "softmax")


def check(model: ModelSpec) -> Trace:
    """Return the trace of a network that can be trained.

    Raises:
        ModelError: It cannot; the message names the layer, the reason and what would help.
    """
    result = trace(model)
    if result.problem:
        raise ModelError(str(result.problem))
    return result


def _layer_shape(layer: LayerSpec, shape: Shape, shapes: dict[str, Shape]) -> LayerShape:
    layer_type = CATALOGUE[layer.type]
    inputs: tuple[Shape, ...] = (shape,)
    if layer_type.merges:
        inputs += _merged_shapes(layer, shapes)
    output = layer_type.output_shape(inputs, layer.settings)
    return LayerShape(layer.name, output, layer_type.cost(shape, output, layer.settings))


def _merged_shapes(layer: LayerSpec, shapes: dict[str, Shape]) -> tuple[Shape, ...]:
    """Return the shapes that a merge adds to the one that arrives."""
    if not layer.inputs:
        raise Misfit("it joins nothing yet", "choose an earlier layer to join", "remove it")
    for name in layer.inputs:
        if name not in shapes:
            raise Misfit(f'there is no earlier layer called "{name}"', "choose an earlier layer")
    return tuple(shapes[name] for name in layer.inputs)


def _end_problem(model: ModelSpec, fitting: Trace) -> Problem | None:
    """Say why a network whose layers fit together still cannot be trained."""
    if not model.layers:
        fix = f"add Flatten and Dense with {NUM_CLASSES} units"
        return Problem("", "a network needs at least one layer", (fix,))
    last, output = model.layers[-1], fitting.layers[-1].output
    if fitting.parameters > MAX_PARAMETERS:
        reason = (
            f"the network has {fitting.parameters:,} parameters, and {MAX_PARAMETERS:,} is the "
            "most that can be trained here"
        )
        fixes = ("add pooling before the first Dense layer", "use fewer filters or units")
        return Problem(last.name, reason, fixes)
    if output != (NUM_CLASSES,):
        return _output_problem(last, output)
    if not fitting.total.trainable:
        fix = f"add Dense with {NUM_CLASSES} units"
        return Problem(last.name, "nothing in the network can learn", (fix,))
    return _score_problem(_score_layer(model))


def _output_problem(last: LayerSpec, output: Shape) -> Problem:
    """Say what to do about an end that is not 10 numbers."""
    add_dense = f"Dense with {NUM_CLASSES} units"
    if len(output) == 3:
        reason = f"a {shape_text(output)} map, but it has to give {NUM_CLASSES} numbers"
        fixes = [f"add Flatten and {add_dense}", f"add GlobalAveragePooling2D and {add_dense}"]
    else:
        reason = f"{output[0]:,} numbers, but it has to give {NUM_CLASSES}"
        fixes = [f"add {add_dense}"]
        if last.type == "Dense":
            fixes.insert(0, f"set its units to {NUM_CLASSES}")
    return Problem(last.name, f"the network ends in {reason}, one a class", tuple(fixes))


def _score_layer(model: ModelSpec) -> LayerSpec:
    """Return the layer that makes the 10 numbers: the last one that does more than pass them on.

    Flatten rearranges, and the average of probabilities is a probability.
    """
    passing = ("Flatten", "GlobalAveragePooling2D")
    return next(layer for layer in reversed(model.layers) if layer.type not in passing)


def _score_problem(scores: LayerSpec) -> Problem | None:
    """Say why the 10 numbers of this layer are neither logits nor probabilities."""
    if scores.type in ("Dropout", "SpatialDropout2D", "GaussianNoise", "LeakyReLU"):
        reason = "at the end of the network it would disturb the class scores"
        return Problem(scores.name, reason, ("remove it",))
    activation = scores.settings.get("activation", "linear")
    if activation in ("linear", "softmax"):
        return None
    return Problem(
        scores.name,
        f"it ends the network with {activation}, which cannot be read as class scores",
        (
            'set its activation to "linear" (logits)',
            'set its activation to "softmax" (probabilities)',
        ),
    )
