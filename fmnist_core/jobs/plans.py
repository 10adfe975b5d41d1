"""Plans: how long to train, and on how many images, so that it ends within a given time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.specs import DataSpec

MAX_EPOCHS = 1000  # what the setting allows
MANY_EPOCHS = 10  # with so many on all images, fewer images would gain nothing
MORE_EPOCHS = 5  # times as many epochs on the subset
MIN_SUBSET = 1000  # 100 of each class: fewer teach too little to plan for


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A length of training that fits into a time.

    Attributes:
        epochs: Passes over the training images.
        subset: Training images, with equal shares a class; None for all.
        train_size: How many that are.
        seconds: Likely time from Launch to the last figure.
    """

    epochs: int
    subset: int | None
    train_size: int
    seconds: float


def plans(
    result: ProbeResult, data: DataSpec, minutes: float, *, copies: int = 1
) -> tuple[Plan, ...]:
    """Return up to two plans: all training images, and a subset with about 5 times the epochs.

    Args:
        result: How fast the network trains here.
        data: For the split; its own subset plays no part.
        minutes: What the training may take from Launch to the last figure.
        copies: How often augmentation repeats the training images.

    Returns:
        The plan for all images, where one epoch fits; the one for a subset, where the first has
        fewer than 10 epochs. None at all where not even 1,000 images once would fit.
    """
    whole = replace(data, subset=None)
    result = result.repeated(copies)
    found = []
    epochs = min(MAX_EPOCHS, _epochs_within(60 * minutes, result, whole))
    if epochs:
        found.append(_plan(result, whole, epochs))
    if epochs < MANY_EPOCHS and (smaller := _subset_plan(result, whole, epochs, 60 * minutes)):
        found.append(smaller)
    return tuple(found)


def _subset_plan(result: ProbeResult, whole: DataSpec, epochs: int, seconds: float) -> Plan | None:
    """Plan more epochs on fewer images; None where too few images would be left."""
    least = max(MIN_SUBSET, result.batch_size)
    wanted = (MORE_EPOCHS * epochs,) if epochs else (5, 3, 2, 1)
    for count in wanted:
        for size in _round_numbers(whole.sizes.train - 1):
            data = replace(whole, subset=size)
            if size < least:
                break
            if result.total_seconds(count, data.sizes) <= seconds:
                return _plan(result, data, count)
    return None


def _round_numbers(limit: int) -> Iterator[int]:
    """Yield the numbers up to `limit` that one says easily, the largest first."""
    power = 10 ** (len(str(limit)) - 1)
    while power:
        yield from (
            n * power // 2 for n in (16, 12, 10, 8, 6, 5, 4, 3, 2) if n * power // 2 <= limit
        )
        power //= 10


def _plan(result: ProbeResult, data: DataSpec, epochs: int) -> Plan:
    return Plan(
        epochs=epochs,
        subset=data.subset,
        train_size=data.sizes.train,
        seconds=result.total_seconds(epochs, data.sizes),
    )


def _epochs_within(seconds: float, result: ProbeResult, data: DataSpec) -> int:
    once = result.total_seconds(1, data.sizes)
    epoch = result.total_seconds(2, data.sizes) - once
    return 0 if once > seconds else 1 + int((seconds - once) / epoch)
