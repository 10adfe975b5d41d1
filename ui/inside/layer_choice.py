"""Choosing one of a network's layers, and one of the layer's channels."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from fmnist_core.model.rules import shape_text
from fmnist_core.model.shapes import LayerShape
from fmnist_core.specs.model import ModelSpec
from ui.inside import choice
from ui.readers import opened


def choose_layer(
    model: ModelSpec, shapes: Sequence[LayerShape], *, key: str, more: Sequence[str] = ()
) -> str:
    """Let the person choose a layer by its name; the first one stands there at first.

    Args:
        model: The network.
        shapes: Of its layers.
        key: Of the widget.
        more: What else can be chosen after the layers.
    """
    types = {layer.name: layer.type for layer in model.layers}
    labels = {
        shape.name: f"{shape.name} · {types[shape.name]} · {shape_text(shape.output)}"
        for shape in shapes
    } | {name: name for name in more}
    chosen = choice.current().layer
    st.session_state[key] = chosen if chosen in labels else next(iter(labels))
    with st.container(width=360):
        return st.selectbox(
            "Layer",
            list(labels),
            key=key,
            format_func=labels.get,
            on_change=lambda: choice.change(layer=st.session_state[key], channel=None),
        )


def channel_within(channels: int, first: int = 0) -> int:
    """Return the chosen channel where the layer has it, else `first`."""
    chosen = choice.current().channel
    return first if chosen is None or chosen >= channels else chosen


def take_opened(key: str) -> None:
    """Choose the channel that the browser asks for in the component `key`."""
    channel = opened(key, "channel", choice.MAX_CHANNELS)
    if channel is not None:
        choice.change(channel=channel)
