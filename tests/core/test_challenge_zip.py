"""The challenge set as a ZIP: it comes back, teachers' folders are taken, no hostile one harms."""

import io
import json
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fmnist_core.challenge import ChallengeSet, Imported, export_zip, import_zip, store, unpack
from fmnist_core.data.photo import PhotoSpec, prepare
from fmnist_core.exceptions import ChallengeError
from tests.challenge_pictures import encoded, keep, photo, pixels, zipped

SHIRT, COAT, BAG = 6, 4, 8
ENTRY = {"format": 1, "label": SHIRT, "name": "a.png", "spec": None, "created": 1.8e9}


@pytest.fixture
def challenge(tmp_path):
    return ChallengeSet(tmp_path / "set")


def exported(challenge):
    buffer = io.BytesIO()
    export_zip(challenge, buffer)
    return buffer.getvalue()


def entry_files(number=0, folder="x", **changes):
    return {
        f"{folder}/entry.json": json.dumps({**ENTRY, **changes}).encode(),
        f"{folder}/pixels.png": encoded(pixels(number)),
    }


def refusal(source):
    with pytest.raises(ChallengeError) as caught:
        import_zip(ChallengeSet("/nowhere"), source)
    return str(caught.value)


def test_an_exported_set_comes_back_elsewhere_as_it_was(challenge, tmp_path):
    keep(challenge, SHIRT, COAT)
    challenge.add(pixels(2), BAG, original=photo(), name="ä.jpg", spec=PhotoSpec(tolerance=9))
    other = ChallengeSet(tmp_path / "other")

    found = import_zip(other, exported(challenge))

    assert found == Imported(added=3)
    assert other.digest() == challenge.digest()
    for ours, theirs in zip(challenge.entries(), other.entries(), strict=True):
        assert (ours.label, ours.name, ours.spec) == (theirs.label, theirs.name, theirs.spec)
        np.testing.assert_array_equal(other.original(theirs), challenge.original(ours))
    assert import_zip(other, exported(challenge)) == Imported(skipped=3)
    assert exported(challenge) == exported(challenge)


def test_an_empty_set_is_a_zip_too_and_a_damaged_entry_is_left_out(challenge, tmp_path):
    assert import_zip(challenge, exported(challenge)) == Imported()
    first, _ = keep(challenge, SHIRT, COAT)
    (challenge.root / first.entry_id / "entry.json").write_text("{")

    assert import_zip(ChallengeSet(tmp_path / "other"), exported(challenge)).added == 1


def test_folders_that_bear_the_names_of_classes_are_taken(challenge):
    files = {
        "Shirt/a.png": encoded(photo(garment=20)),
        "my class/ankle-boot/b.jpg": encoded(photo(garment=25), "JPEG"),
        "T-shirt/top/c.png": encoded(photo(garment=28)),
        "Dresses\\d.png": encoded(photo(garment=33)),
        "__MACOSX/Shirt/._a.png": b"junk",
        "Shirt/.DS_Store": b"junk",
        "Shirt/Thumbs.db": b"junk",
        "Shirt/list.txt": b"a.png",
        "shoes/e.png": encoded(photo()),
    }

    found = import_zip(challenge, zipped(files))

    labels = {entry.name: entry.label for entry in challenge.entries()}
    assert labels == {"a.png": SHIRT, "b.jpg": 9, "c.png": 0, "d.png": 3}
    assert (found.added, found.skipped, len(found.refused)) == (4, 0, 2)
    assert found.refused[0] == (
        "shoes/e.png: It lies in no folder that bears the name of a class, such as shirt or "
        "ankle-boot."
    )
    assert found.refused[1].startswith("Shirt/list.txt: This is no picture of a kind that is read.")
    boot = next(entry for entry in challenge.entries() if entry.label == 9)
    assert boot.spec == PhotoSpec()
    shirt = next(entry for entry in challenge.entries() if entry.label == SHIRT)
    np.testing.assert_array_equal(shirt.pixels, prepare(photo(garment=20)).pixels)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"x/entry.json": b"{}"}, "x: Its pixels.png is missing."),
        (entry_files(label=10), "x: Classes have numbers from 0 to 9; you gave 10."),
        (entry_files(format=2), "x: entry.json is not of format 1."),
        (entry_files() | {"x/entry.json": b"{" * 9_000}, "x: Its entry.json is no JSON."),
        (entry_files() | {"x/entry.json": b" " * 20_000}, "at most 0.0 MB are read."),
        (entry_files() | {"x/pixels.png": encoded(photo())}, "x: Its pixels are no grey picture"),
        (entry_files() | {"x/pixels.png": b"\x89PNG"}, "x: This is no picture"),
        (entry_files() | {"x/original.png": b"<svg>"}, "x: This is an SVG drawing"),
        ({"shirt/blank.png": encoded(np.full((40, 40, 3), 250, np.uint8))}, "shirt/blank.png: "),
        ({"shirt/\x1b[31m.png": b"<html>"}, "'shirt/\\x1b[31m.png': This is a web page."),
    ],
)
def test_what_is_refused_is_a_sentence_and_the_rest_goes_on(challenge, files, words):
    sound = entry_files(1, "good", label=COAT)

    found = import_zip(challenge, zipped({**files, **sound}))

    assert found.added == 1 and len(found.refused) == 1
    assert words in found.refused[0]
    assert challenge.arrays()[1].tolist() == [COAT]


