"""The kinds of results that are computed later: what they are called, and by whom they are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of result, of runs or of the data set itself.

    Attributes:
        name: What people type, and how its folders begin: lower-case letters.
        version: Raise it when the same weights would make another result.
        title: What it is, for people.
        unit: What its progress counts, in the plural.
        module: Computes it, and may import TensorFlow: its `compute(run, folder, on_progress)`
            writes the files of the result into the folder and calls `on_progress(done, total)`.
        start: What it does until the first of it is done, for people.
        needs: Kinds that are computed before it, where they are not there yet.
        limit_seconds: After which it is given up; some ten times what large networks are known to
            take on two busy cores.
    """

    name: str
    version: int
    title: str
    unit: str
    module: str
    start: str = "Starting: loading TensorFlow and the network"
    needs: tuple[Kind, ...] = ()
    limit_seconds: float = 2 * 3600.0


FEATURES = Kind(
    name="features",
    version=1,
    title="the network's features of all 70,000 images",
    unit="images",
    module="fmnist_core.inside.features",
)
FAMILIARITY = Kind(
    name="familiarity",
    version=1,
    title="the scores that tell whether a picture is like the training data",
    unit="images",
    module="fmnist_core.inside.familiarity",
    needs=(FEATURES,),
)
EXCITING = Kind(
    name="exciting",
    version=1,
    title="the patches that excite each filter most",
    unit="images",
    module="fmnist_core.inside.exciting",
)
USEFULNESS = Kind(
    name="usefulness",
    version=1,
    title="the usefulness of the network's filters",
    unit="operations",
    module="fmnist_core.inside.usefulness",
    limit_seconds=6 * 3600.0,
)
EMBEDDING = Kind(
    name="embedding",
    version=1,
    title="the places of the test images on maps by PCA and t-SNE",
    unit="steps of t-SNE",
    module="fmnist_core.inside.embedding",
    start="Starting: collecting the features, and the nearest neighbours of each image",
)
UMAP = Kind(
    name="umap",
    version=1,
    title="the places of the test images on a map by UMAP",
    unit="maps",
    module="fmnist_core.inside.embedding_umap",
    start="UMAP lays out the map, and does not say how far it is",
)
TWINS = Kind(
    name="twins",
    version=1,
    title="the nearest training image of each test image",
    unit="test images",
    module="fmnist_core.analysis.twins",
    start="Starting: reading the data set",
)
PIXEL_MAP = Kind(
    name="pixelmap",
    version=1,
    title="the places of a sample of images on maps by PCA and t-SNE of their pixels",
    unit="steps of t-SNE",
    module="fmnist_core.inside.pixel_map",
    start="Starting: collecting the nearest neighbours of each image",
)
PIXEL_UMAP = Kind(
    name="pixelumap",
    version=1,
    title="the places of a sample of images on a map by UMAP of their pixels",
    unit="maps",
    module="fmnist_core.inside.pixel_umap",
    start="UMAP lays out the map, and does not say how far it is",
)
SUSPECTS = Kind(
    name="suspects",
    version=1,
    title="the labels that five small networks doubt",
    unit="steps of training",
    module="fmnist_core.training.out_of_fold",
    start="Starting: loading TensorFlow and the data set",
)
# By name: those of runs, and those of the data set.
KINDS = {kind.name: kind for kind in (FEATURES, FAMILIARITY, EXCITING, USEFULNESS, EMBEDDING, UMAP)}
DATA_KINDS = {kind.name: kind for kind in (TWINS, PIXEL_MAP, PIXEL_UMAP, SUSPECTS)}
