"""Changes that mend a network: each has been tried before it is offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fmnist_core.exceptions import SpecError
from fmnist_core.model.mending import IDEAS
from fmnist_core.model.mending.site import Idea, Site
from fmnist_core.model.rules import Cause
from fmnist_core.model.shapes import Problem, Trace, trace
from fmnist_core.specs.model import ModelSpec

MAX_REPAIRS = 4  # more buttons than that are no help


@dataclass(frozen=True)
class Repair:
    """A change that helps.

    Attributes:
        text: Half a sentence in the imperative: remove max_pooling2d_2.
        model: The network after it.
    """

    text: str
    model: ModelSpec


def repairs(model: ModelSpec, found: Trace) -> tuple[Repair, ...]:
    """Return at most four changes after which the problem is gone, or shows at a later layer.

    Args:
        model: The network.
        found: Its trace.

    Returns:
        Changes that make the network ready to train first, then those after which all layers fit,
        each in the order of likelihood; none for a network without a problem.
    """
    if not found.problem:
        return ()
    place = {layer.name: position for position, layer in enumerate(model.layers)}
    now = _progress(model, found.problem, place)
    offered: list[tuple[int, Repair]] = []
    tried: list[ModelSpec] = []
    for ideas in IDEAS[found.problem.cause](Site.of(model, found)):
        for idea in ideas:
            changed = _changed(model, idea)
            if changed is None or changed in tried:
                continue
            tried.append(changed)
            left = trace(changed).problem
            if left is None or _progress(changed, left, place) > now:
                offered.append((_worth(left), Repair(idea.text, changed)))
                break  # the others of its kind change more than is needed
    offered.sort(key=lambda pair: pair[0])
    return tuple(repair for _, repair in offered[:MAX_REPAIRS])


def _changed(model: ModelSpec, idea: Idea) -> ModelSpec | None:
    """Return the network after a change; None where it is refused, as one layer too many is."""
    try:
        return idea.edit(model)
    except SpecError:
        return None


def _worth(left: Problem | None) -> int:
    """Rank what a change leaves: nothing, an end to be made, a layer that does not fit."""
    if left is None:
        return 0
    return 1 if left.cause.at_end else 2


def _progress(model: ModelSpec, left: Problem, place: Mapping[str, int]) -> tuple[int, int]:
    """Say how far a network with this problem has come: the larger, the further.

    Args:
        model: The network after a change, or before all.
        left: Its problem.
        place: Where each layer stood before the change.
    """
    if not left.cause.at_end:
        return 0, place.get(left.layer, -1)
    return left.cause, -len(model.layers) if left.cause >= Cause.DISTURBED_SCORES else 0
