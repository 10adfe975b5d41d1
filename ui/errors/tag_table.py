"""The table of tags: how good the run is on the images of each, and the way to them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit import column_config as columns

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.analysis.slices import Slice, slices
from ui import tagging
from ui.errors import selection
from ui.errors.filters import show_tagged
from ui.format import NONE, count, escape, points
from ui.readers import index_within

_COLUMNS: dict[str, Any] = {
    "tag": columns.TextColumn("Tag"),
    "tagged": columns.NumberColumn("Tagged", help="Of all 70,000 images.", width=70),
    "images": columns.NumberColumn("Images", help="Of these, on this part.", width=70),
    "wrong": columns.NumberColumn("Wrong", width=70),
    "accuracy": columns.NumberColumn("Accuracy", format="%.1f %%", width=80),
    "interval": columns.TextColumn("95 % interval", width=95),
    "difference": columns.TextColumn(
        "Against the rest, points", help="Its accuracy minus that of all other images.", width=150
    ),
    "difference_interval": columns.TextColumn(
        "95 % interval ", help="By Newcombe, for two shares of different images.", width=120
    ),
}


def tag_table(predictions: Predictions) -> None:
    """Draw the table of the words that images bear; say how to tag where none does."""
    st.header("Tags", anchor=False)
    tagging.say_problem()
    tags = tagging.current_tags()
    if not tags.images:
        st.caption("No image is tagged yet. Open one under Mistakes and press a key from 1 to 9.")
        return
    found = slices(predictions, {word: tags.images_of(word) for word in tags.words})
    shown = [each for each in found if each.name in tags.images]
    rows = [_row(each, len(tags.images[each.name])) for each in shown]
    event = st.dataframe(
        pd.DataFrame(rows, columns=list(_COLUMNS)),
        hide_index=True,
        column_config=_COLUMNS,
        height="content",
        placeholder=NONE,
        key="errors-tags",
        on_select="rerun",
        selection_mode="single-row",
        alt=f"Accuracy on the images of {count(len(rows), 'tag')}, against all others.",
    )
    st.caption(
        f"On {count(len(predictions), f'{predictions.part} image')}; intervals are 95 %. Tags that "
        "were given while looking at this run's mistakes make it look worse on them than it is: "
        "judge another run by them, or tag right ones too. Tick a row to see its images."
    )
    chosen = event["selection"]["rows"]
    first = chosen[0] if isinstance(chosen, list) and chosen else None
    place = index_within(first, len(shown))
    if place is not None:
        _way_to_images(shown[place])


def _way_to_images(found: Slice) -> None:
    st.button(
        f"See the {count(found.images, 'image')} tagged {escape(found.name)}",
        key="errors-see-tagged",
        type="primary",
        icon=":material/grid_on:",
        disabled=not found.images,
        on_click=_see,
        args=(found.name,),
    )


def _see(word: str) -> None:
    """Show all images of a tag, whatever their class, right ones too."""
    show_tagged(word)
    selection.change(view="mistakes", true=None, predicted=None, image=None)


def _row(found: Slice, tagged: int) -> dict[str, Any]:
    accuracy, interval = found.accuracy, found.interval
    difference, ends = found.difference, found.difference_interval
    return {
        "tag": found.name,
        "tagged": tagged,
        "images": found.images,
        "wrong": found.images - found.correct,
        "accuracy": None if accuracy is None else 100 * accuracy,
        "interval": f"{100 * interval[0]:.1f}–{100 * interval[1]:.1f}" if interval else None,
        "difference": None if difference is None else points(difference, 1),
        "difference_interval": f"{points(ends[0], 1)} to {points(ends[1], 1)}" if ends else None,
    }
