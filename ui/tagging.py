"""Tags of images on the page: what the browser is told, and what it sends back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.image_tags import ImageTags, change_tags
from fmnist_core.specs.data import NUM_IMAGES
from ui import cache
from ui.layout import show_problem
from ui.readers import index_within

MAX_CHANGES = 100  # in one message; nobody presses so many keys before the server hears of them
_PROBLEM = "tags-problem"
_LATEST = 2**53  # milliseconds that a browser can count to


@dataclass(frozen=True, kw_only=True)
class _Change:
    """An image shall bear a word, or not; `at` rises from change to change of a component."""

    image: int
    word: str
    on: bool
    at: int

    def __call__(self, tags: ImageTags) -> ImageTags:
        word = tags.known(self.word)  # a browser adds no words by the way
        change = tags.with_tag if self.on else tags.without_tag
        return change([self.image], word)


def current_tags() -> ImageTags:
    """Return the tags of images; none where their file is damaged, which `say_problem` says."""
    try:
        return cache.image_tags()
    except FmnistError:
        return ImageTags()


def tag_data(index: np.ndarray, key: str) -> dict[str, Any]:
    """Describe in JSON how images are tagged.

    Args:
        index: Of the images, int (N,).
        key: Of the component that shows them.

    Returns:
        "words" in the order of their keys, none where nothing can be tagged; "tagged", the words of
        each image that bears one; and "heard", the last change of this component that was taken.
    """
    tags = current_tags()
    words = {str(image): tags.words_of(image) for image in index.tolist()}
    return {
        "words": [] if _damage() else list(tags.words),
        "tagged": {image: list(borne) for image, borne in words.items() if borne},
        "heard": st.session_state.get(_heard(key), 0),
    }


def take_tagged(key: str) -> None:
    """Give and take the tags that the browser asks for in the component `key`."""
    message = st.session_state[key].get("tagged")
    changes = _changes(message)
    if changes:
        st.session_state[_heard(key)] = max(each.at for each in changes)
        apply(lambda tags: _all_of(changes, tags))


def apply(change: Callable[[ImageTags], ImageTags]) -> bool:
    """Change the tags and say whether it could be done; `say_problem` says why not."""
    st.session_state.pop(_PROBLEM, None)
    try:
        change_tags(cache.run_store().root, change)
    except FmnistError as error:
        st.session_state[_PROBLEM] = "" if _damage() else str(error)  # damage is said until mended
        return False
    return True


def say_problem() -> None:
    """Show what is wrong with the tags, if anything is."""
    if problem := _damage() or st.session_state.get(_PROBLEM):
        show_problem(problem)


def _damage() -> str:
    try:
        cache.image_tags()
    except FmnistError as error:
        return str(error)
    return ""


def _heard(key: str) -> str:
    return f"{key}-heard"


def _changes(message: object) -> list[_Change]:
    """Read a message, and leave out of it what is no change."""
    sent = message.get("changes") if isinstance(message, Mapping) else None
    found = [_change(each) for each in sent[-MAX_CHANGES:]] if isinstance(sent, list) else []
    return [each for each in found if each is not None]


def _change(sent: object) -> _Change | None:
    if not isinstance(sent, Mapping):
        return None
    image, at = index_within(sent.get("image"), NUM_IMAGES), index_within(sent.get("at"), _LATEST)
    word, on = sent.get("word"), sent.get("on")
    if image is None or at is None or not isinstance(word, str) or not isinstance(on, bool):
        return None
    return _Change(image=image, word=word, on=on, at=at)


def _all_of(changes: list[_Change], tags: ImageTags) -> ImageTags:
    for change in changes:
        tags = change(tags)
    return tags
