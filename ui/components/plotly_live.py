"""A Plotly chart that is updated in place: one DOM node, so nothing flickers and zoom stays."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from fmnist_core.figures import THEMED

LIBRARY = "/vendor/plotly.min.js"  # served by app.py from the installed plotly package

_CSS = ".chart { width: 100%; }"
_JS = """
let library;
const plotly = (url) => library ??= window.Plotly
  ? Promise.resolve(window.Plotly)
  : new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = url;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => { library = undefined; reject(); };
      document.head.append(script);
    });

export default function ({ parentElement, data }) {
  const div = parentElement.querySelector('.chart');
  const styles = getComputedStyle(parentElement);
  const theme = (name) => styles.getPropertyValue('--st-' + name).trim();
  const config = { displayModeBar: false, responsive: true };
  div.setAttribute('role', 'img');
  const draw = (plain, alt) => {
    const figure = themed(plain, theme);
    div.setAttribute('aria-label', alt);
    div.style.minHeight = figure.layout.height + 'px';
    const layout = { ...figure.layout, uirevision: data.revision };
    plotly(data.library)
      .then((Plotly) => Plotly.react(div, figure.data, layout, config))
      .catch(() => {
        div.textContent = 'The chart library could not be loaded. Reload the page.';
      });
  };
  draw(JSON.parse(data.figure), data.alt);
  const leave = () => window.removeEventListener('fmnist-live', div.follow);
  leave();
  div.follow = ({ detail }) => {
    const own = detail.figures[data.key];
    if (own) draw(own.figure, own.alt);
  };
  window.addEventListener('fmnist-live', div.follow);
  return () => { leave(); window.Plotly?.purge(div); };
}
"""
_component = st.components.v2.component(
    "fmnist_plotly",
    html="<div class='chart'></div>",
    css=_CSS,
    js=THEMED + _JS,
    isolate_styles=False,
)


def plotly_live(figure: dict[str, Any], *, key: str, revision: str, alt: str) -> None:
    """Draw a figure, or bring the one that stands there up to date.

    Where `ui.components.live_tiles` has the browser follow a run, the figures of its feed that bear
    this key are drawn too.

    Args:
        figure: Plotly's data and layout; each trace has its colour in meta["color"]: its place
            among the theme's chart colours, or a pair, on light and on dark; a heat map goes from
            the page's own colour to it.
        key: Same key, same chart.
        revision: While it is the same, the reader's zoom is kept.
        alt: What the chart shows, for who cannot see it.
    """
    text = json.dumps(figure, separators=(",", ":"))
    data = {"figure": text, "revision": revision, "alt": alt, "key": key, "library": LIBRARY}
    _component(key=key, data=data)
