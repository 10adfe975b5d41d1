"""Maps as the browser draws them, with numbers that can be checked in the head."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.inference.messages import Message
from fmnist_core.specs import LayerSpec
from ui.format import significant
from ui.inside import map_data
from ui.inside.map_detail import kernel_data

# Two maps of 1×2: (0, 1) and (−2, 4).
MAPS = np.array([[[0, -2], [1, 4]]], np.float32)


def test_limits_are_of_the_map_the_layer_or_the_network():
    assert map_data.limits_of(MAPS, "Map", 8).tolist() == [1, 4]
    assert map_data.limits_of(MAPS, "Layer", 8).tolist() == [4, 4]
    assert map_data.limits_of(MAPS, "Network", 8).tolist() == [8, 8]
    assert map_data.limits_of(0 * MAPS, "Map", 0).tolist() == [1, 1]


def test_codes_of_both_scales():
    limits = np.array([4, 4])

    signed = map_data.codes(MAPS, limits, signed=True)
    assert signed.tolist() == [[[127, 159]], [[64, 254]]]  # 127 + 127 / 4 = 158.75
    unsigned = map_data.codes(MAPS, limits, signed=False)
    assert unsigned.tolist() == [[[0, 64]], [[0, 255]]]


def test_the_most_active_map_comes_first_and_dead_ones_are_found():
    assert map_data.order_of(MAPS, "Mean").tolist() == [1, 0]  # means 0.5 and 1
    assert map_data.order_of(MAPS, "Number").tolist() == [0, 1]
    assert map_data.dead(MAPS * [0, 1]).tolist() == [0]


def test_the_legend_has_the_numbers_of_the_scale():
    def legend(scale, signed):
        limits = map_data.limits_of(MAPS, scale, 8)
        shown = np.array([0, 1])
        data = map_data.grid_data(MAPS, shown, limits, scale=scale, signed=signed, name="")
        assert len(base64.b64decode(data["codes"])) == MAPS.size
        return data["legend"]["low"], data["legend"]["high"]

    assert legend("Network", True) == ("−8.00", "8.00")
    assert legend("Layer", False) == ("0", "4.00")
    assert legend("Map", True) == ("−1", "1")


def kernel_of(layer_type, kernel, channel, **more):
    settings = {} if layer_type != "DepthwiseConv2D" else {"depth_multiplier": 2}
    layer = LayerSpec(type=layer_type, name="a", settings=settings)
    arrays = {"kernel": np.asarray(kernel, np.float32), **more}
    return kernel_data(Message({}, arrays), layer, channel)


def test_a_kernel_of_one_map_is_shown_itself_and_of_several_the_strongest():
    assert kernel_of("Conv2D", [[[[1, -3]]]], 1)["values"] == [-3]
    depthwise = np.arange(4).reshape(1, 1, 2, 2)  # channel 3 is the second of map 1
    assert kernel_of("DepthwiseConv2D", depthwise, 3)["values"] == [3]
    several = np.array([0.5, -3, 1, 0]).reshape(1, 1, 4, 1)
    assert "map 1 (3.00), 2 (1.00), 0 (0.500) of the 4" in kernel_of("Conv2D", several, 0)["note"]
    assert kernel_data(Message({}, {}), LayerSpec(type="Flatten", name="a"), 0) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0, "0"), (1.5, "1.50"), (-0.0123, "−0.0123"), (1234.5, "1,234"), (12.34, "12.3")),
        *((0.00456, "0.00456"), (1.2e-7, "1.2e−07"), (0.9999, "1.00"), (99.96, "100")),
    ],
)
def test_numbers_are_written_in_three_digits(value, text):
    assert significant(value) == text


@given(st.floats(0.001, 1e6))
def test_no_more_than_half_a_percent_is_lost(value):
    assert float(significant(value).replace(",", "")) == pytest.approx(value, rel=0.0051)
