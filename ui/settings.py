"""The widget for a setting, whatever kind it is: layer cards and the training form draw with it.

Widget limits hold in the browser only, so whoever uses a value passes it through the setting's own
check.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from fmnist_core.labels import CLASS_NAMES
from fmnist_core.settings import Choice, Number, Pairs, Setting, Switch, Text, Weights

Change = Callable[[], None]


def setting_input(
    setting: Setting, value: Any, *, key: str, on_change: Change | None = None
) -> Any:
    """Draw a setting with a value and return what the person chose, not yet checked.

    Args:
        setting: What to draw.
        value: What to show; where the widget shows something else, it is brought into line.
        key: Where the choice lies in the session state; kept when the page is left.
        on_change: Called before the page runs again with another choice.
    """
    if isinstance(setting, Weights):
        return _weights_input(setting, value, key=key, on_change=on_change)
    fresh = key not in st.session_state
    if not fresh and st.session_state[key] != value:
        st.session_state[key] = value
    options = {"key": key, "help": setting.help, "on_change": on_change, "persist_state": "session"}
    match setting:
        case Number():
            return _number_input(setting, value, fresh=fresh, options=options)
        case Choice():
            index = setting.choices.index(value) if fresh else 0
            return st.selectbox(setting.label, setting.choices, index=index, **options)
        case Switch():
            return st.toggle(setting.label, value=fresh and value, **options)
        case Text():
            start = value if fresh else ""
            return st.text_input(setting.label, start, max_chars=setting.max_length, **options)
        case Pairs():
            start = value if fresh else ""
            return st.text_input(setting.label, start, placeholder="any class", **options)
    raise NotImplementedError(f"no widget for {setting!r}")


def _number_input(
    setting: Number, value: float | None, *, fresh: bool, options: dict[str, Any]
) -> int | float | None:
    kind = int if setting.integer else float
    return st.number_input(
        setting.label,
        min_value=kind(setting.minimum),
        max_value=kind(setting.maximum),
        value=value if fresh else None if setting.optional else "min",
        step=kind(one_click(setting)),
        format="%d" if setting.integer else "%g",
        placeholder=setting.none_label or None,
        **options,
    )


def one_click(setting: Number) -> float:
    """Return what one click changes: the setting's own step, or a tenth of its default."""
    if setting.step is not None:
        return setting.step
    return 1 if setting.integer else (setting.default or setting.maximum) / 10


def _weights_input(
    setting: Weights, value: tuple[float, ...], *, key: str, on_change: Change | None
) -> tuple[float, ...]:
    """Draw a switch and, where it is on, one number a class."""
    given = st.session_state.get(f"{key}.on", bool(value))
    weigh = Switch(label=setting.label, help=setting.help, default=False)
    if not setting_input(weigh, given, key=f"{key}.on", on_change=on_change):
        return ()
    names = CLASS_NAMES if setting.length == len(CLASS_NAMES) else range(1, setting.length + 1)
    weights = value or (1.0,) * setting.length
    numbers = []
    for name, weight in zip(names, weights, strict=True):
        one = Number(
            label=str(name),
            help=f"How much an image of {name} counts; 1 is usual.",
            default=1.0,
            minimum=0,
            maximum=setting.maximum,
            step=0.5,
        )
        shown = st.session_state.get(f"{key}.{name}", weight)
        numbers.append(setting_input(one, shown, key=f"{key}.{name}", on_change=on_change))
    return tuple(numbers)
