"""What may stand in a cell of a table that a spreadsheet will open."""

from __future__ import annotations

from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what begins so


def safe_cell(value: Any) -> Any:
    """Return a value for a CSV file: text that would be a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
