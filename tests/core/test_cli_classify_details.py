"""`fmnist classify` with several runs, and with what tells whether to believe the answer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from fmnist_core.cli import main, pictures
from fmnist_core.runs.store import RunStore
from tests.believed import NEAREST, UNLIKE, BelievedInference, box, keep_familiarity, keep_features

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))
FIRST, SECOND = (path.name for path in SHIPPED[:2])


@pytest.fixture
def network(monkeypatch) -> BelievedInference:
    """It takes all for a coat when it is asked of the second run."""
    found = BelievedInference(SECOND)
    monkeypatch.setattr(pictures, "Inference", lambda root: found)
    return found


@pytest.fixture
def store(tmp_path, monkeypatch, network) -> RunStore:
    """Two shipped runs, a picture that is a little brighter on the right, and what is none."""
    for path in SHIPPED[:2]:
        shutil.copytree(path, tmp_path / "runs" / path.name)
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    Image.fromarray(box()).save("box.png")
    (tmp_path / "page.png").write_text("<!doctype html>")
    return RunStore(tmp_path / "runs")


@pytest.fixture
def kept(store) -> RunStore:
    """The first run has what a verdict needs; eight images are LIKE, the others at 0.2 from it."""
    run = store.get(FIRST)
    keep_features(run)
    keep_familiarity(run)
    return store


def asked(capsys, *more: str) -> str:
    assert main(["classify", "box.png", "page.png", "--as-is", *more]) == 0
    return capsys.readouterr().out


def test_details_stand_below_the_answer(kept, capsys):
    lines = asked(capsys, "--run", FIRST, "--details").splitlines()

    assert lines[1] == "" and lines[2].startswith("  box.png   Shirt ")
    # Shifted to the left it is brighter there, as its mirror image is.
    assert [line.strip() for line in lines[4:7]] == [
        "Like the training data: 60 % of the validation images lie farther off.",
        "17 of 21 changed copies are taken for Shirt too; the answer first flips at a shift of "
        "1 px and the mirror image.",
        "The 8 nearest training images: 3 T-shirt/top, 2 Pullover, 1 Ankle boot, 1 Sneaker, "
        "1 Sandal.",
    ]


def test_a_picture_unlike_the_training_data_is_told(kept, capsys, network):
    network.vector = UNLIKE

    assert "Unlike the training data: farther off than 99.9 % of " in asked(
        capsys, "--run", FIRST, "--details"
    )


def test_json_holds_all_of_it(kept, capsys):
    found = json.loads(asked(capsys, "--run", FIRST, "--details", "--json"))

    row, bad = found["pictures"]
    assert found["missing"] is None and bad["problem"] and "stability" not in bad
    assert row["verdict"]["like"] and row["verdict"]["farther_than"] == pytest.approx(0.4, abs=2e-3)
    assert row["verdict"]["weaker_than"] == pytest.approx(0.1, abs=2e-3)
    assert row["stability"]["share"] == pytest.approx(17 / 21)
    assert len(row["stability"]["variants"]) == 21
    first = row["stability"]["variants"][0]
    assert (first["kind"], first["amount"], first["way"]) == ("shift", 1, "left")
    assert (first["prediction"], first["agrees"]) == ("Coat", False)
    assert 0.7 < first["probability"] < 1
    assert [each["index"] for each in row["nearest"]] == NEAREST
    assert set(row["nearest"][0]) == {"index", "similarity", "label", "used_as"}


def test_what_is_not_computed_yet_is_one_sentence_and_the_rest_is_told(store, capsys):
    lines = asked(capsys, "--run", FIRST, "--details").splitlines()

    assert lines[1] == (
        f"Of run {FIRST}, the scores that tell whether a picture is like the training data are not "
        f'computed yet: "fmnist compute {FIRST} familiarity" does it.'
    )
    assert "17 of 21 changed copies" in lines[5] and "training" not in lines[6]
    found = json.loads(asked(capsys, "--run", FIRST, "--details", "--json"))
    row = found["pictures"][0]
    assert (row["verdict"], row["nearest"]) == (None, None) and found["missing"] in lines


def test_without_the_flag_nothing_of_it_is_asked(kept, capsys):
    found = json.loads(asked(capsys, "--run", FIRST, "--json"))

    assert "missing" not in found and "stability" not in found["pictures"][0]


def test_several_runs_stand_side_by_side(store, capsys):
    lines = asked(capsys, "--run", FIRST, "--run", SECOND, "--run", FIRST[:-1]).splitlines()

    assert lines[0].startswith(FIRST) and lines[1].startswith(SECOND) and lines[2] == ""
    assert lines[3] == "  box.png  1 of 2: Shirt, 1 of 2: Coat"
    rest = [line.split() for line in lines[4:]]
    assert [words[0] for words in rest if words[0] in (FIRST, SECOND)] == [FIRST, SECOND]
    assert lines[-1].startswith("  page.png  not classified: This is a web page.")
    answers = json.loads(asked(capsys, "--run", FIRST, "--run", SECOND, "--json"))["runs"]
    assert [each["run_id"] for each in answers] == [FIRST, SECOND]
    assert [each["pictures"][0]["prediction"] for each in answers] == ["Shirt", "Coat"]


def test_runs_that_agree_are_told_so_and_a_file_is_written_once(store, capsys, network):
    network.coat_runs = ()
    out = asked(capsys, "--run", FIRST, "--run", SECOND, "--png", "seen")

    assert "  box.png  all 2 runs: Shirt\n" in out
    assert [path.name for path in Path("seen").iterdir()] == ["box.png"]
