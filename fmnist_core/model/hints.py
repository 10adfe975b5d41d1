"""Advice on a network that could be trained as it is, or whose first layers could."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fmnist_core.exceptions import SpecError
from fmnist_core.model.hint_rules import RULES, Step
from fmnist_core.model.mending.site import Idea
from fmnist_core.model.repairs import Repair
from fmnist_core.model.shapes import Trace, trace
from fmnist_core.specs.model import ModelSpec


@dataclass(frozen=True)
class Hint:
    """A piece of advice.

    Attributes:
        layer: Name of the layer that it is about.
        text: What is so, and why it matters.
        repair: A change that follows the advice, where there is one; the network fits after it.
    """

    layer: str
    text: str
    repair: Repair | None = None


def hints(model: ModelSpec, found: Trace) -> tuple[Hint, ...]:
    """Return the advice for the layers that fit, in their order.

    Args:
        model: The network.
        found: Its trace.
    """
    return tuple(_hints(model, found))


def _hints(model: ModelSpec, found: Trace) -> Iterator[Hint]:
    for at in range(len(found.layers)):
        step = Step(model, found, at)
        for rule in RULES:
            if advice := rule(step):
                text, idea = advice
                yield Hint(step.layer.name, text, _tried(step, idea))


def _tried(step: Step, idea: Idea | None) -> Repair | None:
    """Offer a change that leaves the network no worse off: the same problem, or none."""
    try:
        changed = idea.edit(step.model) if idea else step.model
    except SpecError:
        return None
    now, then = step.found.problem, trace(changed).problem
    same = now and then and (now.layer, now.cause) == (then.layer, then.cause)
    return Repair(idea.text, changed) if idea and (then is None or same) else None
