"""Words that people give to images: one file of the store, outside the runs, so good for them all.

It lies with the runs because it is written as their notes are, and read on each of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.exceptions import StoreError, TagError
from fmnist_core.runs.files import read_json, write_json
from fmnist_core.runs.locks import take
from fmnist_core.specs.data import NUM_IMAGES

FILE_NAME = ".image-tags.json"
LOCK_NAME = ".image-tags.lock"  # whoever changes tags reads and writes under it
LOCK_SECONDS = 5.0  # a change takes a few milliseconds
FORMAT = 1
KNOWN = ("ambiguous", "label wrong", "cropped", "unusual")
MAX_OWN = 5  # with those that are known, one a key from 1 to 9
_WORD = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 ._-]{0,28}[A-Za-z0-9._-])?")
_WORD_RULE = (
    "a letter or digit, then at most 29 letters, digits, spaces, dots, underscores or hyphens, no "
    "space at the end"
)


@dataclass(frozen=True, kw_only=True)
class ImageTags:
    """Which images bear which words; never changed, each change returns another one.

    Attributes:
        own: Words beside `KNOWN`, at most `MAX_OWN`, in the order in which they came.
        images: For each word that an image bears, the images by index into the 70,000 pooled ones,
            those of the training file first.
    """

    own: tuple[str, ...] = ()
    images: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse words and images that there cannot be.

        Raises:
            TagError: One of them is not allowed, or there are too many words.
        """
        for word in self.own:
            _check_word(word)
        if len({word.casefold() for word in self.words}) < len(self.words):
            raise TagError("A word stands there twice.")
        if len(self.own) > MAX_OWN:
            raise TagError(
                f"There is room for {MAX_OWN} own words, one a key, and these are taken: "
                f"{', '.join(self.own[:MAX_OWN])}. Use one of them, or forget one that no image "
                "bears."
            )
        for word, images in self.images.items():
            if word not in self.words:
                raise TagError(f'"{word[:40]}" is none of the words.')
            for index in images:
                check_index(index)

    @property
    def words(self) -> tuple[str, ...]:
        """All words, those that are known first; the place of each, from 1, is its key."""
        return KNOWN + self.own

    @property
    def tagged(self) -> list[int]:
        """Images that bear a word, rising."""
        return sorted(frozenset().union(*self.images.values()))

    def words_of(self, index: int) -> tuple[str, ...]:
        """Return what an image bears, in the order of the words."""
        return tuple(word for word in self.words if index in self.images.get(word, ()))

    def images_of(self, *words: str) -> np.ndarray:
        """Return the images that bear at least one of these words, int32 (N,), rising.

        Raises:
            TagError: There is no such word.
        """
        found = frozenset().union(*(self.images.get(self.known(word), ()) for word in words))
        return np.array(sorted(found), np.int32)

    def known(self, word: str) -> str:
        """Return the word as it is written here, whatever its case.

        Raises:
            TagError: There is no such word.
        """
        for known in self.words:
            if known.casefold() == word.casefold():
                return known
        raise TagError(f'No tag is called "{word[:40]}"; there are {", ".join(self.words)}.')

    def with_word(self, word: str) -> ImageTags:
        """Add an own word, if it is not there.

        Raises:
            TagError: It is not allowed, or there is no room.
        """
        if word.casefold() in {known.casefold() for known in self.words}:
            return self
        return ImageTags(own=(*self.own, word), images=self.images)

    def without_word(self, word: str) -> ImageTags:
        """Forget an own word.

        Raises:
            TagError: It is no own word, or an image bears it.
        """
        word = self.known(word)
        if word in KNOWN:
            raise TagError(f'"{word}" cannot be forgotten; only own words can.')
        if bearing := len(self.images.get(word, ())):
            raise TagError(f'"{word}" is still on {bearing:,} of the images. Untag them first.')
        return ImageTags(own=tuple(own for own in self.own if own != word), images=self.images)

    def with_tag(self, images: Iterable[int], word: str) -> ImageTags:
        """Give a word to images; a new word becomes an own one.

        Raises:
            TagError: The word or an image is not allowed.
        """
        wider = self.with_word(word)
        word = wider.known(word)
        return wider._replacing(word, wider.images.get(word, frozenset()).union(images))

    def without_tag(self, images: Iterable[int], word: str) -> ImageTags:
        """Take a word from images; one that does not bear it does no harm.

        Raises:
            TagError: There is no such word.
        """
        word = self.known(word)
        return self._replacing(word, self.images.get(word, frozenset()).difference(images))

    def _replacing(self, word: str, images: frozenset[int]) -> ImageTags:
        others = {other: borne for other, borne in self.images.items() if other != word}
        return ImageTags(own=self.own, images={**others, word: images} if images else others)


