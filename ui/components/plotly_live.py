"""A Plotly chart that is updated in place: one DOM node, so nothing flickers and zoom stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import streamlit as st

from fmnist_core.figures import THEMED

_ELEMENTS = (Path(__file__).parent / "elements.js").read_text(encoding="utf-8")
LIBRARY = "/vendor/plotly.min.js"  # served by app.py from the installed plotly package

_CSS = """
.chart { width: 100%; }
.chart-save {
  display: flex; gap: 0.4rem; justify-content: flex-end;
  font-family: var(--st-font); font-size: 0.85rem; color: var(--st-text-color);
}
.chart-save:empty { display: none; }
"""
_BUTTONS = (Path(__file__).parent / "button.css").read_text(encoding="utf-8")
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
  const save = async (format) => {
    const Plotly = await plotly(data.library);
    const layout = { ...div.layout, paper_bgcolor: theme('background-color') };
    const { clientWidth: width, clientHeight: height } = div;
    Plotly.downloadImage({ data: div.data, layout },
      { format, width, height, scale: 2, filename: data.save_as });
  };
  parentElement.querySelector('.chart-save').replaceChildren(
    ...(data.save_as ? ['svg', 'png'] : []).map((format) => {
      const name = format.toUpperCase();
      return el('button', { type: 'button', 'aria-label': `Download as ${name}`,
        onclick: () => save(format) }, name);
    }));
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
    html="<div class='chart'></div><div class='chart-save'></div>",
    css=f"{_CSS}.chart-save {{ {_BUTTONS} }}",
    js=_ELEMENTS + THEMED + _JS,
    isolate_styles=False,
)


def plotly_live(
    figure: dict[str, Any], *, key: str, revision: str, alt: str, save_as: str = ""
) -> None:
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
        save_as: Name of the file, without an ending, that buttons offer as SVG and PNG; "" for no
            buttons.
    """
    text = json.dumps(figure, separators=(",", ":"))
    data = {"figure": text, "revision": revision, "alt": alt, "key": key, "library": LIBRARY}
    data["save_as"] = save_as
    _component(key=key, data=data)
