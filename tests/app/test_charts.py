"""Curves, progress, figures and sentences, with numbers that can be checked in the head."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist_core.figures.training import MAX_POINTS, accuracy_figure, bucket_means, loss_figure
from fmnist_core.runs.metrics_log import History
from fmnist_core.specs import DataSpec, Experiment, ModelSpec, TrainSpec
from ui.confusions import most_confused
from ui.format import compact, count, duration, escape, percent
from ui.progress import progress_of


def test_a_short_line_is_left_as_it_is():
    steps, values = bucket_means([1, 2, 3], [0.5, 0.25, 0.75], limit=3)

    assert steps.tolist() == [1, 2, 3]
    assert values.tolist() == [0.5, 0.25, 0.75]


def test_a_long_line_becomes_means_of_neighbours():
    steps, values = bucket_means([1, 2, 3, 4, 5], [1, 3, 5, 7, 9], limit=3)

    assert steps.tolist() == [1.5, 3.5, 5]
    assert values.tolist() == [2, 6, 9]


@pytest.mark.parametrize("length", (0, 1, 999, 1000, 1001, 25_001))
def test_no_line_is_longer_than_the_limit(length):
    steps, values = bucket_means(list(range(length)), [1.0] * length)

    assert len(steps) == len(values) <= MAX_POINTS
    assert values.sum() == len(values)


def history() -> History:
    epochs = [
        {
            "epoch": n,
            "step": 10 * n,
            "loss": 1.0 / n,
            "accuracy": 0.5,
            "val_loss": 2.0 / n,
            "val_accuracy": 0.4,
            "seconds": 5.0,
        }
        for n in (1, 2)
    ]
    events = [{"event": "start", "step": 0, "time": 100.0}, {"event": "reduce_lr", "step": 15}]
    steps = list(range(1, 26))
    return History(steps, [1.0] * 25, [0.5] * 25, [0.1] * 25, epochs, events)


def test_curves_show_batches_and_epochs():
    batches, training, validation = loss_figure(history())["data"]

    assert batches["x"] == list(range(1, 26))
    assert training["x"] == validation["x"] == [10, 20]
    assert (training["y"], validation["y"]) == ([1.0, 0.5], [2.0, 1.0])
    assert accuracy_figure(history())["data"][2]["y"] == [0.4, 0.4]


def test_a_lowered_learning_rate_is_marked_and_a_start_is_not():
    layout = loss_figure(history())["layout"]

    assert [(note["x"], note["text"]) for note in layout["annotations"]] == [(15, "rate lowered")]
    assert len(layout["shapes"]) == 1


def test_what_happened_at_one_step_shares_one_mark_and_is_named_once():
    known = history()
    told = (("stop", 20), ("start", 20), ("start", 20), ("pause", 22), ("unknown", 23))
    known.events = [{"event": "start", "step": 0, "time": 1.0}]
    known.events += [{"event": event, "step": step, "time": 1.0} for event, step in told]
    layout = accuracy_figure(known)["layout"]

    words = [(note["x"], note["text"]) for note in layout["annotations"]]
    assert words == [(20, "stopped, went on"), (22, "paused")]
    assert [line["x0"] for line in layout["shapes"]] == [20, 22]


def experiment() -> Experiment:
    data = DataSpec(subset=1_000)
    return Experiment(model=ModelSpec(), data=data, train=TrainSpec(epochs=4, batch_size=100))


def test_the_pace_of_past_epochs_tells_the_time_left():
    # 20 steps in 10 s: 2 steps or 200 images a second; 15 of 40 steps are left.
    progress = progress_of(experiment(), history())

    assert (progress.epoch, progress.epochs, progress.step, progress.steps) == (3, 4, 25, 40)
    assert progress.images_per_second == 200
    assert progress.seconds_left == 7.5
    assert progress.share == 0.625


def test_added_epochs_lengthen_the_way():
    # 60 steps are planned instead of 40: 35 of them are left at 2 a second.
    progress = progress_of(experiment(), history(), planned_steps=60)

    assert (progress.epochs, progress.steps, progress.seconds_left) == (6, 60, 17.5)


def test_in_the_first_epoch_the_time_since_the_start_tells_the_pace():
    young = history()
    young.epochs = []

    # 25 steps in 50 s, 15 steps to go.
    assert progress_of(experiment(), young, {"time": 150.0}).seconds_left == 30
    assert progress_of(experiment(), young, {}).seconds_left is None
    assert progress_of(experiment(), History()).share == 0


def test_the_commonest_confusions_are_named():
    confusion = np.array([[8, 2, 0], [1, 9, 0], [0, 0, 5]])

    assert most_confused(confusion, "ABC", when="now, after epoch 2 of 5") == (
        "Most often confused now, after epoch 2 of 5: "
        "A taken for B, 2 of 10; B taken for A, 1 of 10."
    )
    assert most_confused(np.eye(3, dtype=int), "ABC", when="now") == (
        "No validation image is taken for another class now."
    )


def test_figures_are_written_for_people():
    assert [compact(n) for n in (950, 1_000, 194_688, 1_234_567, 34e6)] == [
        "950",
        "1.0k",
        "195k",
        "1.2M",
        "34M",
    ]
    assert [duration(s) for s in (None, 59.4, 60, 200, 2_850, 7_500)] == [
        "–",
        "59 s",
        "1 min",
        "3 min 20 s",
        "47 min",
        "2 h 5 min",
    ]
    assert (percent(0.919), percent(None), count(1, "layer"), count(1200, "layer")) == (
        "91.90 %",
        "–",
        "1 layer",
        "1,200 layers",
    )


def test_foreign_text_is_escaped_and_limited():
    assert escape("![x](http://a)") == r"\!\[x\]\(http\:\/\/a\)"
    assert escape("a\n\n# b") == r"a \# b"
    assert len(escape("x" * 1_000)) == 300
