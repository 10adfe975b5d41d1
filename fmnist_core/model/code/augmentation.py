"""The functions of the exported code that change training images at random, in NumPy and SciPy.

They do what `fmnist_core.data.augmentation` does; only the random numbers are others.
"""

from __future__ import annotations

from collections.abc import Sequence

from fmnist_core.model.code.layout import call, number, source
from fmnist_core.specs.augment import AugmentSpec

_MOVE = '''
    def move(x, rng, *, shift=0, rotation=0, zoom=0, horizontal_flip=False):
        """Mirror, scale, turn and shift images, (N, 28, 28, 1): say from where each pixel comes."""
        each, place = (len(x), 1, 1), np.arange(28) - 13.5  # from the centre
        image, row, column = np.meshgrid(np.arange(len(x)), place, place, indexing="ij")
        column = column - rng.uniform(-28 * shift, 28 * shift, each)
        row = row - rng.uniform(-28 * shift, 28 * shift, each)
        angle = np.radians(rng.uniform(-rotation, rotation, each))
        scale = rng.uniform(1 - zoom, 1 + zoom, each)
        from_x = (column * np.cos(angle) - row * np.sin(angle)) / scale
        from_y = (column * np.sin(angle) + row * np.cos(angle)) / scale
        if horizontal_flip:
            from_x = from_x * rng.choice([-1, 1], each)
        places = [image, from_y + 13.5, from_x + 13.5]
        moved = map_coordinates(x[..., 0], places, order=1, mode="grid-constant")
        return moved[..., np.newaxis]
'''

_SHADE = '''
    def shade(x, rng, *, brightness=0, contrast=0, noise=0):
        """Change contrast about each image's mean, then brightness, and add noise."""
        each = (len(x), 1, 1, 1)
        mean = x.mean(axis=(1, 2, 3), keepdims=True)
        x = mean + (x - mean) * rng.uniform(1 - contrast, 1 + contrast, each)
        x = x + rng.uniform(-brightness, brightness, each) + rng.normal(0, noise, x.shape)
        return np.clip(x, 0, 1).astype(np.float32)
'''

_BOX = '''
    def box(left, top, width, height):
        """Say which pixels lie in each image's box, (N, 28, 28, 1); left and top are (N, 1)."""
        place = np.arange(28)
        columns = (place >= left) & (place < left + width)
        rows = (place >= top) & (place < top + height)
        return (rows[:, :, np.newaxis] & columns[:, np.newaxis])[..., np.newaxis]
'''

_CUT_OUT = '''
    def cut_out(x, rng, *, side):
        """Blacken a square around any pixel; what lies outside the image is cut off."""
        left, top = rng.integers(28, size=(2, len(x), 1)) - side // 2
        return np.where(box(left, top, side, side), np.float32(0), x)
'''

_ERASE = '''
    def erase(x, rng, *, share):
        """Turn a random box of so many images grey."""
        one = (len(x), 1)
        area, aspect = 784 * rng.uniform(0.02, 0.4, one), 0.3 ** rng.uniform(-1, 1, one)
        height = np.clip(np.rint(np.sqrt(area * aspect)), 1, 28).astype(int)
        width = np.clip(np.rint(np.sqrt(area / aspect)), 1, 28).astype(int)
        height[rng.random(one) >= share] = 0
        left, top = rng.integers(29 - width), rng.integers(29 - height)
        grey = rng.random((len(x), 1, 1, 1), dtype=np.float32)
        return np.where(box(left, top, width, height), grey, x)
'''

_MIX = '''
    def mix(x, y, rng, *, <arguments>):
        """Mix each image with the one before it, and their labels, rows of ten, in proportion."""
        <kinds>
        labels = own.mean(axis=(1, 2, 3))[:, np.newaxis]
        mixed = own * x + (1 - own) * np.roll(x, 1, axis=0)
        return mixed.astype(np.float32), labels * y + (1 - labels) * np.roll(y, 1, axis=0)
'''

_MIXUP = """\
share = rng.beta(mixup, mixup, len(x))  # of an image's own pixels in every place
<name> = np.ones_like(x) * share[:, np.newaxis, np.newaxis, np.newaxis]"""

