"""The Train page: the form, launching once, the queue, and a run in every state."""

from __future__ import annotations

import dataclasses

import pytest

from fmnist_core.jobs.queue import is_in_use
from fmnist_core.model import edit, link
from fmnist_core.model.presets import load
from fmnist_core.runs import commands
from fmnist_core.runs.files import write_json
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FORMAT, Status
from fmnist_core.runs.store import RunStore
from tests.app import run_folders
from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import run_choice, texts

FORM = "new-run.1."  # the first generation of widgets


def only_run(store) -> Run:
    (run_id,) = store.run_ids()
    return store.get(run_id)


def figures(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def launch(page):
    """Click, even where the button is disabled: the second half of a double click is."""
    page.button(key="launch").proto.disabled = False
    return page.button(key="launch").click().run()


def test_a_launch_without_changes_is_the_preset(open_page, store):
    page = launch(open_page("train"))

    assert only_run(store).experiment == load("small").experiment
    assert page.header[0].value == "small"


def test_the_form_starts_from_the_preset_of_the_draft(open_page):
    network = load("r2-3-layer").experiment.model
    edited = edit.remove_layer(network, "dropout_1")
    for model in (network, dataclasses.replace(edited, name="r2-3-layer edited")):
        page = open_page("train", net=link.encode(model))
        assert page.number_input(key="new-run.1.train.epochs").value == 50
        assert page.number_input(key="new-run.1.train.batch_size").value == 512


def test_every_setting_reaches_the_run_as_it_was_chosen_last(open_page, store):
    page = open_page("train")
    numbers = {
        "train.epochs": (3, 2),
        "train.steps": (50, 60),
        "train.batch_size": (32, 64),
        "train.learning_rate": (0.1, 0.01),
        "train.drop_factor": (0.3, 0.2),
        "train.drop_every": (2, 3),
        "train.early_stopping": (1, 2),
        "train.reduce_lr": (3, 4),
        "train.momentum": (0.5, 0.9),
        "train.weight_decay": (0.1, 0.01),
        "train.label_smoothing": (0.2, 0.1),
        "train.seed": (1, 2),
        "data.validation": (0.2, 0.15),
        "data.subset": (1_000, 2_000),
        "data.seed": (3, 4),
        "train.threads": (1, 2),
        "train.ema_momentum": (0.9, 0.99),
        "augment.rotation": (10.0, 20.0),
        "augment.cutout": (4, 8),
        "augment.mixup": (0.1, 0.2),
    }
    choices = {
        "train.optimizer": ("adam", "sgd"),
        "train.schedule": ("cosine", "step"),
        "data.split": ("last", "resplit"),
        "data.normalisation": ("per-pixel", "standardised"),
        "train.precision": ("mixed_bfloat16", "auto"),
        "augment.augmentation": ("on-the-fly", "own-copies"),
    }
    switches = ("train.nesterov", "train.flip_evaluation", "augment.horizontal_flip")
    for at in (0, 1):
        for name, values in numbers.items():
            page.number_input(key=FORM + name).set_value(values[at]).run()
        for name, values in choices.items():
            page.selectbox(key=FORM + name).select(values[at]).run()
        for name in switches:
            page.toggle(key=FORM + name).set_value(at == 1).run()
        page.text_input(key=FORM + "name").set_value(f"name {at}").run()
    page.toggle(key=FORM + "train.class_weights.on").set_value(True).run()
    for weight in (3.0, 2.0):
        page.number_input(key=FORM + "train.class_weights.Shirt").set_value(weight).run()
    launch(page)

    experiment = only_run(store).experiment
    for name, (_, last) in (numbers | choices | dict.fromkeys(switches, (False, True))).items():
        part, field = name.split(".")
        assert getattr(getattr(experiment, part), field) == last
    assert experiment.train.class_weights == (1, 1, 1, 1, 1, 1, 2, 1, 1, 1)
    assert experiment.name == "name 1"


def test_choices_survive_a_walk_to_another_page(open_page):
    page = open_page("train")
    page.number_input(key=FORM + "train.epochs").set_value(3).run()
    page.switch_page("runs.py").run()
    page.switch_page("train.py").run()

    assert page.number_input(key=FORM + "train.epochs").value == 3


def test_the_extent_of_the_training_is_said_before_the_launch(open_page):
    # 54,000 images in batches of 128: 421.875, so 422 steps; 5 epochs: 2,110.
    assert (
        "54,000 training and 6,000 validation images, 10,000 test images. "
        "2,110 steps in 5 epochs, 422 steps an epoch."
    ) in texts(open_page("train"))


def test_augmented_copies_count_as_images_of_an_epoch(open_page):
    # Originals, turned and mirrored ones: 3 × 54,000 in batches of 128.
    page = open_page("train")
    page.selectbox(key=FORM + "augment.augmentation").select("own-copies").run()
    page.number_input(key=FORM + "augment.rotation").set_value(10.0).run()
    page.toggle(key=FORM + "augment.horizontal_flip").set_value(True).run()

    assert "162,000 training and 6,000 validation images" in texts(page)


def test_what_augmentation_does_is_shown_and_drawn_anew(open_page):
    page = open_page("train")
    assert not page.get("image")

    page.number_input(key=FORM + "augment.rotation").set_value(45.0).run()
    (first,) = page.get("image")
    page.button(key="draw-anew").click().run()
    (second,) = page.get("image")
    page.button(key="draw-anew").click().run()
    (third,) = page.get("image")

    urls = {sheet.proto.imgs[0].url for sheet in (first, second, third)}
    assert len(urls) == 3


def test_a_run_says_what_computed_it_and_what_its_mirror_images_add(open_page, store):
    run = run_folders.finished_run(store)
    result = run.result
    machine = {"precision": "mixed_bfloat16", "threads": 2, "onednn": False, "processor": "A `B`"}
    fuller = dataclasses.replace(
        result, machine=machine, flip_validation=result.validation, flip_test=result.test
    )
    write_json(run.folder / "result.json", {"format": FORMAT, **dataclasses.asdict(fuller)})

    said = texts(open_page("train", run=run.run_id))

    assert "Computed by: mixed_bfloat16, 2 threads, oneDNN off, A `B`" in said
    assert "As the mean of each image and its mirror image: validation 90.00 %" in said


def test_a_run_hands_out_its_metrics_and_its_model_once_it_has_one(open_page, store):
    run = run_folders.finished_run(store)

    def buttons():
        return {
            each.proto.label: each
            for each in open_page("train", run=run.run_id).get("download_button")
        }

    assert buttons()["Best weights for Keras"].proto.disabled
    (run.folder / "model.keras").write_bytes(b"weights")
    assert not buttons()["Best weights for Keras"].proto.disabled
    assert not buttons()["Metrics as CSV"].proto.disabled


def test_a_double_click_launches_once(open_page, store):
    page = open_page("train")
    twice = launch(launch(page))

    assert len(store.run_ids()) == 1
    assert twice.button(key="launch").disabled
    twice.number_input(key=FORM + "train.seed").set_value(8).run()
    assert not twice.button(key="launch").disabled
    launch(twice)
    assert len(store.run_ids()) == 2


@pytest.mark.parametrize("state", ("failed", "interrupted", "stopped"))
def test_what_did_not_finish_can_be_launched_again(open_page, store, state):
    page = launch(open_page("train"))
    Status(state=state).write(only_run(store).folder)

    launch(page.run())
    assert len(store.run_ids()) == 2


def test_a_bad_setting_is_refused_with_a_sentence(open_page, store):
    page = open_page("train")
    page.number_input(key=FORM + "train.learning_rate").set_value(0.0).run()

    assert "Learning rate must be a number above 0 and at most 10; you gave 0.0." in texts(page)
    assert page.button(key="launch").disabled
    page.number_input(key=FORM + "train.learning_rate").set_value(0.5).run()
    assert not page.button(key="launch").disabled


def test_settings_that_do_not_fit_together_are_refused(open_page):
    page = open_page("train")
    page.number_input(key=FORM + "data.subset").set_value(100).run()

    assert "Batch size must be at most 100, the training images; you gave 128." in texts(page)


def test_a_network_that_does_not_fit_cannot_be_launched(open_page, store):
    network = edit.remove_layer(load("small").experiment.model, "flatten_1")
    page = open_page("train", net=link.encode(network))

    assert "This network cannot be trained yet." in texts(page)
    assert page.button(key="launch").disabled
    launch(page)
    assert store.run_ids() == []


def test_a_live_run_shows_how_far_it_is(open_page, store):
    # 2 epochs of 422 steps and 200 more; the pace is 844 steps in 33.4 s.
    page = open_page("train", run=run_folders.live_run(store).run_id)

    live = data_of(page, "fmnist_live_tiles")
    assert {tile["label"]: tile["value"] for tile in live["tiles"]} == {
        "Epoch": "3 of 5",
        "Validation accuracy": "82.80 %",
        "Speed": "3,234 images/s",
        "Time left": "about 42 s",
    }
    assert live["confused"].startswith(
        "Most often confused now, after epoch 2 of 5: Shirt taken for T-shirt/top, 43 of 600"
    )


def test_the_browser_that_sees_a_change_has_it_drawn(open_page, store):
    run = run_folders.live_run(store)
    page = open_page("train", run=run.run_id)
    run_folders.write_result(run.folder, 5_400)
    Status(state="finished", attempt=1, epoch=5).write(run.folder)
    send_to(page, "fmnist_live_tiles", {"changed": "finished 1 None True "})

    assert figures(page)["Validation accuracy"] == "90.00 %"
    assert not is_drawn(page, "fmnist_live_tiles")


def test_stop_and_keep_leaves_one_command(open_page, store):
    run = run_folders.live_run(store)
    page = open_page("train", run=run.run_id)
    page.button(key=f"stop-{run.run_id}").click().run()

    assert [command.name for command in commands.pending(run.folder)] == ["stop"]
    assert page.button(key=f"stop-{run.run_id}").label == "Stopping …"
    assert page.button(key=f"stop-{run.run_id}").disabled


def test_a_finished_run_shows_its_figures_with_intervals(open_page, store):
    # Wilson, 95 %: 5,400 of 6,000 right gives 0.8921 to 0.9073.
    page = open_page("train", run=run_folders.finished_run(store).run_id)

    assert figures(page)["Validation accuracy"] == "90.00 %"
    assert page.metric[0].delta == "95 % interval 89.2–90.7 %"
    assert figures(page)["Epochs"] == "5 of 5"
    assert "Test accuracy 89.60 % (95 % interval 89.0–90.2 %): 8,960 of 10,000" in texts(page)
    assert "Choices are made on validation data" in texts(page)


def test_the_commonest_confusions_say_of_which_epoch_they_are(open_page, store):
    run = run_folders.finished_run(store)  # it has no predictions, only what epoch 5 recorded
    last = "after epoch 5 of 5, the last one trained: Shirt taken for T-shirt/top, 43 of 600"
    assert f"Most often confused {last}" in texts(open_page("train", run=run.run_id))

    run_folders.add_predictions(run)
    kept = "the kept model, epoch 4 of 5 trained"
    page = open_page("train", run=run.run_id)
    assert f"Most often confused by {kept}: Shirt taken for T-shirt/top, 20 of 100" in texts(page)
    assert f"All figures are of {kept}: " in texts(open_page("errors", run=run.run_id))


def test_a_resplit_run_is_marked(open_page, store):
    page = open_page("train", run=run_folders.finished_run(store, split="resplit").run_id)

    assert "test set used for validation" in texts(page)
    assert "this figure flatters" in texts(page)


@pytest.mark.parametrize("state", ("failed", "interrupted", "stopped"))
def test_a_run_that_ended_otherwise_says_why(open_page, store, state):
    run = run_folders.ended_run(store, state, "The loss is no longer a number.")

    page = open_page("train", run=run.run_id)
    assert "The loss is no longer a number." in texts(page)
    assert list(figures(page)) == ["Epoch", "Validation accuracy", "Speed"]


def test_a_damaged_run_says_what_is_wrong(open_page, store):
    run = run_folders.damaged_run(store)

    assert "experiment.json cannot be read" in texts(open_page("train", run=run.run_id))


@pytest.mark.parametrize("run_id", ("20260101-000000-abcdef", "../../etc", "![x](http://a)"))
def test_a_run_that_does_not_exist_is_named_as_text(open_page, full_store, run_id):
    page = open_page("train", run=run_id)

    assert f"There is no run {run_id} in this store." in texts(page)


def test_the_chosen_run_is_kept_on_the_way_to_another_page(open_page, full_store):
    run_id = full_store.run_ids()[0]
    page = open_page("train", run=run_id)
    page.switch_page("runs.py").run()
    page.switch_page("train.py").run()

    assert run_choice(page).value == run_id


def test_another_run_is_chosen_twice(open_page, full_store):
    first, second, third = full_store.run_ids()[:3]
    page = open_page("train", run=first)
    for run_id in (second, third):
        run_choice(page).select(run_id).run()
        assert page.session_state["run"] == run_id


def test_the_queue_shows_places_and_lets_a_run_leave(open_page, store):
    runs = [run_folders.queued_run(store, f"waiting {number}") for number in (1, 2)]
    runs.sort(key=lambda run: run.run_id)
    page = open_page("train", run=runs[1].run_id)

    text = data_of(page, "fmnist_live_tiles")["progress"]["text"]
    assert text == "Waits in the queue: place 2 of 2."
    page.button(key=f"stop-{runs[0].run_id}").click().run()
    assert commands.is_wanted(runs[0].folder, commands.STOP)
    assert not commands.is_wanted(runs[1].folder, commands.STOP)


def test_who_is_at_the_page_has_a_warm_worker_kept(open_page, full_store):
    assert not is_in_use(full_store.root)
    open_page("train")

    assert is_in_use(full_store.root)


def test_a_long_list_of_runs_is_read_once_for_the_page_and_once_for_what_follows(
    open_page, full_store, monkeypatch
):
    page = open_page("train", run=full_store.run_ids()[0])
    asked, listed = [], RunStore.summaries
    monkeypatch.setattr(RunStore, "summaries", lambda store: asked.append(store) or listed(store))
    page.run()

    assert len(asked) == 2
