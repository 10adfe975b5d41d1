"""Checkpoint files: the last two, whole, and only for the experiment and versions they are of."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest

from fmnist_core.exceptions import CheckpointError
from fmnist_core.jobs.attempt import attempt_from, starting_point, ways_out
from fmnist_core.model import presets
from fmnist_core.runs import checkpoints, commands
from fmnist_core.runs.files import write_json
from fmnist_core.runs.status import Status
from fmnist_core.runs.store import RunStore

EXPERIMENT = presets.load("small").experiment
ARRAYS = {"variable-0000": np.arange(6, dtype=np.float32).reshape(2, 3), "seed": np.uint32(7)}


@pytest.fixture
def run(tmp_path):
    return RunStore(tmp_path).create(EXPERIMENT)


def write(run, step, **changes):
    facts = {
        "experiment": checkpoints.fingerprint(EXPERIMENT),
        "versions": checkpoints.computing_versions(),
        "step": step,
        "epoch": step // 10,
        "val_accuracy": 0.5,
        "state": {"step": step, "loss_sum": 0.1},
    }
    checkpoints.write(run.folder, ARRAYS, **{**facts, **changes})


def steps(run):
    return [
        checkpoints.read(path, EXPERIMENT).manifest.step for path in checkpoints.paths(run.folder)
    ]


def refusal(act, *args):
    with pytest.raises(CheckpointError) as caught:
        act(*args)
    return str(caught.value)


def test_what_was_written_is_read_to_the_bit(run):
    write(run, 12)

    found = checkpoints.read(checkpoints.paths(run.folder)[0], EXPERIMENT)

    assert found.manifest.state == {"step": 12, "loss_sum": 0.1}
    assert (found.manifest.step, found.manifest.epoch) == (12, 1)
    assert found.arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found.arrays[name].tobytes() == array.tobytes()
        assert found.arrays[name].dtype == array.dtype


def test_two_generations_are_kept_the_newest_first(run):
    for step in (1, 2, 3):
        write(run, step)

    assert steps(run) == [3, 2]
    assert sorted(os.listdir(run.folder / "checkpoint")) == ["000002.npz", "000003.npz"]


def test_the_old_ones_stay_until_the_new_one_is_whole(run, monkeypatch):
    write(run, 1)
    write(run, 2)

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write(run, 3)

    assert steps(run) == [2, 1]
    assert len(os.listdir(run.folder / "checkpoint")) == 2


def test_the_metrics_are_made_durable_before_the_checkpoint_takes_its_place(run):
    seen = []

    write(run, 1, before=lambda: seen.append(len(checkpoints.paths(run.folder))))

    assert seen == [0]


def test_what_a_killed_writer_left_goes_with_the_next_checkpoint(run):
    write(run, 1)
    (run.folder / "checkpoint" / ".000002.npz-abc").write_bytes(b"half")
    write(run, 2)

    assert sorted(os.listdir(run.folder / "checkpoint")) == ["000001.npz", "000002.npz"]


def test_a_checkpoint_cut_at_any_place_is_refused(run):
    write(run, 1)
    path = checkpoints.paths(run.folder)[0]
    whole = path.read_bytes()
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        assert "000001.npz is damaged (" in refusal(checkpoints.read, path, EXPERIMENT)


def test_a_checkpoint_with_any_bit_flipped_is_refused_or_unharmed(run):
    write(run, 1)
    path = checkpoints.paths(run.folder)[0]
    whole, sound = path.read_bytes(), checkpoints.read(path, EXPERIMENT)
    refused = 0
    for bit in range(0, 8 * len(whole), 5):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        try:
            found = checkpoints.read(path, EXPERIMENT)
        except CheckpointError:
            refused += 1
            continue
        assert found.manifest == sound.manifest
        assert found.arrays["variable-0000"].tobytes() == ARRAYS["variable-0000"].tobytes()

    assert refused > len(whole)  # of 8 / 5 of it


def test_a_compressed_file_is_not_unfolded(run):
    write(run, 1)
    path = checkpoints.paths(run.folder)[0]
    np.savez_compressed(path, bomb=np.zeros(10**6))

    assert "is damaged (" in refusal(checkpoints.read, path, EXPERIMENT)


def test_another_experiment_is_refused_but_for_its_names(run):
    write(run, 1)
    path = checkpoints.paths(run.folder)[0]
    renamed = replace(EXPERIMENT, name="another", owner="me", parent="")
    slower = replace(EXPERIMENT, train=replace(EXPERIMENT.train, learning_rate=0.01))

    assert checkpoints.read(path, renamed).manifest.step == 1
    assert refusal(checkpoints.read, path, slower) == (
        "Its checkpoint was made by another experiment than experiment.json asks for."
    )


def test_another_version_is_refused(run):
    here = checkpoints.computing_versions()
    write(run, 1, versions={**here, "keras": "2.0"})

    assert refusal(checkpoints.read, checkpoints.paths(run.folder)[0], EXPERIMENT) == (
        f"Its checkpoint was made with keras 2.0, and this is {here['keras']}: to go on would "
        "not be exact."
    )
    assert {"tensorflow", "keras", "numpy"} == set(here)


def test_foreign_names_are_passed_over(run):
    write(run, 1)
    for name in ("1.npz", "latest.npz", "0000002.npz", "000002.npy"):
        (run.folder / "checkpoint" / name).write_bytes(b"")

    assert steps(run) == [1]


# Where an attempt begins --------------------------------------------------------------------------


def damage(run, number):
    (run.folder / "checkpoint" / f"{number:06d}.npz").write_bytes(b"torn")


def test_a_run_without_a_checkpoint_begins_at_zero(run):
    assert starting_point(run) is None
    begun = attempt_from(None, Status(state="queued", attempt=1, epoch=3, step=30, token="old"))
    assert (begun.attempt, begun.step, begun.epoch, begun.val_accuracy) == (2, 0, 0, None)
    assert begun.token != "old"


def test_an_attempt_begins_at_the_newest_checkpoint(run):
    write(run, 10)
    write(run, 25)
    begun = attempt_from(starting_point(run), Status(state="queued", attempt=1, step=27))

    assert (begun.attempt, begun.step, begun.epoch, begun.val_accuracy) == (2, 25, 2, 0.5)


def test_a_torn_checkpoint_is_not_passed_over_by_itself(run):
    write(run, 1_200)
    write(run, 1_300)
    damage(run, 2)

    assert "000002.npz is damaged" in refusal(starting_point, run)
    assert ways_out(run) == (
        "Resume it from the checkpoint before (step 1,200), or from the beginning."
    )
    assert len(checkpoints.paths(run.folder)) == 2


def test_told_so_a_run_goes_on_from_the_checkpoint_before(run):
    write(run, 10)
    write(run, 20)
    damage(run, 2)
    commands.send(run.folder, commands.RESUME, commands.PREVIOUS)

    assert starting_point(run).manifest.step == 10
    assert commands.pending(run.folder) == []
    assert steps(run) == [10]


def test_without_a_sound_checkpoint_only_the_beginning_is_left(run):
    write(run, 10)
    damage(run, 1)
    assert ways_out(run) == "Resume it from the beginning, or leave it as it is."
    commands.send(run.folder, commands.RESUME, commands.PREVIOUS)

    assert refusal(starting_point, run) == "None of its checkpoints can be gone on from."


def test_told_so_a_run_begins_at_zero_and_leaves_nothing_of_before(run):
    write(run, 10)
    (run.folder / "moments").mkdir()
    files = ("result.json", "predictions.npz", "model.keras", "moments/epoch-0001.npz")
    for name in files:
        (run.folder / name).write_text("{}")
    commands.send(run.folder, commands.RESUME, commands.ZERO)

    assert starting_point(run) is None
    assert checkpoints.paths(run.folder) == []
    assert not any((run.folder / name).exists() for name in files)
    assert commands.pending(run.folder) == []


def test_what_was_done_beyond_the_checkpoint_is_deleted(run):
    write(run, 20)  # after epoch 2
    (run.folder / "moments").mkdir()
    for epoch in (1, 2, 3, 12):
        (run.folder / f"moments/epoch-{epoch:04d}.npz").write_text("")
    write_json(run.folder / "result.json", {"format": 1})
    (run.folder / "model.keras").write_text("")
    starting_point(run)

    assert sorted(os.listdir(run.folder / "moments")) == ["epoch-0001.npz", "epoch-0002.npz"]
    assert not (run.folder / "result.json").exists()
    assert (run.folder / "model.keras").exists()


def test_the_manifest_is_plain_json(run):
    write(run, 1)
    with np.load(checkpoints.paths(run.folder)[0], allow_pickle=False) as arrays:
        manifest = json.loads(arrays["manifest"].tobytes())

    assert manifest["format"] == 1
    assert len(manifest["sha256"]) == 64
