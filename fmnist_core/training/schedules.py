"""The learning rate at every step, in plain NumPy."""

from __future__ import annotations

import numpy as np

from fmnist_core.specs import TrainSpec

WARM_UP = 0.3  # share of one_cycle that climbs; PyTorch's default for the same schedule
START_DIVISOR = 25  # one_cycle starts at learning_rate / 25; likewise
END_DIVISOR = 1e4  # and ends this much below its start; likewise


def learning_rates(spec: TrainSpec, steps: np.ndarray, train_size: int) -> np.ndarray:
    """Return the scheduled learning rate of each step.

    Args:
        spec: Its `learning_rate` is the highest rate of every schedule.
        steps: Batches done before each step, int (K,), from 0.
        train_size: Number of training images.

    Returns:
        float32 (K,), all above 0.

    Source:
        cosine: Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983, without restarts;
        one_cycle: Smith and Topin 2018, https://arxiv.org/abs/1708.07120, with cosine slopes.
    """
    total = spec.total_steps(train_size)
    if spec.schedule == "step":
        epochs = steps // spec.steps_per_epoch(train_size)
        scale = spec.drop_factor ** (epochs // spec.drop_every)
    elif spec.schedule == "cosine":
        scale = _fall(steps / total)  # the last step is one above the end, so never 0
    elif spec.schedule == "one_cycle":
        scale = _one_cycle(steps, total)
    else:
        scale = np.ones(len(steps))
    return (spec.learning_rate * scale).astype(np.float32)


def _fall(progress: np.ndarray) -> np.ndarray:
    """Go from 1 at progress 0 to 0 at progress 1 along half a cosine wave."""
    return 0.5 * (1 + np.cos(np.pi * np.clip(progress, 0, 1)))


def _one_cycle(steps: np.ndarray, total: int) -> np.ndarray:
    peak = max(1.0, WARM_UP * total)
    start, end = 1 / START_DIVISOR, 1 / START_DIVISOR / END_DIVISOR
    rise = 1 + (start - 1) * _fall(steps / peak)
    fall = end + (1 - end) * _fall((steps - peak) / max(1.0, total - peak))
    return np.where(steps < peak, rise, fall)
