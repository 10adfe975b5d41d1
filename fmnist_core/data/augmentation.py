"""Augmentation of a batch, written once for NumPy and for TensorFlow.

`augment` asks nothing of its arrays but what NumPy and `tensorflow.experimental.numpy` have in
common, so the worker runs it inside its compiled step and pages preview it without TensorFlow.
What differs comes as arguments: that namespace, the random draws, and the function that samples an
image at other places.

Everything that moves pixels is one affine map an image, so pixels are interpolated only once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist_core.labels import IMAGE_SHAPE, NUM_CLASSES
from fmnist_core.specs.augment import AugmentSpec

# One uniform draw an image for each; all are always drawn, so that switching one thing on leaves
# what the others do to an image as it was.
COLUMNS = (
    *("angle", "zoom", "right", "down", "flip", "brightness", "contrast"),
    *("cutout_x", "cutout_y"),
    *("erase", "erase_area", "erase_aspect", "erase_x", "erase_y", "erase_grey"),
    *("which_mix", "cutmix_x", "cutmix_y"),
)
SIDE = IMAGE_SHAPE[0]
CENTRE = (SIDE - 1) / 2
ERASE_AREA = (0.02, 0.4)  # shares of the image; Zhong et al. 2017, https://arxiv.org/abs/1708.04896
ERASE_ASPECT = 0.3  # a box is between this and one over this times as high as wide; likewise

Array = Any  # np.ndarray or tf.Tensor
Sample = Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Draws:
    """The random numbers of a batch of B images.

    Attributes:
        uniform: float32 (B, len(COLUMNS)), in [0, 1).
        normal: float32 (B, 28, 28, 1), standard normal; None without noise.
        mixup, cutmix: float32 (B,), in [0, 1], from Beta(a, a); None where it is off.
    """

    uniform: Array
    normal: Array = None
    mixup: Array = None
    cutmix: Array = None

    def of(self, name: str) -> Array:
        """Return one column, (B,)."""
        return self.uniform[:, COLUMNS.index(name)]


def augment(
    xp: Any, sample: Sample, x: Array, y: Array, spec: AugmentSpec, draws: Draws
) -> tuple[Array, Array]:
    """Change a batch; what the spec leaves off costs nothing.

    Args:
        xp: `numpy` or `tensorflow.experimental.numpy`.
        sample: (x, maps) → x, with maps float32 (B, 8) as `affine_maps` returns them.
        x: Pixels, float32 (B, 28, 28, 1) in [0, 1].
        y: Labels, float32 (B, 10), rows summing to 1.
        spec: What to do; whether on the fly or in copies makes no difference here.
        draws: As many as there are images.

    Returns:
        x and y in the same shapes and ranges.
    """
    if spec.moves:
        x = sample(x, affine_maps(xp, spec, draws))
    if spec.shades:
        x = _shade(xp, x, spec, draws)
    if spec.cutout:
        x = xp.where(_cutout_box(xp, spec, draws), 0.0, x)
    if spec.random_erasing:
        x = xp.where(_erased_box(xp, spec, draws), _each(draws.of("erase_grey")), x)
    return _mix(xp, x, y, spec, draws) if spec.mixes else (x, y)


def affine_maps(xp: Any, spec: AugmentSpec, draws: Draws) -> Array:
    """Return from where each pixel of the result is taken: flip, zoom, rotate, then shift.

    Returns:
        float32 (B, 8): a, b, c, d, e, f, 0, 0. The pixel at column x and row y of the result is
        the one at column a x + b y + c and row d x + e y + f. Positive angles turn to the left.
    """
    return maps_of(
        xp,
        angle=np.float32(np.radians(spec.rotation)) * _signed(draws.of("angle")),
        scale=1 / (1 + spec.zoom * _signed(draws.of("zoom"))),
        right=SIDE * spec.shift * _signed(draws.of("right")),
        down=SIDE * spec.shift * _signed(draws.of("down")),
        mirrored=draws.of("flip") < (0.5 if spec.horizontal_flip else 0.0),
    )


def maps_of(
    xp: Any, *, angle: Array, scale: Array, right: Array, down: Array, mirrored: Array
) -> Array:
    """Return from where each pixel of the result is taken, as `affine_maps` does.

    Args:
        xp: `numpy` or `tensorflow.experimental.numpy`.
        angle: Radians that each image is turned to the left, float32 (B,).
        scale: One over how many times as large it becomes, float32 (B,).
        right: Pixels that it is shifted, float32 (B,).
        down: Likewise.
        mirrored: Whether left and right change places, bool (B,).
    """
    along, across = scale * xp.cos(angle), scale * xp.sin(angle)
    a, b = xp.where(mirrored, -along, along), xp.where(mirrored, across, -across)
    c = CENTRE - a * (CENTRE + right) - b * (CENTRE + down)
    f = CENTRE - across * (CENTRE + right) - along * (CENTRE + down)
    zero = xp.zeros_like(a)
    return xp.stack([a, b, c, across, along, f, zero, zero], axis=1)


def _shade(xp: Any, x: Array, spec: AugmentSpec, draws: Draws) -> Array:
    """Change contrast about the image's mean, then brightness, add noise, and clip once."""
    if spec.contrast:
        mean = xp.mean(x, axis=(1, 2, 3), keepdims=True)
        x = mean + (x - mean) * _each(1 + spec.contrast * _signed(draws.of("contrast")))
    if spec.brightness:
        x = x + _each(spec.brightness * _signed(draws.of("brightness")))
    if spec.noise:
        x = x + spec.noise * draws.normal
    return xp.clip(x, 0.0, 1.0)


