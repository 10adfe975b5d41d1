"""`fmnist classify`, with a network that need not be started, and once with a shipped one."""

import json
import shutil
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from PIL import Image

from fmnist_core.analysis.calibration import apply_temperature, fit_temperature
from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.cli import main, pictures
from fmnist_core.data.files import load
from fmnist_core.inference.messages import Message
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore

RUN = "20261121-073649-46b3d2"
SHIPPED = RunStore(Path(__file__).parents[2] / "saved_runs")
PROBA = np.array([0.02, 0.02, 0.02, 0.02, 0.25, 0.02, 0.59, 0.02, 0.02, 0.02], np.float32)


class FakeInference:
    """Answers as a network would that takes everything for a shirt, or else for a coat."""

    asked: ClassVar[list] = []
    closed: ClassVar[int] = 0

    def __init__(self, root):
        self.root = root

    def ask(self, task, run_id, arrays):
        FakeInference.asked.append((task, run_id, arrays["images"]))
        return Message({}, {"proba": np.tile(PROBA, (len(arrays["images"]), 1))})

    def close(self):
        FakeInference.closed += 1


@pytest.fixture
def store(tmp_path, monkeypatch):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / RUN).symlink_to(SHIPPED.root / RUN)
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
    return RunStore(tmp_path / "runs")


