"""Tags of images as a CSV table, a row for each image, and such a table read back."""

from __future__ import annotations

import csv
import io

import numpy as np

from fmnist_core.exceptions import TagError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.image_tags import ImageTags, check_index
from fmnist_core.specs.data import NUM_IMAGES, NUM_TRAIN_FILE

COLUMNS = ("index", "file", "number", "label", "tags")
BETWEEN = ";"  # between the tags of an image
MAX_BYTES = 8 * 2**20  # all 70,000 images with all words take 6 MB


def tags_csv(tags: ImageTags, labels: np.ndarray) -> str:
    """Return a table of all images that bear a tag, in the order of the data set.

    Args:
        tags: What is written.
        labels: Of the 70,000 pooled images, int (70000,).
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for index in tags.tagged:
        file, number = (
            ("train", index) if index < NUM_TRAIN_FILE else ("test", index - NUM_TRAIN_FILE)
        )
        words = BETWEEN.join(tags.words_of(index))
        writer.writerow([index, file, number, CLASS_NAMES[labels[index]], words])
    return text.getvalue()


def with_csv(tags: ImageTags, table: bytes) -> ImageTags:
    """Add what a table says to tags; all of it or, where a row is wrong, nothing.

    Args:
        tags: Those that are there; none is taken away.
        table: CSV in UTF-8 with the columns "index" and "tags"; others are not looked at.

    Raises:
        TagError: The table is damaged; the sentence names the line.
    """
    if len(table) > MAX_BYTES:
        raise TagError(f"A table of tags has at most {MAX_BYTES // 2**20} MB.")
    try:
        rows = csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""), strict=True)
        if not {"index", "tags"} <= set(rows.fieldnames or ()):
            raise TagError('The first line must name the columns "index" and "tags".')
        return _with_rows(tags, rows)
    except UnicodeDecodeError as error:
        raise TagError("A table of tags is a text in UTF-8; this file is none.") from error
    except csv.Error as error:
        raise TagError(f"This is no CSV table ({error}).") from error


def _with_rows(tags: ImageTags, rows: csv.DictReader[str]) -> ImageTags:
    """Collect the images of each word first: a change for each row would be slow."""
    images: dict[str, set[int]] = {}
    for row in rows:
        try:
            index = _index(row["index"] or "")
            words = [word.strip() for word in (row["tags"] or "").split(BETWEEN)]
            for word in filter(None, words):
                if word not in images:  # a word that is not allowed is told with its line
                    tags = tags.with_word(word)
                images.setdefault(word, set()).add(index)
        except TagError as error:
            raise TagError(f"Line {rows.line_num}: {error}") from error
    for word, found in images.items():
        tags = tags.with_tag(found, word)
    return tags


def _index(text: str) -> int:
    digits = text.isascii() and text.isdigit() and len(text) <= len(str(NUM_IMAGES))
    return check_index(int(text) if digits else text)
