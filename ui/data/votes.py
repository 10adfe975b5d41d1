"""The view of human votes: what people take the test images for, if somebody brings the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.analysis.human_votes import (
    FILE_NAME,
    HumanVotes,
    keep_votes,
    load_votes,
    read_csv,
    votes_by_class,
)
from fmnist_core.exceptions import FmnistError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_TRAIN_FILE
from ui import cache
from ui.data import choice
from ui.data.class_choice import choose_class_or_all
from ui.data.judged import judged
from ui.data.saving import csv_button
from ui.format import percent, share_interval
from ui.layout import show_problem, tile

_FILE, _PROBLEM = "data-votes-file", "data-votes-problem"
_ORDERS = {"split": "Most divided first", "against": "Most against the label first"}


def votes() -> None:
    """Draw what people say, or ask for the file."""
    root = cache.run_store().root
    found = _votes(root, cache.file_stamp(root / FILE_NAME))
    if problem := st.session_state.pop(_PROBLEM, ""):
        show_problem(problem)
    if found is None:
        _ask()
    else:
        labels = cache.data_set().y_test
        _figures(found, labels)
        _images(found, labels)
    choice.mirror()


@st.cache_resource(show_spinner=False, max_entries=2)  # 0.4 MB
def _votes(root: Path, stamp: cache.Stamp) -> HumanVotes | None:
    return load_votes(root)


def _ask() -> None:
    st.markdown(
        "About 67 people each have said what every test image shows (Fashion-MNIST-H, [Ishida et "
        "al. 2023](https://arxiv.org/abs/2202.00395)). Their votes are not part of this project: "
        "bring the file `fmh_counts.csv`, and they are kept in this store."
    )
    st.file_uploader(
        "fmh_counts.csv",
        type="csv",
        key=_FILE,
        max_upload_size=2,
        on_change=_take,
        help="10,000 rows of 10 whole numbers: the votes for each class.",
    )


def _take() -> None:
    upload = st.session_state[_FILE]
    if upload is None:
        return
    try:
        keep_votes(cache.run_store().root, read_csv(upload.getvalue()))
    except FmnistError as error:
        st.session_state[_PROBLEM] = str(error)


def _figures(found: HumanVotes, labels: np.ndarray) -> None:
    rows = votes_by_class(found, labels)
    right, total = sum(row.right for row in rows), sum(row.images for row in rows)
    with st.container(horizontal=True):
        tile(
            "Most people say the label",
            percent(right / total, 1),
            f"{right:,} of {total:,} test images, {share_interval(right, total)}",
        )
        agreement = float(found.agreement(labels).mean())
        tile("One person says the label", percent(agreement, 1), "mean share of the votes")
        tile("Votes an image", f"{found.counts.sum(axis=1).mean():.0f}", "on average")
    st.table(
        pd.DataFrame(
            {
                "Class": [CLASS_NAMES[row.label] for row in rows],
                "Most say it": [
                    f"{percent(row.right / row.images, 1)} "
                    f"({share_interval(row.right, row.images)})"
                    for row in rows
                ],
                "Share of the votes": [percent(row.agreement, 1) for row in rows],
            }
        ).set_index("Class")
    )
    st.caption(
        "They saw the same 28×28 pixels as a network does. In brackets 95 % Wilson intervals."
    )


def _images(found: HumanVotes, labels: np.ndarray) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.segmented_control(
            "Order",
            _ORDERS,
            format_func=_ORDERS.get,
            default="split",
            required=True,
            key="data-votes-order",
            persist_state="session",
        )
        label = choose_class_or_all(key="data-votes-class")
    agreement, disagreement = found.agreement(labels), found.disagreement
    places = np.argsort(-disagreement if order == "split" else agreement, kind="stable")
    if label is not None:
        places = places[labels[places] == label]
    shares = found.shares
    judged(
        NUM_TRAIN_FILE + places,
        lambda image: shares[image - NUM_TRAIN_FILE],
        said=lambda image: (
            f"{percent(float(agreement[image - NUM_TRAIN_FILE]), 0)} of "
            f"{found.counts[image - NUM_TRAIN_FILE].sum():,} votes are for the label, "
            f"{CLASS_NAMES[labels[image - NUM_TRAIN_FILE]]}."
        ),
        more=lambda image: f"Disagreement {disagreement[image - NUM_TRAIN_FILE]:.2f} bits.",
        name="Test images that people have judged",
        order=_ORDERS[order].removesuffix(" first").lower(),
        key="data-votes",
        subject=(order, label),
    )
    csv_button(
        "human-votes",
        lambda: {
            "index": NUM_TRAIN_FILE + np.arange(len(labels)),
            "label": np.array(CLASS_NAMES)[labels],
            "most say": np.array(CLASS_NAMES)[found.plurality],
            "share for the label": agreement.round(4),
            "disagreement in bits": disagreement.round(4),
        },
    )
