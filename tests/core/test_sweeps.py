"""Sweeps: which runs they make, what is refused before the first, their tag and their end."""

import dataclasses
import json

import keras
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import ParameterGrid

from fmnist_core.cli import main
from fmnist_core.exceptions import FmnistError, RunNotFound, SpecError, StoreError
from fmnist_core.jobs.probe import DONE, NONE, ProbeState
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.jobs.sweeps import SweepTime, launch_sweep, likely_time
from fmnist_core.model.activation import activation, with_activation
from fmnist_core.model.presets import load
from fmnist_core.runs import commands
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.status import Status
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.sweeps import AXES, SweepSpec, preset_sweep, stop_all, sweep_tags
from fmnist_core.specs.text import values
from fmnist_core.specs.train import KERAS_RATES

SMALL = load("small").experiment
OPTIMIZERS = ("adam", "sgd", "rmsprop")


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    for module in ("jobs.sweeps", "cli.control"):
        monkeypatch.setattr(f"fmnist_core.{module}.ensure_supervisor", lambda root: None)
    return RunStore(tmp_path)


def sweep(**axes):
    return SweepSpec(base=SMALL, axes=axes)


def pairs(spec):
    return [(each.train.optimizer, each.train.epochs) for each in spec.experiments()]


# What is made -------------------------------------------------------------------------------------


def test_a_grid_is_every_combination_and_nothing_else_changes():
    found = sweep(optimizer=("adam", "sgd"), epochs=(1, 2)).experiments()

    # As scikit-learn has it: the setting that is first by its name changes last.
    assert [each.name for each in found] == [
        f"small {optimizer} {epochs}" for epochs in (1, 2) for optimizer in ("adam", "sgd")
    ]
    for each in found:
        assert dataclasses.replace(each, name="", train=SMALL.train) == dataclasses.replace(
            SMALL, name=""
        )


GRIDS = st.fixed_dictionaries(
    {},
    optional={
        "optimizer": st.lists(st.sampled_from(OPTIMIZERS), min_size=1, max_size=4),
        "epochs": st.lists(st.integers(1, 9), min_size=1, max_size=4),
        "nesterov": st.lists(st.booleans(), min_size=1, max_size=3),
    },
).filter(bool)


@given(GRIDS)
def test_a_grid_is_that_of_scikit_learn_with_equal_values_once(axes):
    made = [
        {name: getattr(each.train, name) for name in axes} for each in sweep(**axes).experiments()
    ]
    expected = list(ParameterGrid({name: sorted(set(found)) for name, found in axes.items()}))

    assert len(made) == len(expected)
    assert all(each in made for each in expected)


@given(GRIDS, st.integers(1, 20), st.integers(0, 99))
def test_a_draw_is_a_part_of_the_grid_each_once_and_the_same_again(axes, number, seed):
    grid = sweep(**axes)
    drawn = SweepSpec(base=SMALL, axes=axes, count=number, seed=seed)
    names = [each.name for each in drawn.experiments()]

    assert len(names) == len(set(names)) == min(number, grid.size)
    assert set(names) <= {each.name for each in grid.experiments()}
    assert names == [each.name for each in drawn.experiments()]


def test_another_seed_draws_others_and_a_draw_of_a_huge_grid_is_quick():
    axes = {"epochs": tuple(range(1, 200)), "batch_size": tuple(range(1, 200)), "seed": (1, 2)}
    one, two = (
        SweepSpec(base=SMALL, axes=axes, count=3, seed=seed).combinations() for seed in (1, 2)
    )

    assert one != two


def test_one_and_one_point_nought_are_the_same_rate():
    assert len(sweep(learning_rate=(1, 1.0, 0.1)).experiments()) == 2


def test_epochs_that_are_varied_go_before_the_steps_of_the_base():
    base = dataclasses.replace(SMALL, train=dataclasses.replace(SMALL.train, steps=50))
    found = SweepSpec(base=base, axes={"epochs": (1, 2)}).experiments()

    assert [each.train.steps for each in found] == [None, None]


