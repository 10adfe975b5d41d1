"""The view of feature maps: what each layer makes of the image."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from fmnist_core.inference.messages import Message
from fmnist_core.model.shapes import LayerShape, trace
from fmnist_core.specs.model import LayerSpec
from ui.format import count, percent
from ui.inference import ask
from ui.inside import map_data
from ui.inside.beside import choose_beside, run_heading
from ui.inside.image import Subject
from ui.inside.layer_choice import choose_layer
from ui.inside.map_grid import Side, draw_maps
from ui.inside.vector import draw_vector

BEFORE = "/before"  # as `fmnist_core.inside.maps` names what a layer makes before its activation
_MANY_DEAD = 12  # more are counted, not named


def maps(subject: Subject) -> None:
    """Draw the view."""
    found = ask("maps", subject.run, {"images": subject.image[np.newaxis]})
    model = subject.run.experiment.model
    shapes = {shape.name: shape for shape in trace(model).layers}
    sides: list[Side] = []
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choose_layer(model, tuple(shapes.values()), key="inside-maps-layer")
        layer = next(each for each in model.layers if each.name == name)
        which = _before_or_after(found, layer)
        values = found.arrays[which]
        if values.ndim == 3:
            order, scale = _map_controls()
            sides = _sides(subject, found, name, which)
    st.caption(_about(values, shapes[name]))
    if not np.isfinite(values).all():
        st.warning("This layer gives values that are no numbers: the training has diverged.")
    elif sides:
        draw_maps(sides, order=order, scale=scale)
    else:
        draw_vector(values, last=layer is model.layers[-1])


def _before_or_after(found: Message, layer: LayerSpec) -> str:
    """Let the person choose between before and after the activation; return that array's name."""
    if layer.name + BEFORE not in found.arrays:
        return layer.name
    bend = layer.settings["activation"]
    options = (f"After {bend}", f"Before {bend}")
    key = f"inside-maps-bend-{bend}"
    chosen = st.segmented_control(
        "Activation", options, default=options[0], required=True, key=key, persist_state="session"
    )
    return layer.name + BEFORE if chosen == options[1] else layer.name


def _map_controls() -> tuple[str, str]:
    """Let the person choose order and scale."""
    order = st.segmented_control(
        "Order",
        map_data.ORDERS,
        format_func=map_data.ORDERS.get,
        default=map_data.MEAN,
        required=True,
        key="inside-maps-order",
        persist_state="session",
    )
    scale = st.segmented_control(
        "Scale",
        map_data.SCALES,
        format_func=map_data.SCALES.get,
        default=map_data.LAYER,
        required=True,
        key="inside-maps-scale",
        persist_state="session",
        help="What the brightest colour stands for: the largest value of each map, of the layer, "
        "or of all layers that are maps.",
    )
    return order or map_data.MEAN, scale or map_data.LAYER


def _about(values: np.ndarray, shape: LayerShape) -> str:
    """Say how much of the layer is 0, what it sees, and which maps are dead."""
    noun = "map" if values.ndim == 3 else "unit"
    field = shape.receptive_field
    parts = [
        f"{percent(float(np.mean(values == 0)), 0)} of {count(values.size, 'value')} are exactly 0",
        f"each sees {field}×{field} pixels of the image"
        + (", padding counted" if field > 28 else ""),
    ]
    none = map_data.dead(values) if values.ndim == 3 else np.empty(0, int)
    if len(none):
        said = "is" if len(none) == 1 else "are"
        names = f" ({', '.join(map(str, none))})" if len(none) <= _MANY_DEAD else ""
        parts.append(
            f"{len(none):,} of {count(values.shape[-1], noun)} {said} dead for this image{names}"
        )
    return " · ".join(parts)


def _sides(subject: Subject, found: Message, name: str, values: str) -> list[Side]:
    """Return the image's maps, and what the person wants beside them; a view of two is titled."""
    beside = choose_beside(subject)
    side = Side(
        title="",
        run=subject.run,
        image=subject.image,
        layer=name,
        maps=found.arrays[values],
        network=_largest(found),
    )
    if beside is None:
        return [side]
    title, other = beside
    same_run = other.run.run_id == subject.run.run_id
    own = subject.title if same_run else run_heading(subject.run)
    answer = ask("maps", other.run, {"images": other.image[np.newaxis]})
    maps = answer.arrays.get(values)
    if maps is None or maps.ndim != 3 or not np.isfinite(maps).all():
        st.info(
            f"The run beside has no layer {name} that makes maps. Choose another layer, or run."
        )
        return [side]
    return [
        replace(side, title=own),
        Side(
            title=title,
            run=other.run,
            image=other.image,
            layer=name,
            maps=maps,
            network=_largest(answer),
        ),
    ]


def _largest(found: Message) -> float:
    """Return the largest absolute value of all layers that are maps."""
    maps = [values for values in found.arrays.values() if values.ndim == 3]
    return max((float(np.abs(values).max()) for values in maps), default=1.0)
