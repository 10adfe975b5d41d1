"""The view of feature maps: what each layer makes of the image."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.inference.messages import Message
from fmnist_core.model.shapes import LayerShape, trace
from fmnist_core.specs.model import LayerSpec
from ui.components.feature_maps import show_feature_maps
from ui.components.map_detail import show_map_detail
from ui.format import count, percent
from ui.inference import ask
from ui.inside import map_data
from ui.inside.image import Subject
from ui.inside.layer_choice import channel_within, choose_layer, take_opened
from ui.inside.map_detail import detail_data, kernel_data
from ui.inside.vector import draw_vector

BEFORE = "/before"  # as `fmnist_core.inside.maps` names what a layer makes before its activation
_GRID = "inside-maps-grid"
_MANY_DEAD = 12  # more are counted, not named


def maps(subject: Subject) -> None:
    """Draw the view."""
    found = ask("maps", subject.run, {"images": subject.image[np.newaxis]})
    model = subject.run.experiment.model
    shapes = trace(model).layers
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = choose_layer(model, shapes, key="inside-maps-layer")
        shape = next(each for each in shapes if each.name == name)
        layer = next(each for each in model.layers if each.name == name)
        values = _values(found, layer)
        if values.ndim == 3:
            order, scale = _map_controls(values.shape[2])
    st.caption(_about(values, shape))
    if not np.isfinite(values).all():
        st.warning("This layer gives values that are no numbers: the training has diverged.")
    elif values.ndim == 3:
        _draw_maps(subject, found, layer, shape, values, order, scale)
    else:
        draw_vector(values, last=layer is model.layers[-1])


def _values(found: Message, layer: LayerSpec) -> np.ndarray:
    """Let the person choose between before and after the activation; return that."""
    after = found.arrays[layer.name]
    before = found.arrays.get(layer.name + BEFORE)
    if before is None:
        return after
    bend = layer.settings["activation"]
    options = (f"After {bend}", f"Before {bend}")
    key = f"inside-maps-bend-{bend}"
    chosen = st.segmented_control(
        "Activation", options, default=options[0], required=True, key=key, persist_state="session"
    )
    return before if chosen == options[1] else after


def _map_controls(channels: int) -> tuple[str, str]:
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


def _draw_maps(
    subject: Subject,
    found: Message,
    layer: LayerSpec,
    shape: LayerShape,
    values: np.ndarray,
    order: str,
    scale: str,
) -> None:
    """Draw the grid, and one of its maps in detail."""
    channels = values.shape[2]
    ranked = map_data.order_of(values, order)
    limits = map_data.limits_of(values, scale, _largest(found))
    channel = channel_within(channels, int(ranked[0]))
    left, right = st.columns([3, 2], gap="medium")
    with left:
        every = channels <= map_data.FEW or st.toggle(
            f"Show all {channels:,} maps", key="inside-maps-all", persist_state="session"
        )
        data = map_data.grid_data(
            values,
            ranked if every else ranked[: map_data.FEW],
            limits,
            scale=scale,
            name=f"Maps of {layer.name}",
        )
        show_feature_maps(
            data | {"chosen": channel}, key=_GRID, on_opened_change=lambda: take_opened(_GRID)
        )
    with right:
        limit = float(limits[channel])
        detail = detail_data(
            subject.image, values[:, :, channel], shape, channel=channel, limit=limit
        )
        weights = ask("kernel", subject.run, layer=layer.name)
        show_map_detail(
            detail | {"kernel": kernel_data(weights, layer, channel)}, key="inside-maps-detail"
        )


def _largest(found: Message) -> float:
    """Return the largest absolute value of all layers that are maps."""
    maps = [values for values in found.arrays.values() if values.ndim == 3]
    return max((float(np.abs(values).max()) for values in maps), default=1.0)
