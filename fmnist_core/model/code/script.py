"""The exported code in sections, and the script that they make."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

from fmnist_core.model.check import check
from fmnist_core.model.code.callbacks import one_hot, training_functions
from fmnist_core.model.code.data import data_functions, draws
from fmnist_core.model.code.layout import WIDTH, source
from fmnist_core.model.code.network import build_function, layer_classes
from fmnist_core.model.code.training import constants, fit_statements
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
    traced = check(experiment.model)
    stem = file_stem(experiment)
    return [
        _introduction(experiment, traced.parameters),
        Section(
            heading="The images",
            text=_RESPLIT if data.split == "resplit" else _HONEST_SPLIT,
            definitions=data_functions(data, one_hot=one_hot(train)),
            statements="train, validation, test = load_data()",
        ),
        Section(
            heading="The network",
            text="The seed is set just before the network is made, which draws its first weights.",
            definitions=[build_function(experiment.model, traced, stem)],
            statements="keras.utils.set_random_seed(SEED)\nmodel = build_model()\nmodel.summary()",
        ),
        Section(
            heading="The training",
            text=_TRAINING,
            definitions=training_functions(train),
            statements=fit_statements(train, from_logits=traced.from_logits),
        ),
        Section(
            heading="The test",
            text="The accuracy on images that never trained the network.",
            statements=_test_statements(stem),
        ),
    ]


def file_stem(experiment: Experiment) -> str:
    """Return the experiment's title as letters, digits, "-" and "_", for names of files."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", experiment.title).strip("-_") or "network"


_HONEST_SPLIT = """\
60,000 images to learn from and 10,000 to test with, 28×28 grey pixels each, in ten classes. Some
of the 60,000 are set aside: they judge the network after each epoch and never train it."""

_RESPLIT = """\
70,000 images of 28×28 grey pixels in ten classes, pooled and split anew. The images that judge
the network after each epoch also test it at the end, so the test figures are a little too good."""


_TRAINING = """\
Each epoch shows every training image once, in an order that follows from the seed and the epoch.
The weights of the epoch with the highest validation accuracy are kept."""


def _introduction(experiment: Experiment, parameters: int) -> Section:
    train, drawn = experiment.train, draws(experiment.data)
    count, unit = (train.steps, "step") if train.steps else (train.epochs, "epoch")
    length = f"{count:,} {unit}{'s' if count != 1 else ''}"
    needed = "keras, tensorflow" + (", numpy and scikit-learn" if drawn else " and numpy")
    imports = source(
        """
        import itertools
        import math

        import keras
        import numpy as np
        <layers>
        <split>
        """,
        layers=_layer_import(layer_classes(experiment.model)),
        split="from sklearn.model_selection import train_test_split" if drawn else "",
    )
    return Section(
        heading=f"{experiment.title.strip() or 'unnamed'} on Fashion-MNIST",
        text=fill(
            f"A network with {parameters:,} parameters, trained for {length}. Made by "
            "Fashion-MNIST Lab: the same split, first weights and order of images, and so the same "
            f"figures but for rounding. Needs {needed}.",
            WIDTH,
        ),
        definitions=[imports, constants(train, experiment.train_size)],
    )


def _layer_import(names: Sequence[str]) -> str:
    line = f"from keras.layers import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join(["from keras.layers import (", *(f"    {name}," for name in names), ")"])


def _test_statements(stem: str) -> str:
    return source(
        """
        loss, accuracy = model.evaluate(*test, batch_size=500, verbose=0)
        print(f"Right on {accuracy:.2%} of {len(test[0]):,} test images, loss {loss:.4f}")
        model.save(<file>)
        """,
        file=json.dumps(f"{stem}.keras"),
    )
