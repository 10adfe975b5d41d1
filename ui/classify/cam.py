"""The view of where the network looks: Grad-CAM, beside the same network untrained."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis.saliency import METHODS, ZOOM, good_layer, layers_with_maps, paint
from fmnist_core.labels import CLASS_NAMES
from ui.classify.subject import Subject
from ui.inference import ask

_METHOD = "grad-cam"


def cam(subject: Subject) -> None:
    """Draw what speaks for the predicted class, and for the next one."""
    shapes = layers_with_maps(subject.run.experiment.model)
    if not shapes:
        st.info(
            "This network has no layer with maps of at least 4 by 4, so Grad-CAM would show a "
            "blur. “Look inside” has methods that need none: the gradient, occlusion."
        )
        return
    layer = good_layer(shapes)
    first, second = (int(label) for label in np.argsort(-subject.proba, kind="stable")[:2])
    name, other = CLASS_NAMES[first], CLASS_NAMES[second]
    questions = (
        (f"For {name}", first, None, False),
        (f"For {name} rather than {other}", first, second, False),
        (f"For {name}, untrained", first, None, True),
    )
    pixels = subject.prepared.pixels
    for column, (title, target, against, random) in zip(st.columns(3), questions, strict=True):
        map_ = ask(
            "saliency",
            subject.run,
            {"image": pixels},
            method=_METHOD,
            target=target,
            against=against,
            layer=layer,
            baseline="black",
            random=random,
        ).arrays["map"]
        largest = float(np.abs(map_).max())
        if not np.isfinite(largest):
            st.warning("The map's values are no numbers: the training has diverged.")
            return
        with column:
            st.markdown(f"**{title}**")
            st.image(paint(pixels, map_, signed=True, largest=largest), width=28 * ZOOM, alt=title)
    rows, columns = shapes[layer][:2]
    st.caption(
        f"Grad-CAM {METHODS[_METHOD][1]}; layer {layer}, {rows}×{columns}. Orange speaks for the "
        "class, blue against it; each picture has its own scale. What the untrained network shows "
        "as well was not learned. “Look inside” has more methods."
    )
