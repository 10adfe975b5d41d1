"""The view of label suspects: candidates for a look, by networks that never trained on them."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis.suspects import Suspects, load_suspects
from fmnist_core.derived.kinds import SUSPECTS
from fmnist_core.derived.results import DONE, load, state
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_TRAIN_FILE
from ui import cache, tagging
from ui.data import choice
from ui.data.class_choice import choose_class_or_all
from ui.data.judged import judged
from ui.data.saving import csv_button
from ui.derived import offer
from ui.tag_menu import tag_menu

_SECONDS = 180.0  # on two cores, as docs/benchmarks.md has it
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
            "judge what they have not seen, once for good.",
            seconds=_SECONDS,
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
        label = choose_class_or_all(key="data-suspects-class")
        untagged = st.toggle("Only untagged", key="data-suspects-untagged", persist_state="session")
        tag_menu()
    return file, label, untagged


def _gallery(found: Suspects, index: np.ndarray, subject: tuple[object, ...]) -> None:
    if not len(index):
        st.success("No label of these is doubted.", icon=":material/check:")
        return
    labels = cache.data_set().labels
    judged(
        index,
        lambda image: found.proba[image],
        said=lambda image: (
            f"Labelled {CLASS_NAMES[labels[image]]}; the networks say "
            f"{CLASS_NAMES[found.suggested[image]]}."
        ),
        more=lambda image: f"Quality of the label {found.quality[image]:.3f} of 1.",
        name="Doubtful labels",
        order="the most doubtful",
        key="data-suspects",
        subject=subject,
    )


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
