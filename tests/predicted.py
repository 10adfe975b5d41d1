"""Hypothesis strategies of what runs predict."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from fmnist_core.analysis.predictions import Predictions


@st.composite
def predicted(draw: st.DrawFn, max_size: int = 200) -> Predictions:
    """Draw the predictions of a network that is right more or less often, and more or less sure."""
    count = draw(st.integers(1, max_size))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    y_true = rng.integers(10, size=count).astype(np.uint8)
    scores = rng.normal(size=(count, 10)) * draw(st.floats(0.1, 5))
    scores[np.arange(count), y_true] += draw(st.floats(-2, 10))
    y_proba = np.exp(scores - scores.max(axis=1, keepdims=True)).astype(np.float32)
    y_proba /= y_proba.sum(axis=1, keepdims=True)
    index = np.sort(rng.choice(70_000, size=count, replace=False)).astype(np.int32)
    return Predictions(part="validation", index=index, y_true=y_true, y_proba=y_proba)
