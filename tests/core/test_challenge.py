"""The challenge set: what is kept, found and lost, whoever writes at once and whatever is torn."""

import errno
import json
import os
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from fmnist_core.challenge import ChallengeSet, challenge_root, changes, store
from fmnist_core.challenge.entry import from_dict, short_name
from fmnist_core.data.photo import PhotoSpec
from fmnist_core.exceptions import ChallengeError, ChallengeStopped, FmnistError
from fmnist_core.runs.ids import RUN_ID
from fmnist_core.runs.store import RunStore
from tests.challenge_pictures import encoded, keep, photo, pixels
from tests.strategies import json_values

SHIRT, COAT, BAG = 6, 4, 8


@pytest.fixture
def challenge(tmp_path):
    return ChallengeSet(tmp_path / "set")


def again(challenge):
    """The same set, as another process sees it."""
    return ChallengeSet(challenge.root)


def refusal(call, *args, **options):
    with pytest.raises(ChallengeError) as caught:
        call(*args, **options)
    return str(caught.value)


def test_a_picture_comes_back_with_all_that_was_said_of_it(challenge):
    spec = PhotoSpec(tolerance=9, crop=(0.1, 0.1, 0.9, 0.9))

    kept = challenge.add(pixels(7), SHIRT, original=photo(), name="C:\\my\\shirt.jpg", spec=spec)

    (found,) = again(challenge).entries()
    assert RUN_ID.fullmatch(found.entry_id) and found.entry_id == kept.entry_id
    assert (found.label, found.name, found.spec, found.problem) == (SHIRT, "shirt.jpg", spec, "")
    assert found.created == kept.created > 1.7e9
    np.testing.assert_array_equal(found.pixels, pixels(7))
    np.testing.assert_array_equal(again(challenge).original(kept), photo())


def test_the_newest_is_first_and_arrays_are_in_that_order(challenge):
    keep(challenge, SHIRT, COAT, BAG)

    found, labels = again(challenge).arrays()

    assert [entry.name for entry in challenge.entries()] == ["2.png", "1.png", "0.png"]
    assert (found.shape, found.dtype, labels.dtype) == ((3, 28, 28), np.uint8, np.uint8)
    assert labels.tolist() == [BAG, COAT, SHIRT]
    np.testing.assert_array_equal(found[0], pixels(2))


def test_an_empty_set_has_no_folder_and_no_pictures(challenge):
    found, labels = challenge.arrays()

    assert challenge.entries() == [] and found.shape == (0, 28, 28) and labels.shape == (0,)
    assert not challenge.root.exists()


def test_the_same_picture_is_kept_once_and_never_under_two_classes(challenge):
    (first,) = keep(challenge, SHIRT)

    (second,) = keep(again(challenge), SHIRT)

    assert second.entry_id == first.entry_id and len(challenge.entries()) == 1
    assert refusal(challenge.add, pixels(0), COAT, original=photo()) == (
        "This picture is in the challenge set already, as Shirt: it cannot be Coat too. Change the "
        f"class of {first.entry_id} instead."
    )


def test_an_original_loses_metadata_and_what_exceeds_1024_pixels(challenge):
    noise = np.random.default_rng(7).integers(0, 256, (1_500, 2_000, 3), np.uint8)
    cut_out = np.random.default_rng(8).integers(0, 256, (2_048, 640, 4), np.uint8)
    cut_out[:1_000, :, 3] = 0
    cut_out[1_000:, :, 3] = 255

    large = challenge.add(pixels(1), SHIRT, original=noise)
    clear = challenge.add(pixels(2), SHIRT, original=cut_out)
    drawn = challenge.add(pixels(3), SHIRT, original=pixels(3))

    assert challenge.original(large).shape == (768, 1_024, 3)
    assert (challenge.root / large.entry_id / "original.jpg").exists()
    assert challenge.original(clear).shape == (1_024, 320, 4)
    np.testing.assert_array_equal(challenge.original(clear)[[100, -1], 5, 3], [0, 255])
    np.testing.assert_array_equal(challenge.original(drawn)[..., 0], pixels(3))
    for path in challenge.root.glob("*/original.*"):
        with Image.open(path) as image:
            assert not image.getexif()
            assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("label", [-1, 10, True, "6", 6.0, None])
def test_a_class_that_there_is_not_is_refused(challenge, label):
    sentence = refusal(challenge.add, pixels(0), label, original=photo())

    assert sentence == f"Classes have numbers from 0 to 9; you gave {label}."
    assert challenge.entries() == []


@pytest.mark.parametrize(
    "wrong", [np.zeros((28, 27), np.uint8), np.zeros((28, 28)), np.zeros((1, 28, 28), np.uint8)]
)
def test_pixels_of_another_shape_or_type_are_refused(challenge, wrong):
    assert "28 by 28 pixels, uint8; you gave" in refusal(challenge.add, wrong, 0, original=photo())


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/home/me/shirt.jpg", "shirt.jpg"),
        ("..\\..\\evil.png", "evil.png"),
        ("a\x1b[31m\u202e b\n.png", "a [31m b .png"),
        ("ä" * 99, "ä" * 60),
        ("../", ""),
    ],
)
def test_a_name_is_short_and_printable(name, shown):
    assert short_name(name) == shown


