"""Pictures from files, the clipboard and the camera; a session keeps what it was given."""

from __future__ import annotations

import hashlib

import streamlit as st

from fmnist_core.data.photo.decode import MAX_BYTES
from fmnist_core.data.photo.formats import KNOWN
from ui.classify.drawing import png_bytes
from ui.classify.picture import Picture
from ui.components.paste_area import paste_area
from ui.format import count, escape

MAX_FILES = 500
MAX_KEPT = 150 * 2**20  # bytes of all files of a session together
MAX_PASTED = 10_000_000  # characters of a data URL: 1,600 pixels a side take less
_FILES, _PASTE, _CAMERA = "classify-files", "classify-paste", "classify-camera"
_UPLOADED, _PASTED, _PHOTO = "classify-uploaded", "classify-pasted", "classify-photo"
_EARLIER = "classify-earlier"  # files of uploaders that are gone: leaving the page empties them
_LEFT_OUT = "classify-left-out"  # names of files for which there was no room
_TIMES = "classify-uploader"  # how often the uploader was emptied


def uploads() -> list[Picture]:
    """Let the person choose files or paste a picture; return what there is, in that order."""
    files = f"{_FILES}-{st.session_state.get(_TIMES, 0)}"
    held = st.file_uploader(
        f"Pictures: {KNOWN}. One garment each, seen from the front, on a plain ground",
        accept_multiple_files=True,
        key=files,
        max_upload_size=MAX_BYTES // 2**20,
        on_change=_take_files,
        args=(files,),
    )
    if not held:  # what was taken is of an uploader that was left with its page
        _keep_earlier()
    pictures = [
        picture
        for kept in (_EARLIER, _UPLOADED, _PASTED)
        for picture in st.session_state.get(kept, [])
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="content"):
            paste_area("Paste a picture", key=_PASTE, on_pasted_change=_take_pasted)
        if pictures:
            st.button(
                f"Remove {count(len(pictures), 'picture')}",
                key="classify-remove",
                icon=":material/delete:",
                on_click=_remove,
            )
    if left_out := st.session_state.get(_LEFT_OUT):
        names = escape(", ".join(left_out), 200)
        st.warning(
            f"There is room for {MAX_KEPT // 2**20} MB together, so {count(len(left_out), 'file')} "
            f"stayed out: {names}. Remove others, or save these smaller."
        )
    if len(pictures) > MAX_FILES:
        st.warning(f"Of {len(pictures):,} pictures, the first {MAX_FILES:,} are looked at.")
    return pictures[:MAX_FILES]


def photo() -> Picture | None:
    """Let the person take a photo; return the last one."""
    st.camera_input(
        "Photo",
        key=_CAMERA,
        on_change=_take_photo,
        help="Lay the garment on a plain sheet and hold the camera straight above it. Browsers "
        "allow a camera on this machine or over https only.",
    )
    return st.session_state.get(_PHOTO)


def _take_files(key: str) -> None:
    """Keep what the uploader holds now, as long as there is room."""
    kept, left_out = [], []
    room = MAX_KEPT - sum(len(each.data) for each in st.session_state.get(_EARLIER, []))
    for file in st.session_state[key] or []:
        if file.size > room:
            left_out.append(file.name)
            continue
        kept.append(Picture(key=file.file_id, name=file.name, data=file.getvalue()))
        room -= file.size
    st.session_state[_UPLOADED], st.session_state[_LEFT_OUT] = kept, left_out


def _keep_earlier() -> None:
    """Set aside what was taken, so that the next files come beside it and not in its place."""
    earlier = [*st.session_state.get(_EARLIER, []), *st.session_state.get(_UPLOADED, [])]
    st.session_state[_EARLIER], st.session_state[_UPLOADED] = earlier, []


def _take_pasted() -> None:
    data = png_bytes(st.session_state[_PASTE].get("pasted"), MAX_PASTED)
    if data is None:
        return
    pasted = [*st.session_state.get(_PASTED, [])]
    digest = hashlib.sha256(data).hexdigest()
    if digest not in {each.key for each in pasted}:
        pasted.append(Picture(key=digest, name=f"pasted {len(pasted) + 1}", data=data))
    st.session_state[_PASTED] = pasted[-MAX_FILES:]


def _take_photo() -> None:
    file = st.session_state[_CAMERA]
    st.session_state[_PHOTO] = (
        Picture(key=file.file_id, name="photo", data=file.getvalue()) if file else None
    )


def _remove() -> None:
    """Forget all pictures, and empty the uploader."""
    for kept in (_EARLIER, _UPLOADED, _PASTED, _LEFT_OUT):
        st.session_state[kept] = []
    st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
