"""A map of a sample of images by UMAP of their pixels, where that is installed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fmnist_core.derived.subject import Subject
from fmnist_core.inside.embedding import write_maps
from fmnist_core.inside.embedding_umap import umap
from fmnist_core.inside.pixel_map import mapped_pixels


def compute(subject: Subject, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write a map of the sample into a folder, as `load_embedding` reads it.

    Args:
        subject: The data set.
        folder: Empty.
        on_progress: Told that nothing is done: UMAP does not say how far it is.

    Raises:
        DataError: The data set is not there.
        DerivedError: UMAP is not installed.
    """
    found = mapped_pixels()
    write_maps(folder, found, {"umap": umap(found.vectors, on_progress)})