def test_an_entry_gets_another_class_and_keeps_its_place(challenge):
    first, second = keep(challenge, SHIRT, COAT)
    before = challenge.digest()

    challenge.relabel(first.entry_id, BAG)

    assert again(challenge).get(first.entry_id).label == BAG
    assert [entry.label for entry in challenge.entries()] == [COAT, BAG]
    assert challenge.digest() == again(challenge).digest() != before
    assert challenge.get(second.entry_id).label == COAT


def test_one_is_deleted_then_all(challenge):
    first, *_ = keep(challenge, SHIRT, COAT, BAG)

    challenge.delete(first.entry_id)
    assert [entry.label for entry in again(challenge).entries()] == [BAG, COAT]
    assert challenge.clear() == 2
    assert challenge.entries() == [] and [*challenge.root.iterdir()] == [
        challenge.root / ".challenge.lock"
    ]


def test_an_entry_is_found_by_how_its_id_begins_and_by_nothing_else(challenge):
    first, _ = keep(challenge, SHIRT, COAT)

    assert challenge.get(first.entry_id).digest == first.digest
    assert "2 pictures begin" in refusal(challenge.get, first.entry_id[:8])
    for wrong in ("", "../set", ".challenge.lock", "nothing"):
        assert refusal(challenge.get, wrong).startswith("No picture begins with")
        assert "No picture begins" in refusal(challenge.delete, wrong)


def test_the_digest_depends_on_pixels_and_classes_alone(tmp_path):
    one, other = ChallengeSet(tmp_path / "one"), ChallengeSet(tmp_path / "other")
    keep(one, SHIRT, COAT)
    other.add(pixels(1), COAT, original=pixels(1), name="else")
    other.add(pixels(0), SHIRT, original=pixels(0))

    assert one.digest() == other.digest()
    keep(one, BAG, first=2)
    assert one.digest() != other.digest()


def test_a_full_set_takes_no_more(challenge, monkeypatch):
    monkeypatch.setattr(store, "MAX_ENTRIES", 2)
    keep(challenge, SHIRT, COAT)

    with pytest.raises(ChallengeStopped) as caught:
        keep(challenge, BAG, first=2)

    assert str(caught.value) == (
        "The challenge set is full: it has room for 2 pictures. Delete some of them first."
    )


