"""Whether to believe what a run says of a picture: like the training data, stable, near to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from fmnist_core.analysis.familiarity import load_familiarity, verdict_of
from fmnist_core.analysis.features import load_features
from fmnist_core.analysis.neighbours import listed, nearest_to
from fmnist_core.analysis.own_pictures import Ask, probabilities
from fmnist_core.analysis.stability import Stability, in_words, stability, variants
from fmnist_core.cli.derived import neighbour_rows
from fmnist_core.data.files import load
from fmnist_core.data.photo import Prepared
from fmnist_core.data.splits import split_indices
from fmnist_core.exceptions import DerivedError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore

SHOWN = 8  # neighbours


def add_details(
    store: RunStore, answers: list[dict[str, Any]], found: Mapping[int, Prepared], ask: Ask
) -> None:
    """Add to what runs make of pictures whether to believe it.

    Args:
        store: Where the runs lie.
        answers: One a run, with "run_id", "temperature" and "pictures"; "missing" is added, a
            sentence where something has to be computed first, or None.
        found: The pictures that could be read, by their place in "pictures".
        ask: Asks the networks.

    Raises:
        StoreError: A run's result is damaged.
        InferenceError: A network could not be asked.
    """
    for answer in answers:
        run, temperature = store.get(answer["run_id"]), answer["temperature"]
        answer["missing"] = None
        for place, prepared in found.items():
            row, pixels = answer["pictures"][place], prepared.pixels
            row["stability"] = _stability(run, pixels, ask, temperature)
            try:
                row |= _familiarity(store, run, pixels, ask)
            except DerivedError as error:
                answer["missing"] = str(error)
                row |= {"verdict": None, "nearest": None}


def _stability(run: Run, pixels: np.ndarray, ask: Ask, temperature: float | None) -> dict[str, Any]:
    changed = variants(pixels)
    images = np.stack([pixels, *(each.pixels for each in changed)])
    found = stability(changed, probabilities(run, images, ask, temperature=temperature))
    return {
        "share": found.share,
        "sentence": in_words(found),
        "variants": [_variant(found, place) for place in range(len(changed))],
    }


def _variant(found: Stability, place: int) -> dict[str, Any]:
    each = found.variants[place]
    return {
        "kind": each.kind,
        "amount": each.amount,
        "way": each.way,
        "prediction": CLASS_NAMES[found.y_pred[place]],
        "probability": float(found.confidence[place]),
        "agrees": bool(found.agrees[place]),
    }


def _familiarity(store: RunStore, run: Run, pixels: np.ndarray, ask: Ask) -> dict[str, Any]:
    """Return the verdict and the nearest training images.

    Raises:
        DerivedError: What they need is not computed yet.
    """
    known, features = load_familiarity(run, store), load_features(run, store)
    answer = ask("familiarity", run.run_id, {"images": pixels[np.newaxis]}).arrays
    labels = load().labels
    split = split_indices(labels, run.experiment.data)
    nearest = nearest_to(features, answer["vectors"], labels, k=SHOWN)
    return {
        "verdict": asdict(verdict_of(known, features, split.train, answer)),
        "nearest": neighbour_rows(nearest, split),
    }


def sentences(row: Mapping[str, Any]) -> Iterator[str]:
    """Say what was added of one picture, if anything was."""
    if row.get("verdict"):
        yield row["verdict"]["sentence"]
    if row.get("stability"):
        yield row["stability"]["sentence"]
    if row.get("nearest") is not None:
        yield listed(np.array([each["label"] for each in row["nearest"]]))
