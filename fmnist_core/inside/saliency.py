"""Which pixels speak for a class, or for one class rather than another: saliency maps.

All methods explain a difference of logits, or one logit. Maps are signed: positive speaks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fmnist_core.analysis.saliency import MIN_MAP
from fmnist_core.exceptions import InferenceError
from fmnist_core.inference.messages import Message
from fmnist_core.inside.network import Network, to_input

STEPS = 64  # of the path of integrated gradients
NOISY = 32  # copies that SmoothGrad averages over
NOISE = 0.15  # their standard deviation, of the range of pixels
PATCH = 5  # pixels, the side of the square that occlusion covers
BATCH = 128
SEED = 7  # of the noise, always the same

Score = Callable[[tf.Tensor], tf.Tensor]  # float32 (N, 28, 28, 1) → (N,)


def saliency(
    network: Network,
    arrays: Mapping[str, np.ndarray],
    *,
    method: str,
    target: int,
    against: int | None = None,
    layer: str = "",
    baseline: str = "black",
    random: bool = False,
) -> Message:
    """Explain what a network makes of an image.

    Args:
        network: Which is explained.
        arrays: "image", uint8 (28, 28).
        method: A key of `METHODS`.
        target: The class that is explained.
        against: The class that it is set against; None for the target alone.
        layer: Whose maps the CAM methods weigh, by its name.
        baseline: A key of `fmnist_core.analysis.saliency.BASELINES`, for integrated gradients and
            for what occlusion covers with.
        random: Explain the network with freshly drawn weights instead, as a check.

    Returns:
        "map", float32 (28, 28), signed; "raw", the same as it was before it was brought to the size
        of the image. "score" of the image, and for integrated gradients that of the baseline.

    Raises:
        InferenceError: The layer's maps are too small, or it has none.
    """
    model = network.random_model if random else network.model
    logits = partial(network.logits, model=model)

    def score(x: tf.Tensor) -> tf.Tensor:
        found = logits(x)
        return found[:, target] - (0 if against is None else found[:, against])

    x = to_input(arrays["image"][np.newaxis])
    if method in CAMS:
        raw = _cam(CAMS[method], model, x, layer, network.from_logits, target, against)
        values: dict[str, Any] = {}
    else:
        fill = _baseline(baseline, arrays["image"], network.data.images)
        raw, values = METHODS[method](score, x, fill)
    values["score"] = float(score(x)[0])
    return Message(values, {"map": resize(raw), "raw": raw})


def _gradient(score: Score, x: tf.Tensor, _fill: tf.Tensor) -> tuple[np.ndarray, dict[str, Any]]:
    """How much a little more light in each pixel raises the score (Simonyan et al. 2013)."""
    return _slopes(score, x)[0], {}


def _smooth(score: Score, x: tf.Tensor, _fill: tf.Tensor) -> tuple[np.ndarray, dict[str, Any]]:
    """The mean gradient of noisy copies (Smilkov et al. 2017, https://arxiv.org/abs/1706.03825)."""
    noise = np.random.default_rng(SEED).normal(0, NOISE, (NOISY, 28, 28, 1)).astype(np.float32)
    return _slopes(score, x + noise).mean(axis=0), {}


def _integrated(score: Score, x: tf.Tensor, fill: tf.Tensor) -> tuple[np.ndarray, dict[str, Any]]:
    """Gradients along the way from a baseline (Sundararajan et al. 2017).

    The map adds up to the difference of the scores but for `gap`, the error of the sum.

    Source:
        https://arxiv.org/abs/1703.01365
    """
    at = (np.arange(STEPS, dtype=np.float32) + 0.5) / STEPS  # midpoints
    path = fill + at[:, np.newaxis, np.newaxis, np.newaxis] * (x - fill)
    found = _slopes(score, path).mean(axis=0) * np.asarray(x - fill)[0, :, :, 0]
    of_image, of_baseline = float(score(x)[0]), float(score(fill)[0])
    gap = of_image - of_baseline - float(found.sum())
    return found, {"baseline_score": of_baseline, "gap": gap}


def _occlusion(score: Score, x: tf.Tensor, fill: tf.Tensor) -> tuple[np.ndarray, dict[str, Any]]:
    """How much the score falls where a square is covered (Zeiler and Fergus 2013).

    Each pixel gets the mean fall over the squares that cover it.
    """
    places = [(row, column) for row in range(29 - PATCH) for column in range(29 - PATCH)]
    pixels, cover = np.asarray(x)[0], np.asarray(fill)[0]
    covered = np.repeat(pixels[np.newaxis], len(places), axis=0)
    for copy, (row, column) in zip(covered, places, strict=True):
        square = np.s_[row : row + PATCH, column : column + PATCH]
        copy[square] = cover[square]
    scores = np.concatenate(
        [
            np.asarray(score(tf.constant(covered[i : i + BATCH])))
            for i in range(0, len(places), BATCH)
        ]
    )
    falls = float(score(x)[0]) - scores
    total, number = np.zeros((28, 28)), np.zeros((28, 28))
    for fall, (row, column) in zip(falls, places, strict=True):
        square = np.s_[row : row + PATCH, column : column + PATCH]
        total[square] += fall
        number[square] += 1
    return (total / number).astype(np.float32), {}


METHODS: Mapping[str, Callable[..., tuple[np.ndarray, dict[str, Any]]]] = {
    "gradient": _gradient,
    "smoothgrad": _smooth,
    "integrated": _integrated,
    "occlusion": _occlusion,
}


def _grad_cam(maps: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Selvaraju et al. 2016, https://arxiv.org/abs/1610.02391, before its ReLU."""
    return maps @ slopes.mean(axis=(0, 1))


def _hires_cam(maps: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Draelos and Carin 2020, https://arxiv.org/abs/2011.08891, before its ReLU."""
    return (maps * slopes).sum(axis=-1)


def _layer_cam(maps: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Jiang et al. 2021, https://doi.org/10.1109/TIP.2021.3089943, before its ReLU."""
    return (maps * np.maximum(slopes, 0)).sum(axis=-1)


CAMS: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "grad-cam": _grad_cam,
    "hirescam": _hires_cam,
    "layercam": _layer_cam,
}


def _cam(
    weigh: Callable[[np.ndarray, np.ndarray], np.ndarray],
    model: keras.Model,
    x: tf.Tensor,
    layer: str,
    from_logits: bool,
    target: int,
    against: int | None,
) -> np.ndarray:
    """Weigh the maps of a layer by the slopes of the score; float32 (height, width)."""
    names = [each.name for each in model.layers]
    if layer not in names:
        raise InferenceError(f"This network has no layer {layer[:60]!r}.")
    output = model.get_layer(layer).output
    if len(output.shape) != 4:
        raise InferenceError(f"{layer} has no maps, so its {output.shape[-1]} numbers lie nowhere.")
    height, width = output.shape[1:3]
    if min(height, width) < MIN_MAP:
        raise InferenceError(
            f"The maps of {layer} are {height}×{width}: too small to say where in the image. "
            f"Choose a layer with maps of at least {MIN_MAP}×{MIN_MAP}."
        )
    probe = keras.Model(model.inputs, [output, model.output])
    with tf.GradientTape() as tape:
        tape.watch(x)
        maps, found = probe(x, training=False)
        logits = found if from_logits else tf.math.log(tf.maximum(found, 1e-30))
        score = logits[0, target] - (0 if against is None else logits[0, against])
    slopes = tape.gradient(score, maps)
    if slopes is None:
        raise InferenceError(
            f"What {layer} gives does not reach the output, so it explains nothing."
        )
    return weigh(np.asarray(maps)[0], np.asarray(slopes)[0]).astype(np.float32)


def resize(raw: np.ndarray) -> np.ndarray:
    """Bring a map, float (height, width), to float32 (28, 28), bilinearly."""
    return np.asarray(tf.image.resize(raw[..., np.newaxis], (28, 28)))[..., 0].astype(np.float32)


def _slopes(score: Score, x: tf.Tensor) -> np.ndarray:
    """Return the gradients of the scores by their images, float32 (N, 28, 28)."""
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(score(x))
    return np.asarray(tape.gradient(total, x))[..., 0]


def _baseline(name: str, image: np.ndarray, images: np.ndarray) -> tf.Tensor:
    """Return an image without what is to be explained, float32 (1, 28, 28, 1) in [0, 1]."""
    if name == "white":
        return tf.ones((1, 28, 28, 1))
    if name == "mean":
        return to_input(images[:60_000].mean(axis=0, keepdims=True))
    if name == "blurred":
        from scipy.ndimage import gaussian_filter

        return to_input(gaussian_filter(image.astype(np.float32), 4)[np.newaxis])
    return tf.zeros((1, 28, 28, 1))
