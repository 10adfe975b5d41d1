"""The exported code in sections, and the script that they make."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from fmnist_core.model.check import check
from fmnist_core.model.code import augmentation
from fmnist_core.model.code.callbacks import one_hot, training_functions
from fmnist_core.model.code.data import data_functions, draws, standardises
from fmnist_core.model.code.layout import WIDTH, source
from fmnist_core.model.code.network import build_function, layer_classes
from fmnist_core.model.code.precision import environment, policy
from fmnist_core.model.code.training import constants, fit_statements
from fmnist_core.model.exchange import file_stem
from fmnist_core.specs import Experiment


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the exported code.

    Attributes:
        heading: Of its part of the notebook.
        text: What a reader should know, in Markdown, for the notebook.
        definitions: Source of its functions and classes.
        statements: Source of what is done with them; "" for nothing.
    """

    heading: str
    text: str
    definitions: Sequence[str] = ()
    statements: str = ""


def script(experiment: Experiment) -> str:
    """Return a Python program that repeats the experiment with Keras alone.

    It needs keras, tensorflow, numpy and scikit-learn, prints the test accuracy and saves the
    network. Importing it does nothing.

    Raises:
        ModelError: The network cannot be trained.
    """
    first, *rest = sections(experiment)
    main = source(
        '''
        def main():
            """Train the network, test it with its best weights, and save it."""
            <statements>


        if __name__ == "__main__":
            main()
        ''',
        statements="\n\n".join(part.statements for part in rest if part.statements),
    )
    docstring = f'"""{first.heading}.\n\n{first.text}\n"""'
    functions = [each for part in rest for each in part.definitions]
    head = "\n\n".join([docstring, *first.definitions])
    return "\n\n\n".join([head, *functions, main]) + "\n"


def sections(experiment: Experiment) -> list[Section]:
    """Write the code part by part; the first part holds imports and constants.

    Raises:
        ModelError: The network cannot be trained.
    """
    data, train = experiment.data, experiment.train
    traced, standardised = check(experiment.model), standardises(data)
    stem = file_stem(experiment.title)
    model = build_function(
        experiment.model,
        traced,
        stem,
        standardised=standardised,
        mixed=train.precision != "float32",
    )
    return [
        _introduction(experiment, traced.parameters),
        Section(
            heading="The images",
            text=_RESPLIT if data.split == "resplit" else _HONEST_SPLIT,
            definitions=data_functions(data, one_hot=one_hot(experiment)),
            statements="train, validation, test = load_data()"
            + ("\nmean, std = pixel_statistics(train[0])" if standardised else ""),
        ),
        *_augmentation(experiment),
        Section(
            heading="The network",
            text="The seed is set just before the network is made, which draws its first weights.",
            definitions=[model],
            statements=source(
                """
                <policy>
                keras.utils.set_random_seed(SEED)
                model = build_model(<statistics>)
                model.summary()
                """,
                policy=policy(train),
                statistics="mean, std" if standardised else "",
            ),
        ),
        Section(
            heading="The training",
            text=_TRAINING,
            definitions=training_functions(experiment),
            statements=fit_statements(experiment, from_logits=traced.from_logits),
        ),
        Section(
            heading="The test",
            text="The accuracy on images that never trained the network.",
            statements=_test_statements(experiment, stem),
        ),
    ]


def _augmentation(experiment: Experiment) -> list[Section]:
    augment = experiment.augment
    if not augment.active:
        return []
    copies = augmentation.makes_copies(augment)
    return [
        Section(
            heading="The augmentation",
            text=_AUGMENTATION,
            definitions=augmentation.augmentation_functions(augment),
            statements="train = with_copies(*train)" if copies else "",
        )
    ]


_HONEST_SPLIT = """\
60,000 images to learn from and 10,000 to test with, 28×28 grey pixels each, in ten classes. Some
of the 60,000 are set aside: they judge the network after each epoch and never train it."""

_RESPLIT = """\
70,000 images of 28×28 grey pixels in ten classes, pooled and split anew. The images that judge
the network after each epoch also test it at the end, so the test figures are a little too good."""

_AUGMENTATION = """\
Training images are changed at random, validation and test images never. The changes are those of
the app, drawn from the same ranges; the random numbers are others."""

_TRAINING = """\
Each epoch shows every training image once, in an order that follows from the seed and the epoch.
The weights of the epoch with the highest validation accuracy are kept."""


def _introduction(experiment: Experiment, parameters: int) -> Section:
    train, drawn = experiment.train, draws(experiment.data)
    count, unit = (train.steps, "step") if train.steps else (train.epochs, "epoch")
    length = f"{count:,} {unit}{'s' if count != 1 else ''}"
    packages = ["keras", "tensorflow", "numpy"]
    packages += ["scikit-learn"] if drawn else []
    packages += ["scipy"] if experiment.augment.moves else []
    needed = f"{', '.join(packages[:-1])} and {packages[-1]}"
    same = "the same split, first weights and order of images, and so the same figures but for "
    same += "what chance does when images are changed" if experiment.augment.active else "rounding"
    imports = source(
        """
        <environment>
        import itertools
        import math

        import keras
        import numpy as np
        <layers>
        <warp>
        <split>
        """,
        environment=environment(train),
        layers=_layer_import(
            layer_classes(experiment.model, standardised=standardises(experiment.data))
        ),
        warp=augmentation.imports(experiment.augment),
        split="from sklearn.model_selection import train_test_split" if drawn else "",
    )
    return Section(
        heading=f"{experiment.title.strip() or 'unnamed'} on Fashion-MNIST",
        text=fill(
            f"A network with {parameters:,} parameters, trained for {length}. Made by "
            f"Fashion-MNIST Lab: {same}. Needs {needed}.",
            WIDTH,
        ),
        definitions=[imports, constants(train, experiment.train_size)],
    )


def _layer_import(names: Sequence[str]) -> str:
    line = f"from keras.layers import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join(["from keras.layers import (", *(f"    {name}," for name in names), ")"])


def _test_statements(experiment: Experiment, stem: str) -> str:
    return source(
        """
        loss, accuracy = model.evaluate(*test, batch_size=500, verbose=0)
        print(f"Right on {accuracy:.2%} of {len(test[0]):,} test images, loss {loss:.4f}")
        <flip>
        model.save(<file>)
        """,
        flip=_flip_statements(experiment) if experiment.train.flip_evaluation else "",
        file=json.dumps(f"{stem}.keras"),
    )


def _flip_statements(experiment: Experiment) -> str:
    """Write the test on the mean of each image's and its mirror image's probabilities."""
    logits = check(experiment.model).from_logits
    return source(
        """
        x, y = test
        y_proba = model.predict(np.concatenate([x, x[:, :, ::-1]]), batch_size=500, verbose=0)
        <softmax>
        y_pred = np.reshape(y_proba, (2, -1, 10)).mean(axis=0).argmax(axis=1)
        print(f"With each image's mirror image: right on {np.mean(y_pred == <labels>):.2%}")
        """,
        softmax="y_proba = keras.ops.softmax(y_proba)" if logits else "",
        labels="y.argmax(axis=1)" if one_hot(experiment) else "y",
    )