def test_all_who_keep_pictures_at_once_succeed(challenge):
    def work(number):
        keep(again(challenge), number % 10, first=number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(entry.label for entry in challenge.entries()) == list(range(8))


def test_who_waits_too_long_is_told_so(challenge, monkeypatch):
    keep(challenge, SHIRT)
    monkeypatch.setattr(changes, "LOCK_SECONDS", 0.05)
    lock = changes.take(challenge.root / changes.LOCK_NAME)
    try:
        sentence = refusal(challenge.clear)
    finally:
        lock.release()

    assert sentence.endswith("is being changed by others just now. Try again in a moment.")


@pytest.mark.parametrize("step", ["mkdir", "write_json", "rename"])
def test_who_is_killed_while_keeping_a_picture_leaves_nothing_to_be_seen(
    challenge, monkeypatch, step
):
    (first,) = keep(challenge, SHIRT)

    class Killed(BaseException):
        pass

    def kill(*args, **options):
        raise Killed

    with monkeypatch.context() as patch:
        where = {
            "mkdir": "fmnist_core.challenge.store.write_entry",
            "write_json": "fmnist_core.challenge.entry.write_json",
            "rename": "fmnist_core.challenge.changes.os.rename",
        }
        patch.setattr(where[step], kill)
        with pytest.raises(Killed):
            keep(challenge, COAT, first=1)

    assert [entry.entry_id for entry in again(challenge).entries()] == [first.entry_id]
    assert any(path.name.startswith(".new-") for path in challenge.root.iterdir())
    keep(challenge, BAG, first=2)  # whoever comes next clears it away
    assert not any(path.name.startswith(".new-") for path in challenge.root.iterdir())


def test_a_full_disk_is_a_sentence_and_nothing_is_seen_of_the_picture(challenge, monkeypatch):
    (first,) = keep(challenge, SHIRT)

    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(store, "write_entry", full)
        sentence = refusal(keep, challenge, COAT, first=1)

    assert "cannot be used: No space left on device. Make the folder writable, free" in sentence
    assert [entry.entry_id for entry in challenge.entries()] == [first.entry_id]


def _torn_json(folder):
    (folder / "entry.json").write_text('{"format": 1, "lab')


def _no_json(folder):
    (folder / "entry.json").unlink()


def _other_format(folder):
    (folder / "entry.json").write_text('{"format": 2}')


def _other_class(folder):
    data = json.loads((folder / "entry.json").read_text())
    (folder / "entry.json").write_text(json.dumps({**data, "label": 10}))


def _no_pixels(folder):
    (folder / "pixels.png").unlink()


def _torn_pixels(folder):
    (folder / "pixels.png").write_bytes((folder / "pixels.png").read_bytes()[:60])


def _large_pixels(folder):
    (folder / "pixels.png").write_bytes(encoded(photo()))


def _coloured_pixels(folder):
    coloured = np.zeros((28, 28, 3), np.uint8)
    coloured[..., 0] = 200
    (folder / "pixels.png").write_bytes(encoded(coloured))


def _huge_file(folder):
    (folder / "pixels.png").write_bytes(bytes(200_000))


def _empty(folder):
    for path in folder.iterdir():
        path.unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_torn_json, "entry.json cannot be read"),
        (_no_json, "entry.json is missing."),
        (_other_format, "entry.json is not of format 1."),
        (_other_class, "Classes have numbers from 0 to 9; you gave 10."),
        (_no_pixels, "pixels.png cannot be read (No such file or directory)."),
        (_torn_pixels, "This picture is damaged or breaks off."),
        (_large_pixels, "Its pixels are no grey picture of 28 by 28."),
        (_coloured_pixels, "Its pixels are no grey picture of 28 by 28."),
        (_huge_file, "This is no picture of a kind that is read."),
        (_empty, "entry.json is missing."),
    ],
)
def test_a_damaged_entry_is_listed_with_its_problem_and_harms_no_other(challenge, damage, words):
    first, second = keep(challenge, SHIRT, COAT)
    damage(challenge.root / first.entry_id)

    found = challenge.entries()

    assert [entry.problem == "" for entry in found] == [True, False]
    assert found[1].problem.startswith(f"{first.entry_id}: ") and words in found[1].problem
    assert challenge.arrays()[1].tolist() == [COAT]
    assert "Delete it, and keep the picture anew." in refusal(
        challenge.relabel, first.entry_id, BAG
    )
    challenge.delete(first.entry_id)
    assert [entry.entry_id for entry in challenge.entries()] == [second.entry_id]


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["format", "label", "name", "spec", "created"]), json_values | st.just(1)
    )
)
def test_whatever_an_entry_says_it_is_sound_or_a_sentence(data):
    try:
        found = from_dict(data, "", pixels(0))
    except FmnistError:
        return
    assert 0 <= found.label <= 9 and len(found.name) <= 60


def test_an_original_that_is_gone_is_a_sentence_and_the_entry_stays_sound(challenge):
    (entry,) = keep(challenge, SHIRT)
    path = challenge.root / entry.entry_id / "original.png"
    path.write_bytes(b"GIF89a")

    assert refusal(challenge.original, entry).startswith("The original of 20")
    path.unlink()
    assert "is not there any more" in refusal(challenge.original, entry)
    assert challenge.sound() == challenge.entries() != []


def test_foreign_files_in_the_folder_are_left_alone(challenge):
    keep(challenge, SHIRT)
    (challenge.root / "notes.txt").write_text("mine")
    (challenge.root / "20260101-000000-abcdef").write_text("a file of such a name")
    (challenge.root / "pictures").mkdir()

    assert len(challenge.entries()) == 1
    challenge.clear()
    assert {path.name for path in challenge.root.iterdir()} == {
        *("notes.txt", "20260101-000000-abcdef", "pictures", ".challenge.lock")
    }


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    challenge = ChallengeSet(tmp_path / "file")

    for call in (challenge.entries, challenge.clear):
        sentence = refusal(call)
        assert sentence.startswith(f"The challenge set in {tmp_path / 'file'} cannot be used: ")
        assert sentence.endswith("or set FMNIST_CHALLENGE_DIR to another one.")


def test_what_another_process_changes_is_seen_and_what_it_leaves_is_not_read_again(
    challenge, monkeypatch
):
    keep(challenge, SHIRT, COAT)
    challenge.entries()
    keep(again(challenge), BAG, first=2)
    read = []
    monkeypatch.setattr(store, "read_entry", lambda folder: read.append(folder.name))

    challenge.entries()

    assert len(read) == 1


def test_the_folder_lies_beside_the_runs_or_where_it_is_told_to(tmp_path, monkeypatch):
    monkeypatch.delenv("FMNIST_CHALLENGE_DIR", raising=False)
    assert challenge_root(tmp_path / "runs") == tmp_path / "challenge_set"
    assert RunStore(tmp_path / "runs").challenge.root == tmp_path / "challenge_set"

    monkeypatch.setenv("FMNIST_CHALLENGE_DIR", str(tmp_path / "else"))
    assert challenge_root(tmp_path / "runs") == tmp_path / "else"
    assert os.fspath(RunStore(tmp_path / "runs").challenge.root).endswith("else")
