"""Numbers, durations and foreign text as people read them on a page."""

from __future__ import annotations

import re

from fmnist_core.format import (
    NONE,
    compact,
    count,
    duration,
    interval,
    percent,
    points,
    share_interval,
    signed,
    significant,
)

__all__ = [
    "NONE",
    "compact",
    "count",
    "duration",
    "escape",
    "interval",
    "percent",
    "points",
    "share_interval",
    "signed",
    "significant",
]


def escape(text: str, limit: int = 300) -> str:
    """Make foreign text safe in Streamlit's markdown: no image, link, icon or formula comes of it.

    Args:
        text: Anything: a run's name, a message, a line of a damaged file.
        limit: More characters than this are cut off.
    """
    line = " ".join(text.split())
    short = line if len(line) <= limit else line[: limit - 1] + "…"
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~$:&/-])", r"\\\1", short)
