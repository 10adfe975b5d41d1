"""`fmnist challenge`: what each action does, says and answers in JSON."""

import json

import pytest

from fmnist_core.cli import main, pictures
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.store import RunStore
from tests.app.run_folders import finished_run, queued_run
from tests.challenge_pictures import FakeInference, encoded, keep, photo, zipped

SHIRT, COAT = 6, 4


@pytest.fixture
def network():
    return FakeInference(SHIRT)


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch, network):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.setattr(pictures, "Inference", lambda root: network)
    monkeypatch.chdir(tmp_path)
    return RunStore(tmp_path / "runs")


@pytest.fixture
def challenge(store):
    return store.challenge


def finished(store, name):
    run = finished_run(store, name)
    (run.folder / "model.keras").write_bytes(b"weights")
    return run


def said(capsys, *command):
    assert main(["challenge", *command]) == 0
    return capsys.readouterr().out


def answer(capsys, *command):
    return json.loads(said(capsys, *command, "--json"))


def refusal(capsys, *command):
    assert main(["challenge", *command]) == 1
    return capsys.readouterr().err


def test_pictures_are_kept_and_a_bad_file_is_one_line(capsys, challenge, tmp_path):
    (tmp_path / "a.png").write_bytes(encoded(photo()))
    (tmp_path / "page.png").write_text("<!doctype html>")

    found = said(capsys, "add", "a.png", "page.png", "nowhere.png", "--label", "SHIRT")

    (entry,) = challenge.entries()
    lines = found.splitlines()
    assert lines[0] == "1 of 3 pictures kept as Shirt"
    assert lines[1] == f"  a.png  {entry.entry_id}"
    assert lines[2].startswith("  page.png  not kept: This is a web page.")
    assert lines[3].startswith("  nowhere.png  not kept: It cannot be read: No such file")
    assert (entry.label, entry.name) == (SHIRT, "a.png")


def test_flags_say_how_a_picture_is_prepared_and_stay_with_it(capsys, challenge, tmp_path):
    (tmp_path / "a.png").write_bytes(encoded(photo()))

    found = answer(capsys, "add", "a.png", "--label", "4", "--rotate", "90", "--polarity", "light")

    (entry,) = challenge.entries()
    assert found == {
        "class": "Coat",
        "pictures": [{"file": "a.png", "id": entry.entry_id, "problem": ""}],
    }
    assert (entry.spec.rotation, entry.spec.polarity) == (90, "light")


def test_where_no_file_can_be_kept_that_is_the_exit_code(capsys, challenge):
    assert refusal(capsys, "add", "nowhere.png", "--label", "coat") == (
        "fmnist: None of 1 file was kept.\n"
    )
    assert challenge.entries() == []


def test_a_full_set_ends_the_command(capsys, challenge, tmp_path, monkeypatch):
    monkeypatch.setattr("fmnist_core.challenge.store.MAX_ENTRIES", 1)
    keep(challenge, SHIRT)
    (tmp_path / "a.png").write_bytes(encoded(photo()))

    error = refusal(capsys, "add", "a.png", "a.png", "--label", "coat")

    assert error.startswith("fmnist: The challenge set is full: it has room for 1 pictures.")


def test_a_class_that_there_is_not_is_wrong_usage(capsys):
    with pytest.raises(SystemExit):
        main(["challenge", "add", "a.png", "--label", "hat"])
    assert 'no class is called "hat"' in capsys.readouterr().err


def test_pictures_are_listed_newest_first_and_a_damaged_one_is_said(capsys, challenge):
    assert "No pictures yet. To keep one: fmnist challenge add" in said(capsys, "list")
    first, second, third = keep(challenge, SHIRT, COAT, SHIRT)
    (challenge.root / second.entry_id / "pixels.png").unlink()

    lines = said(capsys, "list").splitlines()

    assert lines[0] == "2 pictures, 2 Shirt"
    assert lines[1].startswith(f"  {third.entry_id}  Shirt        20")
    assert lines[1].endswith("  2.png")
    assert lines[2].startswith(f"  damaged: {second.entry_id}: pixels.png cannot be read")
    rows = answer(capsys, "list")
    assert [row["class"] for row in rows] == ["Shirt", None, "Shirt"]
    assert rows[2]["id"] == first.entry_id and rows[1]["problem"]


