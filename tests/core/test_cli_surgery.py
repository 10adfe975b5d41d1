"""The command `surgery`, with what an inference process would answer."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from fmnist_core.analysis.usefulness import LayerUsefulness, stops, write_usefulness
from fmnist_core.cli import main, surgery
from fmnist_core.derived.kinds import USEFULNESS
from fmnist_core.derived.place import result_path
from fmnist_core.inference.messages import Message
from fmnist_core.runs.run import Run

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]


class Fake:
    """Four images of class 0, of which one is lost; image 60,000 becomes a sandal."""

    asked: ClassVar[list] = []

    def __init__(self, root):
        pass

    def ask(self, task, run_id, arrays, **arguments):
        self.asked.append((task, arguments))
        intact = np.full((4, 10), 0.01, np.float32)
        intact[:, 0] = 0.91
        cut = intact.copy()
        cut[3] = np.roll(cut[3], 1)
        image = np.eye(10, dtype=np.float32)
        answer = {
            "index": np.arange(4, dtype=np.int32),
            "y_true": np.zeros(4, np.uint8),
            "intact": intact,
            "cut": cut,
            "image_intact": image[9],
            "image_cut": image[5],
        }
        return Message({"channels": 16}, answer)

    def close(self):
        pass


@pytest.fixture
def run(tmp_path, monkeypatch) -> Run:
    """A copy of a shipped run, in a store of its own."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    monkeypatch.setattr(surgery, "Inference", Fake)
    monkeypatch.setattr(Fake, "asked", [])
    return Run(Path(shutil.copytree(SHIPPED, tmp_path / SHIPPED.name)))


@pytest.fixture
def ranked(run) -> Run:
    """The run, with a ranking in which a filter is the more useful the higher its number."""
    folder = result_path(run.folder.parent, run, USEFULNESS)
    folder.mkdir(parents=True)
    layers = [
        LayerUsefulness(
            layer=layer,
            images=2_000,
            correct=1_800,
            loss=0.25,
            loss_rise=np.arange(filters, dtype=np.float32) / 100,
            loss_error=np.full(filters, 0.001, np.float32),
            fixed=np.zeros(filters, np.int32),
            broken=np.arange(filters, dtype=np.int32),
            least_first=np.full(len(stops(filters)), 1_800, np.int32),
            most_first=np.full(len(stops(filters)), 200, np.int32),
        )
        for layer, filters in (("conv2d_1", 16), ("conv2d_2", 32))
    ]
    write_usefulness(folder, layers)
    return run


def test_what_is_lost_is_told(run, capsys):
    assert main(["surgery", run.run_id, "--off", "3,0-1"]) == 0

    asked = {"seconds": 600.0, "layer": "conv2d_1", "off": [0, 1, 3], "images": 2_000}
    assert Fake.asked == [("surgery", asked)]
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{run.run_id}  {run.title}, layer conv2d_1, off: 0-1,3"
    assert lines[1] == (
        "With 3 of 16 filters off, the network is worse by 25.00 points on 4 validation images; "
        "0 fixed, 1 broken; p = 1.000: may be chance."
    )
    assert lines[2].startswith("  accuracy  100.00 % → 75.00 %: −25.00 points (")
    # The loss of one image in four rises from −ln 0.91 to −ln 0.01: 0.094 + 4.511 / 4.
    assert lines[3].startswith("  loss      0.094 → 1.222: +1.128 (")
    assert "image 60000 of class Ankle boot" in lines
    assert "  before  Ankle boot 100.0 %, T-shirt/top 0.0 %, Trouser 0.0 %" in lines
    assert "  after   Sandal 100.0 %, T-shirt/top 0.0 %, Trouser 0.0 %" in lines
    assert any(line.startswith("  T-shirt/top      4      4      3  −25.00 (") for line in lines)
    assert (
        lines[-1] == f'"fmnist compute {run.run_id} usefulness" ranks the filters of convolutions.'
    )


def test_the_ranking_is_told_where_it_is_there(ranked, capsys):
    assert main(["surgery", ranked.run_id, "--image", "5"]) == 0

    out = capsys.readouterr().out
    assert "off: none" in out and "each filter off alone, on 2,000 validation images" in out
    assert "   most useful    15  loss +0.150 ± 0.002, accuracy −0.75 points" in out
    assert "  least useful     0  loss 0.000 ± 0.002, accuracy 0.00 points" in out


def test_as_json(ranked, capsys):
    assert main(["surgery", ranked.run_id, "--only", "15", "--images", "500", "--json"]) == 0

    assert Fake.asked[0][1]["images"] == 500
    answer = json.loads(capsys.readouterr().out)
    assert answer["off"] == list(range(15))
    assert (answer["images"], answer["fixed"], answer["broken"]) == (4, 0, 1)
    assert (answer["correct_before"], answer["correct_after"]) == (4, 3)
    assert answer["confusion_after"][0] == [3, 1, *[0] * 8]
    assert answer["image"]["label"] == 9
    assert answer["usefulness"]["least_useful_first"] == list(range(16))


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["--off", "16"], 1, "fmnist: The layer has the channels 0 to 15 only."),
        (["--layer", "dense_2"], 1, 'No channels of a layer "dense_2" can be switched off; those'),
        (["--off", "1-"], 2, '"1-" is no number and no range such as 0-5'),
        (["--off", "1", "--only", "2"], 2, "not allowed with argument"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(run, capsys, arguments, code, sentence):
    try:
        found = main(["surgery", run.run_id, *arguments])
    except SystemExit as exit_:
        found = exit_.code
    assert found == code
    assert sentence in capsys.readouterr().err


def test_a_network_of_one_layer_has_nothing_to_switch_off(run, monkeypatch, capsys):
    monkeypatch.setattr(surgery, "operable", lambda model: [])

    assert main(["surgery", run.run_id]) == 1
    assert "has no layer before its last one" in capsys.readouterr().err
