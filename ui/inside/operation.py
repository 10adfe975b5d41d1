"""Which channels of a layer are switched off, and how that is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from fmnist_core.analysis.surgery import noun_of
from fmnist_core.model.shapes import LayerShape
from fmnist_core.specs.model import ModelSpec
from ui.inside import choice


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What is off.

    Attributes:
        layer: Name of the layer.
        noun: What its channels are called, in the singular.
        channels: How many it has.
        off: The numbers of those that are off.
    """

    layer: str
    noun: str
    channels: int
    off: frozenset[int]

    @property
    def text(self) -> str:
        """What is off, in words."""
        return f"{len(self.off):,} of {self.channels:,} {self.noun}s off"


def operation_on(model: ModelSpec, shape: LayerShape) -> Operation:
    """Return what is off in a layer; chosen numbers that it lacks are left out."""
    channels = int(shape.output[-1])
    return Operation(
        layer=shape.name,
        noun=noun_of(model, shape.name),
        channels=channels,
        off=frozenset(each for each in choice.current().off if each < channels),
    )


def switch_off(off: Iterable[int]) -> None:
    """Switch these channels off, and all others on."""
    choice.change(off=tuple(sorted(off)))


def toggle(operation: Operation, channel: int) -> None:
    """Switch a channel off, or on again."""
    switch_off(operation.off ^ {channel})
    choice.change(channel=channel)


def take_toggled(key: str, operation: Operation) -> None:
    """Toggle the channel that the browser asks for in the component `key`."""
    message = st.session_state[key].get("opened")
    asked: Any = message.get("channel") if isinstance(message, Mapping) else None
    if type(asked) is int and 0 <= asked < operation.channels:
        toggle(operation, asked)
