"""Refusing a training that this machine has not the memory for, before it starts."""

from __future__ import annotations

from fmnist_core.exceptions import TooLargeError
from fmnist_core.jobs.machine import memory_total
from fmnist_core.model.check import check
from fmnist_core.model.memory import fitting_batch_size, memory_needed, memory_text
from fmnist_core.specs import Experiment


def check_memory(experiment: Experiment) -> int:
    """Return how much memory a training is likely to need, in bytes.

    What is free at the moment plays no part: a run may wait in the queue until there is more.

    Raises:
        ModelError: The network cannot be trained.
        TooLargeError: It needs more than the whole machine, or container, has.
    """
    model, train = experiment.model, experiment.train
    found, limit = check(model), memory_total()
    needed = memory_needed(model, found, train)
    if needed <= limit:
        return needed
    smaller = fitting_batch_size(model, found, train, limit)
    advice = f"Set the batch size to {smaller:,} or less" if smaller else "Use fewer filters"
    raise TooLargeError(
        f"This training needs about {memory_text(needed)} of memory, and this machine has "
        f"{memory_text(limit)}. {advice}, put a pooling layer earlier"
        f"{', or use fewer filters' if smaller else ', or use fewer units'}."
    )
