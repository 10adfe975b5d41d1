"""What is chosen on a page: kept in the session, and in the address of the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

import streamlit as st

from ui.components.address_bar import address_bar
from ui.segments import choose_segment

Choice = TypeVar("Choice")  # a frozen dataclass


@dataclass(frozen=True)
class InAddress:
    """How the address holds one value of a choice.

    Attributes:
        name: Its name there. All choices are read from the same address.
        read: Returns the value, or None from what is none.
        write: Returns it as `read` takes it.
    """

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


class PageChoice(Generic[Choice]):
    """The choice of a page in this session."""

    def __init__(self, key: str, first: Choice, address: Mapping[str, InAddress]) -> None:
        """Say where it lies and what it is at first.

        Args:
            key: Of the session state.
            first: What is chosen where nobody has chosen anything.
            address: What the address holds of it, by the fields of `first`.
        """
        self._key, self._first, self._address = key, first, address
        self._wrong = f"{key}-wrong"

    def current(self) -> Choice:
        """Return what this session has chosen."""
        found: Choice = st.session_state.get(self._key, self._first)
        return found

    def change(self, **changes: Any) -> None:
        """Choose something else; the values must be ones that the choice allows."""
        st.session_state[self._key] = dataclasses.replace(self.current(), **changes)
        st.session_state.pop(self._wrong, None)

    def choose(self, field: str, label: str, options: Mapping[str, str], *, key: str) -> str:
        """Let the person choose the value of a field, as `choose_segment` does."""
        return choose_segment(
            label,
            options,
            chosen=getattr(self.current(), field),
            on_choose=lambda value: self.change(**{field: value}),
            key=key,
        )

    def adopt(self, params: Mapping[str, str]) -> None:
        """Take over what an address says; what it says wrongly is left out, and `wrong` tells."""
        values, wrong = {}, []
        for field, place in self._address.items():
            text = params.get(place.name, "")
            if (value := place.read(text)) is not None:
                values[field] = value
            elif text:
                wrong.append(f'{place.name} "{text[:40]}"')
        st.session_state[self._key] = dataclasses.replace(self._first, **values)
        st.session_state[self._wrong] = wrong

    def wrong(self) -> list[str]:
        """Return what the address said wrongly, until the next choice."""
        return st.session_state.get(self._wrong, [])

    def mirror(self, more: Mapping[str, str] = MappingProxyType({})) -> None:
        """Bring the page's address up to date; what is as it is at first is left out.

        Args:
            more: What the address holds besides, or otherwise, by the names there.
        """
        params = {}
        for field, place in self._address.items():
            value = getattr(self.current(), field)
            same = value == getattr(self._first, field)
            params[place.name] = "" if same else place.write(value)
        address_bar({**params, **more}, page=self._key)
