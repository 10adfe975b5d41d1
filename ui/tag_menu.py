"""Tags of images as a filter, and their menu: own words, and a table to take away or bring back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from fmnist_core.export.tag_list import tags_csv, with_csv
from fmnist_core.runs.image_tags import KNOWN, MAX_OWN, ImageTags
from ui import cache, tagging
from ui.format import count, escape

_WORD, _FILE = "tags-own-word", "tags-file"


def choose_tags(*, key: str, on_change: Callable[[], None] | None = None) -> tuple[str, ...]:
    """Let the person choose tags, of which an image shall bear one; all images where there is none.

    Args:
        key: Of the widget; its value stays in the session.
        on_change: Called before the page runs again with other tags.
    """
    with st.container(width=230):
        chosen = st.multiselect(
            "Tagged",
            tagging.current_tags().words,
            placeholder="or not",
            key=key,
            persist_state="session",
            on_change=on_change,
            help="Only images that bear one of these tags.",
        )
    return tuple(chosen)


def tag_menu() -> None:
    """Draw the menu; its content is only made while it is open."""
    menu = st.popover("Tags", icon=":material/label:", key="tags-menu", on_change="rerun")
    if menu.open:
        with menu:
            tags = tagging.current_tags()
            tagging.say_problem()
            _own_words(tags)
            _table(tags)


def _own_words(tags: ImageTags) -> None:
    st.text_input(
        f"Add an own word ({len(tags.own)} of {MAX_OWN})",
        max_chars=30,
        key=_WORD,
        placeholder="such as worn out",
        help="It takes the next key. Letters, digits, spaces, dots, underscores and hyphens.",
        disabled=len(tags.own) == MAX_OWN,
        on_change=_take_word,
    )
    for key, word in enumerate(tags.own, start=len(KNOWN) + 1):
        borne = len(tags.images.get(word, ()))
        st.button(
            f"Forget {escape(word)}",
            key=f"tags-forget-{key}",
            icon=":material/close:",
            disabled=borne > 0,
            help=f"It is on {count(borne, 'image')}." if borne else None,
            on_click=tagging.apply,
            args=(lambda found, word=word: found.without_word(word),),
        )


def _take_word() -> None:
    word = st.session_state[_WORD].strip()
    if word and tagging.apply(lambda tags: tags.with_word(word)):
        st.session_state[_WORD] = ""


def _table(tags: ImageTags) -> None:
    st.download_button(
        f"Download {count(len(tags.tagged), 'tagged image')} as CSV",
        lambda: tags_csv(tags, cache.data_set().labels),
        file_name="image-tags.csv",
        mime="text/csv",
        key="tags-csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
    generation = st.session_state.setdefault(_FILE, 0)  # another one, once a file was taken
    key = f"{_FILE}-{generation}"
    st.file_uploader(
        "Add the tags of a CSV table",
        type="csv",
        key=key,
        max_upload_size=8,
        help="With the columns index and tags, as above. Nothing that is tagged now is untagged.",
        on_change=lambda: _take_file(key),
    )


def _take_file(key: str) -> None:
    upload = st.session_state[key]
    if upload is not None:
        table = upload.getvalue()
        tagging.apply(lambda tags: with_csv(tags, table))
        st.session_state[_FILE] += 1