def _cutout_box(xp: Any, spec: AugmentSpec, draws: Draws) -> Array:
    """A square around any pixel; what lies outside the image is cut off.

    Source:
        DeVries and Taylor 2017, https://arxiv.org/abs/1708.04552.
    """
    left = xp.floor(SIDE * draws.of("cutout_x")) - spec.cutout // 2
    top = xp.floor(SIDE * draws.of("cutout_y")) - spec.cutout // 2
    return _box(left, top, spec.cutout, spec.cutout)


def _erased_box(xp: Any, spec: AugmentSpec, draws: Draws) -> Array:
    """A box that lies in the image, empty where the image is spared."""
    low, high = ERASE_AREA
    area = SIDE * SIDE * (low + (high - low) * draws.of("erase_area"))
    aspect = xp.exp(np.float32(-np.log(ERASE_ASPECT)) * _signed(draws.of("erase_aspect")))
    height = xp.clip(xp.floor(xp.sqrt(area * aspect) + 0.5), 1.0, float(SIDE))
    width = xp.clip(xp.floor(xp.sqrt(area / aspect) + 0.5), 1.0, float(SIDE))
    height = xp.where(draws.of("erase") < spec.random_erasing, height, 0.0)
    left = xp.floor((SIDE + 1 - width) * draws.of("erase_x"))
    top = xp.floor((SIDE + 1 - height) * draws.of("erase_y"))
    return _box(left, top, width, height)


def _mix(xp: Any, x: Array, y: Array, spec: AugmentSpec, draws: Draws) -> tuple[Array, Array]:
    """Mix each image with the one before it in the batch; with both on, half get each kind.

    Source:
        mixup: Zhang et al. 2017, https://arxiv.org/abs/1710.09412;
        cutmix: Yun et al. 2019, https://arxiv.org/abs/1905.04899.
    """
    own = []  # share of the image's own pixels at each place, (B, 28, 28, 1)
    if spec.mixup:
        own.append(_each(draws.mixup) + xp.zeros_like(x))
    if spec.cutmix:
        side = xp.floor(SIDE * xp.sqrt(1 - draws.cutmix))
        left = xp.floor(SIDE * draws.of("cutmix_x")) - xp.floor(side / 2)
        top = xp.floor(SIDE * draws.of("cutmix_y")) - xp.floor(side / 2)
        box = _box(left, top, side, side)
        own.append(xp.where(box, xp.zeros_like(x), xp.ones_like(x)))
    share = own[0] if len(own) == 1 else xp.where(_each(draws.of("which_mix")) < 0.5, *own)
    label_share = xp.mean(share, axis=(1, 2, 3))[:, None]
    return (
        share * x + (1 - share) * xp.roll(x, 1, axis=0),
        label_share * y + (1 - label_share) * xp.roll(y, 1, axis=0),
    )


