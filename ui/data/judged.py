"""Images that networks or people have judged: a gallery, and one of them with their verdict."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from fmnist_core.export.png import png_url
from fmnist_core.labels import CLASS_NAMES
from ui import cache, tagging
from ui.components.image_card import show_image_card
from ui.data import choice
from ui.data.detail import card_data
from ui.data.gallery import gallery, show_image, take_opened
from ui.errors.detail import likeliest
from ui.format import count
from ui.layout import first_on_a_phone, stay_in_view
from ui.pager import page_of

PAGE_SIZE = 48  # images
Shares = Callable[[int], np.ndarray]
Sentence = Callable[[int], str]


def judged(
    index: np.ndarray,
    shares: Shares,
    *,
    said: Sentence,
    more: Sentence,
    name: str,
    order: str,
    key: str,
    subject: tuple[object, ...],
) -> None:
    """Draw images page by page, with one of them beside them.

    Args:
        index: Of the images, in their order, at least one.
        shares: What share of the verdicts each class has, of an image; float (10,).
        said: A sentence on the image's label and its verdict.
        more: A sentence of figures.
        name: What the images are, for who cannot see them.
        order: What comes first, in words.
        key: Same key, same gallery.
        subject: What the pages are of.
    """
    left, right = st.columns([3, 2], gap="medium")
    chosen = choice.current().image
    places = np.flatnonzero(index == chosen)  # none where another image is chosen, or no one
    turned = int(places[0]) // PAGE_SIZE if len(places) else None
    with left:
        shown = page_of(
            index,
            chosen if len(places) else -1,
            *subject,
            turned,
            key=f"{key}-pages",
            size=PAGE_SIZE,
        )
        st.caption(
            f"{len(shown):,} of {count(len(index), 'image')}, {order} first: the label, and below "
            "it the verdict. Arrow keys move, Enter opens, 1 to 9 tag."
        )
        image = int(shown[0]) if chosen is None or not len(places) else chosen
        gallery(
            shown,
            name=name,
            key=key,
            chosen=image,
            notes=[f"→ {CLASS_NAMES[int(shares(each).argmax())]}" for each in shown.tolist()],
        )
    panel = f"{key}-panel"
    with right, st.container(key=panel):
        _card(image, index, shares(image), [said(image)], more(image), key=f"{key}-card")
    stay_in_view(panel)
    first_on_a_phone(panel)


def _card(
    image: int, index: np.ndarray, shares: np.ndarray, said: list[str], more: str, *, key: str
) -> None:
    """Draw an image large, with its verdict and its tags."""
    label = int(cache.data_set().labels[image])
    data = card_data(image, index) | {
        "picture": png_url(cache.data_set().images[image]),
        "alt": f"Image {image:,}, enlarged: {CLASS_NAMES[label]}",
        "bars": likeliest(shares, label, mark="label"),
        "tags": tagging.tag_data(np.array([image]), key),
    }
    data["verdict"] = [{"kind": "plain", "text": text} for text in said] + data["verdict"]
    data["facts"] += f" {more}"
    show_image_card(
        data,
        key=key,
        on_opened_change=lambda: take_opened(key, lambda each: choice.change(image=each)),
        on_tagged_change=lambda: _take_tagged(image, key),
    )
    if st.button("Its numbers and its twins", key=f"{key}-open", icon=":material/grid_on:"):
        show_image(image)
        st.rerun()


def _take_tagged(image: int, key: str) -> None:
    """Take tags, and keep the image in view that may no longer be among those shown."""
    tagging.take_tagged(key)
    choice.change(image=image)
