"""Output shape and cost of every layer of a network, and the first thing that does not fit.

Pure arithmetic from the catalogue, well under a millisecond for 30 layers, and equal to Keras's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from fmnist_core.labels import IMAGE_SHAPE, NUM_CLASSES
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.costs import Cost, Sums
from fmnist_core.model.receptive import Sight, sight
from fmnist_core.model.rules import Cause, Misfit, Shape, shape_text
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec

MAX_PARAMETERS = 50_000_000  # 600 MB with Adam's two moments: still trains on a laptop
MAX_VALUES = 50_000_000  # of all layers for one image, kept for the backward pass: 200 MB
MAX_MULT_ADDS = 100_000_000_000  # for one image: a second or two, so an epoch takes a day


@dataclass(frozen=True)
class LayerShape:
    """What one layer makes and costs.

    Attributes:
        output: Output shape without the batch dimension.
        sums: How its cost is worked out.
        cost: Parameters, and multiply-adds for one image.
        sight: What its values see of the image.
    """

    name: str
    output: Shape
    sums: Sums
    cost: Cost
    sight: Sight

    @property
    def formula(self) -> str:
        """The parameters as 3·3·1·32 + 32 = 320; "" for none."""
        return self.sums.parameters_text

    @property
    def mult_adds_formula(self) -> str:
        """The multiply-adds as 26·26·3·3·1·32 = 194,688; "" for none."""
        return self.sums.mult_adds_text

    @property
    def receptive_field(self) -> int:
        """Side, in pixels of the image, of the square that one value of the output depends on.

        Padding counts as if the image went on beyond its border, so it may exceed 28. Flatten
        keeps it; a Dense layer after it sees all that the vector sees, which is less than the
        image where a pooling left out its last rows.
        """
        return self.sight.one


@dataclass(frozen=True)
class Problem:
    """Why a network cannot be trained.

    Attributes:
        layer: Name of the layer at which it shows; "" for a network without layers.
        reason: Half a sentence in plain words.
        cause: What kind of problem it is; `repairs.repairs` finds changes by it.
    """

    layer: str
    reason: str
    cause: Cause

    def __str__(self) -> str:
        """The whole as a sentence; `check.explain` adds what would help."""
        reason = f"{self.layer}: {self.reason}" if self.layer else self.reason.capitalize()
        return f"{reason}."


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
        return _parameters(self.total)


_IMAGE = LayerShape(INPUT, IMAGE_SHAPE, Sums(), Cost(), Sight())


def trace(model: ModelSpec) -> Trace:
    """Walk through the network and stop at the first problem."""
    made: dict[str, LayerShape] = {INPUT: _IMAGE}
    last, values = _IMAGE, 0
    for layer in model.layers:
        try:
            entry = _layer_shape(layer, last, made)
            values += prod(entry.output)
            _check_maps(entry, values)
        except Misfit as misfit:
            found = tuple(made.values())[1:]
            return Trace(found, Problem(layer.name, misfit.reason, misfit.cause))
        last = made[layer.name] = entry
    fitting = Trace(tuple(made.values())[1:], None)
    if problem := _end_problem(model, fitting):
        return replace(fitting, problem=problem)
    return replace(fitting, from_logits=score_layer(model).settings.get("activation") != "softmax")


def convolutions(model: ModelSpec) -> list[LayerShape]:
    """Return the layers of a network that have filters, in its order."""
    with_filters = {
        layer.name for layer in model.layers if CATALOGUE[layer.type].kind == "convolution"
    }
    return [shape for shape in trace(model).layers if shape.name in with_filters]


def score_layer(model: ModelSpec) -> LayerSpec:
    """Return the layer that makes the 10 numbers: the last one that does more than pass them on.

    Flatten rearranges, and the average of probabilities is a probability.
    """
    passing = ("Flatten", "GlobalAveragePooling2D")
    return next(layer for layer in reversed(model.layers) if layer.type not in passing)


def _layer_shape(layer: LayerSpec, before: LayerShape, made: dict[str, LayerShape]) -> LayerShape:
    layer_type, values = CATALOGUE[layer.type], layer.settings
    inputs = (before, *_joined(layer, made)) if layer_type.merges else (before,)
    output = layer_type.output_shape(tuple(each.output for each in inputs), values)
    sums = layer_type.cost(before.output, output, values)
    seen = tuple((each.output, each.sight) for each in inputs)
    window = layer_type.window(values)
    return LayerShape(layer.name, output, sums, sums.cost, sight(layer, window, seen, output))


def _joined(layer: LayerSpec, made: dict[str, LayerShape]) -> tuple[LayerShape, ...]:
    """Return what a merge adds to the output of the layer before it."""
    if not layer.inputs:
        raise Misfit(Cause.NOTHING_JOINED, "it joins nothing yet")
    for name in layer.inputs:
        if name not in made:
            raise Misfit(Cause.UNKNOWN_JOIN, f'there is no earlier layer called "{name}"')
    return tuple(made[name] for name in layer.inputs)


def _check_maps(entry: LayerShape, values: int) -> None:
    """Stop where the outputs so far hold more values than fit, before the numbers grow further."""
    if values > MAX_VALUES:
        raise Misfit(
            Cause.TOO_LARGE_MAPS,
            f"with its output of {shape_text(entry.output)} the network would keep {values:,} "
            f"values for one image, and {MAX_VALUES:,} is the most that can be trained here",
        )


def _parameters(cost: Cost) -> int:
    return cost.trainable + cost.non_trainable


def _end_problem(model: ModelSpec, fitting: Trace) -> Problem | None:
    """Say why a network whose layers fit together still cannot be trained."""
    if not model.layers:
        return Problem("", "a network needs at least one layer", Cause.EMPTY)
    if problem := _size_problem(fitting):
        return problem
    last, output = model.layers[-1], fitting.layers[-1].output
    if output != (NUM_CLASSES,):
        return _output_problem(last, output)
    if not fitting.total.trainable:
        return Problem(last.name, "nothing in the network can learn", Cause.NOTHING_LEARNS)
    return _score_problem(score_layer(model))


def _size_problem(fitting: Trace) -> Problem | None:
    """Name the costliest layer of a network that asks for more than a laptop has."""
    total = fitting.total
    if fitting.parameters > MAX_PARAMETERS:
        cause, size = Cause.TOO_MANY_PARAMETERS, f"{fitting.parameters:,} parameters"
        limit, costs = MAX_PARAMETERS, [_parameters(layer.cost) for layer in fitting.layers]
    elif total.mult_adds > MAX_MULT_ADDS:
        cause, size = Cause.TOO_MUCH_WORK, f"{total.mult_adds:,} multiply-adds an image"
        limit, costs = MAX_MULT_ADDS, [layer.cost.mult_adds for layer in fitting.layers]
    else:
        return None
    reason = (
        f"the network has {size}, and {limit:,} is the most that can be trained here; this layer "
        "has the largest share"
    )
    return Problem(fitting.layers[costs.index(max(costs))].name, reason, cause)


def _output_problem(last: LayerSpec, output: Shape) -> Problem:
    """Say what is wrong with an end that is not 10 numbers."""
    if len(output) == 3:
        cause = Cause.MAP_AT_END
        end = f"a {shape_text(output)} map, but it has to give {NUM_CLASSES} numbers"
    else:
        cause = Cause.VECTOR_AT_END
        end = f"{output[0]:,} numbers, but it has to give {NUM_CLASSES}"
    return Problem(last.name, f"the network ends in {end}, one a class", cause)


def _score_problem(scores: LayerSpec) -> Problem | None:
    """Say why the 10 numbers of this layer are neither logits nor probabilities."""
    if scores.type in ("Dropout", "SpatialDropout2D", "GaussianNoise", "LeakyReLU"):
        reason = "at the end of the network it would disturb the class scores"
        return Problem(scores.name, reason, Cause.DISTURBED_SCORES)
    activation = scores.settings.get("activation", "linear")
    if activation in ("linear", "softmax"):
        return None
    reason = f"it ends the network with {activation}, which cannot be read as class scores"
    return Problem(scores.name, reason, Cause.BENT_SCORES)
