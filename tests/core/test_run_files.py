"""A run's files are whole or not there, and what is read from them has the right types."""

import io
import json
import os
import stat
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.exceptions import StoreError
from fmnist_core.runs.files import MAX_JSON_BYTES, read_arrays, read_json, replacing, write_json
from fmnist_core.runs.records import as_type
from fmnist_core.runs.result import Result, Scores, read_result
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import STATES, Status, read_status
from tests.strategies import json_values


def scores(**changes):
    """3 of 4 images right."""
    means = {"precision": 0.5, "recall": 0.5, "f1": 0.5}
    fields = {"images": 4, "correct": 3, "accuracy": 0.75, "loss": 0.5}
    fields |= {"macro": means, "weighted": means, "classes": [{**means, "support": 1}] * 10}
    return {**fields, **changes}


def result(**changes):
    fields = {"best_epoch": 1, "epochs": 2, "steps": 20, "seconds": 3.5, "parameters": 7850}
    fields |= {"images_per_second": 1000, "test_used_for_validation": False, "data_checksum": "c"}
    fields |= {"flip_validation": None, "flip_test": scores()}
    fields |= {"versions": {"keras": "3"}, "machine": {"cores": 2, "devices": ["CPU"]}}
    return {"format": 1, **fields, "validation": scores(), "test": scores(), **changes}


def refusal(read, *args):
    with pytest.raises(StoreError) as caught:
        read(*args)
    return str(caught.value)


@pytest.fixture
def folder(tmp_path):
    run = tmp_path / "20260101-000000-abcdef"
    run.mkdir()
    return run


# JSON ---------------------------------------------------------------------------------------------


def test_what_was_written_is_read(folder):
    data = {"a": [1, 2.5, None, True, "é"], "b": {}}
    write_json(folder / "a.json", data)

    assert read_json(folder / "a.json") == data
    assert stat.S_IMODE((folder / "a.json").stat().st_mode) == 0o644
    assert os.listdir(folder) == ["a.json"]


def test_a_missing_file_reads_as_an_empty_object(folder):
    assert read_json(folder / "a.json") == {}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"a": 1',
        b"\x00\x00\x00",
        b"\xff\xfe\xfa",
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b"not json",
    ],
    ids=["empty", "brace", "cut", "zeros", "no text", "deep", "5000 digits", "words"],
)
def test_a_torn_or_foreign_file_is_a_problem_of_that_file(folder, raw):
    (folder / "a.json").write_bytes(raw)

    assert refusal(read_json, folder / "a.json").startswith(
        "20260101-000000-abcdef/a.json cannot be read ("
    )


@pytest.mark.parametrize("raw", [b"[]", b"3", b'"text"', b"null", b"NaN"])
def test_json_that_is_no_object_is_a_problem_too(folder, raw):
    (folder / "a.json").write_bytes(raw)

    assert refusal(read_json, folder / "a.json") == (
        "20260101-000000-abcdef/a.json holds no JSON object."
    )


def test_a_folder_in_place_of_the_file_is_a_problem_too(folder):
    (folder / "a.json").mkdir()

    assert "cannot be read" in refusal(read_json, folder / "a.json")


def test_a_file_above_16_mb_is_not_parsed(folder):
    (folder / "a.json").write_bytes(b'{"a": "' + b"x" * MAX_JSON_BYTES + b'"}')

    assert refusal(read_json, folder / "a.json") == (
        "20260101-000000-abcdef/a.json cannot be read (too large)."
    )


@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(folder, monkeypatch, step):
    write_json(folder / "a.json", {"version": 1})

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left"):
        write_json(folder / "a.json", {"version": 2})

    assert read_json(folder / "a.json") == {"version": 1}
    assert os.listdir(folder) == ["a.json"]


@pytest.mark.parametrize("data", [{"a": float("nan")}, {"a": float("inf")}, {"a": object()}])
def test_what_json_does_not_know_is_not_written(folder, data):
    with pytest.raises((ValueError, TypeError)):
        write_json(folder / "a.json", data)

    assert os.listdir(folder) == []


def test_a_block_that_fails_leaves_no_file(folder):
    with pytest.raises(KeyboardInterrupt), replacing(folder / "a.npz") as file:
        file.write(b"half")
        raise KeyboardInterrupt

    assert os.listdir(folder) == []


# Records ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (1, int, 1),
        (1, float, 1.0),
        (True, bool, True),
        (None, float | None, None),
        (2, float | None, 2.0),
        ([1, 2.5], list[float], [1.0, 2.5]),
        ([1, 2.5], tuple[float, ...], (1.0, 2.5)),
        ({"a": 1}, dict[str, int], {"a": 1}),
        ([{"a": None}], list[dict[str, int | None]], [{"a": None}]),
        ({"a": [2, "b"]}, dict[str, Any], {"a": [2, "b"]}),
    ],
)
def test_values_of_the_right_type_pass(value, kind, expected):
    assert as_type(value, kind) == expected
    assert type(as_type(value, kind)) is type(expected)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, int),
        (1.0, int),
        ("1", int),
        (1, bool),
        (True, float),
        ("1", float),
        (None, float),
        (float("nan"), float),
        (float("inf"), float),
        pytest.param(10**400, float, id="10**400"),
        ("x", float | None),
        ((1.0,), list[float]),
        ([1, "2"], list[float]),
        ([], dict[str, int]),
        ({"a": "1"}, dict[str, int]),
        ([], Status),
        ({}, Status),
        ({"state": "queued", "colour": "red"}, Status),
    ],
)
def test_values_of_another_type_do_not(value, kind):
    with pytest.raises(TypeError):
        as_type(value, kind)


