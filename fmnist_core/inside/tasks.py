"""What the inference process can be asked: each task by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fmnist_core.inference.messages import Message
from fmnist_core.inside import classify, familiarity, health, layer_values, maps, saliency, surgery

Task = Callable[..., Message]

# Each takes a network, arrays by name, and plain JSON values as keyword arguments.
TASKS: Mapping[str, Task] = {
    "arithmetic": layer_values.arithmetic,
    "classify": classify.classify,
    "familiarity": familiarity.familiarity,
    "health": health.health,
    "kernel": maps.kernel,
    "maps": maps.maps,
    "saliency": saliency.saliency,
    "surgery": surgery.surgery,
}