def _box(left: Array, top: Array, width: Array, height: Array) -> Array:
    """Say which pixels lie in each image's box, bool (B, 28, 28, 1); sizes are numbers or (B,)."""
    place = np.arange(SIDE, dtype=np.float32)
    column, row = place[:, None], place[:, None, None]
    inside_x = (column >= _each(left)) & (column < _each(left + width))
    inside_y = (row >= _each(top)) & (row < _each(top + height))
    return inside_x & inside_y


def _signed(draw: Array) -> Array:
    """Bring [0, 1) to [-1, 1)."""
    return 2 * draw - 1


def _each(values: Array) -> Array:
    """Shape (B,) to be combined with (B, 28, 28, 1)."""
    return values[:, None, None, None]


def draw(rng: np.random.Generator, count: int, spec: AugmentSpec) -> Draws:
    """Draw in NumPy what `augment` needs for `count` images."""
    uniform = rng.random((count, len(COLUMNS)), dtype=np.float32)
    normal = rng.standard_normal((count, *IMAGE_SHAPE), dtype=np.float32) if spec.noise else None
    mixup = rng.beta(spec.mixup, spec.mixup, count) if spec.mixup else None
    cutmix = rng.beta(spec.cutmix, spec.cutmix, count) if spec.cutmix else None
    shares = (None if each is None else each.astype(np.float32) for each in (mixup, cutmix))
    return Draws(uniform, normal, *shares)


def sample_bilinear(x: np.ndarray, maps: np.ndarray) -> np.ndarray:
    """Take each pixel from where its map says, between four pixels; 0 outside the image.

    TensorFlow's ImageProjectiveTransformV3 in NumPy: x float32 (B, 28, 28, 1), maps (B, 8).
    """
    row, column = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    a, b, c, d, e, f = (_each(maps[:, i])[..., 0] for i in range(6))
    from_x, from_y = a * column + b * row + c, d * column + e * row + f
    left, top = np.floor(from_x), np.floor(from_y)
    padded = np.pad(x[..., 0], ((0, 0), (1, 1), (1, 1)))
    image = np.arange(len(x))[:, None, None]
    result = np.zeros_like(padded[:, 1:-1, 1:-1])
    for beside in (0, 1):
        for below in (0, 1):
            weight = (1 - np.abs(from_x - left - beside)) * (1 - np.abs(from_y - top - below))
            at_x = np.clip(left + beside, -1, SIDE).astype(np.int64) + 1
            at_y = np.clip(top + below, -1, SIDE).astype(np.int64) + 1
            result += weight * padded[image, at_y, at_x]
    return result[..., np.newaxis]


def preview(images: np.ndarray, spec: AugmentSpec, seed: int, draws: int) -> np.ndarray:
    """Show what training would see of some images.

    Args:
        images: uint8 (N, 28, 28); mixup and cutmix mix them with one another.
        spec: With "own-copies", draw k shows copy k, and goes round where there are fewer copies.
        seed: Another seed shows other draws.
        draws: How often to change each image.

    Returns:
        uint8 (N, draws, 28, 28).
    """
    shown = np.empty((len(images), draws, SIDE, SIDE), np.uint8)
    y = np.zeros((len(images), NUM_CLASSES), np.float32)
    for number in range(draws):
        rng = np.random.default_rng([seed, number])
        x = images[..., np.newaxis] / np.float32(255)
        for each in (spec.copies[number % len(spec.copies)], spec.on_the_fly):
            x, _ = augment(np, sample_bilinear, x, y, each, draw(rng, len(x), each))
        shown[:, number] = np.rint(x[..., 0] * 255)
    return shown
