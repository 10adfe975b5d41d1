"""Drawings: well-formed, to scale, everything named, nothing over anything else."""

import itertools
import re
import xml.etree.ElementTree as ET
from collections import Counter

import pytest
from hypothesis import given, settings

from fmnist_core.cli import main
from fmnist_core.model import edit, presets
from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.colors import KIND_COLORS
from fmnist_core.model.cost_bars import cost_bars_svg
from fmnist_core.model.drawing import network_svg, svg
from fmnist_core.model.drawing.labels import broken_name
from fmnist_core.model.drawing.scale import scale_of
from fmnist_core.model.drawing.svg import text_width
from fmnist_core.model.shapes import trace
from fmnist_core.specs import LayerSpec, ModelSpec
from tests.strategies import stacks

SVG = "{http://www.w3.org/2000/svg}"
SMALL = presets.load("small").experiment.model
MODELS = [preset.experiment.model for preset in presets.PRESETS]
named = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)


def network(*layers, **settings):
    """A stack of (type, settings) or (type, settings, joined layers)."""
    specs = {}
    for layer_type, values, *joined in layers:
        name = edit.fresh_name(layer_type, specs)
        inputs = tuple(joined[0]) if joined else ()
        specs[name] = LayerSpec(type=layer_type, name=name, settings=values, inputs=inputs)
    return ModelSpec(layers=tuple(specs.values()), **settings)


def conv(filters, **settings):
    return "Conv2D", {"filters": filters, "padding": "same", **settings}


POOL, DROPOUT, FLATTEN = ("MaxPooling2D", {}), ("Dropout", {"rate": 0.3}), ("Flatten", {})
LOGITS = ("Dense", {"units": 10, "activation": "linear"})


def draw(model, **options):
    return ET.fromstring(network_svg(model, trace(model), **options))


def boxes(root):
    """The group of each layer by its name: its title begins with that."""
    titled = [(group, group.findtext(f"{SVG}title")) for group in root.iter(f"{SVG}g")]
    return {title.split(":")[0]: group for group, title in titled if title and ":" in title}


def corners(polygon):
    return [tuple(map(float, pair.split(","))) for pair in polygon.get("points").split()]


def extent(polygon, axis):
    values = [point[axis] for point in corners(polygon)]
    return max(values) - min(values)


def side(root, name):
    """Width and height of a box's right side, the face of the map: it is drawn first."""
    face = corners(boxes(root)[name].find(f".//{SVG}polygon"))
    front_top, back_top, _, front_bottom = face
    return back_top[0] - front_top[0], front_bottom[1] - front_top[1]


def depth(root, name):
    """Depth of a box: the width of its front, which is drawn third."""
    return extent(boxes(root)[name].findall(f".//{SVG}polygon")[2], axis=0)


def texts(root):
    return [text.text for text in root.iter(f"{SVG}text")]


def skips(root):
    titles = [group.findtext(f"{SVG}title") or "" for group in root.iter(f"{SVG}g")]
    return [tuple(title.split(" → ")) for title in titles if "→" in title]


def text_boxes(root):
    """Left, top, right and bottom of each text, by the estimate that the layout uses too."""
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size"))
        x, y = float(text.get("x")), float(text.get("y"))
        yield x, y - 0.75 * size, x + text_width(text.text, size), y + 0.2 * size


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def inside(root):
    """Whether all texts lie within the picture."""
    width, height = map(float, root.get("viewBox").split()[2:])
    return all(
        min(left, top) >= 0 and right <= width and bottom <= height
        for left, top, right, bottom in text_boxes(root)
    )


# To scale ----------------------------------------------------------------------------------------


