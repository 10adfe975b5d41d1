"""Switching channels of a layer off: what the network then makes of validation images."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

import keras
import numpy as np
import tensorflow as tf

from fmnist_core.analysis.predictions import ROW_TOLERANCE
from fmnist_core.analysis.surgery import IMAGES, QUICK_NUMBERS, QUICK_SECONDS, affordable
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import InferenceError
from fmnist_core.inference.messages import Message
from fmnist_core.inside.network import Network, to_input
from fmnist_core.model.memory import EVALUATION_BATCH

MAX_KEPT_BYTES = 512 * 2**20  # of what arrives at a layer; of more, all is computed each time
FEW, TURNS = 20, 3  # images by which the speed is measured, and how often: others work too


class OpenNetwork:
    """A network that is cut open behind one layer, so that only what follows is computed again.

    What the layer gives for the validation images, and what passes by it on skips, is kept where
    it fits into `MAX_KEPT_BYTES`.

    Attributes:
        layer: Name of the layer.
        quick: Whether there are as many images as are judged without a wait.
        index: The images, int32 (N,), rising: the first ones of the run's validation split.
        y_true: Their labels, uint8 (N,).
        channels: How many the layer has: the length of its output's last dimension.
        intact: What the whole network makes of them, float32 (N, 10), rows summing to 1.
    """

    def __init__(
        self,
        network: Network,
        layer: str,
        *,
        images: int | None = IMAGES,
        known: np.ndarray | None = None,
    ) -> None:
        """Open a network.

        Args:
            network: Which.
            layer: Name of a layer, not the last one.
            images: How many validation images at most, at least 1; None for as many as are judged
                in about `QUICK_SECONDS`, by the speed that is measured here.
            known: What the whole network makes of the first ones, where that is known.

        Raises:
            InferenceError: There is no such layer, or the network gives no numbers.
        """
        cut = _inner_layer(network.model, layer)
        validation = split_indices(network.data.labels, network.run.experiment.data).validation
        border = _border(network.model, cut)
        self.layer, self.channels = layer, int(cut.output.shape[-1])
        self._before = _in_graph(keras.Model(network.model.inputs, border))
        self._behind = _behind(keras.Model(border, network.model.output), network.from_logits)
        self.quick = images is None
        if images is None:
            seconds = self._seconds(network.data.images[validation[:FEW]])
            images = affordable(seconds, QUICK_SECONDS, QUICK_NUMBERS)
        self.index = validation[:images]
        self.y_true = network.data.labels[self.index]
        self._pixels = network.data.images[self.index]
        values = sum(int(np.prod(each.shape[1:])) for each in border)
        fits = 4 * values * len(self.index) <= MAX_KEPT_BYTES
        self._kept = [self._before(x) for x in self._batches()] if fits else None
        if known is None or len(known) < len(self.index):
            known = self.proba([])
        self.intact = known[: len(self.index)]
        # TensorFlow's softmax can turn what is no number into zeros.
        if not np.all(np.abs(self.intact.sum(axis=1) - 1) <= ROW_TOLERANCE):
            raise InferenceError(
                "This network gives values that are no numbers: its training has diverged, so "
                "there is nothing to operate on."
            )

    def proba(self, off: Sequence[int]) -> np.ndarray:
        """Return what the network makes of the images with these channels at 0, float32 (N, 10)."""
        on = self._on(off)
        arriving = self._kept or map(self._before, self._batches())
        return np.concatenate([np.asarray(self._behind(each, on)) for each in arriving])

    def proba_of(self, image: np.ndarray, off: Sequence[int]) -> np.ndarray:
        """Return what it makes of any image, uint8 (28, 28), with these at 0, float32 (10,)."""
        arriving = self._before(to_input(image[np.newaxis]))
        return np.asarray(self._behind(arriving, self._on(off)))[0]

    def _seconds(self, few: np.ndarray) -> float:
        """Measure what it takes to open the network for one image, and to operate on it once."""
        x, on = to_input(few), self._on([])
        arriving = self._before(x)
        np.asarray(self._behind(arriving, on))  # both are traced now
        times = [perf_counter()]
        for _ in range(TURNS):
            for each in (self._before(x), arriving):
                np.asarray(self._behind(each, on))
            times.append(perf_counter())
        return float(np.diff(times).min()) / len(few)

    def _on(self, off: Sequence[int]) -> tf.Tensor:
        on = np.ones(self.channels, bool)
        on[list(off)] = False
        return tf.constant(on)

    def _batches(self) -> Iterator[tf.Tensor]:
        for start in range(0, len(self.index), EVALUATION_BATCH):
            yield to_input(self._pixels[start : start + EVALUATION_BATCH])


# One at a time, for what it keeps is large.
_OPEN: WeakKeyDictionary[Network, OpenNetwork] = WeakKeyDictionary()


def surgery(
    network: Network,
    arrays: Mapping[str, np.ndarray],
    *,
    layer: str,
    off: list[int],
    images: int | None = IMAGES,
) -> Message:
    """Set channels of a layer to 0, behind its activation, and classify again.

    Args:
        network: Which is operated on.
        arrays: "image", uint8 (28, 28) or (1, 28, 28).
        layer: Name of a layer, not the last one.
        off: Numbers of its channels, each once.
        images: How many validation images at most, 1 to `IMAGES`; None for as many as are judged in
            about `QUICK_SECONDS`, which stay the same while no other layer or number is asked for.

    Returns:
        "index", int32 (N,), the validation images; "y_true", uint8 (N,); "intact" and "cut",
        float32 (N, 10): what the network makes of them before and after; "image_intact" and
        "image_cut", float32 (10,): likewise of the image. "channels": how many the layer has.

    Raises:
        InferenceError: There is no such layer or channel, or the network gives no numbers.
    """
    if images is not None and (type(images) is not int or not 1 <= images <= IMAGES):
        raise InferenceError(f"Choose 1 to {IMAGES:,} validation images.")
    found = _opened(network, layer, images)
    check_channels(off, found.channels, layer)
    image = arrays["image"].reshape(28, 28)
    cut = found.proba(off) if off else found.intact
    return Message(
        {"channels": found.channels},
        {
            "index": found.index,
            "y_true": found.y_true,
            "intact": found.intact,
            "cut": cut,
            "image_intact": found.proba_of(image, []),
            "image_cut": found.proba_of(image, off),
        },
    )


def _opened(network: Network, layer: str, images: int | None) -> OpenNetwork:
    """Return the network that was opened last, or open another one in its place."""
    last = _OPEN.get(network)
    if last and last.layer == layer and _is_of(last, network, images):
        return last
    _OPEN.clear()
    known = last.intact if last else None
    _OPEN[network] = OpenNetwork(network, layer, images=images, known=known)
    return _OPEN[network]


def _is_of(opened: OpenNetwork, network: Network, images: int | None) -> bool:
    """Tell whether a network was opened for so many images."""
    if images is None:
        return opened.quick
    return len(opened.index) == min(images, network.run.experiment.data.sizes.validation)


def check_channels(off: Any, channels: int, layer: str) -> None:
    """Refuse what names no channels of a layer.

    Raises:
        InferenceError: It is no list of different whole numbers from 0 to `channels` - 1.
    """
    whole = isinstance(off, list) and all(type(each) is int for each in off)
    if not whole or any(not 0 <= each < channels for each in off):
        raise InferenceError(
            f"Layer {layer} has the channels 0 to {channels - 1:,}; name those to switch off by "
            "their numbers."
        )
    if len(set(off)) < len(off):
        raise InferenceError("A channel can be switched off once only; name each of them once.")


def _inner_layer(model: keras.Model, name: str) -> keras.Layer:
    """Return the layer of that name, behind which there are others.

    Raises:
        InferenceError: There is none.
    """
    inner = {each.name: each for each in model.layers if each.output is not model.outputs[0]}
    if name not in inner:
        raise InferenceError(
            f"This network has no layer {name[:60]!r} that others follow. Choose another one."
        )
    return inner[name]


def _border(model: keras.Model, cut: keras.Layer) -> list[keras.KerasTensor]:
    """Return all that the layers behind `cut` need: first its output, then what skips pass by."""
    border, behind = [cut.output], {id(cut.output)}
    for each in model.layers:  # in the order in which they are computed
        arriving = keras.tree.flatten(each.input)
        if behind.isdisjoint(map(id, arriving)):
            continue
        known = behind | set(map(id, border))
        border += [tensor for tensor in arriving if id(tensor) not in known]
        behind.add(id(each.output))
    return border


def _in_graph(model: keras.Model) -> Callable[..., list[tf.Tensor]]:
    """Return what turns images, as networks take them, into a model's outputs."""
    call: Callable[..., list[tf.Tensor]] = tf.function(
        lambda x: keras.tree.flatten(model(x, training=False)),
        input_signature=[_signature(model.inputs[0])],
    )
    return call


def _behind(rest: keras.Model, from_logits: bool) -> Callable[..., tf.Tensor]:
    """Return what turns all that arrives, and a mask of the first, into probabilities."""

    def behind(arriving: list[tf.Tensor], on: tf.Tensor) -> tf.Tensor:
        first, *others = arriving
        masked = tf.where(on, first, tf.zeros_like(first))  # 0 times NaN would be NaN
        found = rest([masked, *others], training=False)
        return tf.nn.softmax(found) if from_logits else found

    arriving = [_signature(each) for each in rest.inputs]
    mask = tf.TensorSpec(rest.inputs[0].shape[-1:], tf.bool)
    call: Callable[..., tf.Tensor] = tf.function(behind, input_signature=[arriving, mask])
    return call


def _signature(tensor: keras.KerasTensor) -> tf.TensorSpec:
    """Describe what is given in a call, so that no number of images is traced anew."""
    return tf.TensorSpec(tensor.shape, tensor.dtype)
