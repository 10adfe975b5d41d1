"""What a probe has found: how fast a network trains on this machine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from fmnist_core.specs.data import SplitSizes


@dataclass(frozen=True, kw_only=True)
class ProbeResult:
    """How fast one network, with one batch size and optimizer, trained for a few seconds.

    Attributes:
        batch_size: Images a step.
        batches: Steps that were timed, after those in which TensorFlow compiles.
        seconds_per_step: Median.
        fast_step, slow_step: What 10 % of the steps were faster, and slower, than; seconds.
        seconds_per_validation_image: Without its gradient, in batches of 500.
        start_seconds: From the start of the process to its first trained batch.
        peak_bytes: Most memory that the process held.
        live_runs: Runs that were training on this machine meanwhile, which makes it slower.
        time: When it was measured, in seconds since 1970.
        machine: What measured it: processor, cores, versions.
    """

    batch_size: int
    batches: int
    seconds_per_step: float
    fast_step: float
    slow_step: float
    seconds_per_validation_image: float
    start_seconds: float
    peak_bytes: int
    live_runs: int
    time: float
    machine: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse figures that no probe measures; they may come from a foreign file.

        Raises:
            TypeError: A count or a time is not positive, or the range misses the median.
        """
        counts = self.batch_size, self.batches, self.peak_bytes
        if min(counts) < 1 or self.live_runs < 0:
            raise TypeError("a count is not positive")
        if not 0 < self.fast_step <= self.seconds_per_step <= self.slow_step:
            raise TypeError("the times of a step do not fit together")
        if min(self.seconds_per_validation_image, self.start_seconds, self.time) < 0:
            raise TypeError("a time is negative")

    def epoch_seconds(self, train_size: int, validation_size: int) -> float:
        """Return the likely time of one epoch with its validation."""
        return self._epoch_seconds(self.seconds_per_step, train_size, validation_size)

    def epoch_range(self, train_size: int, validation_size: int) -> tuple[float, float]:
        """Return the time of an epoch if all steps were fast ones, and if all were slow."""
        fast, slow = (
            self._epoch_seconds(step, train_size, validation_size)
            for step in (self.fast_step, self.slow_step)
        )
        return fast, slow

    def _epoch_seconds(self, step: float, train_size: int, validation_size: int) -> float:
        validation = validation_size * self.seconds_per_validation_image
        return step * train_size / self.batch_size + validation

    def repeated(self, copies: int) -> ProbeResult:
        """Return the times for a training that shows each of its images so many times an epoch."""
        steps = ("seconds_per_step", "fast_step", "slow_step")
        return replace(self, **{name: copies * getattr(self, name) for name in steps})

    def total_seconds(self, epochs: float, sizes: SplitSizes) -> float:
        """Return the likely time of a training: start, epochs, and the scores at its end."""
        ending = (sizes.validation + sizes.test) * self.seconds_per_validation_image
        epoch = self.epoch_seconds(sizes.train, sizes.validation)
        return self.start_seconds + epochs * epoch + ending
