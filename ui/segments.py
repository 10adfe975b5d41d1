"""A row of which one is chosen: the views of a page, and what else its address can choose too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st


def choose_segment(
    label: str,
    options: Mapping[str, str],
    *,
    chosen: str,
    on_choose: Callable[[str], None],
    key: str,
    show_label: bool = False,
    help: str | None = None,
) -> str:
    """Draw the row, and return the option that is chosen.

    Args:
        label: What is chosen.
        options: What stands there for each option.
        chosen: The option to show as chosen, whatever the row showed before.
        on_choose: Called with another option, before the page runs again.
        key: Of the widget.
        show_label: Draw the label; else only a screen reader tells it.
        help: Said beside the label.
    """
    st.session_state[key] = chosen
    st.segmented_control(
        label,
        options,
        format_func=options.get,
        required=True,
        key=key,
        on_change=lambda: on_choose(st.session_state[key]),
        label_visibility="visible" if show_label else "collapsed",
        help=help,
        wrap=True,  # beside a button too, where else a phone would cut it off
    )
    return chosen
