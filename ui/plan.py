"""How the draft is to be trained: the data and training settings of the next run.

Only what differs from the experiment that the draft was made from is kept, so that another preset
brings its own settings along.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from fmnist_core.exceptions import SpecError
from fmnist_core.jobs.plans import Plan
from fmnist_core.model import link as model_link
from fmnist_core.settings import settings_of
from fmnist_core.specs import AugmentSpec, DataSpec, Experiment, TrainSpec
from ui import draft

PARTS = {"train": TrainSpec, "data": DataSpec, "augment": AugmentSpec}
Changes = dict[str, dict[str, Any]]  # part → setting → value

_CHANGES, _ORIGIN, _GENERATION = ("plan_changes", "plan_origin", "plan_generation")


def changes() -> Changes:
    """Return what was changed since the draft was made from another preset or run."""
    if st.session_state.get(_ORIGIN) != draft.step().origin:
        _take({part: {} for part in PARTS})
    return st.session_state[_CHANGES]


def values(part: str) -> dict[str, Any]:
    """Return every setting of "train", "data" or "augment", not yet checked against each other."""
    base = getattr(draft.base(), part)
    known = {name: getattr(base, name) for name in settings_of(PARTS[part])}
    return {**known, **changes()[part]}


def keep(part: str, chosen: dict[str, Any]) -> None:
    """Remember what the widgets of the training form show."""
    base = getattr(draft.base(), part)
    kept = {**changes()[part], **chosen}
    st.session_state[_CHANGES][part] = {k: v for k, v in kept.items() if v != getattr(base, k)}


def take(new: Changes) -> None:
    """Change settings from outside the form, whose widgets then follow."""
    _take({part: {**changes()[part], **new.get(part, {})} for part in PARTS})


def take_length(length: Plan) -> None:
    """Change how long to train, and on how many images."""
    epochs = {"epochs": length.epochs, "steps": None}
    take({"train": epochs, "data": {"subset": length.subset}})


def _take(new: Changes) -> None:
    st.session_state[_CHANGES] = new
    st.session_state[_ORIGIN] = draft.step().origin
    st.session_state[_GENERATION] = generation() + 1


def generation() -> int:
    """Return a number for the keys of the form's widgets; another one, other widgets."""
    return st.session_state.get(_GENERATION, 0)


def experiment(name: str = "") -> Experiment:
    """Return the draft as it would be trained now.

    Raises:
        SpecError: The settings do not fit together.
    """
    return Experiment(
        model=draft.model(),
        data=DataSpec(**values("data")),
        train=TrainSpec(**values("train")),
        augment=AugmentSpec(**values("augment")),
        name=name,
        parent=draft.parent(),
    )


def link() -> str:
    """Return the changes as the text that `adopt` reads; "" for none."""
    return model_link.pack(changes()) if any(changes().values()) else ""


def adopt(text: str) -> None:
    """Take over the settings of a link, those that are allowed; a damaged one changes nothing."""
    try:
        data = model_link.unpack(text)
    except SpecError as error:
        draft.refuse(f"The training settings in this page's address were left out. {error}")
        return
    if isinstance(data, dict):
        take({part: _allowed(part, data.get(part)) for part in PARTS})


def _allowed(part: str, given: object) -> dict[str, Any]:
    """Return the settings in what a link gives for a part, each checked by itself."""
    found = {}
    for name, setting in settings_of(PARTS[part]).items():
        if isinstance(given, dict) and name in given:
            try:
                found[name] = setting.check(name, given[name])
            except SpecError:
                continue
    return found
