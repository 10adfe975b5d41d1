"""What is said about augmentation of clothes."""

from __future__ import annotations

import pytest

from fmnist_core.data.augmentation_notes import BAD, GOOD, NEUTRAL, notes
from fmnist_core.specs import AugmentSpec

SHIRT, SANDAL = 6, 5


def kinds(label=SHIRT, **settings):
    return [note.kind for note in notes(AugmentSpec(**settings), label)]


def test_a_sandal_upside_down_never_occurs():
    (warning, *_) = notes(AugmentSpec(rotation=180), SANDAL)
    assert warning.kind == BAD
    assert "shows a Sandal upside down, which never occurs in the test set" in warning.text


@pytest.mark.parametrize(
    ("rotation", "warned"), [(15, False), (59, False), (60, True), (180, True)]
)
def test_only_large_turns_are_warned_of(rotation, warned):
    assert (BAD in kinds(rotation=rotation)) == warned


def test_a_flip_is_good_for_shoes_and_missed_without():
    assert kinds(SANDAL, horizontal_flip=True) == [GOOD]
    assert kinds(SANDAL) == [NEUTRAL]
    assert kinds(SHIRT, horizontal_flip=True) == [NEUTRAL]
    assert kinds(SHIRT) == []


@pytest.mark.parametrize("settings", [{"shift": 0.2}, {"zoom": 0.6}, {"cutout": 19}])
def test_what_cuts_clothes_off_is_warned_of(settings):
    assert kinds(**settings) == [BAD]
    assert (
        kinds(**{name: value / 4 if name != "cutout" else 8 for name, value in settings.items()})
        == []
    )


def test_warnings_come_first():
    assert kinds(SANDAL, horizontal_flip=True, rotation=180, mixup=0.2) == [BAD, GOOD, NEUTRAL]