_CUTMIX = """\
side = np.floor(28 * np.sqrt(1 - rng.beta(cutmix, cutmix, (len(x), 1))))  # of the other's box
left, top = rng.integers(28, size=(2, len(x), 1)) - side // 2
<name> = 1.0 - box(left, top, side, side)"""

_BOTH = """\
half = rng.random((len(x), 1, 1, 1)) < 0.5  # of the images are mixed in each way
own = np.where(half, blended, boxed)"""

_AUGMENT = '''
    def augment(x, y, rng):
        """Change a batch of training images at random, every time anew."""
        <changes>
        return x, y
'''

_WITH_COPIES = '''
    def with_copies(x, y):
        """Return a copy of all images for each change, and the labels of each."""
        rng = np.random.default_rng([SEED, 2])
        <changes>
        starts = range(0, len(x), 1_000)  # a thousand images at a time spare memory
        copies = [change(x[start : start + 1_000]) for change in changes for start in starts]
        return np.concatenate(copies), np.concatenate([y] * len(changes))
'''


def imports(augment: AugmentSpec) -> str:
    """Write the import that the functions need beyond NumPy; "" for none."""
    return "from scipy.ndimage import map_coordinates" if augment.moves else ""


def augmentation_functions(augment: AugmentSpec) -> list[str]:
    """Write what changes images; nothing where nothing is on."""
    parts = [
        source(template)
        for template, needed in (
            (_MOVE, augment.moves),
            (_SHADE, augment.shades),
            (_BOX, augment.cutout or augment.random_erasing or augment.cutmix),
            (_CUT_OUT, augment.cutout),
            (_ERASE, augment.random_erasing),
        )
        if needed
    ]
    if augment.mixes:
        parts.append(source(_MIX, arguments=", ".join(_mixes(augment)), kinds=_kinds(augment)))
    if augment.on_the_fly.active:
        parts.append(source(_AUGMENT, changes="\n".join(_changes(augment.on_the_fly))))
    if makes_copies(augment):
        parts.append(source(_WITH_COPIES, changes=_copies(augment)))
    return parts


def makes_copies(augment: AugmentSpec) -> bool:
    """Say whether changed copies of the training images are made before the training."""
    return augment.copies != (AugmentSpec(),)


def _kinds(augment: AugmentSpec) -> str:
    """Write how much of each image stays its own; with both kinds on, half are mixed in each."""
    if augment.mixup and augment.cutmix:
        parts = source(_MIXUP, name="blended"), source(_CUTMIX, name="boxed"), _BOTH
        return "\n".join(parts)
    return source(_MIXUP if augment.mixup else _CUTMIX, name="own")


def _mixes(augment: AugmentSpec) -> list[str]:
    return [name for name in ("mixup", "cutmix") if getattr(augment, name)]


def _changes(augment: AugmentSpec) -> list[str]:
    """Write one statement for each function that has something to do, in their order."""
    statements = [f"x = {each}" for each in _calls(augment, "x", column=8)]
    if augment.mixes:
        arguments = ["x", "y", "rng", *_arguments(augment, _mixes(augment))]
        statements.append(call("x, y = mix", arguments, column=4))
    return statements


def _calls(augment: AugmentSpec, images: str, column: int) -> list[str]:
    names = ("shift", "rotation", "zoom", "horizontal_flip")
    wanted = [
        ("move", _arguments(augment, names)),
        ("shade", _arguments(augment, ("brightness", "contrast", "noise"))),
        ("cut_out", [f"side={augment.cutout}"] if augment.cutout else []),
        ("erase", _share(augment)),
    ]
    return [call(name, [images, "rng", *each], column=column) for name, each in wanted if each]


def _share(augment: AugmentSpec) -> list[str]:
    return [f"share={number(augment.random_erasing)}"] if augment.random_erasing else []


def _arguments(augment: AugmentSpec, names: Sequence[str]) -> list[str]:
    values = {name: getattr(augment, name) for name in names}
    return [f"{name}={number(value)}" for name, value in values.items() if value]


def _copies(augment: AugmentSpec) -> str:
    """Write the list of what makes each copy out of some images."""
    rows = []
    for copy in augment.copies:
        if copy.active:
            rows += [f"lambda images: {each}" for each in _calls(copy, "images", column=26)]
        else:
            rows.append("lambda images: images")
    return "\n".join(["changes = [", *(f"    {row}," for row in rows), "]"])
