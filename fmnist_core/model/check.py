"""The word before a training: this network can be trained, or this would help it."""

from __future__ import annotations

from fmnist_core.exceptions import ModelError
from fmnist_core.model.repairs import repairs
from fmnist_core.model.shapes import Trace, trace
from fmnist_core.specs.model import ModelSpec


def check(model: ModelSpec) -> Trace:
    """Return the trace of a network that can be trained.

    Raises:
        ModelError: It cannot; the message names the layer, the reason and what would help.
    """
    found = trace(model)
    if found.problem:
        raise ModelError(explain(model, found))
    return found


def explain(model: ModelSpec, found: Trace) -> str:
    """Say in one or two sentences why a network cannot be trained; "" for one that can."""
    if not found.problem:
        return ""
    offered = [repair.text for repair in repairs(model, found)]
    advice = f" You could {', or '.join(offered)}." if offered else ""
    return f"{found.problem}{advice}"
