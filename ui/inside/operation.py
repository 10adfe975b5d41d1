"""Which channels are switched off; kept in the session for one layer of one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.shapes import LayerShape
from fmnist_core.runs.run import Run
from ui.inside import choice

_KEY = "inside-operation"
_NOUNS = {"convolution": "filter", "dense": "unit"}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What is off.

    Attributes:
        run_id, layer: Of which network and layer.
        noun: What its channels are called, in the singular.
        channels: How many it has.
        off: The numbers of those that are off.
    """

    run_id: str
    layer: str
    noun: str
    channels: int
    off: frozenset[int] = frozenset()

    @property
    def text(self) -> str:
        """What is off, in words."""
        return f"{len(self.off):,} of {self.channels:,} {self.noun}s off"


def operation_on(run: Run, shape: LayerShape) -> Operation:
    """Return what is off in a layer of a run: nothing where another was operated on last."""
    types = {layer.name: layer.type for layer in run.experiment.model.layers}
    noun = _NOUNS.get(CATALOGUE[types[shape.name]].kind, "map")
    fresh = Operation(
        run_id=run.run_id, layer=shape.name, noun=noun, channels=int(shape.output[-1])
    )
    known = st.session_state.get(_KEY)
    return known if known and (known.run_id, known.layer) == (run.run_id, shape.name) else fresh


def switch_off(operation: Operation, off: Iterable[int]) -> None:
    """Switch these channels off, and all others on; numbers that the layer lacks are left out."""
    there = frozenset(each for each in off if 0 <= each < operation.channels)
    st.session_state[_KEY] = Operation(**{**vars(operation), "off": there})


def toggle(operation: Operation, channel: int) -> None:
    """Switch a channel off, or on again."""
    switch_off(operation, operation.off ^ {channel})
    if channel < operation.channels:
        choice.change(channel=channel)


def take_toggled(key: str, operation: Operation) -> None:
    """Toggle the channel that the browser asks for in the component `key`."""
    message = st.session_state[key].get("opened")
    asked: Any = message.get("channel") if isinstance(message, Mapping) else None
    if type(asked) is int and 0 <= asked < operation.channels:
        toggle(operation, asked)