def test_settings_of_the_data_and_the_augmentation_are_varied_by_their_full_names():
    (found,) = sweep(split_seed=(3,), rotation=(15,)).experiments()

    assert (found.data.seed, found.train.seed, found.augment.rotation) == (3, 7, 15)


def test_the_grid_of_r1_has_35_runs_and_its_last_layer_stays_linear():
    found = preset_sweep("r1-grid").experiments()

    assert len(found) == 35
    bends = {activation(each.model) for each in found}
    assert bends == {"relu", "selu", "elu", "tanh", "leaky_relu"}
    assert {each.model.layers[-1].settings["activation"] for each in found} == {"linear"}
    assert load("r1-grid").experiment in [dataclasses.replace(each, name="") for each in found]


def test_keras_takes_the_rates_that_are_named_as_its_own():
    for word, rate in KERAS_RATES.items():
        assert float(keras.optimizers.get(word).learning_rate) == pytest.approx(rate)


def test_each_optimizer_has_the_rate_of_keras_where_that_is_asked_for():
    axes = {"optimizer": ("sgd", "adam"), "epochs": (1, 2)}
    base = dataclasses.replace(SMALL, train=dataclasses.replace(SMALL.train, learning_rate=0.3))
    found = SweepSpec(base=base, axes=axes, keras_rates=True).experiments()
    rates = [(each.train.optimizer, each.train.learning_rate) for each in found]

    assert rates == [("sgd", 0.01), ("adam", 0.001)] * 2
    assert {each.train.learning_rate for each in sweep(**axes).experiments()} == {0.001}


def test_rates_of_keras_are_refused_where_rates_are_varied():
    with pytest.raises(SpecError, match="learning_rate"):
        SweepSpec(base=SMALL, axes={"learning_rate": (0.1, 0.2)}, keras_rates=True)


def test_the_grid_of_r1_takes_the_rates_of_keras():
    found = preset_sweep("r1-grid").experiments()

    assert {(each.train.optimizer == "sgd", each.train.learning_rate) for each in found} == {
        (True, 0.01),
        (False, 0.001),
    }


@pytest.mark.parametrize(
    ("words", "rates"),
    [
        (["small", "--over", "optimizer=adam,sgd"], {0.001}),
        (["small", "--over", "optimizer=adam,sgd", "--keras-rates"], {0.001, 0.01}),
        (["--preset", "r1-grid", "--over", "activation=relu"], {0.001, 0.01}),
        (["--preset", "r1-grid", "--over", "learning_rate=0.1"], {0.1}),
    ],
)
def test_the_command_takes_the_rates_that_are_asked_for(store, words, rates):
    assert main(["sweep", *words]) == 0

    assert {row.setting("learning_rate") for row in store.summaries()} == rates


def test_an_activation_is_that_of_every_layer_but_the_last():
    model = with_activation(SMALL.model, "elu")
    bends = [each.settings["activation"] for each in model.layers if "activation" in each.settings]

    assert bends[:-1] == ["elu"] * (len(bends) - 1) and len(bends) > 1
    assert bends[-1] == SMALL.model.layers[-1].settings["activation"]
    assert (activation(model), activation(load("r1-linear-cnn").experiment.model)) == (
        "elu",
        "linear",
    )


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("axes", "words"),
    (
        ({}, "Settings to vary must be one or more of activation, epochs, .*; you gave"),
        ({"filters": (1,)}, "Setting to vary must be one of activation, .*; you gave 'filters'"),
        ({"class_weights": ((),)}, "Setting to vary must be one of"),
        ({"epochs": ()}, "Values of epochs must be a list of 1 to 200 of them"),
        ({"epochs": 3}, "Values of epochs must be a list of 1 to 200 of them"),
        ({"epochs": (1, 1.5)}, "Epochs must be a whole number from 1 to 1,000; you gave 1.5"),
        ({"optimizer": ("adam", "eve")}, "Optimizer must be one of adam, .*; you gave 'eve'"),
        (
            {"epochs": tuple(range(1, 16)), "batch_size": tuple(range(1, 16))},
            "Combinations must be at most 200 in a grid; leave values out, or draw some at random; "
            "you gave 225",
        ),
    ),
)
def test_bad_axes_are_one_sentence(axes, words):
    with pytest.raises(SpecError, match=words):
        sweep(**axes)