@pytest.fixture
def network(store, monkeypatch):
    monkeypatch.setattr(pictures, "Inference", FakeInference)
    monkeypatch.setattr(FakeInference, "asked", [])
    monkeypatch.setattr(FakeInference, "closed", 0)
    return FakeInference


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A dark box on paper, a light one on black, and what is no picture."""
    monkeypatch.chdir(tmp_path)
    for name, ground, colour in (("dark.png", 250, 20), ("light.jpg", 5, 240)):
        pixels = np.full((200, 120, 3), ground, np.uint8)
        pixels[50:150, 30:80] = colour
        Image.fromarray(pixels).save(tmp_path / name)
    (tmp_path / "page.png").write_text("<!doctype html>")
    return tmp_path


def answer(capsys, *command):
    assert main(["classify", *command, "--run", RUN, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_pictures_are_asked_together_and_a_bad_file_is_one_line(capsys, network, folder):
    assert main(["classify", "dark.png", "page.png", "light.jpg", "--run", RUN[:17]]) == 0

    ((task, run_id, images),) = network.asked
    assert (task, run_id, images.shape, images.dtype) == ("classify", RUN, (2, 28, 28), np.uint8)
    assert network.closed == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{RUN}  small, probabilities at temperature ")
    assert lines[2].startswith("  dark.png   Shirt ") and " then Coat " in lines[2]
    assert lines[3].endswith("    The background is light (#fafafa), so the garment was negated.")
    assert lines[4].startswith("  page.png   not classified: This is a web page. Choose a picture:")
    assert lines[5].startswith("  light.jpg  Shirt ")
    assert lines[6].endswith("    The background is dark (#050505), so nothing was negated.")
    assert len(lines) == 7


def test_probabilities_are_those_at_the_runs_temperature(capsys, network, folder, store):
    validation = load_predictions(store.get(RUN), "validation")
    temperature = fit_temperature(validation.y_true, validation.y_proba)

    found = answer(capsys, "dark.png")

    expected = apply_temperature(PROBA[np.newaxis], temperature)[0]
    (row,) = found["pictures"]
    assert found["temperature"] == pytest.approx(temperature)
    assert [each["class"] for each in row["top"][:2]] == ["Shirt", "Coat"] and len(row["top"]) == 3
    assert row["top"][0]["probability"] == pytest.approx(expected[6])
    assert row["prediction"] == "Shirt" and row["problem"] is None
    assert row["polarity"] == "light" and row["background"] == [250, 250, 250]


def test_a_run_without_predictions_answers_as_it_is(capsys, network, folder, store):
    run = store.create(presets.load("small").experiment)

    assert main(["classify", "dark.png", "--run", run.run_id]) == 0

    assert "probabilities as they come: it has no validation predictions" in capsys.readouterr().out


def test_choices_reach_the_pictures(capsys, network, folder):
    assert answer(capsys, "dark.png", "--polarity", "light", "--rotate", "90")["pictures"][0]
    turned = network.asked[0][2][0]
    assert turned[0].max() == 0 and turned[14, 0] == 255  # it lies on its side

    answer(capsys, "light.jpg", "--crop", "0,0,1,0.5", "--no-sharpen", "--tolerance", "10")
    cropped = network.asked[1][2][0]
    assert (cropped > 0).all()  # 50 by 50 pixels are left of it


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--tolerance", "lots"], "Tolerance must be a number from 0.5 to 60; you gave 'lots'."),
        (["--rotate", "nan"], "Rotation must be a number from -180 to 180; you gave nan."),
        (["--crop", "0,0,1"], "Crop must be four numbers from 0 to 1"),
        (["--run", "nowhere"], "No run begins with"),
    ],
)
def test_choices_that_make_no_sense_are_refused(capsys, network, folder, flags, sentence):
    assert main(["classify", "dark.png", "--run", RUN, *flags]) == 1

    assert capsys.readouterr().err.startswith(f"fmnist: {sentence}")
    assert network.asked == []


def test_where_no_file_can_be_classified_that_is_the_exit_code(capsys, network, folder):
    assert main(["classify", "page.png", "nowhere.png", ".", "--run", RUN]) == 1

    out, err = capsys.readouterr()
    assert err == "fmnist: None of 3 files could be classified.\n"
    assert "nowhere.png  not classified: It cannot be read: No such file or directory." in out
    assert ".            not classified: It cannot be read: Is a directory." in out
    assert network.asked == []


def test_as_is_takes_small_pictures_only(capsys, network, folder):
    image = np.full((28, 28), 90, np.uint8)
    Image.fromarray(image).save(folder / "small.png")

    found = answer(capsys, "small.png", "dark.png", "--as-is")

    np.testing.assert_array_equal(network.asked[0][2], image[np.newaxis])
    assert "this one has 120 by 200" in found["pictures"][1]["problem"]


def test_what_the_network_saw_is_written(capsys, network, folder):
    (folder / "other").mkdir()
    shutil.copy(folder / "dark.png", folder / "other")

    found = answer(capsys, "dark.png", "page.png", "other/dark.png", "--png", "seen/here")

    files = [row.get("png") for row in found["pictures"]]
    assert files == ["seen/here/dark.png", None, "seen/here/dark-2.png"]
    written = np.asarray(Image.open(folder / "seen/here/dark.png"))
    np.testing.assert_array_equal(written, network.asked[0][2][0])
    assert main(["classify", "dark.png", "--run", RUN, "--png", "page.png/no"]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_names_cannot_command_the_terminal(capsys, network, folder):
    name = "\x1b[31mred.png"
    shutil.copy(folder / "dark.png", folder / name)

    assert main(["classify", name, "--run", RUN]) == 0

    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.slow  # it loads TensorFlow
def test_images_of_the_data_set_are_classified_as_the_run_did(capsys, folder, tmp_path):
    shutil.copytree(SHIPPED.root / RUN, tmp_path / "copied" / RUN)
    images = [60_000, 60_001, 60_002]
    for place in images:
        Image.fromarray(load().images[place]).save(folder / f"{place}.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "copied"))
        found = answer(capsys, *(f"{place}.png" for place in images))

    test = load_predictions(SHIPPED.get(RUN), "test")
    expected = apply_temperature(test.y_proba[:3], found["temperature"])
    shares = [row["top"][0]["probability"] for row in found["pictures"]]
    assert shares == pytest.approx(expected.max(axis=1), abs=1e-3)
