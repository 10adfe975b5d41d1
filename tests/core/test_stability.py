"""Variants of a picture against scipy, and what is made of a network's answers to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from fmnist_core.analysis.stability import (
    KINDS,
    MIRROR,
    SHIFT,
    TURN,
    in_words,
    stability,
    variants,
)

PICTURES = arrays(np.uint8, (28, 28))
STEPS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}  # down, right


def named(pixels):
    return {each.words: each.pixels for each in variants(pixels)}


def test_there_are_shifts_to_each_side_turns_both_ways_and_the_mirror_image():
    found = variants(np.zeros((28, 28), np.uint8))

    assert [sum(each.kind == kind for each in found) for kind in KINDS] == [12, 8, 1]
    words = [each.words for each in found]
    assert words[:4] == ["1 px left", "2 px left", "3 px left", "1 px right"]
    assert words[12:14] + words[-2:] == ["5° left", "10° left", "20° right", "mirror image"]
    assert all(each.pixels.shape == (28, 28) for each in found)


def test_a_dot_moves_where_the_words_say():
    picture = np.zeros((28, 28), np.uint8)
    picture[10, 5] = 200  # a dot on the left, above the middle
    found = named(picture)

    def place(words):
        return np.unravel_index(found[words].argmax(), (28, 28))

    assert place("2 px left") == (10, 3) and found["2 px left"].sum() == 200
    assert place("3 px down") == (13, 5)
    assert place("mirror image") == (10, 22) and found["mirror image"][10, 22] == 200
    assert place("20° left")[0] > 10 and place("20° right")[0] < 10


def test_what_leaves_the_picture_is_gone_and_what_comes_in_is_black():
    found = named(np.full((28, 28), 255, np.uint8))["3 px right"]

    assert not found[:, :3].any() and (found[:, 3:] == 255).all()


@settings(max_examples=20)
@given(PICTURES)
def test_variants_are_those_of_scipy(picture):
    for each in variants(picture):
        if each.kind == SHIFT:
            steps = each.amount * np.array(STEPS[each.way])
            expected = ndimage.shift(picture.astype(float), steps, order=1, mode="constant")
        elif each.kind == TURN:
            angle = each.amount if each.way == "left" else -each.amount
            expected = ndimage.rotate(
                picture.astype(float), angle, reshape=False, order=1, mode="grid-constant"
            )
        else:
            expected = picture[:, ::-1]
        assert np.abs(each.pixels - np.asarray(expected, float)).max() <= 0.51


def answers(label: int, **others: int) -> np.ndarray:
    """Probabilities: the class with 0.9 for the picture and for all variants but those named."""
    found = variants(np.zeros((28, 28), np.uint8))
    taken = [label, *(others.get(each.words.replace(" ", "_"), label) for each in found)]
    return np.full((22, 10), 0.1 / 9) + np.eye(10)[taken] * (0.9 - 0.1 / 9)


def judged(proba):
    return stability(variants(np.zeros((28, 28), np.uint8)), proba)


def test_an_answer_that_holds_everywhere():
    found = judged(answers(6))

    assert found.label == 6 and found.agrees.all() and found.share == 1
    assert [found.flips_at(kind) for kind in KINDS] == [None, None, None]
    assert found.confidence == pytest.approx(np.full(21, 0.9))
    assert in_words(found) == "All 21 shifted, turned and mirrored copies are taken for Shirt too."


def test_an_answer_that_flips():
    # Of 12 shifts 2 differ, the smaller one by 2 pixels; of 8 turns none; and the mirror image.
    found = judged(answers(6, **{"3_px_up": 4, "2_px_left": 0, "mirror_image": 2}))

    assert found.share == pytest.approx(18 / 21)
    assert [found.share_of(kind) for kind in KINDS] == pytest.approx([10 / 12, 1, 0])
    assert (found.flips_at(SHIFT), found.flips_at(TURN), found.flips_at(MIRROR)) == (2, None, 0)
    assert in_words(found) == (
        "18 of 21 changed copies are taken for Shirt too; the answer first flips at a shift of "
        "2 px and the mirror image."
    )


def test_one_flip_is_told_alone():
    text = in_words(judged(answers(6, **{"10°_right": 4})))

    assert text == (
        "20 of 21 changed copies are taken for Shirt too; the answer first flips at a turn of 10°."
    )


@given(st.lists(st.integers(0, 9), min_size=22, max_size=22))
def test_the_shares_of_the_kinds_make_up_the_whole(taken):
    found = judged(np.eye(10)[taken])

    parts = [found.share_of(kind) * len(found.of_kind(kind)) for kind in KINDS]
    assert sum(parts) == pytest.approx(21 * found.share)
    assert found.share == pytest.approx(np.mean(np.array(taken[1:]) == taken[0]))


def test_answers_to_other_questions_are_refused():
    with pytest.raises(ValueError, match="21 rows are not those of 21 variants and one"):
        judged(answers(6)[1:])
