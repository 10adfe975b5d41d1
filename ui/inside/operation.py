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

_LATEST = "inside-surgery-latest"  # when the last click was made that has been taken, in ms


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
    """Switch a channel off, or on again; `operation` may be older than what is chosen by now."""
    off = {each for each in choice.current().off if each < operation.channels}
    switch_off(off ^ {channel})
    choice.change(channel=channel)


def take_toggled(key: str, operation: Operation) -> None:
    """Toggle the channels that were clicked in the component `key` since it was last asked.

    Of quick clicks the browser may only get the last message through, so each names those before.
    """
    message = st.session_state[key].get("opened")
    clicks: Any = message.get("clicks") if isinstance(message, Mapping) else None
    for click in clicks if isinstance(clicks, list) else ():
        channel, at = (
            (click.get("channel"), click.get("at")) if isinstance(click, Mapping) else (None, None)
        )
        known = type(channel) is int and 0 <= channel < operation.channels
        if known and type(at) is int and at > st.session_state.get(_LATEST, 0):
            st.session_state[_LATEST] = at
            toggle(operation, channel)
