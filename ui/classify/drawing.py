"""The picture that is drawn by hand."""

from __future__ import annotations

import base64
import binascii
import hashlib

import streamlit as st

from ui.classify.picture import Picture
from ui.components.draw_pad import draw_pad

PNG_URL = "data:image/png;base64,"
MAX_URL = 400_000  # characters; a drawing takes some 10,000
_PAD, _KEPT = "classify-pad", "classify-drawing"


def drawing() -> Picture | None:
    """Draw the sheet of paper; return what is on it, None while it is empty."""
    found = draw_pad(png=st.session_state.get(_KEPT), key=_PAD)
    data = png_bytes(found, MAX_URL)
    # The component forgets it when the page is left.
    st.session_state[_KEPT] = found if data else None
    if data is None:
        st.caption(
            "Draw one garment, filled, as if it lay on white paper; “Mirror” draws both halves."
        )
        return None
    return Picture(key=hashlib.sha256(data).hexdigest(), name="drawing", data=data)


def png_bytes(url: object, limit: int) -> bytes | None:
    """Read what a browser calls the data URL of a PNG; None for anything else."""
    if not isinstance(url, str) or not url.startswith(PNG_URL) or len(url) > limit:
        return None
    try:
        return base64.b64decode(url.removeprefix(PNG_URL), validate=True)
    except binascii.Error:
        return None
