"""Figures of the curves of classes: what is drawn, and what may be left out of a line."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core.analysis.curves import Curve
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.figures.class_colors import CLASS_COLORS
from fmnist_core.figures.class_curves import (
    KINDS,
    area_text,
    class_curves,
    curves_figure,
    thinned,
)
from fmnist_core.figures.scale import luminance
from tests.predicted import predicted


def stairs(points: int) -> Curve:
    x = np.repeat(np.linspace(0, 1, points // 2), 2)
    return Curve(x, np.append(x[1:], 1), np.linspace(1, 0, len(x)), 0.5)


def test_a_short_line_is_left_as_it_is_and_a_long_one_keeps_its_ends():
    assert thinned(stairs(10), limit=10).x.tolist() == stairs(10).x.tolist()

    few = thinned(stairs(10_000), limit=100)
    assert 50 < len(few.x) <= 100
    assert (few.x[0], few.y[0], few.x[-1], few.y[-1]) == (0, 0, 1, 1)
    assert np.hypot(np.diff(few.x), np.diff(few.y)).max() < 0.03  # no gap: 2 / 100 along the line


def test_an_area_stands_beside_its_interval():
    known = stairs(10)._replace(area=0.98765, interval=(0.98, 0.99123))

    assert area_text(known) == "0.9877 (0.9800–0.9912)"
    assert area_text(thinned(known, limit=4)) == area_text(known)
    assert (area_text(stairs(10)), area_text(None)) == ("0.5000", "–")


@settings(max_examples=20)
@given(predicted(), st.sampled_from(sorted(KINDS)))
def test_each_class_with_images_has_a_line_from_end_to_end(found, name):
    curves = class_curves(found, KINDS[name])
    lines = curves_figure(curves, KINDS[name])["data"]

    several = len(np.unique(found.y_true)) > 1
    expected = len(np.unique(found.y_true)) if several or name == "pr" else 0
    assert len(lines) == expected
    assert all(line["x"][0] == 0 and line["x"][-1] == 1 for line in lines)


def test_a_line_says_its_area_its_thresholds_and_its_class_by_colour_and_dash():
    # A dress at 0.75 and a bag at 0.25 of a dress: every dress comes before every bag.
    found = Predictions(
        part="test",
        index=np.arange(2, dtype=np.int32),
        y_true=np.array([3, 8], np.uint8),
        y_proba=np.eye(10, dtype=np.float32)[[3, 8]] * 0.75
        + np.eye(10, dtype=np.float32)[[8, 3]] * 0.25,
    )
    dress, bag = curves_figure(class_curves(found, KINDS["roc"]), KINDS["roc"])["data"]

    assert (dress["name"], bag["name"]) == ("Dress 1.0000", "Bag 1.0000")
    assert dress["text"] == ["never", "from 0.750 on", "from 0.250 on"]
    assert (dress["line"]["dash"], bag["line"]["dash"]) == ("solid", "dash")
    assert dress["meta"]["color"] == list(CLASS_COLORS[3])


def test_colours_of_classes_differ_and_stand_out_from_their_page():
    for dark, page in enumerate(("#ffffff", "#11161d")):
        colors = [pair[dark] for pair in CLASS_COLORS]
        assert len(set(colors)) == 10
        for color in colors:
            light, deep = sorted(map(_luminance, (color, page)), reverse=True)
            assert (light + 0.05) / (deep + 0.05) >= 3, (color, page)


def _luminance(color: str) -> float:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return luminance((red, green, blue))
