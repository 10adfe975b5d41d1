"""Inside: what each layer of a trained network makes of an image."""

import streamlit as st

from fmnist_core.runs.selection import sort
from ui import cache
from ui.inside import choice
from ui.inside.arithmetic import arithmetic
from ui.inside.embedding import embedding
from ui.inside.filters import filters
from ui.inside.health import health
from ui.inside.image import choose_image, draw_image
from ui.inside.maps import maps
from ui.inside.saliency import saliency
from ui.inside.surgery import surgery
from ui.inside.time_machine import time_machine
from ui.layout import begin_page, friendly_errors
from ui.network_choice import choose_network

VIEWS = {
    "maps": maps,
    "filters": filters,
    "surgery": surgery,
    "arithmetic": arithmetic,
    "saliency": saliency,
    "embedding": embedding,
    "time": time_machine,
    "health": health,
}

begin_page("Inside", "What each layer of a trained network makes of an image.")

with friendly_errors():
    run = choose_network(
        sort(cache.run_store().summaries()), purpose="What its network has learned is shown here."
    )
    if run:
        view = choice.choose_view()
        subject = choose_image(run)
        left, right = st.columns([1, 4], gap="medium")
        with left:
            draw_image(subject)
        with right:
            VIEWS[view](subject)
    choice.mirror()
