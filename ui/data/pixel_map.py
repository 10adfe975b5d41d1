"""The view of the map: images with alike pixels lie close together, before any network."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.embedding import (
    INSTALL_UMAP,
    METHODS,
    PIXEL_KIND_OF,
    Embedding,
    load_embedding,
    umap_is_installed,
)
from fmnist_core.analysis.map_agreement import NEIGHBOURS
from fmnist_core.derived.results import DONE, load, state
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.labels import CLASS_NAMES
from ui import cache
from ui.components.point_map import show_point_map
from ui.data import choice, facts
from ui.data.gallery import gallery
from ui.data.saving import csv_button
from ui.derived import offer
from ui.format import count, percent
from ui.inside import choice as inside_choice
from ui.inside.embedding_data import CLASS, point_map_data
from ui.inside.picked_images import asked_images, commonest_classes
from ui.pager import page_of

_METHOD, _KEY, _PICKED = "data-map-method", "data-map", "data-map-picked"
_PAGE = 48  # images


def pixel_map() -> None:
    """Draw the view: PCA at once, the others once they are computed."""
    method = _controls()
    if method == "umap" and not umap_is_installed():
        st.info(
            f"UMAP is not installed. “{INSTALL_UMAP}” in the app's environment brings it; then "
            "start the app anew."
        )
    elif method == "pca":
        index, points, explained = facts.pca_map()
        _draw(index, points, method)
        st.caption(f"{_SAMPLE} PCA's two directions hold {percent(explained, 0)} of the variance.")
        _images(index, points, method)
    elif (found := _computed(method)) is not None:
        points = found.maps[method].points
        _draw(found.index, points, method)
        st.markdown(_trust(found, method))
        st.caption(_SAMPLE)
        _images(found.index, points, method)
    choice.mirror()


_SAMPLE = (
    "A sample of the training file, 500 images of each class, by their 784 pixels alone: no "
    "network has seen them. What lies apart here is easy; what is mixed is what a network has to "
    "learn to tell apart."
)


def _controls() -> str:
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    ):
        method = st.segmented_control(
            "Map by",
            METHODS,
            format_func=METHODS.get,
            default="pca",
            required=True,
            key=_METHOD,
            persist_state="session",
        )
        if st.button(
            "The same by a network's features",
            key="data-map-inside",
            icon=":material/biotech:",
            help="On the Inside page: the test images, by what a trained network reads of them.",
        ):
            inside_choice.change(view="embedding")
            st.switch_page("inside.py")
    return method


def _computed(method: str) -> Embedding | None:
    """Return the maps that hold this one; where they are not there yet, offer to compute them."""
    store, kind = cache.run_store(), PIXEL_KIND_OF[method]
    if state(DATA_SET, kind, store).state == DONE:
        return _embedding(method, str(load(DATA_SET, kind, store)))
    offer(
        DATA_SET,
        kind,
        label="Draw the map",
        why=f"Lays out 5,000 images by {METHODS[method]} of their pixels, once for good.",
        seconds=None,
    )
    return None


@st.cache_resource(show_spinner=False, max_entries=4)
def _embedding(method: str, folder: str) -> Embedding:
    return load_embedding(DATA_SET, PIXEL_KIND_OF[method], cache.run_store())


def _draw(index: np.ndarray, points: np.ndarray, method: str) -> None:
    data: dict[str, Any] = point_map_data(
        index,
        points,
        coloring=CLASS,
        groups=cache.data_set().labels[index],
        name=f"{count(len(index), 'training image')} by {METHODS[method]} of their pixels",
    )
    data |= {"picked": _picked(), "current": choice.current().image}
    show_point_map(data, key=_KEY, on_picked_change=_take_picked)


def _picked() -> list[int]:
    return st.session_state.get(_PICKED, [])


def _take_picked() -> None:
    st.session_state[_PICKED] = asked_images(_KEY)


def _trust(found: Embedding, method: str) -> str:
    kept, same = found.maps[method].kept.mean(), found.same.mean()
    return (
        f"Of an image's {NEIGHBOURS} nearest by all 784 pixels, **{kept:.1f}** are also among its "
        f"{NEIGHBOURS} nearest on this map, and **{same:.1f}** are of its own class: so far do "
        "pixels alone tell the classes apart."
    )


def _images(index: np.ndarray, points: np.ndarray, method: str) -> None:
    """Draw the images that were chosen on the map, and offer all places as a table."""
    labels = cache.data_set().labels
    places = np.flatnonzero(np.isin(index, _picked()))
    if len(places):
        st.subheader(f"{count(len(places), 'image')} chosen", anchor=False)
        st.markdown(commonest_classes(labels[index[places]]))
        shown = page_of(index[places], -1, *_picked(), key="data-map-pages", size=_PAGE)
        gallery(shown, name="Images chosen on the map", key="data-map-images", leads_away=True)
    csv_button(
        f"pixel-map-{method}",
        lambda: {
            "index": index,
            "class": np.array(CLASS_NAMES)[labels[index]],
            "x": points[:, 0],
            "y": points[:, 1],
        },
    )
