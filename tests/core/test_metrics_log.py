"""The metrics log: a torn tail is mended by the next writer and never seen by a reader."""

import json
import os

import pytest

from fmnist_core.exceptions import StoreError
from fmnist_core.runs.metrics_log import FILE_NAME, History, MetricsWriter, read_history

EPOCH = {"epoch": 1, "step": 4, "loss": 1.5, "accuracy": 0.5, "val_loss": 1.25}
EPOCH |= {"val_accuracy": 0.625, "learning_rate": 0.001, "seconds": 2.0, "images_per_second": 64}


def start(folder, attempt, step=0):
    writer = MetricsWriter(folder, attempt)
    writer.write("event", event="start", step=step)
    return writer


def batches(writer, first, count):
    """Write `count` batches from step `first`, the loss of each being its step."""
    losses = [float(step) for step in range(first, first + count)]
    columns = {"accuracy": [0.5] * count, "learning_rate": [0.1] * count}
    writer.write("batches", epoch=1, step=first, loss=losses, **columns)


def lines(folder):
    return (folder / FILE_NAME).read_bytes().splitlines(keepends=True)


def test_a_missing_log_is_an_empty_history(tmp_path):
    assert read_history(tmp_path) == History()


def test_what_was_written_is_read(tmp_path):
    writer = start(tmp_path, 1)
    batches(writer, 1, 3)
    batches(writer, 4, 1)
    writer.write("epoch", durable=True, **EPOCH)
    writer.close()

    history = read_history(tmp_path)

    assert history.steps == [1, 2, 3, 4]
    assert history.losses == [1.0, 2.0, 3.0, 4.0]
    assert history.accuracies == [0.5] * 4
    assert history.learning_rates == [0.1] * 4
    assert history.epochs == [EPOCH]
    assert [event["event"] for event in history.events] == ["start"]
    assert history.unreadable == 0
    assert [json.loads(line)["attempt"] for line in lines(tmp_path)] == [1] * 4


def test_a_tail_torn_at_any_byte_is_mended_by_the_next_writer(tmp_path):
    writer = start(tmp_path, 1)
    batches(writer, 1, 2)
    batches(writer, 3, 2)
    *whole, last = lines(tmp_path)
    for size in range(len(last) + 1):
        (tmp_path / FILE_NAME).write_bytes(b"".join(whole) + last[:size])
        batches(MetricsWriter(tmp_path, 1), 5, 1)

        history = read_history(tmp_path)

        # The last line is complete with or without its line end.
        complete = size >= len(last) - 1
        assert history.steps == ([1, 2, 3, 4, 5] if complete else [1, 2, 5])
        assert history.unreadable == (0 if complete or size == 0 else 1)


def test_a_reader_never_sees_half_a_line(tmp_path):
    writer = start(tmp_path, 1)
    batches(writer, 1, 2)
    batches(writer, 3, 2)
    whole = b"".join(lines(tmp_path))
    ends = [i + 1 for i, byte in enumerate(whole) if byte == ord("\n")]
    history = History()
    for size in range(len(whole) + 1):
        (tmp_path / FILE_NAME).write_bytes(whole[:size])
        history.update(tmp_path)

        seen = sum(end <= size for end in ends)  # start, two batches, two batches
        assert history.steps == [1, 2, 3, 4][: 2 * max(0, seen - 1)]
        assert history.unreadable == 0


def test_a_later_attempt_drops_what_an_earlier_one_did_beyond_its_first_step(tmp_path):
    first = start(tmp_path, 1)
    batches(first, 1, 4)
    first.write("epoch", **EPOCH)
    batches(first, 5, 4)
    first.write("epoch", **{**EPOCH, "epoch": 2, "step": 8})
    second = start(tmp_path, 2, step=4)
    batches(second, 5, 2)

    history = read_history(tmp_path)

    assert history.steps == [1, 2, 3, 4, 5, 6]
    assert [len(history.losses), len(history.accuracies), len(history.learning_rates)] == [6] * 3
    assert [row["step"] for row in history.epochs] == [4]
    assert [event["step"] for event in history.events] == [0, 4]


def test_an_epoch_that_a_stop_cut_short_is_dropped_when_its_run_goes_on(tmp_path):
    # The stop came after step 6, in epoch 2; the run goes on after step 6, with 1 epoch done.
    first = start(tmp_path, 1)
    batches(first, 1, 6)
    first.write("epoch", **{**EPOCH, "epoch": 1, "step": 4})
    first.write("epoch", **{**EPOCH, "epoch": 2, "step": 6})
    second = MetricsWriter(tmp_path, 2)
    second.write("event", event="start", step=6, epoch=1)

    history = read_history(tmp_path)
    assert [row["epoch"] for row in history.epochs] == [1]
    assert history.steps == [1, 2, 3, 4, 5, 6]