def test_names_that_point_elsewhere_write_nowhere_else(challenge, tmp_path):
    files = {}
    for number, folder in enumerate(["../../evil", "/etc", "C:/x", "a/../../b", ".."]):
        files |= entry_files(number, folder)
    files["../shirt/up.png"] = encoded(photo())
    before = sorted(tmp_path.rglob("*"))

    found = import_zip(challenge, zipped(files))

    assert found.added + len(found.refused) == 6 and found.added >= 5
    outside = [path for path in tmp_path.rglob("*") if challenge.root not in path.parents]
    assert sorted({*outside} - {*before}) == [challenge.root]
    assert not (tmp_path.parent / "evil").exists()


def test_a_picture_under_another_class_is_refused_and_named(challenge):
    keep(challenge, SHIRT)

    found = import_zip(challenge, zipped(entry_files(0, label=COAT)))

    assert (found.added, found.skipped) == (0, 0)
    assert found.refused[0].startswith("x: This picture is in the challenge set already, as Shirt")


def test_what_is_no_zip_is_a_sentence():
    whole = zipped(entry_files())
    for wrong in (b"", b"GIF89a", whole[:50], whole[:-30]):
        assert refusal(wrong).startswith("This is no ZIP file, or a damaged one.")


@pytest.mark.parametrize(
    ("limit", "value", "source", "words"),
    [
        ("MAX_UNPACKED", 2**20, zipped({"shirt/a.png": bytes(2**21)}), "has 2 MB once it is unp"),
        ("MAX_ZIP_BYTES", 1_000, bytes(1_001), "This ZIP has more than 0 MB; at most 0 MB with"),
        ("MAX_DIRECTORY", 40, zipped({"a": b""}), "This ZIP has far too many files; at most 500"),
        ("MAX_FILES", 1, zipped({"a": b"", "b": b""}), "This ZIP has 2 files; at most 500 MB"),
        (
            *("MAX_ENTRIES", 1, zipped({"shirt/a": b"", "shirt/b": b""})),
            "This ZIP holds 2 pictures, and a challenge set has room for 1. Take some out of it.",
        ),
    ],
)
def test_bombs_are_refused_before_they_are_unpacked(monkeypatch, limit, value, source, words):
    monkeypatch.setattr(unpack, limit, value)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *args: pytest.fail("it was unpacked"))

    assert words in refusal(source)


def test_one_file_that_is_too_large_is_refused_unread(challenge):
    found = import_zip(challenge, zipped({"shirt/a.png": bytes(51 * 2**20)}))

    assert found.refused == ["shirt/a.png: It has 51.0 MB; at most 50.0 MB are read."]


def test_a_file_that_lies_about_its_size_is_damaged_and_the_rest_goes_on(challenge):
    data = bytearray(zipped({"shirt/a.png": encoded(photo()), **entry_files(1, "good")}))
    place = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 24, 7)  # unpacked size in the directory

    found = import_zip(challenge, bytes(data))

    assert found.added == 1 and len(found.refused) == 1


def test_an_encrypted_file_is_a_sentence(challenge):
    data = bytearray(zipped({"shirt/a.png": encoded(photo())}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1

    assert import_zip(challenge, bytes(data)).refused == [
        "shirt/a.png: It is damaged or encrypted. Pack it anew."
    ]


def test_a_set_that_is_full_says_how_many_are_missing(challenge, monkeypatch):
    monkeypatch.setattr(store, "MAX_ENTRIES", 2)
    files = {}
    for number in range(4):
        files |= entry_files(number, f"x{number}")

    found = import_zip(challenge, zipped(files))

    assert found.added == 2
    assert found.refused == [
        "The challenge set is full: it has room for 2 pictures. Delete some of them first. 2 of 4 "
        "are missing."
    ]


def test_progress_is_told_before_each_picture(challenge):
    ticks = []
    files = entry_files(0, "a") | entry_files(1, "b")

    import_zip(challenge, io.BytesIO(zipped(files)), on_tick=lambda *tick: ticks.append(tick))

    assert ticks == [(0, 2), (1, 2)]


WHOLE = zipped({**entry_files(0, "a"), "shirt/b.png": encoded(photo())})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=8))
def test_a_zip_with_garbage_anywhere_is_taken_or_a_sentence(tmp_path, place, garbage):
    data = WHOLE[:place] + garbage + WHOLE[place + len(garbage) :]
    challenge = ChallengeSet(tmp_path / "set")
    try:
        found = import_zip(challenge, data)
    except ChallengeError:
        return
    assert found.added + found.skipped + len(found.refused) <= 6
    assert all(not entry.problem for entry in challenge.entries())
