"""Maps of a sample of images by PCA and t-SNE of their pixels, without any network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fmnist_core.analysis.embedding import Source
from fmnist_core.analysis.pca import pca
from fmnist_core.analysis.pixel_sample import pixel_vectors, sample_indices
from fmnist_core.data.files import load
from fmnist_core.derived.subject import Subject
from fmnist_core.inside.embedding import STEPS, MappedFeatures, tsne, write_maps


def compute(subject: Subject, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write maps of the sample into a folder, as `load_embedding` reads them.

    Args:
        subject: The data set.
        folder: Empty.
        on_progress: Told how many steps of t-SNE are done, and of how many; all else is quick.

    Raises:
        DataError: The data set is not there.
    """
    found = mapped_pixels()
    flat, explained = pca(found.vectors)
    places = {"pca": flat[:, :2], "tsne": tsne(flat, on_progress, steps=STEPS)}
    write_maps(folder, found, places, explained=explained)


def mapped_pixels() -> MappedFeatures:
    """Return the pixels of the sample as what is to be mapped."""
    data = load()
    index = sample_indices(data.labels)
    vectors = pixel_vectors(data.images[index])
    source = Source(layer="pixels", size=vectors.shape[1], projected=False, silent=0)
    return MappedFeatures(index=index, labels=data.labels[index], vectors=vectors, source=source)