@pytest.mark.parametrize("number", (0, 201, 1.5, "many"))
def test_a_draw_of_another_number_is_refused(number):
    with pytest.raises(SpecError, match="Runs must be a whole number from 1 to 200; you gave"):
        SweepSpec(base=SMALL, axes={"epochs": (1, 2)}, count=number)


def test_a_network_without_an_activation_is_told_so():
    only_last = dataclasses.replace(
        SMALL, model=dataclasses.replace(SMALL.model, layers=SMALL.model.layers[-1:])
    )
    with pytest.raises(FmnistError, match="no layer but the last has one; you gave 'elu'"):
        SweepSpec(base=only_last, axes={"activation": ("elu",)}).experiments()


def test_a_combination_that_does_not_fit_is_named_and_no_run_is_made(store):
    spec = sweep(batch_size=(64, 60_000), validation=(6_000,))
    with pytest.raises(
        FmnistError,
        match="With batch_size 60000, validation 6000: Batch size must be at most 54,000",
    ):
        launch_sweep(spec.experiments(), store)
    assert store.run_ids() == []


def test_one_that_needs_too_much_memory_keeps_all_from_starting(store, monkeypatch):
    monkeypatch.setattr("fmnist_core.jobs.memory_check.memory_total", lambda: 2 * 2**30)
    with pytest.raises(FmnistError, match=r"small 50000: This training needs about .* memory"):
        launch_sweep(sweep(batch_size=(64, 50_000)).experiments(), store)
    assert store.run_ids() == []


# Queueing and stopping ----------------------------------------------------------------------------


def test_runs_are_queued_with_a_tag_that_no_other_sweep_has(store):
    one, two = (launch_sweep(sweep(epochs=(1, 2)).experiments(), store) for _ in range(2))
    rows = store.summaries()

    assert one.tag != two.tag
    assert sweep_tags(rows) == [two.tag, one.tag]
    assert [row.run_id for row in rows if one.tag in row.notes.tags] == [
        run.run_id for run in reversed(one.runs)
    ]
    assert {row.state for row in rows} == {"queued"}


def test_a_disk_that_fills_leaves_what_was_made_and_says_so(store, monkeypatch):
    create, left = store.create, [1, 2]

    def full(experiment):
        if not left:
            raise StoreError("The disk is full.")
        left.pop()
        return create(experiment)

    monkeypatch.setattr(store, "create", full)
    with pytest.raises(StoreError) as caught:
        launch_sweep(sweep(epochs=(1, 2, 3)).experiments(), store)
    (tag,) = sweep_tags(store.summaries())
    assert str(caught.value) == f"2 of 3 runs are queued as {tag}, then it ended. The disk is full."


def test_a_run_that_could_not_be_tagged_is_named(store, monkeypatch):
    def refuse(folder, **changes):
        raise StoreError("Not now.")

    monkeypatch.setattr("fmnist_core.jobs.sweeps.change_notes", refuse)
    with pytest.raises(StoreError) as caught:
        launch_sweep(sweep(epochs=(1, 2)).experiments(), store)
    (run_id,) = store.run_ids()
    assert "1 of 2 runs are queued as sweep-" in str(caught.value)
    assert f"({run_id} without the tag), then it ended. Not now." in str(caught.value)


def test_all_live_runs_of_a_tag_are_stopped_and_no_others(store):
    mine, others = (launch_sweep(sweep(epochs=(1, 2)).experiments(), store) for _ in range(2))
    ended, live = mine.runs
    Status(state="finished", attempt=1, epoch=1).write(ended.folder)

    assert stop_all(store, mine.tag) == [live.run_id]
    stopped = [
        run.run_id
        for run in (*mine.runs, *others.runs)
        if any(each.name == commands.STOP for each in commands.pending(run.folder))
    ]
    assert stopped == [live.run_id]


