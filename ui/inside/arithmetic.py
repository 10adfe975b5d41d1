"""The view of arithmetic: how each value of a layer comes about, worked out in the browser."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.inference.messages import Message
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.model.shapes import trace
from fmnist_core.specs.model import INPUT, LayerSpec, ModelSpec
from ui.components.arithmetic import show_arithmetic
from ui.inference import ask
from ui.inside import choice
from ui.inside.image import Subject
from ui.inside.layer_choice import channel_within, choose_layer
from ui.inside.map_data import encoded

PROBABILITIES = "Probabilities"  # as `fmnist_core.inside.layer_values` names what logits become
_CHANNEL = "inside-sum-channel"


def arithmetic(subject: Subject) -> None:
    """Draw the view."""
    model = subject.run.experiment.model
    found = trace(model)
    shapes = {shape.name: shape.output for shape in found.layers}
    more = (PROBABILITIES,) if found.from_logits else ()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choose_layer(model, found.layers, key="inside-sum-layer", more=more)
        shape = shapes.get(name, (len(CLASS_NAMES),))
        classes = name in (PROBABILITIES, model.layers[-1].name)
        first = subject.predicted if classes else 0
        channel = _choose_channel(channel_within(shape[-1], first), shape)
    answer = ask(
        "arithmetic",
        subject.run,
        {"images": subject.image[np.newaxis]},
        layer=name,
        channel=channel,
    )
    if not all(np.isfinite(array).all() for array in answer.arrays.values()):
        st.warning("This layer gives values that are no numbers: the training has diverged.")
        return
    show_arithmetic(arithmetic_data(answer, model, name, channel), key="inside-sum")


def _choose_channel(chosen: int, shape: tuple[int, ...]) -> int:
    """Let the person choose a map or unit of this output shape; `chosen` stands there at first."""
    if shape[-1] == 1:
        return chosen
    st.session_state[_CHANNEL] = chosen
    with st.container(width=150):
        st.number_input(
            "Map" if len(shape) == 3 else "Unit",
            0,
            shape[-1] - 1,
            key=_CHANNEL,
            on_change=lambda: choice.change(channel=st.session_state[_CHANNEL]),
        )
    return chosen


def arithmetic_data(answer: Message, model: ModelSpec, name: str, channel: int) -> dict[str, Any]:
    """Describe a channel in JSON: what `work_out` says, arrays in base64, and words for them.

    Args:
        answer: Of the task "arithmetic".
        model: The network.
        name: Of the layer, or `PROBABILITIES`.
        channel: Of its output.
    """
    shapes = {INPUT: (28, 28, 1)} | {each.name: each.output for each in trace(model).layers}
    names = [INPUT, *(each.name for each in model.layers)]
    before = names[-1] if name == PROBABILITIES else names[names.index(name) - 1]
    layer = next((each for each in model.layers if each.name == name), None)
    shape, arriving = shapes.get(name, (len(CLASS_NAMES),)), shapes[before]
    noun = "Map" if len(shape) == 3 else "Unit"
    classes = name == PROBABILITIES or (layer is model.layers[-1] and noun == "Unit")
    called = f"{channel} ({CLASS_NAMES[channel]})" if classes else str(channel)
    return answer.values | {
        "arrays": {key: _array(array) for key, array in answer.arrays.items()},
        "title": f"{noun} {called} of {name}",
        "from": "The image" if before == INPUT else before,
        "unit": "image" if before == INPUT else "map" if len(arriving) == 3 else "unit",
        "arriving": _arriving(layer, arriving),
        "units": [before, *(layer.inputs if layer else ())],
        "passes": "logit" if name == PROBABILITIES else "passed on as it arrives",
    }


def _arriving(layer: LayerSpec | None, shape: tuple[int, ...]) -> int:
    """Return how many channels a value is summed over."""
    return 1 if layer is None or layer.type == "DepthwiseConv2D" else shape[-1]


def _array(array: np.ndarray) -> dict[str, Any]:
    return {
        "shape": list(array.shape),
        "text": encoded(np.atleast_1d(array)),
        "whole": array.dtype == np.int32,
    }