def test_events_beyond_the_place_where_a_run_goes_on_are_dropped(tmp_path):
    first = start(tmp_path, 1)
    for step in (3, 4, 5):
        first.write("event", event="reduce_lr", step=step)
    start(tmp_path, 2, step=4)

    events = [(event["event"], event["step"]) for event in read_history(tmp_path).events]
    assert events == [("start", 0), ("reduce_lr", 3), ("reduce_lr", 4), ("start", 4)]


def test_an_attempt_from_the_beginning_drops_everything(tmp_path):
    batches(start(tmp_path, 1), 1, 4)
    batches(start(tmp_path, 2), 1, 2)

    assert read_history(tmp_path).steps == [1, 2]


def test_a_history_that_reads_on_is_equal_to_one_that_reads_all(tmp_path):
    history, writer = History(), start(tmp_path, 1)
    for first in (1, 3, 5):
        batches(writer, first, 2)
        history.update(tmp_path)
    start(tmp_path, 2, step=2)
    history.update(tmp_path)

    assert history == read_history(tmp_path)
    assert history.steps == [1, 2]


BATCHES = {"kind": "batches", "step": 1, "loss": [1], "accuracy": [0], "learning_rate": [0.1]}
EVENT = {"kind": "event", "event": "start", "step": 0, "time": 1.0}


@pytest.mark.parametrize(
    "row",
    [
        None,
        3,
        "text",
        [],
        {},
        {"kind": "unknown"},
        {"kind": ["batches"]},
        {**BATCHES, "loss": 1},
        {**BATCHES, "loss": "1"},
        {**BATCHES, "loss": ["1"]},
        {**BATCHES, "loss": [None]},
        {**BATCHES, "loss": [True]},
        {**BATCHES, "loss": [10**400]},
        {**BATCHES, "loss": [float("nan")]},
        {**BATCHES, "loss": [float("inf")]},
        {**BATCHES, "loss": [1, 2]},
        {**BATCHES, "loss": {"1": 1}},
        {**BATCHES, "step": "1"},
        {**BATCHES, "step": 1.5},
        {**BATCHES, "step": float("inf")},
        {key: value for key, value in BATCHES.items() if key != "accuracy"},
        {**EVENT, "event": 3},
        {**EVENT, "step": None},
        {**EVENT, "epoch": "1"},
        {key: value for key, value in EVENT.items() if key != "time"},
        {**EPOCH, "kind": "epoch", "val_loss": "1"},
        {**EPOCH, "kind": "epoch", "val_loss": 10**400},
        {**EPOCH, "kind": "epoch", "epoch": 1.0},
        {"kind": "epoch", "epoch": 1, "step": 1},
    ],
    ids=lambda row: str(row)[:60],
)
def test_a_line_with_a_wrong_type_is_counted_and_passed_over(tmp_path, row):
    writer = start(tmp_path, 1)
    batches(writer, 1, 2)
    with (tmp_path / FILE_NAME).open("a") as file:
        file.write(json.dumps(row) + "\n")
    batches(writer, 3, 1)

    history = read_history(tmp_path)

    assert history.unreadable == 1
    assert history.steps == [1, 2, 3]
    assert history.losses == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("raw", [b"\x00" * 50, b"\xff\xfe", b"[" * 100_000, b"9" * 5000, b"{"])
def test_a_line_that_is_no_json_is_counted_and_passed_over(tmp_path, raw):
    (tmp_path / FILE_NAME).write_bytes(raw + b"\n\n")
    batches(MetricsWriter(tmp_path, 1), 1, 2)

    history = read_history(tmp_path)

    assert (history.steps, history.unreadable) == ([1, 2], 1)


def test_a_folder_in_place_of_the_log_is_a_store_error(tmp_path):
    (tmp_path / FILE_NAME).mkdir()

    with pytest.raises(StoreError) as caught:
        read_history(tmp_path)
    assert str(caught.value) == f"{tmp_path.name}/metrics.jsonl cannot be read (Is a directory)."


def test_a_number_that_json_does_not_know_is_not_written(tmp_path):
    writer = start(tmp_path, 1)
    with pytest.raises(ValueError):
        writer.write("batches", step=1, loss=[float("nan")])

    assert len(lines(tmp_path)) == 1


def test_a_write_that_is_cut_short_goes_on(tmp_path, monkeypatch):
    writer = MetricsWriter(tmp_path, 1)
    write = os.write
    monkeypatch.setattr("os.write", lambda file, data: write(file, data[:7]))
    batches(writer, 1, 5)

    assert read_history(tmp_path).steps == [1, 2, 3, 4, 5]
