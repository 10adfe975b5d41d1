"""The view of label suspects: candidates for a look, by networks that never trained on them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis.suspects import Suspects, load_suspects
from fmnist_core.derived.kinds import SUSPECTS
from fmnist_core.derived.results import DONE, load, state
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.export.png import png_url
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_TRAIN_FILE
from ui import cache
from ui.components.image_card import show_image_card
from ui.data import choice, facts
from ui.data.detail import card_data
from ui.data.gallery import gallery, take_opened
from ui.data.pixels import choose_class
from ui.data.saving import csv_button
from ui.derived import offer
from ui.errors import tagging
from ui.errors.detail import likeliest
from ui.errors.images import page_of
from ui.errors.tag_menu import tag_menu
from ui.format import count
from ui.layout import first_on_a_phone, stay_in_view

_PAGE = 48  # images
_PANEL, _CARD = "data-suspect", "data-suspect-card"
_FILES = {"both": "Both files", "training": "Training file", "test": "Test file"}


def suspects() -> None:
    """Draw the candidates, or the button that has them looked for."""
    store = cache.run_store()
    if state(DATA_SET, SUSPECTS, store).state != DONE:
        offer(
            DATA_SET,
            SUSPECTS,
            label="Look for doubtful labels",
            why="Trains five small networks, each on four fifths of the training file, which then "
            "judge what they have not seen. Once for good; a few minutes, in the background.",
            seconds=None,
        )
    else:
        _candidates(_suspects(str(load(DATA_SET, SUSPECTS, store))))
    choice.mirror()


@st.cache_resource(show_spinner=False, max_entries=2)  # 3 MB
def _suspects(folder: str) -> Suspects:
    return load_suspects(cache.run_store())


def _candidates(found: Suspects) -> None:
    labels = cache.data_set().labels
    st.info(
        "These are candidates, not mistakes: a network is often simply wrong, or the picture could "
        "be either. Look, and tag what you think of them (1 to 9); the tags hold everywhere.",
        icon=":material/visibility:",
    )
    file, label, untagged = _controls()
    index = found.order
    if file != "both":
        index = index[(index >= NUM_TRAIN_FILE) == (file == "test")]
    if label is not None:
        index = index[labels[index] == label]
    if untagged:
        index = index[~np.isin(index, tagging.current_tags().tagged)]
    _gallery(found, index, (file, label, untagged))
    csv_button("label-suspects", lambda: _columns(found, labels))


def _controls() -> tuple[str, int | None, bool]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        file = st.segmented_control(
            "File",
            _FILES,
            format_func=_FILES.get,
            default="both",
            required=True,
            key="data-suspects-file",
            persist_state="session",
        )
        label = choose_class(key="data-suspects-class")
        untagged = st.toggle("Only untagged", key="data-suspects-untagged", persist_state="session")
        tag_menu()
    return file, label, untagged


def _gallery(found: Suspects, index: np.ndarray, subject: tuple[object, ...]) -> None:
    if not len(index):
        st.success("No label of these is doubted.", icon=":material/check:")
        return
    left, right = st.columns([3, 2], gap="medium")
    with left:
        shown = page_of(index, -1, *subject, key="data-suspects-pages", size=_PAGE)
        st.caption(
            f"{len(shown):,} of {count(len(index), 'candidate')}, the most doubtful first: the "
            "label, and below it what the networks say. Arrow keys move, Enter opens, 1 to 9 tag."
        )
        chosen = choice.current().image
        image = chosen if chosen in index else int(shown[0])
        gallery(
            shown,
            name="Doubtful labels",
            key="data-suspects",
            chosen=image,
            notes=[f"→ {CLASS_NAMES[found.suggested[each]]}" for each in shown],
        )
    with right, st.container(key=_PANEL):
        _card(found, image, index)
    stay_in_view(_PANEL)
    first_on_a_phone(_PANEL)


def _card(found: Suspects, image: int, index: np.ndarray) -> None:
    """Draw a candidate large, with what the networks say and its tags."""
    label, suggested = int(cache.data_set().labels[image]), int(found.suggested[image])
    data = card_data(image, index) | {
        "picture": png_url(cache.data_set().images[image]),
        "alt": f"Image {image:,}, enlarged: {CLASS_NAMES[label]}",
        "bars": likeliest(found.proba[image], label, mark="label"),
        "tags": tagging.tag_data(np.array([image]), _CARD),
    }
    said = f"Labelled {CLASS_NAMES[label]}; the networks say {CLASS_NAMES[suggested]}."
    data["verdict"].insert(0, {"kind": "plain", "text": said})
    data["facts"] += f" Quality of the label {found.quality[image]:.3f} of 1."
    show_image_card(
        data,
        key=_CARD,
        on_opened_change=lambda: take_opened(_CARD, lambda each: choice.change(image=each)),
        on_tagged_change=lambda: _take_tagged(image),
    )
    if st.button("Its numbers and its twins", key="data-suspect-open", icon=":material/grid_on:"):
        facts.show_image(image)
        st.rerun()


def _take_tagged(image: int) -> None:
    """Take tags, and keep the image in view that may no longer be among those shown."""
    tagging.take_tagged(_CARD)
    choice.change(image=image)


def _columns(found: Suspects, labels: np.ndarray) -> dict[str, np.ndarray]:
    index, names = found.order, np.array(CLASS_NAMES)
    tags = tagging.current_tags()
    return {
        "index": index,
        "label": names[labels[index]],
        "suggested": names[found.suggested[index]],
        "probability": found.proba[index, found.suggested[index]].round(4),
        "quality": found.quality[index].round(4),
        "tags": np.array([";".join(tags.words_of(int(image))) for image in index]),
    }
