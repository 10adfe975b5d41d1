"""What people type, turned into what a setting can check; what cannot be turned is left to it."""

from __future__ import annotations

from typing import Any

from fmnist_core.settings import Number, Setting, Switch

_SWITCHED = {"on": True, "true": True, "off": False, "false": False}


def number(text: str) -> int | float | str | None:
    """Return the number that a text says, or None for the word; else the text as it is."""
    if text.lower() == "none":
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def values(setting: Setting, text: str) -> tuple[Any, ...]:
    """Return the values that stand in a text with commas between them: 0.1, 0.01."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    if isinstance(setting, Number):
        return tuple(number(word) for word in words)
    if isinstance(setting, Switch):
        return tuple(_SWITCHED.get(word.lower(), word) for word in words)
    return tuple(words)
