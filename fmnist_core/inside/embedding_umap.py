"""A map of a run's test images by UMAP, where that is installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fmnist_core.analysis.embedding import INSTALL_UMAP, umap_is_installed
from fmnist_core.analysis.map_agreement import NEIGHBOURS
from fmnist_core.exceptions import DerivedError
from fmnist_core.inside.embedding import SEED, mapped_features, write_maps
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
    if not umap_is_installed():
        raise DerivedError(f"UMAP needs a package that is not installed: {INSTALL_UMAP}")
    found = mapped_features(run)
    on_progress(0, 1)

    from umap import UMAP  # takes seconds, and is compiled as it runs

    # A fixed seed takes one thread, and says so unless it is asked for.
    model = UMAP(n_neighbors=NEIGHBOURS, random_state=SEED, n_jobs=1)
    write_maps(folder, found, {"umap": model.fit_transform(found.vectors)})
