"""How a value of a layer comes about, number by number, under the pointer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_SHARED = _FOLDER.parent
_SCRIPTS = (
    *(_SHARED / "elements.js", _SHARED / "pixels.js", _FOLDER / "terms.js"),
    *(_FOLDER / "steps.js", _FOLDER / "arithmetic.js"),
)
_HTML = """
<div class="sum">
  <div class="pictures">
    <figure class="from"><canvas role="img"></canvas><figcaption></figcaption></figure>
    <figure class="to">
      <canvas tabindex="0" role="application"></canvas><figcaption></figcaption>
    </figure>
  </div>
  <div class="bar"><button type="button"></button><p class="result" aria-live="polite"></p></div>
  <div class="steps"></div>
</div>
"""

_component = st.components.v2.component(
    "fmnist_arithmetic",
    html=_HTML,
    css=(_FOLDER / "arithmetic.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def show_arithmetic(data: dict[str, Any], *, key: str) -> None:
    """Draw a channel and how its values come about.

    Args:
        data: As `ui.inside.arithmetic.arithmetic_data` makes it.
        key: Same key, same drawing: the place that is looked at stays.
    """
    _component(key=key, data=data)
