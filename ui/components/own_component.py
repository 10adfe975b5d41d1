"""Makes a component of the files in its folder and of those that components share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st


def own_component(
    file: str,
    html: str,
    *,
    css: Sequence[str],
    js: Sequence[str],
    style: str = "",
    script: str = "",
) -> Callable[..., Any]:
    """Register a component under the name of its folder.

    Args:
        file: The `__file__` of its module.
        html: What stands in it at first.
        css: Its style sheets, in this order; those that are shared lie in the folder above.
        js: Its scripts, likewise.
        style: More CSS, after that of the files.
        script: More JavaScript, before that of the files.
    """
    folder = Path(file).parent

    def read(names: Sequence[str]) -> list[str]:
        return [(folder / name).read_text(encoding="utf-8") for name in names]

    return st.components.v2.component(
        f"fmnist_{folder.name}",
        html=html,
        css="\n".join([*read(css), style]),
        js="\n".join([script, *read(js)]),
    )
