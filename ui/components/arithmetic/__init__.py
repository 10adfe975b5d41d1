"""How a value of a layer comes about, number by number, under the pointer."""

from __future__ import annotations

from typing import Any

from ui.components.own_component import own_component

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

_component = own_component(
    __file__,
    _HTML,
    css=["../button.css", "arithmetic.css"],
    js=["../elements.js", "../pixels.js", "terms.js", "steps.js", "arithmetic.js"],
)


def show_arithmetic(data: dict[str, Any], *, key: str) -> None:
    """Draw a channel and how its values come about.

    Args:
        data: As `ui.inside.arithmetic.arithmetic_data` makes it.
        key: Same key, same drawing: the place that is looked at stays.
    """
    _component(key=key, data=data)
