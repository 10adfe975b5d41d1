"""The entry script: lists the pages, draws the frame and runs the chosen page."""

from pathlib import Path

import streamlit as st

from ui import state

ASSETS = Path(__file__).parents[1] / "ui" / "assets"

st.set_page_config(
    page_title="Fashion-MNIST Lab", page_icon=str(ASSETS / "icon.png"), layout="wide"
)
st.logo(str(ASSETS / "logo.svg"), size="large", icon_image=str(ASSETS / "icon.png"))

page = st.navigation(
    {
        "Lab": [
            st.Page("overview.py", title="Overview", icon=":material/home:", default=True),
            st.Page("data.py", title="Data", icon=":material/dataset:"),
            st.Page("build.py", title="Build", icon=":material/stacks:"),
            st.Page("train.py", title="Train", icon=":material/model_training:"),
        ],
        "Analyse": [
            st.Page("runs.py", title="Runs", icon=":material/table_rows:"),
            st.Page("errors.py", title="Errors", icon=":material/grid_on:"),
            st.Page("inside.py", title="Inside", icon=":material/biotech:"),
            st.Page("classify.py", title="Classify", icon=":material/draw:"),
            st.Page("references.py", title="References", icon=":material/menu_book:"),
        ],
    }
)

state.read_address()
page.run()
state.mirror_address(page.url_path)