@given(json_values, st.sampled_from([Status, Scores, Result]))
def test_arbitrary_json_is_a_record_or_a_type_error(value, kind):
    try:
        as_type(value, kind)
    except TypeError:
        return
    assert isinstance(value, dict)


# Status and result --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(STATES))
def test_a_status_comes_back(folder, state):
    status = Status(state=state, attempt=2, token="t", epoch=3, step=4, val_accuracy=0.5, time=6.5)
    status.write(folder)

    assert read_status(folder) == status


def test_four_states_are_live():
    live = {state for state in STATES if Status(state=state).live}

    assert live == {"queued", "starting", "running", "paused"}
    assert len(STATES) == 8


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"format": 2}, "is not of format 1"),
        (
            {"state": "asleep"},
            "is damaged (state: it is not one of failed, finished, interrupted, ",
        ),
        ({"state": ["queued"]}, "is damaged (state: it is not of type str)"),
        ({"step": "4"}, "is damaged (step: it is not of type int)"),
        ({"val_accuracy": "high"}, "is damaged (val_accuracy: it is not of type float)"),
        ({"colour": "red"}, "is damaged (it has fields that do not belong there)"),
    ],
)
def test_a_foreign_status_is_named_with_what_is_wrong(folder, change, problem):
    write_json(folder / "status.json", {"format": 1, **asdict(Status(state="queued")), **change})

    assert refusal(read_status, folder).startswith(f"20260101-000000-abcdef/status.json {problem}")


def test_a_missing_status_is_called_missing(folder):
    assert refusal(read_status, folder) == "20260101-000000-abcdef/status.json is missing."


def test_a_result_comes_back(folder):
    write_json(folder / "result.json", result())

    read = read_result(folder)

    assert read.test.correct == 3
    assert read.images_per_second == 1000.0
    assert {"format": 1, **asdict(read)} == result()


def test_a_result_from_before_flips_can_be_read(folder):
    older = {k: v for k, v in result().items() if not k.startswith("flip_")}
    write_json(folder / "result.json", older)

    assert read_result(folder).flip_test is None


def test_no_result_is_none(folder):
    assert read_result(folder) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"format": None}, "is not of format 1."),
        ({"test": 3}, "is damaged (test: it is not of type Scores)."),
        ({"seconds": "1"}, "is damaged (seconds: it is not of type float)."),
        ({"steps": True}, "is damaged (steps: it is not of type int)."),
        (
            {"validation": scores(accuracy="high")},
            "is damaged (validation: accuracy: it is not of type float).",
        ),
        ({"test": scores(correct=0, images=0)}, "is damaged (no images)."),
        ({"test": scores(correct=5)}, "is damaged (more images right than there are)."),
        ({"test": scores(correct=-1)}, "is damaged (more images right than there are)."),
        ({"test": scores(classes=[{}] * 9)}, "is damaged (figures of 9 classes, not 10)."),
        ({"flip_test": scores(correct=5)}, "is damaged (more images right than there are)."),
    ],
)
def test_a_foreign_result_is_named_with_what_is_wrong(folder, change, problem):
    write_json(folder / "result.json", result(**change))

    assert refusal(read_result, folder) == f"20260101-000000-abcdef/result.json {problem}"


# Arrays -------------------------------------------------------------------------------------------


def npz(**arrays):
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def test_predictions_come_back(folder):
    assert refusal(lambda: Run(folder).predictions) == (
        "Run 20260101-000000-abcdef has no predictions yet: they are written when it ends."
    )
    (folder / "predictions.npz").write_bytes(npz(test_label=np.arange(3)))
    np.testing.assert_array_equal(Run(folder).predictions["test_label"], [0, 1, 2])


def test_an_npz_cut_at_any_byte_is_a_store_error(tmp_path):
    whole, path = npz(a=np.arange(9, dtype="float32"), b=np.eye(2)), tmp_path / "a.npz"
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        refusal(read_arrays, path)


def test_an_npz_with_any_bit_flipped_is_read_or_a_store_error(tmp_path):
    whole, path = npz(a=np.arange(9, dtype="float32")), tmp_path / "a.npz"
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        try:
            read_arrays(path)
        except StoreError:
            continue


def test_a_single_array_or_a_pickle_is_no_npz(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(3))
    np.save(tmp_path / "b.npy", np.array([object()]), allow_pickle=True)

    refusal(read_arrays, tmp_path / "a.npy")
    refusal(read_arrays, tmp_path / "b.npy")


def test_moments_come_in_order_of_epochs_without_the_damaged_ones(folder):
    (folder / "moments").mkdir()
    for epoch in (10, 2, 1):
        (folder / f"moments/epoch-{epoch:04d}.npz").write_bytes(npz(epoch=np.int32(epoch)))
    (folder / "moments/epoch-0003.npz").write_bytes(npz(epoch=np.int32(3))[:50])

    assert [int(moment["epoch"]) for moment in Run(folder).moments()] == [1, 2, 10]
    assert Run(folder.parent).moments() == []


# The experiment -----------------------------------------------------------------------------------


def test_an_experiment_of_another_format_or_none_is_named(folder):
    assert refusal(lambda: Run(folder).experiment) == (
        "20260101-000000-abcdef/experiment.json is missing."
    )
    (folder / "experiment.json").write_text(json.dumps({"format": 2}))
    assert refusal(lambda: Run(folder).experiment) == (
        "20260101-000000-abcdef/experiment.json is not of format 1."
    )
