"""A map of a run's test images by UMAP, where that is installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from fmnist_core.analysis.embedding import INSTALL_UMAP, umap_is_installed
from fmnist_core.analysis.map_agreement import NEIGHBOURS
from fmnist_core.analysis.pca import SEED
from fmnist_core.exceptions import DerivedError
from fmnist_core.inside.embedding import mapped_features, write_maps
from fmnist_core.runs.run import Run


def compute(run: Run, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write a map of the run's test images into a folder, as `load_embedding` reads it.

    Args:
        run: One that has weights.
        folder: Empty.
        on_progress: Told that nothing is done: UMAP does not say how far it is.

    Raises:
        StoreError: The run's weights are missing, damaged or foreign.
        DataError: The data set is not there.
        DerivedError: UMAP is not installed, the network has no features, or finds the images all
            alike.

    Source:
        McInnes et al. 2018, https://arxiv.org/abs/1802.03426
    """
    _refuse_without()
    found = mapped_features(run)
    write_maps(folder, found, {"umap": umap(found.vectors, on_progress)})


def umap(vectors: np.ndarray, on_progress: Callable[[int, int], None]) -> np.ndarray:
    """Lay vectors, float32 (N, D), out in the plane, float32 (N, 2).

    Raises:
        DerivedError: UMAP is not installed.
    """
    _refuse_without()
    on_progress(0, 1)

    from umap import UMAP  # takes seconds, and is compiled as it runs

    # A fixed seed takes one thread, and says so unless it is asked for.
    model = UMAP(n_neighbors=NEIGHBOURS, random_state=SEED, n_jobs=1)
    return model.fit_transform(vectors)


def _refuse_without() -> None:
    if not umap_is_installed():
        raise DerivedError(f"UMAP needs a package that is not installed: {INSTALL_UMAP}")