def test_the_side_of_a_14x14_map_is_half_as_wide_and_high_as_that_of_28x28():
    root = draw(network(conv(16), POOL, FLATTEN, LOGITS))

    wide, small = side(root, "conv2d_1"), side(root, "max_pooling2d_1")
    assert small == pytest.approx((wide[0] / 2, wide[1] / 2), abs=0.02)
    assert wide == pytest.approx(side(root, "input"), abs=0.02)
    assert wide[0] == pytest.approx(wide[1] / 2, abs=0.02)  # it is seen at an angle


def test_twice_the_channels_are_twice_as_deep():
    linear = {"activation": "linear"}
    root = draw(network(conv(16, **linear), conv(32, **linear), conv(64, **linear)))

    depths = [depth(root, f"conv2d_{number}") for number in (1, 2, 3)]
    assert depths == pytest.approx([14, 28, 56], abs=0.02)
    assert "64 channels deep" not in texts(root)  # 56 px would be too long a bar
    assert "32 channels deep" in texts(root)


def test_where_channels_range_too_far_depth_goes_by_their_root_and_the_legend_says_so():
    root = draw(network(conv(4, activation="linear"), conv(400, activation="linear")))

    assert depth(root, "conv2d_2") == pytest.approx(10 * depth(root, "conv2d_1"), rel=0.01)
    assert "by the square root of the channels, as they range from 4 to 400" in " ".join(
        texts(root)
    )


@pytest.mark.parametrize("channels", [(16, 32, 2048), (1, 2, 3), (30, 31, 32)])
def test_depth_grows_with_the_channels_on_either_scale(channels):
    scale = scale_of([(28, 28, count) for count in channels])

    depths = [scale.depth(count) for count in channels]
    assert depths == sorted(set(depths))
    assert max(depths) < 56.01


def test_vectors_ten_times_as_long_are_longer_by_the_same_step():
    scale = scale_of([])

    lengths = [scale.size((count,)).height for count in (1, 10, 100, 1000)]
    assert lengths[0] > 5
    steps = [after - before for before, after in itertools.pairwise(lengths)]
    assert steps == pytest.approx([22, 22, 22])


def test_maps_made_larger_by_padding_shrink_all_others():
    padded = network(("ZeroPadding2D", {"padding": 14}), FLATTEN, LOGITS)

    grown, image = (side(draw(padded), name) for name in ("zero_padding2d_1", "input"))
    assert grown[1] == pytest.approx(120, abs=0.02)  # 56 pixels
    assert image[1] == pytest.approx(60, abs=0.02)  # 28 pixels


def test_a_layer_that_keeps_the_shape_is_a_thin_slab_on_the_box_before_it():
    root = draw(network(conv(32), DROPOUT, FLATTEN, LOGITS))

    assert side(root, "dropout_1") == pytest.approx(side(root, "conv2d_1"), abs=0.02)
    assert depth(root, "dropout_1") == pytest.approx(6, abs=0.02)


# Everything is there -----------------------------------------------------------------------------


@named
def test_every_layer_is_named_once(model):
    lines = Counter(line for layer in model.layers for line in broken_name(layer.name))

    assert Counter(text for text in texts(draw(model)) if text in lines) == lines


@named
def test_the_shape_of_every_map_and_vector_is_written(model):
    written = texts(draw(model))

    for shape in {layer.output for layer in trace(model).layers}:
        assert "×".join(map(str, shape)) in written


@named
def test_no_text_lies_over_another_or_outside(model):
    for width in (400, 520, 680):
        root = draw(model, row_width=width)
        placed = list(text_boxes(root))
        for one, other in itertools.combinations(placed, 2):
            assert not overlap(one, other), (one, other)
        assert inside(root)


@given(stacks(max_layers=20))
@settings(max_examples=60, deadline=None)
def test_any_stack_gives_well_formed_xml_with_all_names_and_skips(model):
    root = draw(model)

    found = trace(model)
    assert set(boxes(root)) == {"input", *(layer.name for layer in model.layers)}
    joined = [(source, layer.name) for layer in model.layers for source in layer.inputs]
    assert sorted(skips(root)) == sorted(joined)
    assert not any(overlap(*pair) for pair in itertools.combinations(text_boxes(root), 2))
    assert inside(root)
    assert (found.problem is not None) == ("stroke-dasharray" in ET.tostring(root, "unicode"))


