"""The numbers behind a figure as a CSV table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from fmnist_core.export.data_table import table_csv

Columns = Mapping[str, Sequence[object] | np.ndarray]


def csv_button(name: str, columns: Callable[[], Columns]) -> None:
    """Offer a table, which is made when it is asked for.

    Args:
        name: Of the file, without an ending.
        columns: Makes the columns by their names.
    """
    st.download_button(
        "CSV",
        lambda: table_csv(columns()),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"data-csv-{name}",
        icon=":material/download:",
        on_click="ignore",
        help="The numbers behind this figure.",
    )
