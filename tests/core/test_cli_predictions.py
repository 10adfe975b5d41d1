"""The commands about predictions, on the shipped runs and on runs with something wrong."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from fmnist_core.analysis.mistakes import SORTS
from fmnist_core.cli import main
from fmnist_core.model import presets
from fmnist_core.runs.result import Result
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from tests.shipped import ONE_LAYER, SHIPPED, SMALL, TWO_LAYER


@pytest.fixture(autouse=True)
def shipped(monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(SHIPPED.root))


def answer(capsys, *command):
    assert main([*command, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("part", ["validation", "test"])
def test_errors_are_those_of_the_result(capsys, part):
    scores = getattr(SHIPPED.get(TWO_LAYER).result, part)

    found = answer(capsys, "errors", TWO_LAYER, "--part", part)

    assert found["wrong"] == found["chosen"] == scores.images - scores.correct
    assert [row["f1"] for row in found["classes"]] == pytest.approx(
        [row["f1"] for row in scores.classes]
    )
    assert found["test_used_for_validation"] is False


def test_errors_are_of_validation_images_unless_asked_otherwise(capsys):
    assert answer(capsys, "errors", SMALL)["part"] == "validation"


@pytest.mark.parametrize("name", ["Shirt", "shirt", "6"])
def test_mistakes_are_chosen_by_class_name_or_number(capsys, name):
    found = answer(capsys, "errors", SMALL, "--true", name, "--predicted", "0", "--limit", "1000")

    assert {(row["true"], row["predicted"]) for row in found["mistakes"]} == {(6, 0)}
    pairs = {(each["true"], each["predicted"]): each["images"] for each in found["confusions"]}
    assert len(found["mistakes"]) == found["chosen"] == pairs[6, 0]


@pytest.mark.parametrize("by", SORTS)
def test_mistakes_are_sorted_and_limited(capsys, by):
    rows = answer(capsys, "errors", SMALL, "--sort", by, "--limit", "4")["mistakes"]

    sign, key = {
        "most confident wrong": (-1, "confidence"),
        "highest loss": (-1, "loss"),
        "smallest margin": (-1, "margin"),  # negative where wrong: the nearest to 0 first
        "index": (1, "index"),
    }[by]
    values = [sign * row[key] for row in rows]
    assert len(rows) == 4 and values == sorted(values)


def test_errors_as_text_name_classes(capsys):
    assert main(["errors", TWO_LAYER[:17], "--true", "shirt", "--limit", "1"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("  2_Layer, 6,000 validation images")
    assert any("Shirt → T-shirt/top" in line and " of 600 " in line for line in lines)
    assert lines[-2].endswith(" mistakes, most confident wrong first")
    assert lines[-1].startswith("  image ") and " Shirt → " in lines[-1]


def test_all_chosen_mistakes_are_written_as_a_zip_however_few_are_listed(capsys, tmp_path):
    path = tmp_path / "shirts.zip"
    found = answer(capsys, "errors", SMALL, "--true", "shirt", "--limit", "1", "--zip", str(path))

    archive = zipfile.ZipFile(path)
    assert len(archive.namelist()) == found["chosen"] + 2 > 100
    table = archive.read("images.csv").decode().splitlines()
    assert table[1].startswith(f"1,{found['mistakes'][0]['index']},")
    assert "Classes (true → predicted): Shirt → any class" in archive.read("README.txt").decode()

    assert main(["errors", SMALL, "--zip", str(tmp_path / "no" / "such.zip")]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--true", "hat"], 'no class is called "hat"; one of T-shirt/top, Trouser'),
        (["--true", "10"], 'no class is called "10"'),
        (["--limit", "-1"], '"-1" is no number of images; 0 or more'),
        (["--part", "train"], "invalid choice: 'train'"),
    ],
)
def test_flags_that_make_no_sense_are_refused(capsys, flags, sentence):
    with pytest.raises(SystemExit) as caught:
        main(["errors", SMALL, *flags])

    assert caught.value.code == 2
    assert sentence in capsys.readouterr().err


def test_calibration_has_the_loss_of_the_result_and_a_temperature_that_lowers_it(capsys):
    found = answer(capsys, "calibration", TWO_LAYER, "--part", "test")

    plain, scaled = found["figures"], found["figures_at_temperature"]
    loss = SHIPPED.get(TWO_LAYER).result.test.loss
    assert plain["nll"]["value"] == pytest.approx(loss)
    assert all(scaled[name]["value"] < plain[name]["value"] for name in plain)
    assert all(
        low < each["value"] < high for each in plain.values() for low, high in [each["interval"]]
    )
    assert sum(each["images"] for each in found["bins"]) == 10_000
    assert [each["threshold"] for each in found["coverage"]] == [0.5, 0.7, 0.9, 0.95, 0.99]


def test_calibration_as_text_says_where_the_temperature_is_from(capsys):
    main(["calibration", TWO_LAYER])
    on_validation = capsys.readouterr().out
    main(["calibration", TWO_LAYER, "--part", "test"])
    on_test = capsys.readouterr().out

    assert "fitted on validation, on these very images" in on_validation
    assert "fitted on validation\n" in on_test
    assert "(7,960 of 10,000)" in on_test


def test_compare_says_what_was_fixed_and_broken(capsys):
    found = answer(capsys, "compare", SMALL, TWO_LAYER, "--part", "test")

    first, second = (SHIPPED.get(run_id).result.test.correct for run_id in (SMALL, TWO_LAYER))
    assert found["fixed"] - found["broken"] == second - first
    assert len(found["fixed_index"]) == found["fixed"] == sum(c["fixed"] for c in found["classes"])
    assert found["verdict"].startswith("2_Layer is better than small by 2.21 points on 10,000 test")


def test_compare_as_text_begins_with_the_runs_and_the_verdict(capsys):
    assert main(["compare", ONE_LAYER, TWO_LAYER]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"A  {ONE_LAYER}  1_Layer" and lines[1] == f"B  {TWO_LAYER}  2_Layer"
    assert lines[2] == (
        "2_Layer is better than 1_Layer by 0.48 points on 6,000 validation images; 156 fixed, "
        "127 broken; p = 0.096: may be chance."
    )
    assert any(line.startswith("  Ankle boot ") for line in lines)


def test_a_run_compared_with_itself_differs_nowhere(capsys):
    main(["compare", SMALL, SMALL])

    assert "B and A are right and wrong alike on 6,000 validation" in capsys.readouterr().out


def test_runs_that_share_no_image_are_refused_with_a_sentence(capsys, monkeypatch, tmp_path):
    store = RunStore(tmp_path)
    runs = [store.create(presets.load("small").experiment) for _ in range(2)]
    for place, run in enumerate(runs):
        arrays = {"index": np.array([place]), "label": np.array([0]), "proba": np.eye(10)[[0]]}
        np.savez(
            run.folder / "predictions.npz", **{f"validation_{k}": v for k, v in arrays.items()}
        )
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))

    assert main(["compare", *(run.run_id for run in runs)]) == 1

    assert "no image by all" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["errors"], ["calibration"], ["compare", SMALL]])
def test_a_run_without_predictions_is_refused_with_a_sentence(
    capsys, monkeypatch, tmp_path, command
):
    store = RunStore(tmp_path)
    run = store.create(presets.load("small").experiment)
    (tmp_path / SMALL).symlink_to(SHIPPED.root / SMALL)
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))

    assert main([*command, run.run_id]) == 1

    assert capsys.readouterr().err == f"fmnist: {run.why_no_predictions}\n"


def test_figures_of_a_run_that_was_chosen_by_its_test_images_are_called_optimistic(
    capsys, monkeypatch
):
    read = Run.result.fget

    def resplit(run) -> Result:
        return replace(read(run), test_used_for_validation=True)

    monkeypatch.setattr(Run, "result", property(resplit))

    for command in (["errors", SMALL], ["calibration", SMALL], ["compare", SMALL, TWO_LAYER]):
        main(command)
        assert "so that these figures are optimistic" in capsys.readouterr().out
