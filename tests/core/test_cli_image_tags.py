"""From a shell: tags of images, their table, and how good a run is on them."""

import json
import shutil
from pathlib import Path

import pytest

from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.cli import main
from fmnist_core.runs.image_tags import FILE_NAME, read_tags
from fmnist_core.runs.store import RunStore

RUN = "20261121-073649-46b3d2"


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """A store with one shipped run."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    shutil.copytree(Path(__file__).parents[2] / "saved_runs" / RUN, tmp_path / RUN)
    return RunStore(tmp_path)


def answer(capsys, *command):
    capsys.readouterr()
    assert main([*command, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_images_are_tagged_listed_and_untagged(capsys, store):
    assert main(["tag", "3", "60000", "--as", "cropped"]) == 0
    assert main(["tag", "3", "--as", "worn out"]) == 0
    capsys.readouterr()
    assert main(["tags"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 of 70,000 images are tagged; a word, and how many bear it",
        "  1  ambiguous                           0",
        "  2  label wrong                         0",
        "  3  cropped                             2",
        "  4  unusual                             0",
        "  5  worn out                            1",
    ]
    assert answer(capsys, "untag", "3", "--as", "worn out")["own"] == ["worn out"]
    assert answer(capsys, "tags", "--forget", "worn out") == {
        "own": [],
        "images": {"ambiguous": [], "label wrong": [], "cropped": [3, 60_000], "unusual": []},
    }


def test_a_table_is_written_and_read(capsys, store, tmp_path):
    main(["tag", "3", "60000", "--as", "cropped"])
    capsys.readouterr()
    assert main(["tags", "--csv"]) == 0
    table = capsys.readouterr().out
    assert table == (  # the labels of the data set
        "index,file,number,label,tags\n3,train,3,Dress,cropped\n60000,test,0,Ankle boot,cropped\n"
    )
    (tmp_path / "table.csv").write_text(table.replace("cropped", "worn"))
    found = answer(capsys, "tags", "--from", str(tmp_path / "table.csv"))
    assert found["images"]["worn"] == found["images"]["cropped"] == [3, 60_000]


def test_a_run_is_judged_on_tagged_images(capsys, store):
    found = load_predictions(store.get(RUN), "validation")
    wrong, right = found.index[found.wrong][:3].tolist(), found.index[~found.wrong][:7].tolist()
    main(["tag", *map(str, [*wrong, *right]), "--as", "cropped"])
    main(["tag", str(wrong[0]), "--as", "worn"])

    data = answer(capsys, "errors", RUN, "--tag", "CROPPED", "--tag", "worn", "--sort", "index")
    assert [row["index"] for row in data["mistakes"]] == wrong
    cropped, worn = data["slices"]
    assert (cropped["name"], cropped["images"], cropped["of"]) == ("cropped", 10, 6_000)
    assert cropped["accuracy"] == 0.7
    assert cropped["interval"] == list(wilson_interval(7, 10))
    assert (worn["images"], worn["correct"]) == (1, 0)
    assert answer(capsys, "errors", RUN)["slices"] == []

    assert main(["errors", RUN, "--tag", "cropped"]) == 0
    text = capsys.readouterr().out
    assert "  cropped                            10 of 6,000  70.0 % (39.7–89.2)  -20.5 (-" in text
    assert "3 of 3 mistakes" in text


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (
            ["tag", "70000", "--as", "cropped"],
            "Images have numbers from 0 to 69999; you gave 70000.",
        ),
        (["tag", "1", "--as", "<b>"], "A tag must be"),
        (["untag", "1", "--as", "worn"], 'No tag is called "worn"'),
        (["tags", "--forget", "cropped"], '"cropped" cannot be forgotten'),
        (["tags", "--from", "nowhere.csv"], "nowhere.csv cannot be read: No such file"),
        (["errors", RUN, "--tag", "worn"], 'No tag is called "worn"'),
    ],
)
def test_what_is_wrong_is_one_sentence(capsys, command, sentence):
    assert main(command) == 1

    assert capsys.readouterr().err.startswith(f"fmnist: {sentence}")


def test_a_damaged_file_harms_only_what_needs_it(capsys, store):
    (store.root / FILE_NAME).write_text("{")

    assert main(["errors", RUN]) == 0
    assert main(["errors", RUN, "--tag", "cropped"]) == 1
    assert main(["tag", "1", "--as", "cropped"]) == 1
    assert "Mend that file or move it away" in capsys.readouterr().err
    assert (store.root / FILE_NAME).read_text() == "{"


def test_what_is_no_number_is_refused(capsys, store):
    with pytest.raises(SystemExit):
        main(["tag", "-1", "--as", "cropped"])
    with pytest.raises(SystemExit):
        main(["tag", "٣", "--as", "cropped"])
    assert '"٣" is no image; 0 to 69999' in capsys.readouterr().err
    assert read_tags(store.root).tagged == []
