"""Figures as plain data, Plotly's and our own, which pages and reports draw alike."""

from pathlib import Path

# JavaScript: themed(figure, theme) puts a page's colours into a figure.
THEMED = (Path(__file__).parent / "themed.js").read_text(encoding="utf-8")
