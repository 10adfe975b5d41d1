"""What each change does to an image that one can picture, and what all of them keep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.data.augmentation import COLUMNS, Draws, augment, draw, preview, sample_bilinear
from fmnist_core.exceptions import SpecError
from fmnist_core.settings import settings_of
from fmnist_core.specs import AugmentSpec, DataSpec, Experiment, ModelSpec, TrainSpec
from tests.strategies import augment_specs

LABELS = np.eye(10, dtype=np.float32)
IMAGES = np.random.default_rng(0).integers(0, 256, (6, 28, 28), dtype=np.uint8)


def one_pixel(row=10, column=5):
    image = np.zeros((28, 28), np.float32)
    image[row, column] = 1
    return image


def left_half():
    image = np.zeros((28, 28), np.float32)
    image[:, :14] = 1
    return image


def changed(images, spec, *, normal=None, mixup=None, cutmix=None, **columns):
    """Change images, (28, 28) or (N, 28, 28), with draws in the middle but for those named."""
    x = np.reshape(images, (-1, 28, 28, 1)).astype(np.float32)
    uniform = np.full((len(x), len(COLUMNS)), 0.5, np.float32)
    for name, value in columns.items():
        uniform[:, COLUMNS.index(name)] = value
    shares = (None if v is None else np.full(len(x), v, np.float32) for v in (mixup, cutmix))
    x, y = augment(np, sample_bilinear, x, LABELS[: len(x)], spec, Draws(uniform, normal, *shares))
    return np.squeeze(x[..., 0]), y


def test_nothing_on_gives_back_the_very_arrays():
    x, y = np.zeros((2, 28, 28, 1), np.float32), LABELS[:2]

    same_x, same_y = augment(np, sample_bilinear, x, y, AugmentSpec(), None)
    assert same_x is x and same_y is y


# Moving pixels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "down", "row", "column"),
    [(1, 0.5, 10, 12), (0.5, 1, 17, 5), (0.5, 0, 3, 5), (0, 0.5, None, None)],
    ids=["right", "down", "up", "out at the left"],
)
def test_a_shift_of_a_quarter_moves_a_pixel_by_7(right, down, row, column):
    found, _ = changed(one_pixel(), AugmentSpec(shift=0.25), right=right, down=down)

    wanted = np.zeros((28, 28)) if row is None else one_pixel(row, column)
    assert found == pytest.approx(wanted, abs=1e-5)


def test_a_shift_by_half_a_pixel_shares_it_between_two():
    found, _ = changed(one_pixel(), AugmentSpec(shift=0.5 / 28), right=1)

    assert found == pytest.approx((one_pixel(10, 5) + one_pixel(10, 6)) / 2, abs=1e-5)


@pytest.mark.parametrize(("flip", "column"), [(0.49, 22), (0.5, 5)])
def test_a_flip_mirrors_the_half_of_the_images_whose_draw_is_below_a_half(flip, column):
    found, _ = changed(one_pixel(), AugmentSpec(horizontal_flip=True), flip=flip)

    assert np.array_equal(found, one_pixel(10, column))


@pytest.mark.parametrize(("angle", "turns"), [(1, 1), (0, -1)], ids=["left", "right"])
def test_a_positive_angle_turns_to_the_left(angle, turns):
    found, _ = changed(IMAGES[0] / 255, AugmentSpec(rotation=90), angle=angle)

    assert found[1:-1, 1:-1] == pytest.approx(
        np.rot90(IMAGES[0] / 255, turns)[1:-1, 1:-1], abs=1e-4
    )


def test_half_the_size_fills_the_middle_half():
    # A left half of 14 columns becomes one of 7, from column 7 to 13, in rows 7 to 20.
    found, _ = changed(left_half(), AugmentSpec(zoom=0.5), zoom=0)

    wanted = np.zeros((28, 28))
    wanted[7:21, 7:14] = 1
    assert found == pytest.approx(wanted)


def test_twice_the_size_shows_the_middle_half():
    # The draw 1.0556 stands for the factor 2 only because 0.9 is the largest zoom.
    found, _ = changed(left_half(), AugmentSpec(zoom=0.9), zoom=0.5 + 0.5 / 0.9)

    assert found[:, :13] == pytest.approx(np.ones((28, 13)))
    assert found[0, 13:15] == pytest.approx([0.75, 0.25], abs=1e-4)
    assert found[:, 15:] == pytest.approx(np.zeros((28, 13)))


def test_the_order_is_flip_then_rotation_then_shift():
    # Flipped to column 22; turned left by 90° to row 5, column 10; shifted right to 17.
    spec = AugmentSpec(horizontal_flip=True, rotation=90, shift=0.25)
    found, _ = changed(one_pixel(), spec, flip=0, angle=1, right=1)

    assert found == pytest.approx(one_pixel(5, 17), abs=1e-4)


# Changing pixels where they are -------------------------------------------------------------------


def test_brightness_adds_and_stops_at_0_and_1():
    brighter, _ = changed([one_pixel() / 2, left_half()], AugmentSpec(brightness=0.2), brightness=1)
    darker, _ = changed(one_pixel() / 2, AugmentSpec(brightness=0.2), brightness=0)

    assert brighter[0, 10, 4:6] == pytest.approx([0.2, 0.7])
    assert brighter[1, 0, 13:15] == pytest.approx([1, 0.2])
    assert darker[10, 4:6] == pytest.approx([0, 0.3])


def test_contrast_moves_pixels_toward_the_mean_of_their_image():
    # Mean 0.5; half the difference is left.
    found, _ = changed([left_half(), one_pixel() * 0], AugmentSpec(contrast=0.5), contrast=0)

    assert found[0] == pytest.approx(0.25 + left_half() / 2)
    assert found[1] == pytest.approx(np.zeros((28, 28)))


def test_noise_adds_its_standard_deviation_times_the_draw():
    normal = np.zeros((1, 28, 28, 1), np.float32)
    normal[0, 10, 5:7, 0] = -1, 2
    found, _ = changed(one_pixel(), AugmentSpec(noise=0.1), normal=normal)

    assert found[10, 4:8] == pytest.approx([0, 0.9, 0.2, 0])


@pytest.mark.parametrize(
    ("x", "y", "columns", "rows"),
    [(10, 20, slice(8, 12), slice(18, 22)), (0, 27, slice(0, 2), slice(25, 28))],
    ids=["inside", "cut off in a corner"],
)
def test_cutout_blackens_a_square_around_a_pixel(x, y, columns, rows):
    white = np.ones((28, 28))
    place = {"cutout_x": (x + 0.5) / 28, "cutout_y": (y + 0.5) / 28}
    found, _ = changed(white, AugmentSpec(cutout=4), **place)

    white[rows, columns] = 0
    assert np.array_equal(found, white)


def test_random_erasing_greys_a_box_of_the_drawn_size_at_the_drawn_place():
    # A fifth of 784 pixels, as high as wide: 12.55, so 13 a side; the last place is 28 - 13.
    draws = {"erase": 0.1, "erase_area": 9 / 19, "erase_x": 0.999, "erase_y": 0.999}
    draws["erase_grey"] = 0.3
    found, _ = changed(one_pixel(), AugmentSpec(random_erasing=0.2), **draws)
    spared, _ = changed(one_pixel(), AugmentSpec(random_erasing=0.2), **draws | {"erase": 0.2})

    wanted = one_pixel()
    wanted[15:, 15:] = 0.3
    assert found == pytest.approx(wanted)
    assert np.array_equal(spared, one_pixel())


def test_boxes_of_random_erasing_lie_inside_and_cover_2_to_40_percent():
    spec = AugmentSpec(random_erasing=1)
    dark = np.zeros((2000, 28, 28, 1), np.float32)
    draws = draw(np.random.default_rng(0), 2000, spec)
    found, _ = augment(np, sample_bilinear, dark, np.zeros((2000, 10)), spec, draws)
    area = (found > 0).mean(axis=(1, 2, 3))

    assert 0.015 < area.min() < 0.03  # sides are rounded
    assert 0.35 < area.max() < 0.45
    assert (found > 0).any(axis=0).all()  # every pixel is hit


# Mixing two images --------------------------------------------------------------------------------


def test_mixup_blends_images_and_labels_with_the_one_before():
    found, y = changed([left_half(), one_pixel()], AugmentSpec(mixup=1), mixup=0.25)

    assert found[0] == pytest.approx(left_half() / 4 + one_pixel() * 3 / 4)
    assert found[1] == pytest.approx(one_pixel() / 4 + left_half() * 3 / 4)
    assert y[:, :2] == pytest.approx(np.array([[0.25, 0.75], [0.75, 0.25]]))


@pytest.mark.parametrize(
    ("centre", "box", "share"),
    [(14, slice(7, 21), 0.75), (0, slice(0, 7), 1 - 49 / 784)],
    ids=["inside", "cut off in a corner"],
)
def test_cutmix_puts_a_box_of_the_image_before_in_and_labels_by_area(centre, box, share):
    # A share of 0.75 leaves a box of a quarter: 14 pixels a side.
    place = {"cutmix_x": (centre + 0.5) / 28, "cutmix_y": (centre + 0.5) / 28}
    white, black = np.ones((28, 28)), np.zeros((28, 28))
    found, y = changed([white, black], AugmentSpec(cutmix=1), cutmix=0.75, **place)

    black[box, box] = 1
    assert np.array_equal(found[1], black)
    assert np.array_equal(found[0], 1 - black)
    assert y[0, :2] == pytest.approx([share, 1 - share])


@pytest.mark.parametrize(("which", "label"), [(0.49, 0.9), (0.5, 0.75)], ids=["mixup", "cutmix"])
def test_with_both_on_the_draw_says_which(which, label):
    spec = AugmentSpec(mixup=1, cutmix=1)
    _, y = changed([left_half(), one_pixel()], spec, mixup=0.9, cutmix=0.75, which_mix=which)

    assert y[0, 0] == pytest.approx(label)


# All together -------------------------------------------------------------------------------------


@given(augment_specs, st.integers(0, 2**31 - 1))
def test_pixels_stay_in_0_to_1_and_labels_sum_to_1(spec, seed):
    x = IMAGES[..., np.newaxis] / np.float32(255)
    draws = draw(np.random.default_rng(seed), len(x), spec)

    found, y = augment(np, sample_bilinear, x, LABELS[: len(x)], spec, draws)

    assert found.shape == x.shape and found.dtype == y.dtype == np.float32
    assert found.min() >= -1e-6 and found.max() <= 1 + 1e-6
    assert y.sum(axis=1) == pytest.approx(np.ones(len(x)), abs=1e-5)


@given(augment_specs)
def test_switching_one_thing_on_leaves_what_the_others_draw(spec):
    alone, together = (
        draw(np.random.default_rng(1), 4, each) for each in (AugmentSpec(shift=0.1), spec)
    )

    assert np.array_equal(alone.uniform, together.uniform)


# Preview ------------------------------------------------------------------------------------------


def test_a_preview_shows_every_image_as_often_as_asked_and_again_the_same():
    spec = AugmentSpec(shift=0.2, rotation=20, noise=0.05)

    shown = preview(IMAGES, spec, 3, 4)

    assert shown.shape == (6, 4, 28, 28) and shown.dtype == np.uint8
    assert np.array_equal(shown, preview(IMAGES, spec, 3, 4))
    assert not np.array_equal(shown, preview(IMAGES, spec, 4, 4))
    assert not np.array_equal(shown[:, 0], shown[:, 1])


def test_a_preview_of_nothing_is_the_images_themselves():
    assert np.array_equal(preview(IMAGES, AugmentSpec(), 0, 2)[:, 1], IMAGES)


def test_a_preview_of_own_copies_goes_through_the_copies():
    spec = AugmentSpec(augmentation="own-copies", horizontal_flip=True, brightness=0.5)

    shown = preview(np.full((20, 28, 28), 100, np.uint8), spec, 0, 4)

    assert (shown[:, 0] == 100).all() and (shown[:, 3] == 100).all()  # originals, and again
    assert (shown[:, 1] == 100).all()  # a flipped grey is the same grey
    assert np.ptp(shown[:, 2, 0, 0].astype(int)) > 100  # another brightness for each image


# The spec -----------------------------------------------------------------------------------------


def test_own_copies_are_one_for_each_change_and_one_of_the_originals():
    spec = AugmentSpec(augmentation="own-copies", rotation=20, shift=0.1, mixup=0.2)

    assert spec.copies == (AugmentSpec(), AugmentSpec(shift=0.1), AugmentSpec(rotation=20))
    assert spec.on_the_fly == AugmentSpec(mixup=0.2)


def test_the_copies_of_report_r1_are_144_000_images():
    asked = Experiment(
        model=ModelSpec(),
        data=DataSpec(validation=12_000),
        train=TrainSpec(batch_size=100),
        augment=AugmentSpec(
            augmentation="own-copies",
            keep_originals=False,
            rotation=20,
            shift=0.1,
            horizontal_flip=True,
        ),
    )

    assert asked.train_size == 144_000
    assert Experiment(model=ModelSpec(), augment=AugmentSpec(rotation=20)).train_size == 54_000


def test_copies_of_nothing_are_refused():
    with pytest.raises(SpecError) as caught:
        AugmentSpec(augmentation="own-copies", keep_originals=False, mixup=0.2)

    assert str(caught.value) == (
        "Keep originals must be true, or a change switched on, as nothing is left to copy; "
        "you gave False."
    )


def test_every_setting_is_off_unless_asked_for():
    assert AugmentSpec().active == ()
    numbers = set(settings_of(AugmentSpec)) - {"augmentation", "keep_originals"}
    on = {"horizontal_flip": True, "cutout": 4} | dict.fromkeys(
        numbers - {"horizontal_flip", "cutout"}, 0.5
    )
    assert set(AugmentSpec(**on).active) == numbers


def test_experiments_from_before_augmentation_can_be_read():
    asked = Experiment.from_dict({"model": {"layers": []}, "train": {"epochs": 3}})

    assert asked.augment == AugmentSpec()
