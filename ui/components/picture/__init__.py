"""A picture that follows the theme, can be enlarged, and is taken along as SVG or PNG."""

from __future__ import annotations

from collections.abc import Mapping

from ui.components.own_component import own_component

_HTML = """
<div class="frame" tabindex="0" role="region"></div>
<div class="bar">
  <button type="button" data-act="zoom" aria-pressed="false">Enlarge</button>
  <span></span>
  <button type="button" data-act="svg" aria-label="Download as SVG">SVG</button>
  <button type="button" data-act="png" aria-label="Download as PNG">PNG</button>
</div>
<p class="problem" role="alert" hidden></p>
"""

_component = own_component(
    __file__,
    _HTML,
    css=["../button.css", "picture.css"],
    js=["picture.js"],
)


def picture(svgs: Mapping[str, str], *, key: str, file_name: str, alt: str) -> None:
    """Draw an SVG picture; text in it can be selected.

    Args:
        svgs: The same picture for a "light" and a "dark" page, each a whole SVG file with a
            viewBox and no background.
        key: Same key, same picture: zoom and scroll stay when it changes.
        file_name: Under which it is downloaded, without an ending.
        alt: What it shows, for who cannot see it; the SVG's own title and description follow.
    """
    data = {"light": svgs["light"], "dark": svgs["dark"], "file_name": file_name, "alt": alt}
    _component(key=key, data=data)
