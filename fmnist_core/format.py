"""Numbers and durations as people read them."""

from __future__ import annotations

from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.runs.result import Scores

NONE = "–"  # what stands where there is no figure


def percent(share: float | None, digits: int = 2) -> str:
    """Write a share in [0, 1]: 91.90 %."""
    return NONE if share is None else f"{100 * share:.{digits}f} %"


def interval(scores: Scores) -> str:
    """Write the 95 % interval of an accuracy: 91.2–92.5 %."""
    return share_interval(scores.correct, scores.images)


def share_interval(correct: int, total: int) -> str:
    """Write the 95 % Wilson interval of a share: 91.2–92.5 %."""
    low, high = wilson_interval(correct, total)
    return f"{100 * low:.1f}–{100 * high:.1f} %"


def estimate(share: float, interval: tuple[float, float] | None) -> str:
    """Write a share with its interval: 91.4 % (90.6–92.1); a dash where nothing was judged."""
    if interval is None:
        return NONE
    low, high = interval
    return f"{100 * share:.1f} % ({100 * low:.1f}–{100 * high:.1f})"


def points(share: float, digits: int = 2) -> str:
    """Write a difference of shares in points, with its sign: +0.41, −1.20, 0.00."""
    return signed(100 * share, digits)


def signed(value: float, digits: int = 3) -> str:
    """Write a change with its sign: +0.046, −0.120, 0.000."""
    text = f"{value:+.{digits}f}"
    return text[1:] if not float(text) else text.replace("-", "−")


def significant(value: float) -> str:
    """Write a measured number in three digits: 0.0123, −1.50, 1,230, 1.2e−07."""
    size = abs(value)
    if not size:
        return "0"
    if size < 0.001:
        return f"{value:.1e}".replace("-", "−")
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= 0.9995 else 3
    digits += (size < 0.09995) + (size < 0.009995)
    return f"{value:,.{digits}f}".replace("-", "−")


def compact(number: float) -> str:
    """Write a large count in three digits or so: 950, 195k, 1.2M, 34M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            value = number / size
            return f"{value:.1f}{letter}" if value < 10 else f"{value:.0f}{letter}"
    return f"{number:.0f}"


def count(number: int, noun: str) -> str:
    """Write a count with its noun, which takes an s: 1 layer, 1,200 layers."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float | None) -> str:
    """Write a span of time as exactly as one cares: 48 s, 3 min 20 s, 47 min, 2 h 5 min."""
    if seconds is None:
        return NONE
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
