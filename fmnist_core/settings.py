"""A setting: something a person can choose, with its default, its limits and a line of help.

The layer catalogue and the specs describe every choice with these; the pages draw a widget, the
command line adds a flag, and a spec checks itself, all from the same description.
"""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from typing import Any

from fmnist_core.exceptions import SpecError

_PAIR = re.compile(r"([0-9])-([0-9])")
_LONGEST = 400  # letters: more pairs of ten classes there are not


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What every kind of setting has.

    Attributes:
        label: Its name on a page, in sentence case.
        help: One line that says what it does or when to change it.
        default: The value where nothing was chosen.
        main: Shown at once; the others wait behind "more".
    """

    label: str
    help: str
    default: Any
    main: bool = False

    def check(self, name: str, value: object) -> Any:
        """Return `value` in its plain Python type.

        Raises:
            SpecError: It is not allowed; the message says what is.
        """
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Number(Setting):
    """A number in [minimum, maximum], or in (minimum, maximum] where `above` is set.

    Attributes:
        integer: Whole numbers only.
        optional: None is allowed too; `none_label` says what it means.
        step: What one click of a widget changes; None leaves it to the widget.
    """

    minimum: float
    maximum: float
    above: bool = False
    integer: bool = False
    optional: bool = False
    none_label: str = ""
    step: float | None = None

    def check(self, name: str, value: object) -> int | float | None:
        """Return an int or a float within the limits, or None where that is allowed."""
        if value is None and self.optional:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise SpecError(name, value, self.expected)
        low = value > self.minimum if self.above else value >= self.minimum
        if not (low and value <= self.maximum):  # also false for NaN
            raise SpecError(name, value, self.expected)
        if not self.integer:
            return float(value)
        if not math.isfinite(value) or value != int(value):
            raise SpecError(name, value, self.expected)
        return int(value)

    @property
    def expected(self) -> str:
        """The allowed values in words."""
        kind = "a whole number" if self.integer else "a number"
        low, high = _in_full(self.minimum), _in_full(self.maximum)
        limits = f"above {low} and at most {high}" if self.above else f"from {low} to {high}"
        none = f", or none ({self.none_label})" if self.optional else ""
        return f"{kind} {limits}{none}"


def _in_full(limit: float) -> str:
    """Write 2147483647.0 as 2,147,483,647 and 0.95 as 0.95."""
    return f"{int(limit):,}" if limit == int(limit) else f"{limit:g}"


@dataclass(frozen=True, kw_only=True)
class Choice(Setting):
    """One of a few words."""

    choices: tuple[str, ...]

    def check(self, name: str, value: object) -> str:
        """Return the word if it is one of the choices."""
        if not isinstance(value, str) or value not in self.choices:
            raise SpecError(name, value, "one of " + ", ".join(self.choices))
        return value


@dataclass(frozen=True, kw_only=True)
class Switch(Setting):
    """On or off."""

    def check(self, name: str, value: object) -> bool:
        """Return the truth value."""
        if not isinstance(value, bool):
            raise SpecError(name, value, "true or false")
        return value


@dataclass(frozen=True, kw_only=True)
class Text(Setting):
    """A short text of letters, digits, spaces, dots, underscores and hyphens, or nothing."""

    max_length: int = 60

    def check(self, name: str, value: object) -> str:
        """Return the text if it is short and plain: it is shown to other people."""
        allowed = rf"[A-Za-z0-9 ._-]{{0,{self.max_length}}}"
        if not isinstance(value, str) or not re.fullmatch(allowed, value):
            expected = (
                f"at most {self.max_length} letters, digits, spaces, dots, underscores or hyphens"
            )
            raise SpecError(name, value, expected)
        return value


@dataclass(frozen=True, kw_only=True)
class Weights(Setting):
    """One weight a class, or nothing at all."""

    length: int
    maximum: float

    def check(self, name: str, value: object) -> tuple[float, ...]:
        """Return a tuple of `length` numbers in [0, maximum], not all 0, or an empty one."""
        expected = f"empty, or {self.length} numbers from 0 to {self.maximum:g}, not all 0"
        if not isinstance(value, (list, tuple)) or len(value) not in (0, self.length):
            raise SpecError(name, value, expected)
        for weight in value:
            number = isinstance(weight, (int, float)) and not isinstance(weight, bool)
            if not number or not 0 <= weight <= self.maximum:
                raise SpecError(name, value, expected)
        if value and not any(value):
            raise SpecError(name, value, expected)
        return tuple(float(weight) for weight in value)


@dataclass(frozen=True, kw_only=True)
class Pairs(Setting):
    """Pairs of two different whole numbers of one digit below `length`, written as "0-6 2-4"."""

    length: int

    def check(self, name: str, value: object) -> str:
        """Return the pairs in order, each once and the lower number first; "" for none."""
        if not isinstance(value, str) or len(value) > _LONGEST:
            raise SpecError(name, value, self.expected)
        found = [_PAIR.fullmatch(word) for word in value.split()]
        pairs = {tuple(sorted(map(int, pair.groups()))) for pair in found if pair}
        if not all(found) or any(a == b or b >= self.length for a, b in pairs):
            raise SpecError(name, value, self.expected)
        return " ".join(f"{a}-{b}" for a, b in sorted(pairs))

    @property
    def expected(self) -> str:
        """The allowed values in words."""
        return f"empty, or pairs of two classes from 0 to {self.length - 1}, such as 0-6 2-4"


def read_pairs(text: str) -> list[tuple[int, int]]:
    """Return the pairs in what `Pairs.check` has returned."""
    return [(int(word[0]), int(word[2])) for word in text.split()]


def setting_field(setting: Setting) -> Any:
    """Declare a dataclass field that carries its setting."""
    return dataclasses.field(default=setting.default, metadata={"setting": setting})


def settings_of(spec: object) -> dict[str, Setting]:
    """Map field names of a spec, or of its class, to their settings, in order."""
    found = dataclasses.fields(spec)  # type: ignore[arg-type]
    return {f.name: f.metadata["setting"] for f in found if "setting" in f.metadata}


def check_settings(spec: object) -> None:
    """Check every setting of a frozen dataclass and store its plain value, in `__post_init__`."""
    for name, setting in settings_of(spec).items():
        object.__setattr__(spec, name, setting.check(name, getattr(spec, name)))
