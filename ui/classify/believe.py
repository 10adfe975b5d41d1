"""Believe it or not: is a picture like the training data, does the answer hold, what is near it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis import familiarity, features
from fmnist_core.analysis.familiarity import MOST_DISTANCE, MOST_ENERGY, Verdict, share_in_words
from fmnist_core.analysis.neighbours import listed
from fmnist_core.analysis.stability import in_words, stability, variants
from fmnist_core.derived.kinds import FAMILIARITY, FEATURES, Kind
from fmnist_core.derived.results import DONE, state
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.run import Run
from ui import cache
from ui.classify.familiar import nearest_of, verdict_on
from ui.classify.network import classify
from ui.classify.strips import strip_data
from ui.components.nearest_images import show_nearest_images
from ui.components.variant_strip import show_variant_strip
from ui.derived import offer
from ui.errors.analyses import features_of
from ui.format import escape, percent
from ui.layout import friendly_errors
from ui.neighbour_tiles import Marks, nearest_tiles

_MARKS = Marks(
    same="the class it is taken for", same_sign="✓", other="another class", other_sign="≠"
)
_OFFERS = {
    FAMILIARITY.name: (
        "Compare with the training data",
        "Computes what the network reads from all 70,000 images and how its validation images "
        "score, once a run; then it can be said whether a picture is like the training data.",
        familiarity.likely_seconds,
    ),
    FEATURES.name: (
        "Find the nearest training images",
        "Computes what the network reads from all 70,000 images, once a run.",
        features.likely_seconds,
    ),
}


def draw_verdict(run: Run, pixels: np.ndarray) -> None:
    """Say whether a picture is like the training data, or offer to find out.

    Args:
        run: Whose network is asked.
        pixels: What it sees, uint8 (28, 28).
    """
    with friendly_errors():
        if _offered(run, (FAMILIARITY, FEATURES), place="-verdict"):
            return
        found = verdict_on(run, pixels)
        if found.like:
            st.success(escape(found.sentence), icon=":material/check_circle:")
        else:
            st.warning(escape(found.sentence), icon=":material/warning:")
        st.caption(_scores(found))


def _scores(found: Verdict) -> str:
    """Say where the picture stands among the validation images, and what the limits are worth."""
    text = (
        "In the network's features, farther from the training images than "
        f"{share_in_words(found.farther_than)} of the validation images (limit "
        f"{percent(MOST_DISTANCE, 0)})"
    )
    if found.weaker_than is not None:
        text += (
            "; less evidence for any class (energy) than "
            f"{share_in_words(found.weaker_than)} of them (limit {percent(MOST_ENERGY, 0)})"
        )
    return f"{text}. About 1 of 20 images of the data set exceeds a limit too."


def draw_stability(run: Run, pixels: np.ndarray) -> None:
    """Draw a picture between its shifted, turned and mirrored copies, with what each is taken for.

    Args:
        run: Whose network is asked.
        pixels: What it sees, uint8 (28, 28).
    """
    with friendly_errors():
        changed = variants(pixels)
        y_proba = classify(run, np.stack([pixels, *(each.pixels for each in changed)]))
        found = stability(changed, y_proba)
        st.markdown(escape(in_words(found)))
        data = strip_data(pixels, float(y_proba[0].max()), found)
        show_variant_strip(data, key="classify-variants")


def draw_nearest(run: Run, pixels: np.ndarray) -> None:
    """Draw the 8 training images nearest to a picture, or offer to find them.

    Args:
        run: Whose network is asked.
        pixels: What it sees, uint8 (28, 28).
    """
    with friendly_errors():
        if _offered(run, (FEATURES,), place="-nearest"):
            return
        found = nearest_of(run, pixels)
        label = int(classify(run, pixels[np.newaxis])[0].argmax())
        tiles = nearest_tiles(
            found,
            features_of(run),
            cache.split_of(run),
            said=listed(found.label[0]),
            label=label,
            marks=_MARKS,
        )
        show_nearest_images(tiles, key="classify-nearest")


def _offered(run: Run, kinds: tuple[Kind, ...], *, place: str) -> bool:
    """Offer the first of some results that is not there; say whether one was missing."""
    try:
        missing = [kind for kind in kinds if state(run, kind, cache.run_store()).state != DONE]
    except StoreError as error:  # no weights yet, which is nothing wrong
        st.caption(escape(str(error)))
        return True
    for kind in missing[:1]:
        label, why, seconds = _OFFERS[kind.name]
        offer(run, kind, label=label, why=why, seconds=seconds(run), place=place)
    return bool(missing)
