"""What the layer stack is given: each layer with its figures, its settings and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fmnist_core.labels import IMAGE_SHAPE
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.hints import Hint, hints
from fmnist_core.model.repairs import repairs
from fmnist_core.model.rules import Misfit, Shape, shape_text
from fmnist_core.model.shapes import LayerShape, Trace
from fmnist_core.specs import LayerSpec, ModelSpec
from fmnist_core.specs.model import INPUT
from ui.format import compact, count, percent


def stack_data(model: ModelSpec, found: Trace) -> dict[str, Any]:
    """Describe a network, whose trace is `found`, in JSON.

    Returns:
        "layers", one entry a layer; "problem" of a network without any; "makes", which says for
        each shape that arrives somewhere what every type of layer would make of it.
    """
    advice = hints(model, found)
    problem = _problem(model, found)
    layers = [_layer(model, at, found, problem, advice) for at in range(len(model.layers))]
    shapes = (IMAGE_SHAPE, *(shape.output for shape in found.layers))
    return {
        "input": f"{shape_text(IMAGE_SHAPE)}, one grey image",
        "input_shape": shape_text(IMAGE_SHAPE),
        "layers": layers,
        "problem": problem if found.problem and not found.problem.layer else None,
        "makes": {shape_text(shape): _makes(shape) for shape in shapes},
    }


def _layer(
    model: ModelSpec,
    at: int,
    found: Trace,
    problem: dict[str, Any] | None,
    advice: tuple[Hint, ...],
) -> dict[str, Any]:
    layer = model.layers[at]
    settings = CATALOGUE[layer.type].settings
    fits = at < len(found.layers)
    wrong = found.problem is not None and found.problem.layer == layer.name
    return {
        "name": layer.name,
        "type": layer.type,
        "settings": dict(layer.settings),
        "changed": sum(
            layer.settings[name] != setting.default
            for name, setting in settings.items()
            if not setting.main
        ),
        "joins": _joins(model, at, found) if CATALOGUE[layer.type].merges else [],
        "strip": _strip(found.layers[at], found) if fits else None,
        "waits": not fits and not wrong,
        "problem": problem if wrong else None,
        "hints": [_hint(hint) for hint in advice if hint.layer == layer.name],
    }


def _problem(model: ModelSpec, found: Trace) -> dict[str, Any] | None:
    if not found.problem:
        return None
    reason = found.problem.reason
    return {
        "text": f"{reason[0].upper()}{reason[1:]}.",
        "repairs": [repair.text for repair in repairs(model, found)],
    }


def _hint(hint: Hint) -> dict[str, str | None]:
    return {"text": hint.text, "repair": hint.repair.text if hint.repair else None}


def _strip(shape: LayerShape, found: Trace) -> dict[str, Any]:
    """Say what a layer makes and costs, its shares of the network, and how that is computed."""
    cost, total = shape.cost, found.total
    parameters = cost.trainable + cost.non_trainable
    parameter_share = parameters / found.parameters if parameters else 0.0
    mult_add_share = cost.mult_adds / total.mult_adds if cost.mult_adds else 0.0
    tip = [f"Output: {shape_text(shape.output)}"]
    if parameters:
        tip.append(f"Parameters: {shape.formula} ({_share(parameter_share)})")
    if cost.mult_adds:
        adds = f"{shape.mult_adds_formula} ({_share(mult_add_share)})"
        tip.append(f"Multiply-adds an image: {adds}")
    sees = f"{shape.receptive_field}×{shape.receptive_field}"
    tip.append(f"Each output value sees {sees} pixels of the image.")
    return {
        "shape": shape_text(shape.output),
        "params": count(parameters, "param") if parameters else "",
        "params_share": round(parameter_share, 3),
        "mult_adds": f"{compact(cost.mult_adds)} mult-adds" if cost.mult_adds else "",
        "mult_adds_share": round(mult_add_share, 3),
        "sees": f"sees {sees}",
        "tip": "\n".join(tip),
    }


def _share(share: float) -> str:
    return f"{percent(share, 0)} of all" if share >= 0.005 else "under 1 % of all"


def _joins(model: ModelSpec, at: int, found: Trace) -> list[dict[str, Any]]:
    """List what a merge can join with the layer above it, and what it joins but cannot."""
    shapes = {INPUT: IMAGE_SHAPE, **{shape.name: shape.output for shape in found.layers[:at]}}
    names = [layer.name for layer in model.layers]
    earlier = [INPUT, *names[: max(0, at - 1)]]
    layer, arriving = model.layers[at], shapes.get(names[at - 1] if at else INPUT)
    listed = [*earlier, *(name for name in layer.inputs if name not in earlier)]
    return [_join(layer, name, shapes.get(name), arriving, name in names[at:]) for name in listed]


def _join(
    layer: LayerSpec, name: str, shape: Shape | None, arriving: Shape | None, later: bool
) -> dict[str, Any]:
    fits = shape is None or arriving is None or _output(layer.type, (arriving, shape)) is not None
    note = shape_text(shape) if shape else "comes later" if later else "is missing"
    return {
        "name": name,
        "note": note if fits else f"{note}, does not fit",
        "fits": fits and shape is not None,
        "chosen": name in layer.inputs,
    }


@lru_cache(maxsize=1024)
def _makes(shape: Shape) -> Mapping[str, str]:
    """Map the types that can take this shape to what they would make of it, with their defaults."""
    outputs = {name: _output(name, (shape,)) for name in CATALOGUE}
    return {name: shape_text(output) for name, output in outputs.items() if output}


def _output(layer_type: str, shapes: tuple[Shape, ...]) -> Shape | None:
    known = CATALOGUE[layer_type]
    defaults = {name: setting.default for name, setting in known.settings.items()}
    try:
        return known.output_shape(shapes, defaults)
    except Misfit:
        return None
