"""Dataclasses from JSON that may be foreign: every value is checked against its annotation."""

from __future__ import annotations

import dataclasses
import functools
import sys
import types
from typing import Any, get_args, get_origin, get_type_hints


def as_type(value: Any, kind: Any) -> Any:
    """Return a JSON value as `kind`.

    Args:
        value: What `json.loads` returned.
        kind: bool, int, float, str, Any, `kind | None`, list[kind], tuple[kind, ...],
            dict[str, kind], or a dataclass with fields of these.

    Raises:
        TypeError: It is something else, a float is not finite, or fields are missing or unknown.
    """
    inside = get_args(kind)
    match get_origin(kind) or kind:
        case types.UnionType:
            return None if value is None else as_type(value, inside[0])
        case origin if origin is list and isinstance(value, list):
            return [as_type(item, inside[0]) for item in value]
        case origin if origin is tuple and isinstance(value, list):
            return tuple(as_type(item, inside[0]) for item in value)
        case origin if origin is dict and isinstance(value, dict):
            return {key: as_type(item, inside[1]) for key, item in value.items()}
        case plain if dataclasses.is_dataclass(plain) and isinstance(value, dict):
            return kind(**_fields(value, kind))
        case plain if plain is float and type(value) in (int, float):
            if abs(value) <= sys.float_info.max:  # false for NaN too
                return float(value)
        case plain if plain is Any or type(value) is plain:
            return value
    raise TypeError(f"it is not of type {getattr(kind, '__name__', kind)}")


def _fields(value: dict[str, Any], kind: Any) -> dict[str, Any]:
    """Check the fields that were given; the dataclass itself misses the others."""
    hints, checked = _hints(kind), {}
    for name, item in value.items():
        if name not in hints:
            raise TypeError("it has fields that do not belong there")
        try:
            checked[name] = as_type(item, hints[name])
        except TypeError as error:
            raise TypeError(f"{name}: {error}") from error
    return checked


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
