"""The images that several runs have all predicted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial, reduce

import numpy as np

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import ComparisonError


def align(runs: Sequence[Predictions]) -> list[Predictions]:
    """Leave out the images that not all runs predicted, so that places mean the same in each.

    Args:
        runs: At least one.

    Raises:
        ComparisonError: No image was predicted by all, or they were told different labels.
    """
    common = partial(np.intersect1d, assume_unique=True)  # 30 times as fast
    index = reduce(common, [run.index for run in runs])
    if not len(index):
        sizes = ", ".join(f"{len(run):,} {run.part}" for run in runs)
        raise ComparisonError(
            f"The {len(runs)} runs predicted {sizes} images, and no image by all. Choose runs "
            "with the same split, or the test images of each."
        )
    aligned = [run.take(np.searchsorted(run.index, index)) for run in runs]
    if any(not np.array_equal(run.y_true, aligned[0].y_true) for run in aligned):
        raise ComparisonError(
            f"The {len(runs)} runs were told different labels for some of their {len(index):,} "
            "common images. Choose runs with the same data."
        )
    return aligned
