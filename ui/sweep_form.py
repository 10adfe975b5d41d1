"""Starting a sweep: the experiment that is varied, the values of its settings, how many runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs.sweeps import check_all, launch_sweep, likely_time
from fmnist_core.model import presets
from fmnist_core.runs.summary import RunSummary
from fmnist_core.runs.sweeps import (
    AXES,
    COUNT,
    RATES,
    SEED,
    SWEEPS,
    SweepSpec,
    preset_sweep,
    tagged,
)
from fmnist_core.settings import Choice, Number, Switch
from fmnist_core.specs import Experiment
from fmnist_core.specs.text import values
from ui import cache, draft, plan
from ui.format import count, duration, escape
from ui.layout import show_problem
from ui.run_choice import run_title
from ui.settings import setting_input
from ui.sweep_results import look_at

_BASE, _AXES, _RATES, _KIND = "sweep-base", "sweep-axes", "sweep-rates", "sweep-kind"
_STARTED = "sweep-started"  # the sweep this session started last, and its tag
_DRAFT = "draft"
_ALL, _DRAWN = "All", "Random"
_SWITCHED = ("on", "off")


def sweep_form(chosen: list[RunSummary], rows: list[RunSummary]) -> None:
    """Draw the form behind its heading; closed, it does nothing.

    Args:
        chosen: The ticked runs, each of which can be varied.
        rows: All runs.
    """
    box = st.expander("New sweep", icon=":material/grid_on:", key="sweep-form", on_change="rerun")
    if not box.open:
        return
    with box:
        st.caption(
            "Trains an experiment with every combination of some settings, or with a few drawn at "
            "random. The runs share a tag; their results stand below as they come in."
        )
        _preset_buttons()
        base = _base([row for row in chosen if not row.problem])
        axes = _axes()
        rates = _rates(axes)
        drawn = _drawn()
        if not axes or not all(axes.values()):
            st.caption("Choose a setting to vary, and at least one value of each.")
            return
        try:
            spec = SweepSpec(base=_experiment(base), axes=axes, keras_rates=rates, **drawn)
            asked = spec.experiments()
            check_all(asked)
        except FmnistError as error:
            show_problem(error)
            return
        _start(spec, asked, rows)


def _preset_buttons() -> None:
    for name in SWEEPS:
        st.button(
            f"Take {name}",
            key=f"sweep-take-{name}",
            help=presets.load(name).summary,
            on_click=_take,
            args=(name,),
        )


def _take(name: str) -> None:
    """Fill the form with a report's sweep."""
    spec = preset_sweep(name)
    st.session_state[_BASE] = name
    st.session_state[_AXES] = list(spec.axes)
    st.session_state[_RATES] = spec.keras_rates
    st.session_state[_KIND] = _ALL
    for axis, found in spec.axes.items():
        st.session_state[_key(axis)] = list(found)


def _base(chosen: list[RunSummary]) -> str:
    """Ask what is varied: the draft, the network of a report's sweep, or a ticked run."""
    titles = {
        _DRAFT: f"The network on Build: {draft.model().name or 'unnamed'}",
        **{row.run_id: f"Run {run_title(row)}" for row in chosen},
        **{name: f"Preset {name}" for name in SWEEPS},
    }
    if st.session_state.get(_BASE) not in titles:
        st.session_state.pop(_BASE, None)  # a run that is no longer ticked
    return st.selectbox(
        "Experiment",
        titles,
        format_func=titles.get,
        key=_BASE,
        help="Tick a run to vary its experiment; the new runs are then its children.",
        persist_state="session",
    )


def _experiment(base: str) -> Experiment:
    if base == _DRAFT:
        return plan.experiment()
    if base in SWEEPS:
        return presets.load(base).experiment
    return replace(cache.experiment_of(base), parent=base)


def _axes() -> dict[str, tuple[Any, ...]]:
    """Ask for settings and their values, which are not checked yet."""
    names = st.multiselect(
        "Settings to vary",
        AXES,
        format_func=lambda name: AXES[name].label,
        key=_AXES,
        placeholder="Choose settings",
        persist_state="session",
    )
    return {name: _values(name) for name in names}


def _key(axis: str) -> str:
    return f"sweep-values-{axis}"


def _values(name: str) -> tuple[Any, ...]:
    setting = AXES[name]
    options: dict[str, Any] = {
        "key": _key(name),
        "help": setting.help,
        "persist_state": "session",
    }
    if isinstance(setting, (Choice, Switch)):
        words = setting.choices if isinstance(setting, Choice) else _SWITCHED
        chosen = st.multiselect(setting.label, words, placeholder="Choose values", **options)
        return values(setting, ",".join(chosen))
    example = f"Values with commas between them, such as {setting.default}"
    return values(setting, st.text_input(setting.label, placeholder=example, **options))


def _rates(axes: Mapping[str, object]) -> bool:
    """Ask at which rate each optimizer learns, where these are varied and rates are not."""
    if "optimizer" not in axes or "learning_rate" in axes:
        return False
    return setting_input(RATES, st.session_state.get(_RATES, RATES.default), key=_RATES)


def _drawn() -> dict[str, Any]:
    """Ask whether all combinations are trained, or how many are drawn."""
    kind = st.segmented_control(
        "Combinations",
        (_ALL, _DRAWN),
        default=_ALL,
        key=_KIND,
        required=True,
        persist_state="session",
    )
    if kind != _DRAWN:
        return {}
    with st.container(horizontal=True):
        return {"count": _number(COUNT, "sweep-count"), "seed": _number(SEED, "sweep-seed")}


def _number(setting: Number, key: str) -> Any:
    return setting_input(setting, st.session_state.get(key, setting.default), key=key)


def _start(spec: SweepSpec, asked: list[Experiment], rows: list[RunSummary]) -> None:
    """Say what the sweep comes to, and draw the button that starts it."""
    st.markdown(f"**{count(len(asked), 'run')}**{_time(asked)}")
    started, tag = st.session_state.get(_STARTED, (None, ""))
    again = started == spec and any(row.live for row in tagged(rows, tag))
    # No callback: that would start what was drawn before a value that was typed a moment earlier.
    clicked = st.button(
        f"Start {count(len(asked), 'run')}",
        key="sweep-start",
        type="primary",
        icon=":material/play_arrow:",
        disabled=again,
    )
    if again:
        st.caption(f"This sweep is started, as {escape(tag)}. Change a value to start another.")
    elif clicked:
        _launch(spec)


def _time(asked: list[Experiment]) -> str:
    found = likely_time(asked, cache.run_store())
    if found.seconds is None:
        return (
            ". How long they take is not known: none of their networks was timed with its batch "
            "size and optimizer. The Train page does that."
        )
    by = f"{found.timed:,} of {len(asked):,} combinations timed on this machine"
    return f", about {duration(found.seconds)} one after the other, going by {by}."


def _launch(spec: SweepSpec) -> None:
    try:
        sweep = launch_sweep(spec.experiments(), cache.run_store())
    except FmnistError as error:
        show_problem(error)
        return
    st.session_state[_STARTED] = (spec, sweep.tag)
    look_at(sweep.tag)
    st.rerun()
