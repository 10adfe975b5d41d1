"""Results of sweeps: the heat map, its figures, and the button that stops all."""

from __future__ import annotations

import dataclasses
import json

import pytest

from fmnist_core.runs import commands
from fmnist_core.runs.cross_table import cross_table
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.status import FINISHED, Status
from tests.app import run_folders
from tests.app.page_text import texts
from ui.sweep_heat import heat_figure

TAG = "sweep-0a1b2c"
CORRECT = {("adam", 1): 5_400, ("adam", 2): 5_500, ("sgd", 1): 5_100}  # of 6,000


def add_run(store, optimizer, epochs, correct=None, tag=TAG, **train):
    run = store.create(
        run_folders.experiment(f"{optimizer} {epochs}", optimizer=optimizer, epochs=epochs, **train)
    )
    change_notes(run.folder, tag=[tag])
    if correct is not None:
        run_folders.write_result(run.folder, correct)
        Status(state=FINISHED, attempt=1, epoch=epochs).write(run.folder)
    return run


@pytest.fixture
def swept(store):
    """Four runs by optimizer and epochs, three of which have ended."""
    for (optimizer, epochs), correct in CORRECT.items():
        add_run(store, optimizer, epochs, correct)
    add_run(store, "sgd", 2)
    return store


def choose(page, tag=TAG):
    return page.selectbox(key="sweep-chosen").set_value(tag).run()


def axis(page, name):
    (found,) = [box for box in page.selectbox if box.label == name]
    return found


def figure(store, x="epochs", y="optimizer"):
    return heat_figure(cross_table(store.summaries(), x, y))


def trace(store, x="epochs", y="optimizer"):
    (found,) = figure(store, x, y)["data"]
    return found


# The figure ---------------------------------------------------------------------------------------


def test_cells_show_accuracy_in_percent_and_stay_empty_until_a_run_has_ended(swept):
    found = trace(swept)

    assert (found["x"], found["y"]) == (["1", "2"], ["adam", "sgd"])
    assert found["text"] == [["90.00", "91.67"], ["85.00", ""]]
    assert found["z"] == [[0.9, 0.916667], [0.85, None]]
    assert found["hovertext"][0][0] == "1, adam: 90.00 % (89.2–90.7 %) of 6,000 images"
    assert found["hovertext"][1][1] == "2, sgd: 1 run, none ended"
    json.dumps(figure(swept), allow_nan=False)


def test_several_runs_of_a_cell_show_their_mean_and_number(swept):
    add_run(swept, "adam", 1, 5_280, seed=8)  # 88 %
    add_run(swept, "sgd", 1, seed=8)
    found = trace(swept)

    assert found["text"][0][0] == "89.00<br>2 runs"
    assert found["hovertext"][0][0] == (
        "1, adam: 89.00 % in the mean of 2 of 2 runs, 88.00 to 90.00 %"
    )
    assert found["hovertext"][1][0].endswith("of 6,000 images, 1 of 2 runs")


def test_a_lower_loss_is_the_stronger_colour(swept):
    table = cross_table(swept.summaries(), "epochs", "optimizer")
    (found,) = heat_figure(table, "val_loss")["data"]
    losses = [
        [row.result.val_loss if row.result else None for cell in line for row in cell.rows]
        for line in table.cells
    ]

    assert found["z"] == [[None if each is None else -each for each in line] for line in losses]
    assert found["text"][0][0] == f"{losses[0][0]:.3f}"
    assert found["hovertext"][0][0] == f"1, adam: {losses[0][0]:.3f}"


def test_a_pair_that_no_run_has_says_so(store):
    add_run(store, "adam", 1, 5_400)
    add_run(store, "sgd", 2, 5_400)

    assert trace(store)["hovertext"][0][1] == "2, adam: no run"


# The page -----------------------------------------------------------------------------------------


def test_without_a_sweep_nothing_is_said_of_them(open_page, store):
    run_folders.finished_run(store)
    page = open_page("runs")

    assert [header.value for header in page.header] == []
    assert not [box for box in page.selectbox if box.key == "sweep-chosen"]


def test_a_sweep_is_chosen_and_its_axes_twice(open_page, swept):
    add_run(swept, "adam", 1, 5_400, tag="sweep-ffffff")
    page = open_page("runs")
    assert "Validation accuracy in %" not in texts(page)
    choose(page)
    words = "Validation accuracy in % of 3 of 4 runs; the others have not ended with figures."
    assert words in texts(page) and "Waiting or training: 1 of 4 runs." in texts(page)
    assert axis(page, "Across").options == ["Epochs", "Optimizer"]
    for name, other in (("optimizer", "epochs"), ("epochs", "optimizer")):
        axis(page, "Across").set_value(name).run()
        assert (axis(page, "Across").value, axis(page, "Down").value) == (name, other)
    choose(page, "sweep-ffffff")
    assert "Waiting or training: 0 of 1 run." in texts(page)
    assert "Tick another run to see what sets them apart." in texts(page)
    choose(page)
    assert words in texts(page) and not page.exception


