"""Maps of a layer as a grid, one of them in detail, and what stands beside on the same scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.model.shapes import trace
from fmnist_core.runs.run import Run
from ui.components.feature_maps import show_feature_maps
from ui.components.map_detail import show_map_detail
from ui.inference import ask
from ui.inside import map_data
from ui.inside.layer_choice import channel_within, take_opened
from ui.inside.map_detail import detail_data, kernel_data


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """What a layer makes of an image.

    Attributes:
        title: Stands above, in markdown, where two are shown.
        run: Whose network looks at it.
        image: uint8 (28, 28).
        layer: Name of the layer.
        maps: What it makes of it, float32 (height, width, channels).
        network: The largest absolute value of all layers that are maps.
    """

    title: str
    run: Run
    image: np.ndarray
    layer: str
    maps: np.ndarray
    network: float


def draw_maps(sides: Sequence[Side], *, order: str, scale: str) -> None:
    """Draw one layer, or two side by side; those of one network in one order.

    Args:
        sides: One or two.
        order: A key of `map_data.ORDERS`.
        scale: A key of `map_data.SCALES`.
    """
    first = sides[0]
    network = max(side.network for side in sides)
    limits = [map_data.limits_of(side.maps, scale, network) for side in sides]
    if len(sides) > 1 and (scale == map_data.LAYER or _alike(sides)):
        most = np.maximum(*limits) if _alike(sides) else max(each.max() for each in limits)
        limits = [np.broadcast_to(most, each.shape) for each in limits]
    ranked = [map_data.order_of(side.maps, order) for side in sides]
    if _alike(sides):
        ranked = [ranked[0]] * len(sides)
    channels = max(side.maps.shape[2] for side in sides)
    every = channels <= map_data.FEW or st.toggle(
        f"Show all {first.maps.shape[2]:,} maps", key="inside-maps-all", persist_state="session"
    )
    signed = any(bool(side.maps.min() < 0) for side in sides)
    columns = st.columns([3, 2] if len(sides) == 1 else 2, gap="medium")
    for number, side in enumerate(sides):
        shown = ranked[number] if every else ranked[number][: map_data.FEW]
        channel = channel_within(side.maps.shape[2], int(ranked[number][0]))
        with columns[number]:
            if len(sides) > 1:
                st.markdown(f"**{side.title}**")
            key = f"inside-maps-grid-{number}"
            name = f"Maps of {side.layer}"
            data = map_data.grid_data(
                side.maps, shown, limits[number], scale=scale, signed=signed, name=name
            )
            show_feature_maps(
                data | {"chosen": channel},
                key=key,
                on_opened_change=lambda key=key: take_opened(key),
            )
        with columns[number if len(sides) > 1 else 1]:
            _draw_detail(side, channel, float(limits[number][channel]), number)


def _alike(sides: Sequence[Side]) -> bool:
    """Say whether a channel means the same on all sides: they are of one network."""
    return len({side.run.run_id for side in sides}) == 1


def _draw_detail(side: Side, channel: int, limit: float, number: int) -> None:
    model = side.run.experiment.model
    shape = next(each for each in trace(model).layers if each.name == side.layer)
    layer = next(each for each in model.layers if each.name == side.layer)
    map_ = side.maps[:, :, channel]
    data = detail_data(side.image, map_, shape, channel=channel, limit=limit)
    kernel = kernel_data(ask("kernel", side.run, layer=side.layer), layer, channel)
    show_map_detail(data | {"kernel": kernel}, key=f"inside-maps-detail-{number}")
