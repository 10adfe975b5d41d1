"""The command line: what it prints, its exit codes, and that it does what pages do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fmnist_core.cli import main
from fmnist_core.model.code import notebook, script
from fmnist_core.model.presets import PRESETS, load
from fmnist_core.runs import commands
from fmnist_core.runs.status import Status
from fmnist_core.runs.store import RunStore

ROOT = Path(__file__).parents[2]
QUICK = ["--subset", "300", "--validation", "100", "--batch-size", "64", "--epochs", "1"]


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return RunStore(tmp_path)


@pytest.fixture
def no_supervisor(monkeypatch):
    for module in ("fmnist_core.jobs.queue", "fmnist_core.cli.control"):
        monkeypatch.setattr(f"{module}.ensure_supervisor", lambda root: None)


def test_presets_are_listed_with_their_total_parameters(capsys):
    assert main(["presets"]) == 0

    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == len(PRESETS)
    assert lines[0] == ["small", "56,714", "Templates"]
    assert ["r2-3-layer", "1,421,194", "R2 · Depth"] in lines


def test_presets_as_json_hold_numbers(capsys):
    main(["presets", "--json"])

    rows = json.loads(capsys.readouterr().out)
    assert {row["name"]: row["parameters"] for row in rows}["r2-1-layer"] == 173_738


def test_code_prints_the_script_of_a_preset_and_of_a_run(capsys, store):
    experiment = load("r2-1-layer").experiment
    run = store.create(experiment)

    for name in ("1_Layer", run.run_id[:17]):
        assert main(["code", name]) == 0
        assert capsys.readouterr().out == script(experiment)


def test_code_writes_a_notebook_where_it_is_told_to(capsys, tmp_path):
    file = tmp_path / "small.ipynb"

    assert main(["code", "small", "--notebook", "-o", str(file)]) == 0

    assert capsys.readouterr().out == f"{file} is written.\n"
    assert file.read_text(encoding="utf-8") == notebook(load("small").experiment)


def test_code_as_json_is_the_script_in_an_object(capsys):
    main(["code", "small", "--json"])

    assert json.loads(capsys.readouterr().out) == {"code": script(load("small").experiment)}


def test_train_waits_and_the_run_is_then_listed_and_shown(capsys, store):
    assert main(["train", "--preset", "small", "--name", "first", *QUICK]) == 0
    shown = capsys.readouterr()
    run_id = store.run_ids()[0]
    assert f"{run_id}  first  finished" in shown.out
    assert "of 10,000 images" in shown.out
    assert "epoch 1 of 1" in shown.err

    main(["runs"])
    assert f"{run_id} finished     first" in capsys.readouterr().out
    main(["show", run_id[:17], "--json"])
    details = json.loads(capsys.readouterr().out)
    assert details["result"]["test"]["images"] == 10_000
    assert len(details["epochs"]) == 1


def test_detach_queues_and_returns(capsys, store, no_supervisor):
    assert main(["train", "--detach", "--json", *QUICK]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert answer == {"run_id": store.run_ids()[0], "state": "queued"}


def test_every_setting_has_a_flag_that_reaches_the_experiment(store, no_supervisor):
    flags = "--optimizer sgd --learning-rate 0.05 --momentum 0.9 --nesterov --schedule cosine"
    flags += " --split last --validation 5000 --split-seed 3 --seed 4 --early-stopping 2"
    flags += " --class-weights 1,1,1,1,1,1,2,1,1,1 --label-smoothing 0.1 --steps 50 --subset 1000"

    assert main(["train", "--detach", "--preset", "1_layer", *flags.split()]) == 0

    asked = store.get(store.run_ids()[0]).experiment
    assert (asked.train.optimizer, asked.train.momentum, asked.train.nesterov) == ("sgd", 0.9, True)
    assert (asked.data.split, asked.data.validation, asked.data.seed) == ("last", 5000, 3)
    assert (asked.train.seed, asked.train.steps, asked.train.batch_size) == (4, 50, 512)
    assert asked.train.class_weights[6] == 2


def test_augmentation_normalisation_and_precision_have_flags_too(store, no_supervisor):
    flags = "--rotation 20 --shift 0.2 --horizontal-flip --cutout 8 --augmentation own-copies"
    flags += " --no-keep-originals --normalisation standardised --precision auto --no-onednn"

    assert main(["train", "--detach", *flags.split()]) == 0

    asked = store.get(store.run_ids()[0]).experiment
    assert asked.augment.active == ("shift", "rotation", "horizontal_flip", "cutout")
    assert asked.train_size == 4 * 54_000
    assert asked.data.normalisation == "standardised"
    assert (asked.train.precision, asked.train.onednn) == ("auto", False)


def test_stop_takes_a_waiting_run_out_of_the_queue(capsys, store, no_supervisor):
    main(["train", "--detach", *QUICK])
    run_id = store.run_ids()[0]

    assert main(["stop", run_id]) == 0
    assert f"{run_id} will stop and be kept." in capsys.readouterr().out
    assert list((store.root / run_id / "commands").iterdir())


ORDERS = [
    (["pause"], "running", ("pause", None), "will pause. To go on: fmnist resume"),
    (["step"], "paused", ("step", 3), "will train to the end of its epoch, and wait then."),
    (["rate", "0.01"], "running", ("rate", 0.01), "will go on at a learning rate of 0.01."),
    (["extend", "2"], "running", ("plan", 15), "will train 2 more epochs."),  # 5 steps an epoch
    (["resume"], "paused", ("resume", "newest"), "goes on."),
    (["resume", "--from-previous"], "interrupted", ("resume", "previous"), "goes on."),
    (["resume", "--from-zero"], "failed", ("resume", "zero"), "goes on."),
]


@pytest.mark.parametrize(("arguments", "state", "command", "text"), ORDERS)
def test_a_run_is_told_what_to_do(capsys, store, no_supervisor, arguments, state, command, text):
    main(["train", "--detach", *QUICK])
    (run_id,) = store.run_ids()
    Status(state=state, attempt=1, epoch=2).write(store.root / run_id)
    order, *values = arguments
    capsys.readouterr()

    assert main([order, run_id, *values]) == 0
    assert f"{run_id} {text}" in capsys.readouterr().out
    found = [(each.name, each.value) for each in commands.pending(store.root / run_id)]
    assert found == [command]


def test_all_interrupted_runs_are_resumed_and_no_others(capsys, store, no_supervisor):
    assert main(["resume", "--all"]) == 0
    assert "No run was interrupted." in capsys.readouterr().out
    for _ in range(3):
        main(["train", "--detach", *QUICK])
    first, second, third = store.run_ids()
    for run_id, state in ((first, "interrupted"), (second, "stopped"), (third, "interrupted")):
        Status(state=state, attempt=1).write(store.root / run_id)
    capsys.readouterr()

    assert main(["resume", "--all", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["resumed"]) == {first, third}
    states = [store.get(run_id).status.state for run_id in (first, second, third)]
    assert states == ["queued", "stopped", "queued"]


def test_resume_wants_one_run_or_all(capsys):
    for arguments in (["resume"], ["resume", "2026", "--all"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["rate", "RUN", "fast"],
            "Learning rate must be a number above 0 and at most 10; you gave",
        ),
        (
            ["extend", "RUN", "0"],
            "Epochs to add must be a whole number from 1 to 1,000; you gave 0",
        ),
        (["pause", "RUN"], "is queued and cannot be paused; a run that is starting or running"),
        (["resume", "RUN"], "is queued and cannot be resumed; a run that is paused, interrupted"),
    ],
)
def test_an_order_that_cannot_be_carried_out_is_one_sentence(
    capsys, store, no_supervisor, arguments, sentence
):
    main(["train", "--detach", *QUICK])
    (run_id,) = store.run_ids()
    if arguments[0] in ("rate", "extend"):
        Status(state="running", attempt=1).write(store.root / run_id)

    assert main([run_id if word == "RUN" else word for word in arguments]) == 1
    assert sentence in capsys.readouterr().err
    assert commands.pending(store.root / run_id) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["train", "--preset", "nope"],
            'There is no preset called "nope". "fmnist presets" lists them all.',
        ),
        (
            ["train", "--batch-size", "60000"],
            "Batch size must be at most 54,000, the training images; you gave 60000.",
        ),
        (
            ["train", "--learning-rate", "fast"],
            "Learning rate must be a number above 0 and at most 10; you gave 'fast'.",
        ),
        (
            ["train", "--epochs", "2.5"],
            "Epochs must be a whole number from 1 to 1,000; you gave 2.5.",
        ),
        (
            ["train", "--preset", "blank"],
            "A network needs at least one layer. You could add Flatten and Dense with 10 units.",
        ),
        (
            ["code", "blank"],
            "A network needs at least one layer. You could add Flatten and Dense with 10 units.",
        ),
        (
            ["code", "nope"],
            'No preset and no run is called "nope". "fmnist presets" and "fmnist runs" list them '
            "all.",
        ),
        (
            ["code", "small", "-o", "no folder/small.py"],
            "no folder/small.py could not be written: No such file or directory. Name another file "
            "with -o.",
        ),
        (["show", "2026"], 'No run begins with "2026". "fmnist runs" lists them all.'),
        (["stop", "../etc"], 'No run begins with "../etc". "fmnist runs" lists them all.'),
    ],
)
def test_a_mistake_is_one_sentence_exit_code_1_and_leaves_nothing(
    arguments, sentence, capsys, store
):
    assert main(arguments) == 1

    assert capsys.readouterr().err == f"fmnist: {sentence}\n"
    assert store.run_ids() == []


def test_a_store_that_cannot_be_written_is_one_sentence(capsys, tmp_path, monkeypatch):
    taken = tmp_path / "a file"
    taken.write_text("")
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(taken))

    assert main(["train", *QUICK]) == 1

    assert capsys.readouterr().err == (
        f"fmnist: The run could not be saved in {taken}: File exists. Make the folder writable, "
        "or set FMNIST_RUNS_DIR to another one.\n"
    )


def test_no_runs_yet_says_how_to_make_one(capsys):
    main(["runs"])

    assert "fmnist train --preset small" in capsys.readouterr().out


def test_a_damaged_run_is_listed_with_what_is_wrong(capsys, store, no_supervisor):
    main(["train", "--detach", *QUICK])
    run_id = store.run_ids()[0]
    (store.root / run_id / "status.json").write_text("{")
    capsys.readouterr()

    assert main(["runs"]) == 0
    assert f"{run_id} damaged" in capsys.readouterr().out


def test_wrong_usage_is_exit_code_2():
    with pytest.raises(SystemExit) as caught:
        main(["fly"])

    assert caught.value.code == 2


def test_a_reader_that_has_seen_enough_is_no_problem():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "fmnist_core", "presets", "--json"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, cwd=ROOT, check=False)
    os.close(writer)

    assert (done.returncode, done.stderr) == (0, b"")
