"""The functions of the exported code that load the images and share them out."""

from __future__ import annotations

from fmnist_core.model.code.layout import call, number, source
from fmnist_core.specs.data import NUM_TEST_FILE, NUM_TRAIN_FILE, DataSpec

_PREPARED = '''
    def prepared(images, labels):
        """Return pixels as float32 in [0, 1], (N, 28, 28, 1), and labels<form>."""
        return images[..., np.newaxis] / np.float32(255), <labels>
'''

_EQUAL_SHARES = '''
    def draw_equal_shares(indices, labels, count, seed):
        """Draw `count` of these images, every class in its share."""
        shuffled = np.random.default_rng(seed).permutation(indices)
        place = np.empty(len(shuffled))  # of each image in the queue of its class, in (0, 1)
        for label in range(10):
            members = np.flatnonzero(labels[shuffled] == label)
            place[members] = (np.arange(len(members)) + 0.5) / len(members)
        return shuffled[np.argsort(place, kind="stable")[:count]]
'''

# As `fmnist_core.data.label_noise` has it.
_LABEL_NOISE = '''
    def add_label_noise(labels, train, percent, seed):
        """Return the labels with so many per cent of those that train made wrong."""
        others = <others>
        rng = np.random.default_rng([seed, 1])
        order, which = rng.permutation(train), rng.random(len(train))
        able = np.array([bool(each) for each in others])[labels[order]]
        order, which = order[able], which[able]
        count = round(len(order) * percent / 100)
        noisy = labels.copy()
        for image, draw in zip(order[:count], which[:count]):
            choices = others[labels[image]]
            noisy[image] = choices[int(draw * len(choices))]
        return noisy
'''


_STATISTICS = '''
    def pixel_statistics(x):
        """Return mean and standard deviation of <what>, at least one grey level."""
        mean, std = x.mean(<axis>dtype=np.float64), x.std(<axis>dtype=np.float64)
        return mean, np.maximum(std, 1 / 255)
'''


def standardises(data: DataSpec) -> bool:
    """Say whether the network takes a mean away and divides by a standard deviation."""
    return data.normalisation != "0-1"


def draws(data: DataSpec) -> bool:
    """Say whether the validation images are drawn, by scikit-learn."""
    return data.split != "last"


def data_functions(data: DataSpec, *, one_hot: bool) -> list[str]:
    """Write `load_data` and what it calls, and what measures the training images.

    Args:
        data: The split.
        one_hot: Labels are to be rows of ten numbers instead of one number each.
    """
    prepared = source(
        _PREPARED,
        form=", a row with one 1 each" if one_hot else "",
        labels="keras.utils.to_categorical(labels, 10)" if one_hot else "labels",
    )
    parts = [_load(data), prepared, *([source(_EQUAL_SHARES)] if data.subset else [])]
    if data.label_noise:
        parts.append(source(_LABEL_NOISE, others=_others(data)))
    return [*parts, _statistics(data)] if standardises(data) else parts


def _statistics(data: DataSpec) -> str:
    each = data.normalisation == "per-pixel"
    what = "the pixels in each place" if each else "all pixels together"
    return source(_STATISTICS, what=what, axis="axis=0, " if each else "")


def _load(data: DataSpec) -> str:
    resplit = data.split == "resplit"
    return source(
        '''
        def load_data():
            """Return the images and labels that train, validate and test, as pairs (x, y)."""
            (x, y), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
            <split>
            <subset>
            <sort>
            <noise>
            <returned>
        ''',
        split=_split(data),
        subset=_subset(data),
        noise=_noise(data),
        sort=_SORT if draws(data) or data.subset else "",
        returned=_RESPLIT_PARTS if resplit else _PARTS,
    )


_SORT = "train, validation = np.sort(train), np.sort(validation)  # so that SEED alone shuffles"

_PARTS = """\
return (
    prepared(x[train], y[train]),
    prepared(x[validation], y[validation]),
    prepared(x_test, y_test),
)"""

_RESPLIT_PARTS = """\
test = validation  # so its figures are a little too good
return (
    prepared(x[train], y[train]),
    prepared(x[validation], y[validation]),
    prepared(x[test], y[test]),
)"""


def _split(data: DataSpec) -> str:
    """Write the statements that part training and validation images."""
    count = data.sizes.validation
    if data.split == "last":
        rest = number(NUM_TRAIN_FILE - count)
        return (
            f"# The last {count:,} training images judge each epoch and never train.\n"
            f"train, validation = np.arange({rest}), np.arange({rest}, {number(NUM_TRAIN_FILE)})"
        )
    pool = NUM_TRAIN_FILE + (NUM_TEST_FILE if data.split == "resplit" else 0)
    arguments = [f"np.arange({number(pool)})", f"test_size={number(count)}"]
    arguments.append(f"random_state={number(data.seed)}")
    if data.split == "resplit":
        text = (
            f"# All {pool:,} images are pooled and split anew: {count:,} judge each epoch and test."
            "\nx, y = np.concatenate([x, x_test]), np.concatenate([y, y_test])\n"
        )
    else:
        text = (
            f"# {count:,} training images judge each epoch and never train; each class has its "
            "share.\n"
        )
        arguments.append("stratify=y")
    return text + call("train, validation = train_test_split", arguments, column=4)


def _subset(data: DataSpec) -> str:
    if data.subset is None:
        return ""
    return f"train = draw_equal_shares(train, y, {number(data.subset)}, seed={number(data.seed)})"


def _noise(data: DataSpec) -> str:
    if not data.label_noise:
        return ""
    return (
        "# Only labels that train: the others judge.\n"
        f"y = add_label_noise(y, train, percent={data.label_noise:g}, seed={number(data.seed)})"
    )


def _others(data: DataSpec) -> str:
    """Write what each class is mistaken for."""
    if not data.noise_pairs:
        return "[[other for other in range(10) if other != own] for own in range(10)]"
    return str([list(each) for each in data.noise_partners])