def check_index(index: object) -> int:
    """Return the index if it is one of an image.

    Raises:
        TagError: It is not.
    """
    whole = isinstance(index, int) and not isinstance(index, bool)
    if not isinstance(index, int) or not whole or not 0 <= index < NUM_IMAGES:
        raise TagError(
            f"Images have numbers from 0 to {NUM_IMAGES - 1}; you gave {str(index)[:40]}."
        )
    return index


def read_tags(root: Path) -> ImageTags:
    """Read the tags of a store; none where there is no file.

    Raises:
        StoreError: The file is torn, or holds no tags of this format.
    """
    mend = "Mend that file or move it away, then try again; the runs are unharmed."
    try:
        data = read_json(root / FILE_NAME)
        return _from_dict(data) if data else ImageTags()
    except (StoreError, TagError, ValueError) as error:
        text = str(error).removeprefix(f"{root.name}/{FILE_NAME} ").rstrip(".")
        raise StoreError(f"{FILE_NAME}, the tags of images: {text}. {mend}") from error


def change_tags(root: Path, change: Callable[[ImageTags], ImageTags]) -> ImageTags:
    """Change the tags of a store, and return all; two who do so at once both succeed.

    Args:
        root: The folder of the store.
        change: What makes the new ones of those that are there: `lambda tags: tags.with_tag(...)`.

    Raises:
        TagError: The change is not allowed; nothing is written.
        StoreError: The file is damaged, or cannot be written.
    """
    lock = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = take(root / LOCK_NAME, seconds=LOCK_SECONDS)
        if lock is None:
            raise StoreError("Other tags are being written just now. Try again in a moment.")
        before = read_tags(root)
        after = change(before)
        if after != before:
            write_json(root / FILE_NAME, _to_dict(after))
    except OSError as error:
        raise StoreError(
            f"The tags of images could not be written: {error.strerror or error}. Make the folder "
            f"{root} writable, or free some space."
        ) from error
    finally:
        if lock:
            lock.release()
    return after


def _check_word(word: object) -> None:
    if not isinstance(word, str) or not _WORD.fullmatch(word):
        raise TagError(f"A tag must be {_WORD_RULE}; you gave {str(word)[:40]!r}.")


def _to_dict(tags: ImageTags) -> dict[str, Any]:
    images = {word: sorted(tags.images[word]) for word in tags.words if word in tags.images}
    return {"format": FORMAT, "own": list(tags.own), "images": images}


def _from_dict(data: dict[str, Any]) -> ImageTags:
    """Read what `_to_dict` wrote.

    Raises:
        ValueError: It did not.
        TagError: A word or an image is not allowed.
    """
    own, images = data.get("own"), data.get("images")
    if data.get("format") != FORMAT:
        raise ValueError(f"it is not of format {FORMAT}")
    if not isinstance(own, list) or not isinstance(images, dict):
        raise ValueError("words or images are missing")
    if not all(isinstance(indices, list) for indices in images.values()):
        raise ValueError("a word has no list of images")
    for index in (index for indices in images.values() for index in indices):
        check_index(index)
    return ImageTags(
        own=tuple(own),
        images={word: frozenset(indices) for word, indices in images.items() if indices},
    )
