"""A Plotly chart that is updated in place: one DOM node, so nothing flickers and zoom stays."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

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

// From one colour, #rrggbb, to another; on each cell black or white, whichever has more contrast.
const heat = (trace, from, to) => {
  const parts = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255);
  const [low, high] = [parts(from), parts(to)];
  const linear = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const ink = (value) => {
    const share = (value - trace.zmin) / (trace.zmax - trace.zmin);
    const [r, g, b] = low.map((part, at) => linear(part + share * (high[at] - part)));
    const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    return (light + 0.05) ** 2 > 1.05 * 0.05 ? '#000' : '#fff';
  };
  const text = trace.text.map((line, y) => line.map((words, x) =>
    words && words.split('<br>').map((part) =>
      `<span style="color: ${ink(trace.z[y][x])}">${part}</span>`).join('<br>')));
  return { ...trace, text, colorscale: [[0, from], [1, to]] };
};

const themed = (figure, theme) => {
  const colors = theme('chart-categorical-colors').split(',');
  const grid = { gridcolor: theme('border-color-light'), zerolinecolor: theme('border-color') };
  const layout = {
    ...figure.layout, autosize: true, paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
    colorway: colors, font: { color: theme('text-color'), family: theme('font'), size: 12 },
    hoverlabel: { bgcolor: theme('secondary-background-color'),
                  bordercolor: theme('border-color'), font: { color: theme('text-color') } },
  };
  for (const axis of Object.keys(layout).filter((name) => /^[xy]axis/.test(name))) {
    layout[axis] = { ...grid, ...layout[axis] };
  }
  for (const shape of layout.shapes ?? []) shape.line.color = theme('text-color');
  const data = figure.data.map((trace) => {
    const color = colors[trace.meta.color];
    if (trace.type === 'heatmap') return heat(trace, theme('secondary-background-color'), color);
    return { ...trace, line: { ...trace.line, color }, marker: { ...trace.marker, color } };
  });
  return { data, layout };
};

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
    "fmnist_plotly", html="<div class='chart'></div>", css=_CSS, js=_JS, isolate_styles=False
)


def plotly_live(figure: dict[str, Any], *, key: str, revision: str, alt: str) -> None:
    """Draw a figure, or bring the one that stands there up to date.

    Where `ui.components.live_tiles` has the browser follow a run, the figures of its feed that bear
    this key are drawn too.

    Args:
        figure: Plotly's data and layout; each trace has the place of its colour among the theme's
            chart colours in meta["color"]; a heat map goes from the page's own colour to it.
        key: Same key, same chart.
        revision: While it is the same, the reader's zoom is kept.
        alt: What the chart shows, for who cannot see it.
    """
    text = json.dumps(figure, separators=(",", ":"))
    data = {"figure": text, "revision": revision, "alt": alt, "key": key, "library": LIBRARY}
    _component(key=key, data=data)
