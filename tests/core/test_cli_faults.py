"""`fmnist faults`, on the shipped runs."""

import csv
import io
import json

import numpy as np
import pytest

from fmnist_core.analysis.fault_rules import KINDS
from fmnist_core.analysis.features import VECTORS_NAME, write_description
from fmnist_core.cli import main
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.place import result_path
from fmnist_core.runs.image_tags import change_tags
from fmnist_core.runs.store import RunStore
from tests.shipped import ONE_LAYER, SHIPPED, SMALL, THREE, TWO_LAYER


@pytest.fixture
def store(tmp_path, monkeypatch):
    """The shipped runs in a store whose tags can be changed."""
    for run_id in THREE:
        (tmp_path / run_id).symlink_to(SHIPPED.root / run_id)
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return RunStore(tmp_path)


def answer(capsys, *flags):
    assert main(["faults", TWO_LAYER, *flags, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("part", ["validation", "test"])
def test_every_mistake_is_of_one_kind(capsys, store, part):
    scores = getattr(store.get(TWO_LAYER).result, part)

    found = answer(capsys, "--part", part, "--limit", "10000")

    assert found["wrong"] == scores.images - scores.correct == len(found["mistakes"])
    assert [each["kind"] for each in found["kinds"]] == list(KINDS)
    assert sum(each["images"] for each in found["kinds"]) == found["wrong"]
    assert all(sum(each["classes"]) == each["images"] for each in found["kinds"])
    assert len({row["index"] for row in found["mistakes"]}) == found["wrong"]


def test_the_other_runs_are_asked_the_best_first_unless_named(capsys, store):
    assert answer(capsys)["runs"] == [TWO_LAYER, ONE_LAYER, SMALL]
    assert answer(capsys, "--runs", SMALL)["runs"] == [TWO_LAYER, SMALL]
    alone = answer(capsys, "--runs")
    assert alone["runs"] == [TWO_LAYER]
    assert {row["runs"] for row in alone["mistakes"]} == {1}


def test_a_kind_is_listed_to_a_limit_and_a_tag_overrules(capsys, store):
    first = answer(capsys, "--kind", "label", "--limit", "2")["mistakes"]
    assert [row["kind"] for row in first] == ["label", "label"]
    change_tags(store.root, lambda tags: tags.with_tag([first[1]["index"]], "model mistake"))

    found = answer(capsys, "--kind", "model", "--limit", "1")
    (row,) = found["mistakes"]

    assert (row["index"], row["tag"]) == (first[1]["index"], "model mistake")
    assert found["kinds"][-1]["by_tag"] == 1


def test_the_text_says_what_was_not_looked_for(capsys, store):
    assert main(["faults", TWO_LAYER, "--runs", "--limit", "1"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == f"  454 wrong; asked about them: {TWO_LAYER}"
    assert lines[2].startswith("  No other run that predicted the same images was asked")
    assert lines[3].startswith(f"  Of run {TWO_LAYER}, the network's features of all 70,000 images")
    assert lines[3].endswith(
        "Until then no mistake is called unusual, and what lies near it does not count."
    )
    assert "  Unusual image  not looked for" in lines
    assert any(line.startswith("  Label suspect ") and " of 454 " in line for line in lines)
    assert lines[-1].startswith("  image ") and "Model mistake: no other rule" in lines[-1]


def test_features_that_are_there_are_used(capsys, store):
    run = store.get(TWO_LAYER)
    folder = result_path(store.root, run, FEATURES)
    folder.mkdir(parents=True)
    np.save(folder / VECTORS_NAME, np.eye(10, dtype=np.float16)[load().labels])
    write_description(folder, layer="dense_1", size=10, projected=False)

    found = answer(capsys, "--limit", "10000")

    assert found["features"] is True
    assert {row["near_true"] for row in found["mistakes"]} == {15}  # all lie among their own
    counts = {each["kind"]: each["images"] for each in found["kinds"]}
    assert counts["label"] == 0


def test_the_table_has_a_row_for_each_mistake_of_the_kind(capsys, store):
    assert main(["faults", TWO_LAYER, "--kind", "label", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    counts = {each["kind"]: each["images"] for each in answer(capsys)["kinds"]}
    assert len(rows) == counts["label"]
    assert rows[0]["true"] == "Coat" and rows[0]["kind"] == "Label suspect"
    assert rows[0]["reason"].startswith("Label suspect: all 3 runs say Trouser")
    assert rows[0]["neighbours"] == ""


def test_damaged_tags_and_a_run_with_other_images_are_sentences(capsys, store):
    (store.root / ".image-tags.json").write_text("{")
    assert main(["faults", TWO_LAYER]) == 1
    assert "the tags of images" in capsys.readouterr().err
    assert main(["faults", TWO_LAYER, "--runs", "nothing"]) == 1
    assert 'No run begins with "nothing"' in capsys.readouterr().err
