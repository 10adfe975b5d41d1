"""One layer of the draft as a card: what it makes and costs, its settings, and how to move it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from fmnist_core.model import edit
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.rules import shape_text
from fmnist_core.model.shapes import LayerShape, Problem, Trace
from fmnist_core.settings import Setting
from fmnist_core.specs import LayerSpec, ModelSpec
from fmnist_core.specs.model import INPUT
from ui import draft, palette
from ui.format import compact, count
from ui.layout import show_problem
from ui.settings import setting_input

KIND_COLORS = {
    "convolution": "blue",
    "pooling": "orange",
    "normalisation": "green",
    "regularisation": "violet",
    "activation": "yellow",
    "shape": "gray",
    "dense": "red",
    "merge": "gray",
}


def layer_card(layer: LayerSpec, found: Trace) -> None:
    """Draw a layer of the draft, whose trace is `found`."""
    with st.container(border=True, key=f"layer-{layer.name}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _heading(layer, found)
            _buttons(layer)
        if found.problem and found.problem.layer == layer.name:
            _problem(found.problem)
        if CATALOGUE[layer.type].settings or CATALOGUE[layer.type].merges:
            _settings(layer, found)


def _heading(layer: LayerSpec, found: Trace) -> None:
    kind = CATALOGUE[layer.type].kind
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(layer.type, color=KIND_COLORS[kind], help=CATALOGUE[layer.type].summary)
        st.markdown(f"**{layer.name}**", width="content")
        st.caption(_strip(layer, found), width="content")


def _strip(layer: LayerSpec, found: Trace) -> str:
    """Say what the layer makes and costs: 26×26×32 · 320 parameters · 195k mult-adds."""
    shape = next((shape for shape in found.layers if shape.name == layer.name), None)
    if shape:
        return describe(shape)
    here = found.problem is not None and found.problem.layer == layer.name
    return "does not fit yet" if here else "waits for the layer above"


def describe(shape: LayerShape) -> str:
    """Say what a layer that fits makes and costs."""
    cost = shape.cost
    parts = [shape_text(shape.output)]
    if cost.trainable or cost.non_trainable:
        parts.append(count(cost.trainable + cost.non_trainable, "parameter"))
    if cost.mult_adds:
        parts.append(f"{compact(cost.mult_adds)} mult-adds")
    return " · ".join(parts)


def _problem(problem: Problem) -> None:
    fixes = f" You could {', or '.join(problem.fixes)}." if problem.fixes else ""
    show_problem(f"This does not fit: {problem.reason}.{fixes}")


def _buttons(layer: LayerSpec) -> None:
    """Draw what can be done with the whole layer."""
    last = len(draft.model().layers) - 1
    at = edit.position_of(draft.model(), layer.name)
    with st.container(horizontal=True, width="content", gap="small"):
        _button(layer, "Up", edit.move_layer, by=-1, disabled=at == 0)
        _button(layer, "Down", edit.move_layer, by=1, disabled=at == last)
        _button(layer, "Duplicate", edit.duplicate_layer)
        _button(layer, "Remove", edit.remove_layer)
        key = f"{layer.name}.add-below"
        if st.button("Add below", type="tertiary", key=key, help=f"Add below: {layer.name}"):
            palette.choose_layer(at + 1)


def _button(
    layer: LayerSpec,
    label: str,
    change: Callable[..., ModelSpec],
    *,
    disabled: bool = False,
    **options: int,
) -> None:
    st.button(
        label,
        type="tertiary",
        key=f"{layer.name}.{label.lower()}",
        help=f"{label}: {layer.name}",
        disabled=disabled,
        on_click=partial(_change, layer.name, change, **options),
    )


def _change(layer_name: str, change: Callable[..., ModelSpec], **options: int) -> None:
    """Apply an edit; the second click of a double click may find the layer gone."""
    if layer_name in (layer.name for layer in draft.model().layers):
        draft.change(change, layer_name, **options)


def _settings(layer: LayerSpec, found: Trace) -> None:
    """Draw the main settings side by side, the others behind a button."""
    settings = CATALOGUE[layer.type].settings
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if CATALOGUE[layer.type].merges:
            _inputs(layer, found)
        for name, setting in settings.items():
            if setting.main:
                with st.container(width=150):
                    _setting(layer, name, setting)
        others = {name: setting for name, setting in settings.items() if not setting.main}
        if others:
            _more(layer, others)


def _more(layer: LayerSpec, settings: dict[str, Setting]) -> None:
    """Draw settings in a popover, whose content is only made while it is open."""
    changed = sum(layer.settings[name] != setting.default for name, setting in settings.items())
    popover = st.popover("More", key=f"{layer.name}.more", on_change="rerun")
    if changed:
        st.caption(f"{changed} changed", width="content")
    if popover.open:
        with popover:
            st.caption(f"More settings of {layer.name}")
            for name, setting in settings.items():
                _setting(layer, name, setting)


def _setting(layer: LayerSpec, name: str, setting: Setting) -> None:
    key = f"{layer.name}.{name}.{draft.generation()}"
    setting_input(
        setting,
        layer.settings[name],
        key=key,
        on_change=partial(_take_setting, layer.name, name, key),
    )


def _take_setting(layer_name: str, name: str, key: str) -> None:
    draft.change(edit.change_settings, layer_name, **{name: st.session_state[key]})


def _inputs(layer: LayerSpec, found: Trace) -> None:
    """Let a merge choose which earlier layers it joins with the one above it."""
    key = f"{layer.name}.inputs.{draft.generation()}"
    shapes = {shape.name: shape_text(shape.output) for shape in found.layers}
    at = edit.position_of(draft.model(), layer.name)
    earlier = [INPUT, *(known.name for known in draft.model().layers[: max(0, at - 1)])]
    options = [*earlier, *(name for name in layer.inputs if name not in earlier)]
    if st.session_state.get(key) != list(layer.inputs):
        st.session_state[key] = list(layer.inputs)
    st.multiselect(
        "Join with",
        options,
        key=key,
        format_func=lambda name: f"{name} · {shapes[name]}" if name in shapes else name,
        placeholder="Choose an earlier layer",
        help="Whose outputs are joined with that of the layer above.",
        on_change=lambda: _take_inputs(layer.name, key),
        width=420,
    )


def _take_inputs(layer_name: str, key: str) -> None:
    draft.change(edit.change_inputs, layer_name, st.session_state[key])