def test_a_residual_network_has_an_arc_for_each_joined_layer():
    model = network(
        conv(16),
        conv(16),
        ("Add", {}, ["conv2d_1"]),
        conv(16),
        ("Concatenate", {}, ["add_1", "input", "add_1"]),
        FLATTEN,
        LOGITS,
    )

    assert skips(draw(model)) == [
        ("conv2d_1", "add_1"),
        ("add_1", "concatenate_1"),
        ("input", "concatenate_1"),
        ("add_1", "concatenate_1"),
    ]


def test_the_deepest_network_takes_several_rows_that_a_line_connects():
    model = network(*[conv(8)] * 97, ("Concatenate", {}, ["conv2d_1", "input"]), FLATTEN, LOGITS)
    assert len(model.layers) == 100

    root = draw(model)
    ways = [path for path in root.findall(f"{SVG}path") if path.get("d").count("Q") == 4]
    assert len(ways) >= 10
    beside = [path.get("d").split("L")[3] for path in root.findall(f"{SVG}g/{SVG}path")[-2:]]
    turns = {line.split()[0] for line in beside}
    assert len(skips(root)) == len(turns) == 2
    width, height = map(float, root.get("viewBox").split()[2:])
    assert width <= 680 + 30  # beside the rows: the way down, and two skips
    assert height > 1000
    assert inside(root)


def test_the_legend_names_the_kinds_that_occur_and_no_others():
    written = texts(draw(network(conv(32), POOL, FLATTEN, LOGITS)))

    assert [kind for kind in KIND_COLORS if kind in written] == [
        "convolution",
        "pooling",
        "activation",  # the convolution's relu
        "shape",
        "dense",
    ]


# What does not fit -------------------------------------------------------------------------------


def test_the_layer_that_does_not_fit_is_outlined_and_those_after_it_wait():
    model = network(conv(32), FLATTEN, POOL, DROPOUT, LOGITS)
    root = draw(model)

    outlined = boxes(root)["max_pooling2d_1"].findall(f".//{SVG}polygon")
    assert {polygon.get("stroke") for polygon in outlined} == {"#c8102e"}
    assert {polygon.get("stroke-dasharray") for polygon in outlined} == {"4 3"}
    for name in ("dropout_1", "dense_1"):
        waiting = boxes(root)[name].findall(f".//{SVG}polygon")
        assert {polygon.get("fill") for polygon in waiting} == {"#d3dae4"}
    assert "does not fit" in texts(root)
    assert "a vector of 25,088 arrives" in root.findtext(f"{SVG}desc")


def test_the_legend_leaves_out_what_is_not_drawn_in_its_colour():
    written = texts(draw(network(FLATTEN, conv(32), POOL)))

    assert [kind for kind in KIND_COLORS if kind in written] == ["shape"]


def test_a_network_that_ends_wrong_is_drawn_whole_with_its_end_outlined():
    root = draw(network(conv(32), POOL))

    polygons = boxes(root)["max_pooling2d_1"].findall(f".//{SVG}polygon")
    assert [polygon.get("stroke-dasharray") for polygon in polygons] == [None] * 3 + ["4 3"] * 3
    assert "14×14×32" in texts(root)


def test_a_network_without_layers_shows_the_input():
    written = texts(draw(ModelSpec()))

    assert "input" in written
    assert "no layers yet" in written


# The file ----------------------------------------------------------------------------------------


@named
def test_light_and_dark_differ_in_colours_only(model):
    light, dark = (network_svg(model, trace(model), dark=dark) for dark in (False, True))

    kinds = {CATALOGUE[layer.type].kind for layer in model.layers}
    for kind in kinds:
        on_light, on_dark = KIND_COLORS[kind]
        assert on_light in light and on_light not in dark
        assert on_dark in dark and on_dark not in light
    color = re.compile(r"#[0-9a-f]{6}|fill-opacity=\"[0-9.]+\"")
    assert color.sub("", light) == color.sub("", dark)


