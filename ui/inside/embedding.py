"""The view of maps: what the network finds alike lies close together, and can be looked at."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit import column_config as columns

from fmnist_core.analysis.embedding import (
    INSTALL_UMAP,
    KIND_OF,
    METHODS,
    Embedding,
    umap_is_installed,
)
from fmnist_core.analysis.map_agreement import NEIGHBOURS, by_class
from fmnist_core.derived.results import DONE, state
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from ui import cache
from ui.components.point_map import show_point_map
from ui.derived import offer
from ui.format import NONE, count, escape, percent
from ui.inside.embedding_data import colorings, embedding_of, map_data, predicted_of
from ui.inside.image import Subject
from ui.inside.picked_images import draw_picked, picked, take_picked

_METHOD, _COLORING, _KEY = "inside-method", "inside-coloring", "inside-embedding"
_FIRST = "tsne"


def embedding(subject: Subject) -> None:
    """Draw the view."""
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        method = _choose_method()
    run = subject.run
    if method == "umap" and not umap_is_installed():
        st.info(
            f"UMAP is not installed. “{INSTALL_UMAP}” in the app's environment brings it; then "
            "start the app anew."
        )
        return
    if state(run, KIND_OF[method], cache.run_store()).state != DONE:
        _offer(run, method)
        return
    found = embedding_of(run, method)
    predictions = predicted_of(run, found)
    ways = colorings(found, predictions)
    with controls:
        coloring = _choose_coloring(list(ways))
    data = map_data(
        found, method, coloring=coloring, groups=ways[coloring], predictions=predictions
    )
    data |= {"picked": picked(), "current": subject.index}
    show_point_map(data, key=_KEY, on_picked_change=lambda: take_picked(_KEY))
    st.markdown(trust(found, method))
    draw_picked(subject, found, predictions)
    _by_class(found)
    _notes(run, found, ended=predictions is not None)


def _choose_method() -> str:
    return st.segmented_control(
        "Map by",
        METHODS,
        format_func=METHODS.get,
        default=_FIRST,
        required=True,
        key=_METHOD,
        persist_state="session",
    )


def _choose_coloring(ways: list[str]) -> str:
    """Let the person choose among the ways that there are, which are fewer before a run's end."""
    if st.session_state.get(_COLORING) not in ways:
        st.session_state[_COLORING] = ways[0]
    return st.segmented_control(
        "Colours",
        ways,
        required=True,
        key=_COLORING,
        persist_state="session",
        help=f"Neighbours: how many of an image's {NEIGHBOURS} nearest, in the network's own "
        "space, are of its class.",
    )


def _offer(run: Run, method: str) -> None:
    names = "UMAP" if method == "umap" else "PCA and t-SNE"
    offer(
        run,
        KIND_OF[method],
        label="Draw the map" if method == "umap" else "Draw the maps",
        why=f"Lays out the test images by {names}, by what the last layer reads, once a run.",
        seconds=None,
    )


def trust(found: Embedding, method: str) -> str:
    """Say how far a map can be trusted, and how alone the classes are in the space behind it."""
    number = len(found.index)
    kept = float(found.maps[method].kept.mean())
    chance = NEIGHBOURS * NEIGHBOURS / max(1, number - 1)
    same = float(found.same.mean())
    return (
        f"Of an image's {NEIGHBOURS} nearest in the network's own space, **{kept:.1f}** are also "
        f"among its {NEIGHBOURS} nearest on this map (mean of {number:,}; by chance "
        f"{chance:.2f}): trust it that far. In that space **{same:.1f}** of the {NEIGHBOURS} are "
        "of the image's own class."
    )


def _by_class(found: Embedding) -> None:
    """Draw how alone each class is in the network's own space."""
    rows = by_class(found.same, cache.data_set().labels[found.index])
    with st.expander("Neighbours of the same class, class by class"):
        st.dataframe(
            pd.DataFrame(
                {
                    "class": [CLASS_NAMES[row.label] for row in rows],
                    "images": [row.images for row in rows],
                    "same": [None if row.same is None else 100 * row.same for row in rows],
                }
            ),
            hide_index=True,
            width=440,
            height="content",
            placeholder=NONE,
            column_config={
                "class": columns.TextColumn("Class"),
                "images": columns.NumberColumn("Images", format="localized", width=80),
                "same": columns.NumberColumn(
                    f"Of {NEIGHBOURS} nearest, same class", format="%.1f %%"
                ),
            },
            alt="How many of the nearest images are of the same class, class by class.",
        )


def _notes(run: Run, found: Embedding, *, ended: bool) -> None:
    source = found.source
    text = (
        f"The space is what layer {escape(source.layer)} reads, {count(source.size, 'number')} an "
        "image, brought to length 1."
    )
    if source.projected:
        text += " They were projected to fewer at random before, so distances are approximate."
    if source.explained is not None:
        text += (
            f" PCA's two directions hold {percent(source.explained, 0)} of its variance; t-SNE "
            "keeps neighbours and not distances, so the gaps between clusters say little."
        )
    if source.silent:
        text += f" {count(source.silent, 'test image')} left out: all that it reads of them is 0."
    if not ended:
        text += " What is right and wrong is known when the run has ended."
    st.caption(text)
    st.caption(
        ":material/info: These are test images with their labels. Look, but choose networks and "
        "settings on validation images."
    )
    if run.experiment.data.split == "resplit":
        st.caption(":material/info: In this run the test images were the validation images too.")
