"""The images that were chosen on a map: how many are right, what they are taken for, pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from fmnist_core.analysis.confusion import top_confusions
from fmnist_core.analysis.embedding import Embedding
from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.mistakes import sort
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_IMAGES
from ui import cache, tagging
from ui.components.gallery import show_gallery
from ui.errors.gallery import gallery_data
from ui.format import count, percent, share_interval
from ui.inference import ask
from ui.inside import choice
from ui.inside.image import Subject
from ui.pager import page_of
from ui.readers import index_within, opened

PAGE_SIZE = 24  # images
TOP = 3  # confusions, or classes
_PICKED, _PAGES, _GALLERY = "inside-picked", "inside-picked-pages", "inside-picked-images"


def picked() -> list[int]:
    """Return the indices of the images that this session has chosen on a map, ascending."""
    return st.session_state.get(_PICKED, [])


def take_picked(key: str) -> None:
    """Choose the images that the browser asks for in the component `key`."""
    st.session_state[_PICKED] = asked_images(key)


def asked_images(key: str) -> list[int]:
    """Return the indices of the images that a browser chose in the component `key`, ascending."""
    message = st.session_state[key].get("picked")
    asked = message.get("images") if isinstance(message, Mapping) else None
    known = [index_within(each, NUM_IMAGES) for each in asked] if isinstance(asked, list) else []
    return sorted({each for each in known if each is not None})


def draw_picked(subject: Subject, found: Embedding, predictions: Predictions | None) -> None:
    """Draw what is chosen, if anything is; a click on an image makes it the page's.

    Args:
        subject: What is looked into.
        found: The maps on which the images are.
        predictions: Of all images of the maps, in their order; None before a run has ended.
    """
    places = np.flatnonzero(np.isin(found.index, picked()))
    if not len(places):
        return
    labels = cache.data_set().labels[found.index]
    st.subheader(f"{count(len(places), 'image')} chosen", anchor=False)
    if predictions is None:
        st.markdown(commonest_classes(labels[places]))
    else:
        st.markdown(_figures(predictions.take(places)))
        places = sort(predictions, places, "most confident wrong")
    place = int(np.searchsorted(found.index, subject.index or 0))
    shown = page_of(places, place, *picked(), key=_PAGES, size=PAGE_SIZE)
    of_shown = (
        _asked(subject, found.index[shown], labels[shown])
        if predictions is None
        else predictions.take(shown)
    )
    _gallery(of_shown, subject.index)


def commonest_classes(labels: np.ndarray) -> str:
    """Name the commonest classes."""
    counts = np.bincount(labels, minlength=len(CLASS_NAMES))
    order = np.argsort(-counts, kind="stable")[:TOP]
    names = ", ".join(f"{CLASS_NAMES[label]} {counts[label]:,}" for label in order if counts[label])
    return f"Most often {names}."


def _figures(chosen: Predictions) -> str:
    """Say how many are right, and what the others are taken for."""
    total, wrong = len(chosen), int(chosen.wrong.sum())
    right = total - wrong
    text = (
        f"**{percent(right / total, 1)}** right, {right:,} of {total:,} "
        f"(95 % interval {share_interval(right, total)}). {commonest_classes(chosen.y_true)}"
    )
    top = top_confusions(confusion(chosen.y_true, chosen.y_pred), TOP)
    names = [
        f"{CLASS_NAMES[each.true]} taken for {CLASS_NAMES[each.predicted]}, {each.images:,} of "
        f"{each.of:,}"
        for each in top
    ]
    return f"{text} {'; '.join(names)}." if names else text


def _asked(subject: Subject, index: np.ndarray, labels: np.ndarray) -> Predictions:
    """Return what the network makes of a few images now."""
    images = cache.data_set().images[index]
    proba = ask("classify", subject.run, {"images": images}).arrays["proba"]
    return Predictions(part="test", index=index, y_true=labels, y_proba=proba)


def _gallery(shown: Predictions, current: int | None) -> None:
    tagging.say_problem()
    data = gallery_data(shown, np.arange(len(shown)))
    data |= {
        "chosen": current,
        "name": "Images chosen on the map",
        "tags": tagging.tag_data(shown.index, _GALLERY),
    }
    show_gallery(
        data,
        key=_GALLERY,
        on_opened_change=_take_opened,
        on_tagged_change=lambda: tagging.take_tagged(_GALLERY),
    )


def _take_opened() -> None:
    """Make the image that the browser asks for the page's."""
    image = opened(_GALLERY, "image", NUM_IMAGES)
    if image is not None:
        choice.change(image=image)