def test_the_file_stands_alone():
    drawn = network_svg(MODELS[0], trace(MODELS[0]))

    root = ET.fromstring(drawn)
    assert set(root.attrib) == {"viewBox", "role", "font-family"}
    assert root.get("role") == "img"
    for reference in ("href", "url(", "var(", "class=", "style", " id="):
        assert reference not in drawn


def test_the_network_is_said_in_words():
    root = draw(network(conv(4), ("Add", {}, ["input"]), FLATTEN, LOGITS, name="tiny"))

    assert root.findtext(f"{SVG}title") == "The network tiny: 4 layers, 31,410 parameters"
    assert root.findtext(f"{SVG}desc") == (
        "From input to output: input 28×28×1; conv2d_1 (Conv2D) 28×28×4; "
        "add_1 (Add) 28×28×4, joined with input; flatten_1 (Flatten) 3136; "
        "dense_1 (Dense) 10."
    )


def test_a_box_tells_its_settings_and_cost():
    root = draw(network(conv(32), DROPOUT, FLATTEN, LOGITS))

    assert boxes(root)["conv2d_1"].findtext(f"{SVG}title") == (
        "conv2d_1: Conv2D, 28×28×32, 3×3 · relu, 320 parameters, 225,792 multiply-adds"
    )
    assert boxes(root)["dropout_1"].findtext(f"{SVG}title") == "dropout_1: Dropout, 0.3, 28×28×32"


def test_what_would_be_markup_is_written_as_text():
    hostile = '<script>alert("1")</script>&'
    body = [svg.text((0.0, 0.0), hostile, fill=hostile), svg.group([], hostile)]
    drawn = svg.document(10, 10, hostile, hostile, body)

    root = ET.fromstring(drawn)
    assert [element.tag for element in root.iter()].count(f"{SVG}script") == 0
    assert root.findtext(f"{SVG}text") == hostile
    assert root.find(f"{SVG}text").get("fill") == hostile
    assert root.findtext(f"{SVG}g/{SVG}title") == hostile


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("conv2d_1", ["conv2d_1"]),
        ("batch_normalization_1", ["batch_", "normalization_1"]),
        ("global_average_pooling2d_1", ["global_average_", "pooling2d_1"]),
        ("x" * 40, ["x" * 15 + "…"]),
        ("a__b_", ["a__b_"]),
    ],
)
def test_long_names_are_broken_after_underscores(name, lines):
    assert broken_name(name) == lines


# The command line --------------------------------------------------------------------------------


def test_the_command_line_prints_a_drawing_or_what_layers_cost(capsys):
    assert main(["draw", "small"]) == 0
    printed = capsys.readouterr().out
    assert printed == network_svg(SMALL, trace(SMALL))

    assert main(["draw", "small", "--cost", "--dark"]) == 0
    assert capsys.readouterr().out == cost_bars_svg(SMALL, trace(SMALL), dark=True)


def test_the_command_line_writes_a_drawing_to_a_file(tmp_path, capsys):
    file = tmp_path / "small.svg"

    assert main(["draw", "small", "--dark", "-o", str(file)]) == 0
    assert capsys.readouterr().out == f"{file} is written.\n"
    assert file.read_text(encoding="utf-8") == network_svg(SMALL, trace(SMALL), dark=True)


def test_a_file_that_cannot_be_written_is_named(tmp_path, capsys):
    file = tmp_path / "no-folder" / "small.svg"

    assert main(["draw", "small", "-o", str(file)]) == 1
    assert capsys.readouterr().err == (
        f"fmnist: {file} could not be written: No such file or directory. "
        "Name another file with -o.\n"
    )
