"""The view of faults: whether the label, the image or the network is to blame for a mistake."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis.fault_rules import KINDS
from fmnist_core.analysis.faults import (
    BY_TAG,
    MODEL_TAG,
    Fault,
    count_kinds,
    not_asked,
    of_kind,
    sort_mistakes,
)
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.export.fault_list import faults_csv
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache, tagging
from ui.errors import analyses, selection
from ui.errors.asked_runs import choose_asked
from ui.errors.detail import detail
from ui.errors.fault_table import fault_table
from ui.errors.fault_tiles import fault_tiles
from ui.errors.gallery import gallery
from ui.errors.mistakes import clear_button, heading
from ui.errors.selection import Selection
from ui.format import count, escape
from ui.layout import first_on_a_phone, friendly_errors, stay_in_view
from ui.pager import page_of

_PANEL = "errors-fault-detail"


@st.fragment
def faults(run: Run, others: list[RunSummary]) -> None:
    """Draw the view for a run; `others` are those that have ended, the best first."""
    with friendly_errors():
        chosen = selection.current()
        predictions = cache.predictions_of(run, chosen.part)
        asked = choose_asked(run, predictions, others)
        no_features = _why_no_features(run, chosen.part)
        evidence = analyses.evidence_of(asked, chosen.part, features=not no_features)
        found = sort_mistakes(evidence, tagging.current_tags())
        if found:
            for sentence in not_asked(len(asked), no_features=no_features):
                st.caption(f":material/info: {escape(sentence)}")
            _sorted(found, features=not no_features)
            _images(run, predictions, found, others)
        else:
            st.info(f"This run makes no mistake on these {count(len(predictions), 'image')}.")
    selection.mirror()


def _why_no_features(run: Run, part: str) -> str:
    """Say why it is not known what lies near the mistakes; "" where it is."""
    try:
        analyses.surroundings_of(run, part)
    except DerivedError:
        return (
            "What the network reads from the training images is not computed yet: the button below "
            "the image in detail does it."
        )
    except StoreError as error:  # the mistakes can be sorted without
        return str(error)
    return ""


def _sorted(found: list[Fault], *, features: bool) -> None:
    """Show how many mistakes are of each kind, and by which rules."""
    counts = count_kinds(found)
    fault_tiles(counts, features=features)
    st.caption(
        "The first rule that applies decides; your tags come before all of them: "
        f"{_tags_in_words()}. Rules can be wrong: they say where to look first. cleanlab doubts a "
        "label where another class is at least as likely as it is on average where it is the "
        "label. Probabilities are means over the runs, each at its temperature; 95 % intervals "
        "stand in brackets."
    )
    with st.expander("By class", icon=":material/table:"):
        fault_table(counts, features=features)
        st.download_button(
            f"Download {count(len(found), 'mistake')} as CSV",
            lambda: faults_csv(found),
            file_name="mistakes.csv",
            mime="text/csv",
            key="errors-faults-csv",
            icon=":material/download:",
            on_click="ignore",
        )


def _tags_in_words() -> str:
    """Say which tags make a mistake what: “unusual” or “cropped” for Unusual image."""
    words = {kind: [word for word, of in BY_TAG.items() if of == kind] for kind in KINDS}
    return ", ".join(
        f"{' or '.join(f'“{word}”' for word in found)} for {KINDS[kind].lower()}"
        for kind, found in words.items()
    )


def _images(
    run: Run, predictions: Predictions, found: list[Fault], others: list[RunSummary]
) -> None:
    """Draw the gallery of the chosen kind, with one of its images in detail beside it."""
    chosen = selection.current()
    listed = [fault for fault in of_kind(found, chosen.kind) if _is_chosen(fault, chosen)]
    name = f"{KINDS[chosen.kind]}: {heading(chosen)}"
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    ):
        st.header(name, anchor=False)
        clear_button(chosen)
    shown = _shown(found, listed, chosen.image)
    if shown is None:
        st.info("No mistake is like that. Choose another kind above, or another class.")
        return
    places = _places(predictions, listed)
    (place,) = _places(predictions, [shown]).tolist()
    left, right = st.columns([3, 2], gap="medium")
    with right, st.container(key=_PANEL):
        detail(run, predictions, place, places, others, reason=shown.reason)
        _overrule()
    stay_in_view(_PANEL)
    first_on_a_phone(_PANEL)
    with left:
        page = page_of(places, place, run.run_id, chosen, key="errors-fault-pages")
        st.caption(
            f"{len(page)} of {count(len(places), 'mistake')}: tagged ones, then the clearest. "
            "Arrow keys move, Enter opens, 1 to 9 tag."
        )
        if len(page):
            index = int(predictions.index[place])
            gallery(predictions, page, index, name=name, key="errors-fault-gallery")


def _is_chosen(fault: Fault, chosen: Selection) -> bool:
    found = fault.evidence
    return chosen.true in (None, found.true) and chosen.predicted in (None, found.predicted)


def _shown(found: list[Fault], listed: list[Fault], image: int | None) -> Fault | None:
    """Return the mistake in detail: the chosen one, whatever its kind is by now, else the first."""
    here = [fault for fault in found if fault.evidence.index == image]
    return next(iter(here or listed), None)


def _places(predictions: Predictions, listed: list[Fault]) -> np.ndarray:
    return np.searchsorted(predictions.index, [fault.evidence.index for fault in listed])


def _overrule() -> None:
    """Offer the one word that overrules and is not there from the beginning."""
    if MODEL_TAG not in tagging.current_tags().words:
        st.button(
            f"Add the tag “{MODEL_TAG}”",
            key="errors-model-tag",
            icon=":material/new_label:",
            help="An own word with a key like the others: images that bear it are model mistakes.",
            on_click=tagging.apply,
            args=(lambda tags: tags.with_word(MODEL_TAG),),
        )
