"""Class probabilities of any images."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np

from fmnist_core.inference.messages import Message
from fmnist_core.inside.network import Network, to_input


def classify(network: Network, arrays: Mapping[str, np.ndarray]) -> Message:
    """Classify images.

    Args:
        network: Which classifies them.
        arrays: "images", uint8 (N, 28, 28), N at most a few thousand.

    Returns:
        "proba", float32 (N, 10).
    """
    logits = network.logits(to_input(arrays["images"]))
    return Message({}, {"proba": np.asarray(keras.ops.softmax(logits))})