def test_the_figure_of_the_map_is_chosen_twice(open_page, swept):
    page = choose(open_page("runs"))
    for name, words in (
        ("val_loss", "Validation loss of 3 of 4 runs"),
        ("test_accuracy", "Whoever chooses by test figures"),
    ):
        axis(page, "Figure").set_value(name).run()
        assert words in texts(page) and not page.exception


def test_a_sweep_is_seen_as_lines_too_and_back(open_page, swept):
    page = choose(open_page("runs"))
    for view, words in (
        ("Parallel coordinates", "An axis for each setting that differs"),
        ("Heat map", "Validation accuracy in %"),
        ("Parallel coordinates", "An axis for each setting that differs"),
    ):
        page.segmented_control(key="sweep-view").set_value(view).run()
        assert words in texts(page) and not page.exception


def test_of_many_runs_the_best_are_drawn_as_lines(open_page, store, monkeypatch):
    drawn = []
    monkeypatch.setattr("ui.sweep_results.draw_settings", lambda rows, key: drawn.append(rows))
    for epochs in range(1, 18):
        add_run(store, "adam", epochs, 5_000 + epochs)
    choose(open_page("runs"))

    assert [row.setting("epochs") for row in drawn[-1]] == list(range(17, 2, -1))


def test_a_sweep_over_one_setting_is_drawn_as_lines(open_page, store):
    for epochs in range(1, 18):
        add_run(store, "adam", epochs, 5_000 + epochs)
    page = choose(open_page("runs"))

    assert "An axis for each setting that differs" in texts(page)
    assert "The best 15 of 17 runs are drawn." in texts(page)


def test_all_runs_of_a_sweep_are_stopped(open_page, swept):
    other = add_run(swept, "sgd", 2, tag="sweep-ffffff")
    waiting = [row.run_id for row in swept.summaries() if row.live and TAG in row.notes.tags]
    page = choose(open_page("runs"))
    page.button(key="sweep-stop").click().run()

    assert not page.exception
    told = [run_id for run_id in swept.run_ids() if commands.pending(swept.root / run_id)]
    assert told == waiting and other.run_id not in told


def test_where_all_have_ended_nothing_can_be_stopped(open_page, store):
    add_run(store, "adam", 1, 5_400)

    assert choose(open_page("runs")).button(key="sweep-stop").disabled


def test_a_sweep_whose_runs_were_deleted_is_no_choice_any_more(open_page, swept):
    add_run(swept, "adam", 1, 5_400, tag="sweep-ffffff")
    page = choose(open_page("runs"))
    for row in swept.summaries():
        if TAG in row.notes.tags:
            run = swept.get(row.run_id)
            Status(state=FINISHED, attempt=1).write(run.folder)
            swept.trash.put(run)
    page.run()

    assert not page.exception and page.selectbox(key="sweep-chosen").value is None


def test_a_damaged_run_of_a_sweep_is_left_out(open_page, swept):
    (swept.root / swept.run_ids()[0] / "experiment.json").write_text("{")
    page = choose(open_page("runs"))

    assert "Validation accuracy in % of 2 of 3 runs" in texts(page)


def test_ticked_runs_have_a_heat_map_of_any_number(open_page, swept):
    page = open_page("runs")
    page.multiselect(key="runs-ticked").set_value(swept.run_ids()).run()
    page.segmented_control(key="ticked-view").set_value("Heat map").run()
    assert "Validation accuracy in % of 3 of 4 runs" in texts(page)
    for some in (2, 1):
        page.multiselect(key="runs-ticked").set_value(swept.run_ids()[:some]).run()
        assert "A heat map needs runs that differ in two settings." in texts(page)
    page.multiselect(key="runs-ticked").set_value(swept.run_ids()).run()
    assert "Validation accuracy in % of 3 of 4 runs" in texts(page)


def test_an_activation_that_differs_is_an_axis(open_page, store):
    from fmnist_core.model.activation import with_activation

    for word in ("elu", "tanh"):
        for optimizer in ("adam", "sgd"):
            asked = run_folders.experiment(word, optimizer=optimizer)
            run = store.create(dataclasses.replace(asked, model=with_activation(asked.model, word)))
            change_notes(run.folder, tag=[TAG])
    page = choose(open_page("runs"))

    assert axis(page, "Across").options == ["Activation", "Optimizer"]
