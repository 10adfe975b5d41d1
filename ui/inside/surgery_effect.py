"""What an operation does: to accuracy and loss, to the classes, and to the image."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.surgery import Surgery, verdict
from fmnist_core.figures.training import layout
from fmnist_core.labels import CLASS_NAMES
from ui.components.plotly_live import plotly_live
from ui.format import count, escape, percent, points, share_interval, signed
from ui.inside.image import TOP, Subject
from ui.inside.operation import Operation
from ui.layout import tile

_HEIGHT = 230  # pixels
_ERROR_COLOR = "#7d8796"  # seen on the bars and the page, light and dark
BEFORE, AFTER = 5, 1  # places among the theme's chart colours


def draw_figures(operation: Operation, found: Surgery) -> None:
    """Draw accuracy and loss before and after, and say whether the difference is chance."""
    _tiles(operation, found)
    if operation.off:
        st.markdown(escape(verdict(found, operation.text)))
    else:
        images = count(len(found.intact), "validation image")
        st.markdown(f"All {operation.channels:,} {operation.noun}s are on. Judged on {images}.")


def draw_effect(subject: Subject, operation: Operation, found: Surgery, proba: np.ndarray) -> None:
    """Draw the image's classes, and what becomes of all classes.

    Args:
        subject: The image.
        operation: What is off.
        found: The network before and after, on validation images.
        proba: What it makes of the image afterwards, float32 (10,).
    """
    if not operation.off:
        st.info(
            f"Switch a {operation.noun} off: what becomes of the image, of the class "
            f"{CLASS_NAMES[subject.about]} and of all others stands here then."
        )
        return
    _image(subject, operation, proba)
    _row(subject.about, found)
    _recalls(found)


def _tiles(operation: Operation, found: Surgery) -> None:
    images = len(found.intact)
    before, after = (images - int(each.wrong.sum()) for each in (found.intact, found.cut))
    low, high = found.gain.interval
    accuracy, change, loss = st.columns(3)
    with accuracy:
        tile(
            "Accuracy, all on",
            percent(before / images),
            share_interval(before, images),
            f"Of {images:,} validation images, with a 95 % interval.",
        )
    with change:
        tile(
            f"With {len(operation.off):,} off",
            percent(after / images),
            f"{points(found.gain.gain)} ({points(low)} to {points(high)})",
            "The change in points has a 95 % interval by paired bootstrap: both are measured on "
            "the same images.",
        )
    with loss:
        tile(
            "Loss",
            f"{found.loss.after:.3f}",
            f"{signed(found.loss.rise)} ({' to '.join(map(signed, found.loss.interval))})",
            f"Mean cross-entropy; {found.loss.before:.3f} with all on. The change has a 95 % "
            "interval of the paired differences.",
        )


def _image(subject: Subject, operation: Operation, proba: np.ndarray) -> None:
    """Draw the likeliest classes of the image before and after."""
    st.markdown(f"**{subject.title}**")
    sides = (("All on", subject.proba), (f"{len(operation.off):,} off", proba))
    for column, (title, shares) in zip(st.columns(2), sides, strict=True):
        with column:
            verdict = _verdict(int(shares.argmax()), subject.label)
            st.markdown(f"{title}: {verdict}")
            for label in np.argsort(-shares, kind="stable")[:TOP]:
                share = float(shares[label])
                st.progress(share, text=f"{CLASS_NAMES[label]}: {percent(share, 1)}")


def _verdict(predicted: int, label: int | None) -> str:
    """Say whether a prediction is right, in markdown; what it is where nobody knows."""
    if label is None:
        return CLASS_NAMES[predicted]
    return ":green[✓ right]" if predicted == label else ":red[✗ wrong]"


def _row(label: int, found: Surgery) -> None:
    """Draw the row of the confusion matrix of the image's class."""
    before, after = found.taken_for(label)
    name = CLASS_NAMES[label]
    st.markdown(
        f"**What {count(int(before.sum()), 'image')} of {name} are taken for**; rightly "
        f"{before[label]:,} → {after[label]:,}"
    )
    bars = [
        _bars(title, counts.tolist(), color, "%{x}: %{y:,}") | _numbers(counts, label)
        for title, counts, color in (("All on", before, BEFORE), ("After", after, AFTER))
    ]
    _draw(
        bars,
        "inside-surgery-row",
        "Images",
        f"{name}: {before[label]:,} found with all on, {after[label]:,} after.",
    )


def _numbers(counts: np.ndarray, label: int) -> dict[str, Any]:
    """Write the counts of the other classes above their bars, but for 0; its own are too wide."""
    texts = [f"{number:,}" if number else "" for number in counts.tolist()]
    texts[label] = ""
    return {"text": texts, "textposition": "outside", "textangle": 0, "cliponaxis": False}


def _recalls(found: Surgery) -> None:
    """Draw how the recall of each class changes."""
    st.markdown("**Change of recall by class**")
    gains = {CLASS_NAMES[each.true]: each.gain for each in found.classes}
    bars = _bars(
        "Recall, points", [100 * gain.gain for gain in gains.values()], AFTER, "%{x}: %{y:+.1f}"
    )
    bars["x"] = list(gains)
    bars["error_y"] = {
        "type": "data",
        "symmetric": False,
        "array": [100 * (gain.interval[1] - gain.gain) for gain in gains.values()],
        "arrayminus": [100 * (gain.gain - gain.interval[0]) for gain in gains.values()],
        "thickness": 1.5,
        "color": _ERROR_COLOR,
    }
    worst = min(gains, key=lambda name: gains[name].gain)
    _draw(
        [bars],
        "inside-surgery-recalls",
        "Points",
        f"Change of recall by class; the lowest is {worst}, {points(gains[worst].gain)} points.",
    )


def _bars(name: str, values: list[Any], color: int, hover: str) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": name,
        "x": list(CLASS_NAMES),
        "y": values,
        "meta": {"color": color},
        "hovertemplate": f"{hover}<extra></extra>",
    }


def _draw(bars: list[dict[str, Any]], key: str, title: str, alt: str) -> None:
    axes = layout({"title": {"text": title}}, xaxis={"tickangle": -40})
    axes |= {"height": _HEIGHT, "hovermode": "closest", "showlegend": len(bars) > 1}
    axes["margin"] = {"l": 48, "r": 8, "t": 24, "b": 70}
    plotly_live({"data": bars, "layout": axes}, key=key, revision=key, alt=alt)
