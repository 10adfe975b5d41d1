"""Numbers of channels as people write them: 0-5,9."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

MOST = 10_000  # numbers; no layer has as many channels
MAX_TEXT = 2_000  # characters that are read


def read_channels(text: str) -> list[int]:
    """Read numbers and ranges, such as 0-5,9: rising, each once.

    Args:
        text: "" for none.

    Raises:
        ValueError: It is none of that, or a number is `MOST` or more.
    """
    if len(text) > MAX_TEXT:
        raise ValueError(f"more than {MAX_TEXT:,} characters")
    found: set[int] = set()
    for part in text.split(",") if text else ():
        first, dash, last = part.strip().partition("-")
        ends = [first, last if dash else first]
        if not all(end.isascii() and end.isdigit() and len(end) <= 4 for end in ends):
            raise ValueError(f'"{part[:40]}" is no number and no range such as 0-5')
        low, high = map(int, ends)
        if not low <= high < MOST:
            raise ValueError(f'"{part[:40]}" is no range of numbers from 0 to {MOST - 1:,}')
        found |= set(range(low, high + 1))
    return sorted(found)


def channels_text(channels: Iterable[int]) -> str:
    """Write numbers as `read_channels` reads them, neighbours as ranges."""
    places = enumerate(sorted(channels))
    runs = [[number for _, number in run] for _, run in groupby(places, lambda p: p[1] - p[0])]
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
