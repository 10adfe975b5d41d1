"""The way from a spec to plain JSON types and back, shared by all specs."""

from __future__ import annotations

import dataclasses
from typing import Any, Self

from fmnist_core.exceptions import SpecError
from fmnist_core.settings import check_settings


class Spec:
    """Base of the frozen dataclasses; adds checking and the way to JSON and back."""

    def __post_init__(self) -> None:
        """Check every setting, so that a bad spec is refused before a long training starts."""
        check_settings(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the spec as dicts, lists, strings and numbers."""
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Make a spec from what `to_dict` returned, or from a file that cannot be trusted.

        Fields that are not given take their defaults.

        Raises:
            SpecError: Not an object, an unknown or missing field, or a value out of range.
        """
        name = cls.__name__.removesuffix("Spec")  # said to people
        if not isinstance(data, dict):
            raise SpecError(name, data, "an object with named fields")
        fields = dataclasses.fields(cls)  # type: ignore[arg-type]
        known = {f.name for f in fields}
        for key in data:
            if key not in known:
                raise SpecError(f"{name} field", key, "one of " + ", ".join(sorted(known)))
        for f in fields:
            required = f.default is f.default_factory is dataclasses.MISSING
            if required and f.name not in data:
                raise SpecError(name, sorted(data), f"given with its field {f.name}")
        return cls(**{key: cls._read(key, value) for key, value in data.items()})

    @classmethod
    def _read(cls, key: str, value: Any) -> Any:
        """Turn one JSON value into the field's type; specs that hold specs override this."""
        return value


def _plain(value: Any) -> Any:
    if isinstance(value, Spec):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, dict) else value
