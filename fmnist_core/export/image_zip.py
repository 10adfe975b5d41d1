"""Chosen images as a ZIP: a PNG each, a table of what the run said of them, and a word on it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence

import numpy as np

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.export.archive import add_file
from fmnist_core.export.png import png
from fmnist_core.export.tag_list import BETWEEN
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import ImageTags

COLUMNS = (
    *("rank", "index", "file", "true", "predicted"),
    *("confidence", "loss", "margin", "tags"),
)
_ABOUT = """\
Images of Fashion-MNIST, chosen by what a run made of them.

{about}

images.csv has a row for each image, in the order of the selection:
  rank        place in the selection, from 1
  index       place among the 70,000 images, from 0; those of the training file come first
  file        the picture: 28 by 28 grey pixels, the garment light on black
  true, predicted   names of the classes
  confidence  probability of the predicted class, 0 to 1
  loss        cross-entropy in nats
  margin      probability of the true class minus the highest other one, -1 to 1
  tags        words that people gave to the image, with ; between them

Fashion-MNIST is (c) 2017 Zalando SE, under the MIT licence, https://arxiv.org/abs/1708.07747
"""


def images_zip(
    chosen: Predictions, images: np.ndarray, *, about: Sequence[str], tags: ImageTags
) -> bytes:
    """Return the ZIP; 10,000 images take a second or so.

    Args:
        chosen: What the run said of the images, in the order of the selection.
        images: All 70,000, uint8 (70000, 28, 28).
        about: Lines that say which run, which part and which filters they come from.
        tags: Of all images.

    Returns:
        The bytes of a ZIP with `README.txt`, `images.csv` and a PNG for each image. The same
        selection gives the same bytes.
    """
    names = _file_names(chosen)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        add_file(archive, "README.txt", _ABOUT.format(about="\n".join(about)).encode())
        add_file(archive, "images.csv", _table(chosen, names, tags).encode())
        for name, index in zip(names, chosen.index.tolist(), strict=True):
            add_file(archive, name, png(images[index]), packed=True)
    return buffer.getvalue()


def _file_names(chosen: Predictions) -> list[str]:
    """Name each picture by rank, index and classes: 0001_40222_shirt_coat.png."""
    classes = [re.sub(r"[^a-z]+", "-", name.lower()) for name in CLASS_NAMES]
    digits = len(str(len(chosen)))
    rows = zip(chosen.index.tolist(), chosen.y_true.tolist(), chosen.y_pred.tolist(), strict=True)
    return [
        f"{rank:0{digits}}_{index:05}_{classes[true]}_{classes[taken]}.png"
        for rank, (index, true, taken) in enumerate(rows, 1)
    ]


def _table(chosen: Predictions, names: Sequence[str], tags: ImageTags) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    figures = (chosen.confidence, chosen.loss, chosen.margin)
    rows = zip(
        *(chosen.index.tolist(), names, chosen.y_true.tolist(), chosen.y_pred.tolist()),
        *([f"{value:.6f}" for value in column.tolist()] for column in figures),
        strict=True,
    )
    for rank, (index, name, true, taken, *written) in enumerate(rows, 1):
        words = BETWEEN.join(tags.words_of(index))
        writer.writerow([rank, index, name, CLASS_NAMES[true], CLASS_NAMES[taken], *written, words])
    return text.getvalue()