def test_a_picture_gets_another_class(capsys, challenge):
    (entry,) = keep(challenge, SHIRT)

    assert said(capsys, "label", entry.entry_id, "ankle boot") == (
        f"{entry.entry_id} is of class Ankle boot now.\n"
    )
    assert answer(capsys, "label", entry.entry_id[:18], "3")["class"] == "Dress"
    assert "No picture begins with" in refusal(capsys, "label", "nothing", "3")


def test_pictures_are_deleted_all_that_are_named_or_none(capsys, challenge):
    first, second, _ = keep(challenge, SHIRT, COAT, SHIRT)

    refusal(capsys, "delete", first.entry_id, "nothing")
    assert len(challenge.entries()) == 3
    assert said(capsys, "delete", first.entry_id, second.entry_id, first.entry_id)
    assert len(challenge.entries()) == 1
    assert said(capsys, "delete", "--all") == "1 picture deleted.\n"
    assert answer(capsys, "delete", "--all") == {"deleted": 0}


def test_a_set_goes_elsewhere_and_comes_back(capsys, challenge, tmp_path):
    keep(challenge, SHIRT, COAT)

    assert said(capsys, "export", "class.zip") == "class.zip holds 2 pictures.\n"
    challenge.clear()
    assert said(capsys, "import", "class.zip") == "2 pictures added, 0 there already\n"
    assert answer(capsys, "import", "class.zip") == {"added": 0, "skipped": 2, "refused": []}
    assert len(challenge.entries()) == 2


def test_what_a_zip_holds_in_vain_is_said(capsys, challenge, tmp_path):
    files = {"hat/a.png": encoded(photo()), "shirt/b.png": encoded(photo())}
    (tmp_path / "class.zip").write_bytes(zipped(files))

    lines = said(capsys, "import", "class.zip").splitlines()

    assert lines[:2] == ["1 picture added, 0 there already", "not taken: 1"]
    assert lines[2].startswith("  hat/a.png: It lies in no folder that bears the name of a class")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["import", "nowhere.zip"], "nowhere.zip cannot be read: No such file or directory."),
        (["export", "nowhere/class.zip"], "nowhere/class.zip cannot be written: "),
        (["evaluate", "nowhere"], 'No run begins with "nowhere".'),
        (["evaluate", "--all"], "The challenge set is empty."),
    ],
)
def test_what_cannot_be_done_is_a_sentence(capsys, store, command, words):
    finished(store, "one")

    assert words in refusal(capsys, *command)


def test_a_run_is_judged_and_its_mistakes_are_listed(capsys, store, challenge):
    keep(challenge, SHIRT, COAT)
    run = finished(store, "first")
    coat = challenge.entries()[0]

    assert said(capsys, "evaluate", run.run_id[:17]).splitlines() == [
        f"{run.run_id}  first: 50.0 % (9.5–90.5 %), 1 of 2 pictures right",
        f"         Coat → Shirt         82.0 % sure  {coat.entry_id}  1.png",
    ]
    (row,) = answer(capsys, "evaluate", run.run_id)
    assert (row["correct"], row["of"], row["temperature"]) == (1, 2, None)
    assert row["pictures"][0] == {
        **{"id": coat.entry_id, "name": "1.png", "class": CLASS_NAMES[COAT]},
        **{"predicted": CLASS_NAMES[SHIRT], "confidence": 0.82},
    }


def test_all_runs_that_have_ended_are_judged_and_one_that_fails_is_said(
    capsys, store, challenge, network
):
    keep(challenge, SHIRT, COAT)
    first, second = finished(store, "first"), finished(store, "second")
    queued_run(store)
    network.failing = {first.run_id}

    lines = said(capsys, "evaluate", "--all").splitlines()

    assert len(lines) == 2
    assert f"{first.run_id}  not judged: The network is odd." in lines
    assert any(line.startswith(f"{second.run_id}  second: 50.0 %") for line in lines)
    network.failing |= {second.run_id}
    assert refusal(capsys, "evaluate", "--all") == "fmnist: None of 2 runs could be judged.\n"
    assert refusal(capsys, "evaluate", first.run_id) == "fmnist: The network is odd.\n"
