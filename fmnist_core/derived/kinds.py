"""The kinds of results that are computed later: what they are called, and by whom they are made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of result.

    Attributes:
        name: What people type, and how its folders begin: lower-case letters.
        version: Raise it when the same weights would make another result.
        title: What it is, for people.
        unit: What its progress counts, in the plural.
        module: Computes it, and may import TensorFlow: its `compute(run, folder, on_progress)`
            writes the files of the result into the folder and calls `on_progress(done, total)`.
    """

    name: str
    version: int
    title: str
    unit: str
    module: str


FEATURES = Kind(
    name="features",
    version=1,
    title="the network's features of all 70,000 images",
    unit="images",
    module="fmnist_core.inside.features",
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
)
KINDS = {kind.name: kind for kind in (FEATURES, EXCITING, USEFULNESS)}
