"""The challenge set that all sessions share, and what runs make of it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from fmnist_core.challenge import ChallengeSet
from fmnist_core.derived.place import weights_digest
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.challenge_result import FILE_NAME, ChallengeResult, read_challenge_result
from fmnist_core.runs.run import Run
from ui import cache


def challenge_set() -> ChallengeSet:
    """Return the set beside the store that all sessions read."""
    return cache.run_store().challenge


def result_of(run: Run) -> ChallengeResult | None:
    """Return what a run's weights of today make of the set, be it of another state.

    What was said of a picture is so as long as the weights are the same; whether the figures are
    those of today's set, its digest says.
    """
    found = _result(str(run.folder), cache.file_stamp(run.folder / FILE_NAME))
    try:
        return found if found and found.weights == weights_digest(run) else None
    except StoreError:  # the weights are gone
        return None


@st.cache_resource(show_spinner=False, max_entries=64)
def _result(folder: str, stamp: cache.Stamp) -> ChallengeResult | None:
    return read_challenge_result(Path(folder))