def test_a_tag_that_no_run_has_is_one_sentence(store):
    with pytest.raises(RunNotFound, match='No run has the tag "none"'):
        stop_all(store, "none")


def test_a_tag_by_hand_is_no_sweep(store):
    change_notes(store.create(SMALL).folder, tag=["sweep-mine", "report"])

    assert sweep_tags(store.summaries()) == []


def test_a_sweep_takes_the_time_of_what_was_timed_for_all(store, monkeypatch):
    known = sweep(epochs=(1, 3)).experiments()
    counts = {"batch_size": 100, "batches": 20, "peak_bytes": 1, "live_runs": 0}
    step = {"seconds_per_step": 0.1, "fast_step": 0.1, "slow_step": 0.1}
    rest = {"seconds_per_validation_image": 0.0, "start_seconds": 0.0, "time": 0.0}
    # An epoch of 54,000 images takes 54 s.
    timed = ProbeState(DONE, ProbeResult(**counts, **step, **rest))

    def state(experiment, store):
        return timed if experiment in known else ProbeState(NONE)

    monkeypatch.setattr("fmnist_core.jobs.sweeps.probe_state", state)
    unknown = sweep(epochs=(5,)).experiments()
    assert likely_time(known, store) == SweepTime(pytest.approx(4 * 54), 2)
    assert likely_time([*known, *unknown], store) == SweepTime(pytest.approx(6 * 54), 2)
    assert likely_time(unknown, store) == SweepTime(None, 0)


# The command line ---------------------------------------------------------------------------------


def test_values_are_read_as_their_setting_has_them():
    assert values(AXES["learning_rate"], "0.1, 1e-3") == (0.1, 0.001)
    assert values(AXES["subset"], "100,none,") == (100, None)
    assert values(AXES["nesterov"], "on, False, perhaps") == (True, False, "perhaps")
    assert values(AXES["optimizer"], "adam , sgd") == ("adam", "sgd")


def test_a_shell_lists_a_sweep_queues_it_and_stops_it(capsys, store):
    flags = ["sweep", "small", "--over", "optimizer=adam,sgd", "--over", "batch-size=64"]
    assert main([*flags, "--dry-run"]) == 0
    assert capsys.readouterr().out == "small adam 64\nsmall sgd 64\n2 runs; nothing is queued.\n"
    assert store.run_ids() == []

    assert main([*flags, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["queued"] == store.run_ids()
    assert main(["stop", "--tag", answer["tag"]]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{run_id} will stop and be kept." for run_id in store.run_ids()[::-1]
    ]


def test_a_shell_sweeps_over_a_run_whose_children_they_become(capsys, store):
    run = store.create(SMALL)
    main(["sweep", run.run_id, "--over", "epochs=1,2,3", "--random", "2", "--seed", "1"])

    assert [row.parent for row in store.summaries()] == [run.run_id, run.run_id, ""]
    assert "2 runs with the tag sweep-" in capsys.readouterr().out


def test_a_shell_knows_the_grid_of_r1(capsys):
    main(["sweep", "--preset", "r1-grid", "--over", "activation=relu", "--dry-run"])

    assert "\n7 runs; nothing is queued." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "words"),
    (
        (["small"], "Settings to vary must be one or more of"),
        (["small", "--over", "optimizer"], "Over must be a setting and its values, as"),
        (["small", "--over", "wings=2"], "Over must be a setting and its values, as"),
        (["small", "--over", "epochs=two"], "Epochs must be a whole number from 1 to 1,000"),
        (["nobody", "--over", "epochs=2"], 'No preset and no run is called "nobody"'),
        (["--preset", "small"], 'There is no sweep called "small". There is: r1-grid.'),
        (["small", "--over", "epochs=1,2", "--random", "x"], "Runs must be a whole number from 1"),
    ),
)
def test_a_shell_refuses_with_one_sentence(capsys, store, flags, words):
    assert main(["sweep", *flags]) == 1
    assert words in capsys.readouterr().err
    assert store.run_ids() == []
