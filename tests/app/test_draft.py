"""The draft on the Build page: where it comes from, ways back, links, files, and its plan."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from fmnist_core.model import code, edit, exchange, link
from fmnist_core.model.presets import PRESETS, load
from fmnist_core.runs.run import Run
from fmnist_core.specs import ModelSpec
from tests.app import run_folders
from tests.app.page_text import texts
from ui.draft import EDITED, MAX_PAST

SMALL = load("small").experiment
SOME = PRESETS[::3]  # tests/core/test_presets.py looks at each


def draft_of(page) -> ModelSpec:
    return page.session_state["draft_step"].model


def press(page, key: str):
    return page.button(key=key).click().run()


def start_from(page, name: str):
    """Choose a preset as a person does: open the dialog, its group, its button."""
    open_start(page, load(name).group)
    return press(page, f"preset-{name}")


def open_start(page, group: str) -> None:
    """Open the dialog at a group; AppTest closes a dialog at any choice made in it."""
    page.session_state["start-group"] = group
    press(page, "start-from")


def renamed(page, name: str):
    field = next(each for each in page.text_input if each.key.startswith("network-name."))
    return field.set_value(name).run()


def figures(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def only_run(store) -> Run:
    (run_id,) = store.run_ids()
    return store.get(run_id)


@pytest.mark.parametrize("preset", SOME, ids=lambda preset: preset.name)
def test_a_preset_becomes_the_draft_with_its_figures(open_page, preset):
    page = start_from(open_page("build"), preset.name)

    assert draft_of(page) == preset.experiment.model
    assert figures(page)["Layers"] == str(len(preset.experiment.model.layers))
    assert f"Made from the preset {preset.name}, unchanged." in texts(page)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("r2-1-layer", "173,738"),
        ("r2-2-layer", "515,146"),
        ("r2-3-layer", "1,421,194"),
        ("r1-mastery", "542,230"),
        ("r3-vgg", "7,510,986"),
    ],
)
def test_the_networks_of_the_reports_show_their_totals(open_page, name, parameters):
    page = start_from(open_page("build"), name)

    assert figures(page)["Parameters"] == parameters


def test_a_vgg_says_how_many_of_its_parameters_do_not_learn(open_page):
    page = start_from(open_page("build"), "r3-vgg")
    tile = next(metric for metric in page.metric if metric.label == "Parameters")

    assert tile.delta == "896 not trainable"  # 7,510,986 − 7,510,090


def test_two_presets_one_after_the_other_and_the_way_back_and_forth(open_page):
    page = start_from(open_page("build"), "r2-1-layer")
    start_from(page, "r2-2-layer")
    one, two = load("r2-1-layer").experiment.model, load("r2-2-layer").experiment.model

    assert page.button(key="redo").disabled
    assert draft_of(press(page, "undo")) == one
    assert draft_of(press(page, "undo")) == SMALL.model
    assert page.button(key="undo").disabled
    assert draft_of(press(page, "redo")) == one
    assert draft_of(press(page, "redo")) == two
    assert page.button(key="redo").disabled


def test_a_new_change_ends_the_way_forward(open_page):
    page = start_from(open_page("build"), "r2-1-layer")
    press(page, "undo")
    renamed(page, "mine")

    assert page.button(key="redo").disabled
    assert draft_of(press(page, "undo")).name == "small"


def test_fifty_changes_can_be_taken_back_and_made_again(open_page):
    page = open_page("build")
    for number in range(MAX_PAST):
        renamed(page, f"name {number}")
    for _ in range(MAX_PAST):
        press(page, "undo")
    assert draft_of(page) == SMALL.model
    for _ in range(MAX_PAST):
        press(page, "redo")
    assert draft_of(page).name == f"name {MAX_PAST - 1}"


def test_a_name_out_of_range_is_refused_with_a_sentence(open_page):
    page = renamed(open_page("build"), "<script>")

    assert "Model name must be at most 60 letters" in texts(page)
    assert draft_of(page).name == "small"


def test_only_the_layers_of_a_preset_bear_its_name(open_page):
    changed = edit.remove_layer(SMALL.model, "conv2d_2")
    page = open_page("build", net=link.encode(replace(changed, name="anything")))

    for _ in range(2):
        assert draft_of(renamed(page, "small")).name == "small" + EDITED


def test_a_run_becomes_the_draft_with_its_settings_and_is_the_parent(open_page, store):
    experiment = replace(SMALL, train=replace(SMALL.train, epochs=3, seed=11), name="first")
    parent = store.create(experiment)
    page = open_page("build")
    open_start(page, "My runs")
    press(page, "take-run")
    assert f"Made from the run first ({parent.run_id}), unchanged." in texts(page).replace("\\", "")

    page.switch_page("train.py").run()
    page.button(key="launch").click().run()
    child = next(store.get(run_id) for run_id in store.run_ids() if run_id != parent.run_id)
    assert child.experiment == replace(experiment, parent=parent.run_id, name="")


def test_the_train_page_leads_from_a_run_to_its_network(open_page, store):
    parent = run_folders.finished_run(store, "first", "r2-2-layer")
    page = open_page("train", run=parent.run_id)
    press(page, f"build-on-{parent.run_id}")

    assert page.title[0].value == "Build"
    assert draft_of(page) == load("r2-2-layer").experiment.model
    assert parent.run_id in texts(page).replace("\\", "")


def test_the_difference_to_the_parent_is_one_line(open_page, store):
    parent = run_folders.finished_run(store, "first")
    network = edit.add_layer(parent.experiment.model, "Dropout", 3)
    page = open_page("build", **{"net": link.encode(network), "from": parent.run_id})

    assert "+ Dropout 0.25 after conv2d_2" in texts(page).replace("\\", "")


def test_a_run_that_is_gone_is_no_parent(open_page, store):
    page = open_page("build", **{"net": link.encode(SMALL.model), "from": "20260101-000000-000000"})
    assert "A network of its own." in texts(page)

    page.switch_page("train.py").run()
    page.button(key="launch").click().run()
    assert only_run(store).experiment.parent == ""


def test_a_preset_brings_its_own_training_along(open_page):
    page = open_page("train")
    page.number_input(key="new-run.1.train.epochs").set_value(3).run()
    page.switch_page("build.py").run()
    start_from(page, "r2-1-layer")
    page.switch_page("train.py").run()
    shown = {each.key.rpartition(".")[2]: each.value for each in page.number_input}

    assert (shown["epochs"], shown["batch_size"]) == (50, 512)


def test_training_settings_come_with_the_link(open_page, store):
    plan = {"train": {"epochs": 3, "optimizer": "sgd"}, "data": {"subset": 1_000}}
    page = open_page("train", net=link.encode(SMALL.model), plan=link.pack(plan))
    page.button(key="launch").click().run()

    asked = only_run(store).experiment
    assert (asked.train.epochs, asked.train.optimizer, asked.data.subset) == (3, "sgd", 1_000)
    assert asked.train.batch_size == SMALL.train.batch_size


@pytest.mark.parametrize(
    "plan",
    [
        {"train": {"epochs": -1, "optimizer": "magic", "unknown": 1}, "data": 7, "other": {}},
        {"train": {"class_weights": "x", "steps": [[]]}, "data": {"split": None}},
        [1, 2],
        "text",
        None,
    ],
)
def test_settings_of_a_link_that_are_not_allowed_are_left_out(open_page, store, plan):
    page = open_page("train", net=link.encode(SMALL.model), plan=link.pack(plan))
    page.button(key="launch").click().run()

    assert only_run(store).experiment == replace(SMALL, parent="")


def test_damaged_settings_in_a_link_are_named(open_page):
    page = open_page("train", net=link.encode(SMALL.model), plan="1.broken")

    assert "The training settings in this page's address were left out." in texts(page)


def test_a_shared_link_brings_the_network_on_build_and_train(open_page):
    network = edit.change_settings(load("r2-3-layer").experiment.model, "dense_1", units=99)

    for name in ("build", "train"):
        page = open_page(name, net=link.encode(network))
        assert draft_of(page) == network
        assert not page.warning


@pytest.mark.parametrize("name", ("build", "train"))
def test_a_damaged_link_says_so_until_the_draft_is_changed(open_page, name):
    page = open_page(name, net="1.broken")

    assert "is damaged" in page.warning[0].value
    assert draft_of(page) == SMALL.model
    if name == "build":
        assert not start_from(page, "r2-1-layer").warning


def test_the_file_that_is_downloaded_opens_again(open_page):
    network = load("residual").experiment.model
    page = open_page("build")
    open_share(page)
    upload(page, exchange.to_json(network).encode())

    assert draft_of(page) == network
    assert draft_of(press(page, "undo")) == SMALL.model


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"format": 1, "model": {"layers": [{"type": "Lambda", "name": "a"}]}}',
        json.dumps({"layers": [{"type": "Dense", "name": "a"}] * 10_000}).encode(),
    ],
    ids=["empty", "binary", "deep", "unknown-type", "10000-layers"],
)
def test_a_file_that_is_no_network_is_refused_and_the_draft_stays(open_page, content):
    page = open_page("build")
    open_share(page)
    upload(page, content)

    assert "The file was not opened, and the network is as it was." in texts(page)
    assert draft_of(page) == SMALL.model


def open_share(page) -> None:
    page.session_state["share"] = True
    page.run()


def upload(page, content: bytes) -> None:
    page.file_uploader[0].upload("network.json", content, "application/json").run()


@pytest.mark.parametrize("view", ("Cost", "Code", "Drawing"))
def test_every_view_of_the_side_panel_shows_a_network_that_fits_and_one_that_does_not(
    open_page, view
):
    broken = edit.remove_layer(SMALL.model, "flatten_1")
    for network in (SMALL.model, broken, ModelSpec()):
        page = open_page("build", net=link.encode(network))
        page.segmented_control(key="build-view").set_value(view).run()
        assert not page.exception


def test_the_code_follows_the_settings(open_page):
    plan = {"train": {"epochs": 3, "optimizer": "sgd"}}
    page = open_page("build", net=link.encode(SMALL.model), plan=link.pack(plan))
    page.segmented_control(key="build-view").set_value("Code").run()

    assert "SGD" in page.code[0].value
    experiment = replace(SMALL, train=replace(SMALL.train, epochs=3, optimizer="sgd"))
    assert page.code[0].value == code.script(experiment).strip()
