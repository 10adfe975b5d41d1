"""From a picture to 28×28 pixels: geometry, tones, backgrounds and choices."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from fmnist_core.data.files import load
from fmnist_core.data.photo import PhotoSpec, prepare
from fmnist_core.data.photo.background import noise
from fmnist_core.exceptions import PhotoError, SpecError
from fmnist_core.settings import settings_of
from tests.strategies import values_of

WHITE, BLACK, GREY = (255, 255, 255), (0, 0, 0), (128, 128, 128)


def scene(*boxes, ground=WHITE, size=(300, 200)):
    """A picture of size (height, width) with boxes (left, top, right, bottom, colour) in it."""
    picture = np.empty((*size, 3), np.uint8)
    picture[:] = ground
    for left, top, right, bottom, colour in boxes:
        picture[top:bottom, left:right] = colour
    return picture


def lit(pixels):
    """Rows and columns that hold something: first and last of each."""
    rows, columns = (np.flatnonzero(pixels.any(axis=axis)) for axis in (1, 0))
    return (rows[0], rows[-1]), (columns[0], columns[-1])


def test_a_black_square_on_white_becomes_a_white_square_of_28():
    prepared = prepare(scene((60, 50, 160, 150, BLACK)))

    np.testing.assert_array_equal(prepared.pixels, np.full((28, 28), 255))
    assert prepared.polarity == "light" and prepared.background == WHITE
    assert prepared.box == pytest.approx((0.3, 1 / 6, 0.8, 0.5), abs=0.002)
    assert prepared.decided == ("The background is light (#ffffff), so the garment was negated.",)


def test_the_aspect_is_kept_and_the_short_side_centred():
    # Twice as high as wide: 28 by 14, so 7 columns of background on each side.
    pixels = prepare(scene((60, 50, 110, 150, BLACK))).pixels

    assert lit(pixels) == ((0, 27), (7, 20))
    np.testing.assert_array_equal(np.unique(pixels), [0, 255])


def test_an_odd_row_or_column_is_above_or_to_the_left():
    # 112 by 60 is 28 by 15, which leaves 13: 7 and 6, as in the data set.
    assert lit(prepare(scene((40, 50, 152, 110, BLACK))).pixels) == ((7, 21), (0, 27))
    assert lit(prepare(scene((40, 50, 100, 162, BLACK))).pixels) == ((0, 27), (7, 21))


@pytest.mark.parametrize(("left", "top"), [(0, 0), (150, 200), (75, 20)])
def test_where_it_is_in_the_picture_makes_no_difference(left, top):
    there = scene((left, top, left + 50, top + 100, BLACK), size=(400, 300))

    np.testing.assert_array_equal(
        prepare(there).pixels, prepare(scene((60, 50, 110, 150, BLACK))).pixels
    )


def test_light_on_dark_is_not_negated():
    prepared = prepare(scene((60, 50, 110, 150, WHITE), ground=BLACK))

    assert prepared.polarity == "dark" and lit(prepared.pixels) == ((0, 27), (7, 20))
    assert prepared.pixels[14, 14] == 255


def test_tones_run_from_the_background_to_the_farthest():
    # Half black and half middling: 255 - 0 and 255 - 128, without what sharpening adds.
    halves = scene((60, 50, 110, 100, BLACK), (60, 100, 110, 150, GREY))
    pixels = prepare(halves, PhotoSpec(sharpen=False)).pixels

    assert pixels[5, 14] == 255 and pixels[22, 14] == 127
    faint = scene((60, 50, 110, 150, (215, 215, 215)))
    assert prepare(faint).pixels.max() == 255


def test_sharpening_makes_edges_steeper_and_leaves_even_parts_alone():
    # Bands of 10, 8 and 10 rows: 255, 255 - 100 and 255 - 200 once they are negated.
    bands = scene(
        *[(60, 50, 172, 90, BLACK), (60, 90, 172, 122, (100, 100, 100))],
        (60, 122, 172, 162, (200, 200, 200)),
    )
    soft, sharp = (prepare(bands, PhotoSpec(sharpen=each)).pixels for each in (False, True))

    np.testing.assert_allclose(soft[[5, 10, 14, 17, 22], 14], [255, 155, 155, 155, 55], atol=1)
    np.testing.assert_allclose(sharp[[5, 14, 22], 14], [255, 155, 55], atol=1)
    assert sharp[10, 14] < 155 - 15 and sharp[17, 14] > 155 + 15


def test_on_paper_in_dim_light_white_is_what_the_paper_is():
    dim = scene((60, 50, 110, 100, BLACK), (60, 100, 110, 150, (85, 85, 85)), ground=(170,) * 3)
    pixels = prepare(dim, PhotoSpec(sharpen=False)).pixels

    assert pixels[5, 14] == 255 and pixels[22, 14] == 128  # half as light as the paper


def test_on_a_coloured_ground_tones_are_as_in_a_studio():
    # One part darker than the ground and one lighter: white is 255, whatever the ground is.
    ground, light = (90, 140, 200), (204, 204, 204)
    two = scene((60, 50, 110, 120, BLACK), (60, 120, 110, 150, light), ground=ground)
    prepared = prepare(two, PhotoSpec(sharpen=False))

    assert prepared.polarity == "light" and prepared.pixels[5, 14] == 255
    assert prepared.pixels[25, 14] == 51  # 255 - 204


def test_a_pale_garment_on_a_coloured_ground_is_no_negative():
    prepared = prepare(scene((60, 50, 110, 150, (204, 204, 204)), ground=(90, 140, 200)))

    assert prepared.polarity == "light" and lit(prepared.pixels) == ((0, 27), (7, 20))


def test_soft_edges_leave_no_halo_of_a_coloured_ground():
    # Ground 255 - 134 = 121 and garment 255 - 204 = 51: a halo would be brighter than the garment.
    picture = scene((120, 100, 220, 300, (204, 204, 204)), ground=(90, 140, 200), size=(400, 340))
    blurred = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(4)))
    pixels = prepare(blurred, PhotoSpec(sharpen=False)).pixels

    assert pixels[14, 14] > 160


def test_edges_that_are_soft_make_a_garment_hardly_larger():
    picture = scene((120, 100, 220, 300, BLACK), size=(400, 340))
    blurred = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(4)))

    left, top, right, bottom = prepare(blurred).box
    assert (left * 340, right * 340) == pytest.approx((120, 220), abs=4)  # 7 by 5 % of the range
    assert (top * 400, bottom * 400) == pytest.approx((100, 300), abs=4)


def test_colours_tell_the_garment_apart_where_greys_are_alike():
    prepared = prepare(scene((60, 50, 110, 150, (255, 0, 0)), ground=(76, 76, 76)))  # luma 76 both

    assert lit(prepared.pixels) == ((0, 27), (7, 20))


def test_the_background_becomes_exactly_0_however_noisy_it_is():
    rng = np.random.default_rng(7)
    noisy = scene((200, 200, 500, 800, (60, 50, 40)), ground=(235, 233, 230), size=(1_000, 800))
    noisy = np.clip(noisy + rng.normal(0, 12, noisy.shape), 0, 255).astype(np.uint8)
    pixels = prepare(noisy).pixels

    assert lit(pixels) == ((0, 27), (7, 20))
    assert (pixels[:, :7] == 0).all() and (pixels[1:-1, 8:20] > 190).all()


@pytest.mark.parametrize(
    ("size", "box"), [((250, 200), (50, 50, 125, 200)), ((1_000, 1_000), (400, 400, 450, 500))]
)
def test_noise_does_not_hide_the_box(size, box):
    # Each pixel is off by ten times the tolerance's half; in the large picture only near.
    rng = np.random.default_rng(7)
    noisy = scene((*box, (20, 20, 20)), ground=(190, 190, 190), size=size)
    noisy = np.clip(noisy + rng.normal(0, 30, noisy.shape), 0, 255).astype(np.uint8)
    prepared = prepare(noisy)

    sides = np.array(size[::-1] * 2)
    assert prepared.box == pytest.approx(tuple(box / sides), abs=0.012)
    assert lit(prepared.pixels) == ((0, 27), (7, 20))


def test_a_garment_of_many_colours_on_most_of_the_border_is_no_background():
    rng = np.random.default_rng(7)
    picture = scene(ground=(210, 205, 200))
    for top in range(0, 300, 10):
        picture[top : top + 10, :150] = rng.integers(0, 256, 3)

    # The lowest stripe is pale and narrow enough to be taken for a soft edge.
    assert prepare(picture).box == pytest.approx((0, 0, 0.75, 1), abs=0.035)


@pytest.mark.parametrize("angle", [0, 45, 90, 200])
def test_light_that_falls_off_across_the_background_is_no_garment(angle):
    down, across = np.mgrid[-0.5:0.5:1000j, -0.5:0.5:800j]
    ramp = 200 + 60 * (np.cos(np.radians(angle)) * across + np.sin(np.radians(angle)) * down)
    picture = np.repeat(ramp[..., None], 3, axis=2)
    picture[200:800, 200:500] *= 0.8  # no darker than the ground is elsewhere
    prepared = prepare(picture.astype(np.uint8))

    assert lit(prepared.pixels) == ((0, 27), (7, 20))
    assert np.ptp(prepared.pixels[2:-2, 9:19]) < 25  # evened: the garment is of one colour
    assert prepared.box == pytest.approx((0.25, 0.2, 0.625, 0.8), abs=0.005)


def test_light_parts_and_holes_stay_and_dust_goes():
    # A pale body inside a dark frame, and one dark dot far away.
    picture = scene(
        (100, 100, 300, 500, BLACK),
        (120, 120, 280, 480, (246, 246, 246)),
        (350, 20, 358, 28, BLACK),
        ground=(250, 250, 250),
        size=(600, 400),
    )
    prepared = prepare(picture, PhotoSpec(sharpen=False))

    assert prepared.box == pytest.approx((0.25, 1 / 6, 0.75, 5 / 6), abs=0.005)
    assert prepared.pixels[14, 14] == pytest.approx(4, abs=1)  # 250 - 246


def test_what_comes_in_at_the_border_is_no_garment():
    picture = scene((60, 50, 110, 150, BLACK), (0, 250, 25, 275, BLACK), (190, 0, 200, 60, BLACK))

    assert lit(prepare(picture).pixels) == ((0, 27), (7, 20))


def test_a_white_garment_on_wood_is_no_outline():
    wood, white = (178, 132, 88), (238, 236, 230)
    picture = scene((60, 50, 110, 150, white), ground=wood)
    soft = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(2)))
    prepared = prepare(soft)

    assert prepared.polarity == "dark" and (prepared.pixels[2:-2, 9:19] > 230).all()
    assert prepared.decided == (
        "The garment is nearly white and the background (#b28458) darker, so nothing was negated.",
    )


def test_grain_hides_no_pale_garment():
    # A checkerboard of 100 and 140, and a garment 35 levels lighter than that.
    row, column = np.indices((500, 400)) // 10
    picture = np.repeat((100 + 40 * ((row + column) % 2))[..., None], 3, axis=2)
    picture[150:350, 150:250] = 175

    prepared = prepare(picture.astype(np.uint8))
    assert prepared.box == pytest.approx((0.375, 0.3, 0.625, 0.7), abs=0.01)
    assert "The background is not plain" in prepared.decided[1]


def test_noise_is_by_the_median_or_where_nothing_goes_far_by_the_farthest():
    normal = np.abs(np.random.default_rng(7).normal(0, 10, 100_000))
    assert noise(normal) == pytest.approx(10, rel=0.02)  # 1.48 × 6.75

    stripes = np.full(1_000, 30.0)
    assert noise(stripes) == pytest.approx(20)  # 30 / 1.5, and not 1.48 × 30
    assert noise(np.append(stripes, np.full(2_000, 200.0))) == pytest.approx(20)  # a garment


def test_a_garment_that_touches_the_edge_is_found_and_named():
    high = prepare(scene((50, 0, 150, 300, BLACK)))
    assert high.box == pytest.approx((0.25, 0, 0.75, 1), abs=0.006)
    assert "touches the picture's edge (top, bottom)" in high.decided[-1]

    corner = prepare(scene((0, 0, 140, 200, BLACK)))  # more of the border than the background has
    assert corner.box == pytest.approx((0, 0, 0.7, 2 / 3), abs=0.003)


def with_alpha(rgb, box):
    alpha = np.zeros((*rgb.shape[:2], 1), np.uint8)
    left, top, right, bottom = box
    alpha[top:bottom, left:right] = 255
    return np.concatenate([rgb, alpha], axis=2)


def test_what_is_transparent_is_background_whatever_its_colour():
    picture = with_alpha(scene(ground=(200, 30, 30)), (60, 50, 110, 150))
    prepared = prepare(picture)

    assert lit(prepared.pixels) == ((0, 27), (7, 20)) and prepared.background is None
    assert prepared.decided[0] == "The background is transparent; the rest was laid on white."


def test_what_is_cut_out_and_white_is_laid_on_black():
    prepared = prepare(with_alpha(scene(), (60, 50, 110, 150)))

    assert lit(prepared.pixels) == ((0, 27), (7, 20)) and prepared.polarity == "dark"
    assert "black, as what is shown is nearly white" in prepared.decided[0]


def test_corners_that_are_transparent_are_no_background():
    picture = with_alpha(scene((60, 50, 110, 150, BLACK)), (0, 0, 200, 300))
    picture[:5, :5, 3] = 0  # on white, like the rest
    assert lit(prepare(picture).pixels) == ((0, 27), (7, 20))


@pytest.mark.parametrize(
    ("degrees", "expected"), [(90, ((7, 20), (0, 27))), (180, ((0, 27), (7, 20))), (-90, None)]
)
def test_turning_by_quarters_turns_to_the_left(degrees, expected):
    high = scene((60, 50, 110, 100, BLACK), (60, 100, 110, 150, GREY))
    pixels = prepare(high, PhotoSpec(rotation=degrees, sharpen=False)).pixels

    upright = prepare(high, PhotoSpec(sharpen=False)).pixels
    np.testing.assert_array_equal(pixels, np.rot90(upright, degrees // 90))
    assert expected is None or lit(pixels) == expected


def test_a_slanted_garment_is_set_upright_on_a_background_that_is_not_white():
    image = Image.new("RGB", (600, 600), (90, 160, 120))
    corners = [(150, 100), (250, 100), (250, 500), (150, 500)]
    ImageDraw.Draw(image).polygon(corners, (20, 20, 40))
    slanted = np.asarray(image.rotate(-20, Image.Resampling.BICUBIC, fillcolor=(90, 160, 120)))

    pixels = prepare(slanted, PhotoSpec(rotation=20)).pixels

    (top, bottom), (left, right) = lit(pixels)
    assert (top, bottom) == (0, 27) and right - left + 1 == pytest.approx(7, abs=1)


def test_a_crop_is_of_the_turned_picture():
    two = scene((20, 20, 70, 120, BLACK), (120, 220, 170, 270, BLACK))
    upper = prepare(two, PhotoSpec(crop=(0, 0, 1, 0.5)))
    assert lit(upper.pixels) == ((0, 27), (7, 20))

    turned = prepare(two, PhotoSpec(rotation=180, crop=(0, 0, 1, 0.5)))
    assert lit(turned.pixels) == ((0, 27), (0, 27))  # the square that was below


def test_polarity_can_be_said():
    picture = scene((60, 50, 110, 100, BLACK), (60, 100, 110, 150, WHITE), ground=GREY)
    specs = (PhotoSpec(polarity=way, sharpen=False) for way in ("light", "dark"))
    light, dark = (prepare(picture, spec).pixels for spec in specs)

    assert light[5, 14] > 250 and light[24, 14] == 0
    assert dark[5, 14] == 0 and dark[24, 14] > 250


def test_a_wider_tolerance_drops_a_shadow():
    picture = scene((60, 50, 110, 150, BLACK), (110, 60, 150, 150, (225, 225, 225)))

    assert lit(prepare(picture).pixels)[1] == (2, 26)  # 90 by 100 with it
    assert lit(prepare(picture, PhotoSpec(tolerance=20)).pixels)[1] == (7, 20)


def test_images_of_the_data_set_are_taken_as_they_are():
    images = load().images[::500]
    same = [
        np.array_equal(prepare(np.repeat(image[..., None], 3, axis=2)).pixels, image)
        for image in images
    ]
    assert np.mean(same) > 0.99  # of all 70,000: 99.89 %

    picture = np.repeat(images[0][..., None], 3, axis=2)
    for spec in (PhotoSpec(as_is="no"), PhotoSpec(rotation=180), PhotoSpec(crop=(0, 0, 1, 0.9))):
        forced = prepare(picture, spec)
        assert forced.polarity == "dark" and len(forced.steps) > 3


def test_a_small_picture_that_is_not_like_the_data_set_is_prepared():
    for ground, colour in ((WHITE, BLACK), ((0, 0, 40), WHITE)):
        picture = scene((8, 4, 18, 24, colour), ground=ground, size=(28, 28))
        assert lit(prepare(picture).pixels) == ((0, 27), (7, 20))


def test_only_28_by_28_can_be_taken_as_it_is():
    plain = scene(ground=(90, 90, 90), size=(28, 28))
    assert (prepare(plain, PhotoSpec(as_is="yes")).pixels == 90).all()

    with pytest.raises(PhotoError, match="28 by 28 pixels can be taken as it is; this one has 200"):
        prepare(scene(), PhotoSpec(as_is="yes"))


@pytest.mark.parametrize(
    ("picture", "spec", "sentence"),
    [
        (scene(), PhotoSpec(), "Nothing in this picture stands out from its background by more"),
        (scene((60, 50, 110, 150, (250, 250, 250))), PhotoSpec(), "than 5.0 % of the range"),
        (with_alpha(scene(), (0, 0, 0, 0)), PhotoSpec(), "All of this picture is transparent."),
        (scene(size=(20, 20)), PhotoSpec(crop=(0, 0, 0.1, 1)), "The crop leaves 2 by 20 pixels"),
        (
            scene((60, 50, 110, 150, WHITE), ground=BLACK),
            PhotoSpec(polarity="light"),
            "On a background that is said to be light nothing of the garment is left.",
        ),
    ],
)
def test_what_shows_nothing_is_refused_with_a_sentence(picture, spec, sentence):
    with pytest.raises(PhotoError) as caught:
        prepare(picture, spec)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"tolerance": 0}, "Tolerance must be a number from 0.5 to 60; you gave 0."),
        ({"polarity": "grey"}, "Polarity must be one of auto, light, dark"),
        ({"rotation": float("nan")}, "Rotation must be a number from -180 to 180"),
        ({"as_is": True}, "As is must be one of auto, yes, no"),
        ({"crop": (0.5, 0, 0.5, 1)}, "Crop must be four numbers from 0 to 1"),
        ({"crop": (0, 0, 1)}, "Crop must be four numbers"),
        ({"crop": (0, 0, float("nan"), 1)}, "Crop must be four numbers"),
        ({"crop": "0011"}, "Crop must be four numbers"),
    ],
)
def test_choices_check_themselves(choice, sentence):
    with pytest.raises(SpecError) as caught:
        PhotoSpec(**choice)
    assert str(caught.value).startswith(sentence)


def test_choices_go_to_json_and_back():
    spec = PhotoSpec(tolerance=8, polarity="dark", rotation=-12.5, crop=(0.1, 0, 1, 0.9))

    assert PhotoSpec.from_dict(spec.to_dict()) == spec
    assert spec.to_dict()["crop"] == [0.1, 0, 1, 0.9]


def test_every_step_is_a_small_picture_with_a_sentence():
    prepared = prepare(scene((60, 50, 110, 150, BLACK), size=(3_000, 2_000)))

    assert [step.name for step in prepared.steps] == [
        *("picture", "garment", "trimmed", "small", "sharp", "stretched", "centred")
    ]
    for step in prepared.steps:
        assert step.picture.dtype == np.uint8 and max(step.picture.shape[:2]) <= 280
        assert step.words.endswith(".")
    np.testing.assert_array_equal(prepared.steps[-1].picture, prepared.pixels)


@st.composite
def pictures(draw):
    """Draw a garment of any colour on any ground, with noise and transparency or without."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    height, width = draw(st.integers(8, 90)), draw(st.integers(8, 90))
    picture = np.empty((height, width, draw(st.sampled_from([3, 4]))), np.uint8)
    picture[..., :3] = rng.integers(0, 256, 3)
    if picture.shape[2] == 4:
        picture[..., 3] = draw(st.sampled_from([0, 128, 255]))
    for _ in range(draw(st.integers(0, 3))):
        top, left = rng.integers(height), rng.integers(width)
        picture[top : top + rng.integers(1, height), left : left + rng.integers(1, width)] = (
            rng.integers(0, 256, picture.shape[2])
        )
    noise = rng.normal(0, draw(st.sampled_from([0, 3, 40])), picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


@st.composite
def specs(draw):
    choices = {
        name: draw(values_of(setting, name)) for name, setting in settings_of(PhotoSpec).items()
    }
    left, top = draw(st.floats(0, 0.6)), draw(st.floats(0, 0.6))
    right, bottom = draw(st.floats(0.7, 1)), draw(st.floats(0.7, 1))
    crop = draw(st.sampled_from([None, (left, top, right, bottom)]))
    return PhotoSpec(**choices, crop=crop)


@given(pictures(), specs())
@settings(max_examples=120)
def test_any_picture_becomes_28_by_28_pixels_from_0_to_255_or_a_sentence(picture, spec):
    if picture.shape[:2] == (28, 28):  # else it may be taken as it is
        spec = dataclasses.replace(spec, as_is="no")
    try:
        prepared = prepare(picture, spec)
    except PhotoError as error:
        assert str(error).endswith(".")
        return

    pixels = prepared.pixels
    assert pixels.dtype == np.uint8 and pixels.shape == (28, 28)
    assert pixels.max() == 255
    height, width = prepared.steps[-2].picture.shape
    assert pixels.min() == 0 or height == width == 28  # a square can fill the frame
    assert max(height, width) == 28
    assert all(0 <= edge <= 1 for edge in prepared.box)
    again = prepare(picture.copy(), spec)
    np.testing.assert_array_equal(again.pixels, pixels)
    assert again.decided == prepared.decided


def test_a_step_is_squashed_whatever_its_shape():
    # 200 by 300 pixels, the left half black: 13 of 28 columns are black, and one in between.
    step = prepare(scene((0, 0, 100, 300, BLACK))).steps[0]
    squashed = step.squashed()

    assert squashed.shape == (28, 28) and squashed.dtype == np.uint8
    np.testing.assert_array_equal(squashed[:, :13], 0)
    np.testing.assert_array_equal(squashed[:, 14:], 255)


def test_the_last_step_squashed_is_what_the_network_sees():
    prepared = prepare(scene((60, 50, 100, 150, BLACK)))

    np.testing.assert_array_equal(prepared.steps[-1].squashed(), prepared.pixels)
