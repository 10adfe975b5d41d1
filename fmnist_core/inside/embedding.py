"""Maps of a run's test images by PCA and t-SNE, from what the last layer of its network reads.

TensorFlow is imported only where the features are not there yet.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from fmnist_core.analysis.embedding import Embedding, Map, Source, write_embedding
from fmnist_core.analysis.features import load_features
from fmnist_core.analysis.map_agreement import kept, nearest, same_class
from fmnist_core.analysis.pca import SEED, pca
from fmnist_core.data.files import FashionMnist, load
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

MOST = 10_000  # images on a map; of more, so many are drawn
FEWEST = 100  # t-SNE looks at three times its perplexity of neighbours
PERPLEXITY = 30.0
STEPS = 1_000
_FIRST_SPREAD = 1e-4  # of the points that t-SNE starts from: scikit-learn's own for init="pca"


@dataclass(frozen=True, kw_only=True, eq=False)
class MappedFeatures:
    """What the network says of the test images that go on a map.

    Attributes:
        index: Of the images among all 70,000, ascending, int32 (N,).
        labels: Their classes, uint8 (N,).
        vectors: float32 (N, D), rows of length 1, not all the same.
        source: What they are.
    """

    index: np.ndarray
    labels: np.ndarray
    vectors: np.ndarray
    source: Source


def compute(run: Run, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write maps of the run's test images into a folder, as `load_embedding` reads them.

    Args:
        run: One that has weights.
        folder: Empty.
        on_progress: Told how many steps of t-SNE are done, and of how many; all else is quick.

    Raises:
        StoreError: The run's weights are missing, damaged or foreign.
        DataError: The data set is not there.
        DerivedError: The network has no features, or finds the images all alike.
    """
    found = mapped_features(run)
    flat, explained = pca(found.vectors)
    places = {"pca": flat[:, :2], "tsne": tsne(flat, on_progress, steps=STEPS)}
    write_maps(folder, found, places, explained=explained)


def write_maps(
    folder: Path,
    found: MappedFeatures,
    places: dict[str, np.ndarray],
    *,
    explained: float | None = None,
) -> None:
    """Work out what maps are worth, and write all into a folder.

    Args:
        folder: Where to.
        found: What they are drawn from.
        places: float (N, 2) by a key of `METHODS`.
        explained: As `Source` has it.
    """
    neighbours = nearest(found.vectors)
    maps = {
        method: Map(points=points.astype(np.float32), kept=kept(neighbours, nearest(points)))
        for method, points in places.items()
    }
    source = Source(**{**vars(found.source), "explained": explained})
    same = same_class(neighbours, found.labels)
    write_embedding(folder, Embedding(index=found.index, same=same, maps=maps, source=source))


def mapped_features(run: Run) -> MappedFeatures:
    """Return the features of the run's test images: those on disk, or computed now.

    Raises:
        StoreError: The run's weights are missing, damaged or foreign.
        DataError: The data set is not there.
        DerivedError: The network has no features, or finds the images all alike.
    """
    data = load()
    index = split_indices(data.labels, run.experiment.data).test
    if len(index) > MOST:  # the run has drawn more than the test file has
        index = np.sort(np.random.default_rng(SEED).choice(index, MOST, replace=False))
    vectors, source = _vectors(run, data, index)
    says = np.flatnonzero(vectors.any(axis=1))
    silent, images = len(index) - len(says), len(index)
    index, vectors = index[says], vectors[says].astype(np.float32)
    if len(index) < FEWEST or not np.ptp(vectors, axis=0).any():
        raise DerivedError(
            "There is nothing to draw a map of: the network does not tell the test images apart "
            f"(all that layer {source.layer} reads is 0 for {silent:,} of {images:,} of them, "
            "and the same for the others)."
        )
    return MappedFeatures(
        index=index,
        labels=data.labels[index],
        vectors=vectors,
        source=Source(**{**vars(source), "silent": silent}),
    )


def _vectors(run: Run, data: FashionMnist, index: np.ndarray) -> tuple[np.ndarray, Source]:
    """Return float16 (N, D), and what it is."""
    try:
        known = load_features(run, RunStore(run.folder.parent))
        source = Source(layer=known.layer, size=known.size, projected=known.projected, silent=0)
        return known.vectors[index], source
    except (DerivedError, StoreError):  # not computed, or damaged: what is missing is said below
        from fmnist_core.inside.features import open_reader  # imports TensorFlow

    reader = open_reader(run, data)
    vectors = np.empty((len(index), reader.width), np.float16)
    reader.fill(vectors, data.images[index], lambda done, total: None)
    source = Source(layer=reader.layer, size=reader.size, projected=reader.projected, silent=0)
    return vectors, source


def tsne(points: np.ndarray, on_progress: Callable[[int, int], None], *, steps: int) -> np.ndarray:
    """Lay points out in the plane by Barnes-Hut t-SNE; the same points always come out the same.

    On one thread: sums of several come out in any order, and on a busy machine threads that wait
    for each other took six times as long.

    Args:
        points: float32 (N, D), D at least 2 and the widest first, as `pca` turns them.
        on_progress: Told how many steps are done, and of how many, at every 50th.
        steps: At least 250, for which clusters are pulled together.

    Returns:
        float32 (N, 2).

    Source:
        van der Maaten 2014, https://jmlr.org/papers/v15/vandermaaten14a.html
    """
    start = points[:, :2] / points[:, 0].std() * _FIRST_SPREAD
    model = TSNE(perplexity=PERPLEXITY, init=start, random_state=SEED, max_iter=steps, verbose=2)
    with (
        threadpool_limits(1, user_api="openmp"),
        contextlib.redirect_stdout(_StepsTold(on_progress, steps)),
    ):
        return model.fit_transform(points)


class _StepsTold(io.TextIOBase):
    """Hears what scikit-learn prints at every 50th step, as it calls nobody back."""

    def __init__(self, on_progress: Callable[[int, int], None], steps: int) -> None:
        self._on_progress, self._steps = on_progress, steps

    def write(self, text: str) -> int:
        """Pass on the number of a step."""
        if "conditional probabilities in" in text:
            self._on_progress(0, self._steps)  # the clock of what is left starts here
        if found := re.search(r"Iteration (\d+)", text):
            self._on_progress(int(found[1]), self._steps)
        return len(text)
