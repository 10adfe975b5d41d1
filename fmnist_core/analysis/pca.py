"""Vectors turned so that their first numbers say most, for maps."""

from __future__ import annotations

import numpy as np

SEED = 7  # of all that is drawn at random for maps: always the same ones
COMPONENTS = 50  # that are kept, for t-SNE to work on


def pca(vectors: np.ndarray) -> tuple[np.ndarray, float]:
    """Turn vectors so that the first numbers hold as much of their variance as can be.

    Args:
        vectors: float32 (N, D), not all the same, N above `COMPONENTS`.

    Returns:
        float32 (N, min(D, `COMPONENTS`)), at least 2 wide; and the share of the variance that the
        first two of them hold, in [0, 1].
    """
    from sklearn.decomposition import PCA  # slow to import: about a second

    width = min(vectors.shape[1], COMPONENTS)
    # By the eigenvectors of the covariance, in double precision: exact, and quick for many images.
    model = PCA(width, svd_solver="covariance_eigh")
    turned = model.fit_transform(vectors.astype(np.float64)).astype(np.float32)
    explained = float(model.explained_variance_ratio_[:2].sum())
    return np.pad(turned, ((0, 0), (0, max(0, 2 - width)))), min(1.0, explained)
