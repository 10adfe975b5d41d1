"""A picture that somebody brings, what becomes of it, and the choices made for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from PIL import Image

from fmnist_core.data.photo import PhotoSpec, Prepared, decode, prepare
from fmnist_core.exceptions import PhotoError

_SPECS = "classify-specs"
SHOWN = 336  # pixels of the longer side of a thumbnail
MAX_SPECS = 500  # pictures whose choices a session remembers


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A file with a picture, not looked into yet.

    Attributes:
        key: Another one for every other file.
        name: Of the file, or what it is; it cannot be trusted.
        data: Its bytes; neither can they.
    """

    key: str
    name: str
    data: bytes

    @property
    def spec(self) -> PhotoSpec:
        """How it is prepared: as this session has chosen, or as usual."""
        return st.session_state.get(_SPECS, {}).get(self.key, PhotoSpec())

    def pixels(self) -> np.ndarray:
        """Return it decoded, as `fmnist_core.data.photo.decode` does.

        Raises:
            PhotoError: It is no picture, damaged, too large or too small.
        """
        return _decoded(self.key, self.data)

    @property
    def readable(self) -> bool:
        """Whether it is a picture at all."""
        try:
            self.pixels()
        except PhotoError:
            return False
        return True

    def thumbnail(self) -> Image.Image:
        """Return it small, to be shown.

        Raises:
            PhotoError: It is no picture.
        """
        small = Image.fromarray(self.pixels())
        small.thumbnail((SHOWN, SHOWN))
        return small

    def prepared(self) -> Prepared:
        """Return it prepared by its spec.

        Raises:
            PhotoError: It is no such picture, or nothing in it stands out.
        """
        return _prepared(self.key, self.data, self.spec)

    def seen(self) -> np.ndarray | str:
        """Return what networks see of it, uint8 (28, 28), or a sentence on why they see nothing."""
        return _seen(self.key, self.data, self.spec)


def choose_spec(picture: Picture, spec: PhotoSpec) -> None:
    """Have a picture prepared in another way from now on."""
    specs = st.session_state.setdefault(_SPECS, {})
    specs.pop(picture.key, None)
    specs[picture.key] = spec
    while len(specs) > MAX_SPECS:
        del specs[next(iter(specs))]


@st.cache_resource(show_spinner=False, max_entries=4)  # up to 12 MB each
def _decoded(key: str, _data: bytes) -> np.ndarray:
    return decode(_data)


@st.cache_resource(show_spinner=False, max_entries=128)  # half a megabyte each
def _prepared(key: str, _data: bytes, spec: PhotoSpec) -> Prepared:
    return prepare(_decoded(key, _data), spec)


@st.cache_data(
    show_spinner=False, max_entries=4_096
)  # a kilobyte each, so that tables of many stay
def _seen(key: str, _data: bytes, spec: PhotoSpec) -> np.ndarray | str:
    try:
        return prepare(decode(_data), spec).pixels
    except PhotoError as error:
        return str(error)
