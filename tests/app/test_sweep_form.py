"""The form that starts a sweep: what is varied, over which values, and how many runs that makes."""

from __future__ import annotations

import pytest

from fmnist_core.exceptions import StoreError
from fmnist_core.jobs.probe import DONE, ProbeState
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.runs.status import FINISHED, Status
from fmnist_core.runs.sweeps import sweep_tags, tagged
from tests.app import run_folders
from tests.app.page_text import texts


@pytest.fixture
def form(open_page, store):
    """The Runs page with one finished run, and the form open."""
    run_folders.finished_run(store, "base")
    page = open_page("runs")
    page.session_state["sweep-form"] = True
    return page.run()


def vary(page, **axes):
    page.multiselect(key="sweep-axes").set_value(list(axes)).run()
    for name, given in axes.items():
        key = f"sweep-values-{name}"
        box = page.multiselect(key=key) if isinstance(given, list) else page.text_input(key=key)
        box.set_value(given)
    return page.run()


def start(page):
    return page.button(key="sweep-start").click().run()


def swept(store):
    """The runs of the newest sweep, in the order in which they were made."""
    rows = store.summaries()
    return tagged(rows, sweep_tags(rows)[0])[::-1]


def test_closed_it_draws_nothing(open_page, store):
    run_folders.finished_run(store)

    assert not [box for box in open_page("runs").multiselect if box.key == "sweep-axes"]


def test_nothing_can_be_started_before_each_setting_has_a_value(form):
    words = "Choose a setting to vary, and at least one value of each."
    assert words in texts(form)
    vary(form, optimizer=["adam"], epochs="")
    assert words in texts(form)
    vary(form, optimizer=["adam"], epochs=" , ")
    assert words in texts(form)
    assert not [button for button in form.button if button.key == "sweep-start"]


def test_values_are_changed_twice_and_the_number_of_runs_follows(form):
    vary(form, optimizer=["adam", "sgd"], epochs="1, 2, 3")
    assert form.button(key="sweep-start").label == "Start 6 runs"
    vary(form, optimizer=["adam", "sgd"], epochs="1, 2")
    assert form.button(key="sweep-start").label == "Start 4 runs"
    vary(form, optimizer=["adam"], nesterov=["on", "off"])
    assert form.button(key="sweep-start").label == "Start 2 runs"
    vary(form, optimizer=["sgd"], nesterov=["on"])
    assert form.button(key="sweep-start").label == "Start 1 run"


def test_a_sweep_of_the_draft_is_queued_and_looked_at(form, store):
    start(vary(form, optimizer=["adam", "sgd"], learning_rate="0.1, 1e-3"))

    assert not form.exception
    rows = swept(store)
    assert sorted((row.setting("optimizer"), row.setting("learning_rate")) for row in rows) == [
        ("adam", 0.001), ("adam", 0.1), ("sgd", 0.001), ("sgd", 0.1),
    ]  # fmt: skip
    assert {(row.state, row.parent, row.model) for row in rows} == {("queued", "", "small")}
    assert form.selectbox(key="sweep-chosen").value == sweep_tags(rows)[0]
    assert "Validation accuracy in % of 0 of 4 runs" in texts(form)


def test_a_sweep_of_a_ticked_run_makes_its_children_and_follows_the_ticks(form, store):
    (base,) = store.run_ids()
    form.multiselect(key="runs-ticked").set_value([base]).run()
    for chosen, parents in ((base, {base}), ("draft", {""}), (base, {base})):
        form.selectbox(key="sweep-base").set_value(chosen).run()
        start(vary(form, seed="1, 2"))
        assert {row.parent for row in swept(store)} == parents
    form.multiselect(key="runs-ticked").set_value([]).run()
    assert form.selectbox(key="sweep-base").value == "draft" and not form.exception


def test_the_same_sweep_is_started_once_while_it_lives(form, store):
    start(vary(form, epochs="1, 2"))
    assert form.button(key="sweep-start").disabled
    assert "This sweep is started, as sweep-" in texts(form)
    vary(form, epochs="1, 3")
    assert not form.button(key="sweep-start").disabled
    vary(form, epochs="1, 2")
    assert form.button(key="sweep-start").disabled
    for row in swept(store):
        Status(state=FINISHED, attempt=1).write(store.root / row.run_id)
    assert not form.run().button(key="sweep-start").disabled


def test_a_draw_has_a_number_and_a_seed_each_changed_twice(form, store):
    vary(form, epochs="1, 2, 3, 4, 5, 6", batch_size="32, 64, 128")
    kind = form.segmented_control(key="sweep-kind")
    for word, runs in (("Random", 10), ("All", 18), ("Random", 10)):
        kind.set_value(word).run()
        assert form.button(key="sweep-start").label == f"Start {runs} runs"
    for runs in (4, 5):
        form.number_input(key="sweep-count").set_value(runs).run()
        assert form.button(key="sweep-start").label == f"Start {runs} runs"
    drawn = []
    for seed in (1, 2, 1):
        form.number_input(key="sweep-seed").set_value(seed).run()
        start(form)
        drawn.append({(row.setting("epochs"), row.setting("batch_size")) for row in swept(store)})
        for row in swept(store):
            Status(state=FINISHED, attempt=1).write(store.root / row.run_id)
        form.run()
    assert drawn[0] == drawn[2] != drawn[1]


def test_the_grid_of_r1_fills_the_form_also_after_other_values(form, store):
    for _ in range(2):
        form.button(key="sweep-take-r1-grid").click().run()
        assert form.button(key="sweep-start").label == "Start 35 runs"
        assert form.selectbox(key="sweep-base").value == "r1-grid"
        vary(form, optimizer=["adam"])
    form.button(key="sweep-take-r1-grid").click().run()
    assert not form.warning and not form.exception
    start(form)
    rates = {
        (row.setting("optimizer") == "sgd", row.setting("learning_rate")) for row in swept(store)
    }
    assert len(swept(store)) == 35 and rates == {(True, 0.01), (False, 0.001)}


def test_each_optimizer_has_its_own_rate_or_all_have_one(form, store):
    vary(form, optimizer=["adam", "sgd"])
    for own in (True, False, True):
        form.toggle(key="sweep-rates").set_value(own).run()
        start(form)
        rates = {row.setting("learning_rate") for row in swept(store)}
        assert rates == ({0.001, 0.01} if own else {0.001})
    vary(form, optimizer=["adam", "sgd"], learning_rate="0.1")
    assert not [each for each in form.toggle if each.key == "sweep-rates"]
    start(form)
    assert {row.setting("learning_rate") for row in swept(store)} == {0.1}


@pytest.mark.parametrize(
    ("axes", "words"),
    (
        ({"epochs": "two"}, "Epochs must be a whole number from 1 to 1,000; you gave 'two'."),
        ({"batch_size": "64, 60000"}, "With batch_size 60000: Batch size must be at most 54,000"),
        (
            {"epochs": ",".join(map(str, range(1, 202)))},
            "Values of epochs must be a list of 1 to 200 of them",
        ),
    ),
)
def test_what_is_not_allowed_is_one_sentence_and_no_run(form, store, axes, words):
    vary(form, **axes)

    assert words in texts(form) and not form.exception
    assert len(store.run_ids()) == 1


def test_a_full_disk_is_one_sentence(form, store, monkeypatch):
    def full(self, experiment):
        raise StoreError("The disk is full.")

    vary(form, epochs="1, 2")
    monkeypatch.setattr("fmnist_core.runs.store.RunStore.create", full)
    start(form)
    assert [error.value for error in form.error] == ["The disk is full."]


def test_the_time_is_told_once_a_network_was_timed(form, monkeypatch):
    vary(form, epochs="1, 3")
    assert "How long they take is not known" in texts(form)
    timed = ProbeResult(
        batch_size=100,
        batches=20,
        seconds_per_step=0.1,
        fast_step=0.1,
        slow_step=0.1,
        seconds_per_validation_image=0.0,
        start_seconds=0.0,
        peak_bytes=1,
        live_runs=0,
        time=0.0,
    )
    # 54,000 images take 54 s, and 4 epochs 216 s.
    monkeypatch.setattr(
        "fmnist_core.jobs.sweeps.probe_state", lambda asked, store: ProbeState(DONE, timed)
    )
    form.run()
    assert "2 runs**, about 3 min 36 s one after the other, going by 2 of 2" in texts(form)


def test_a_base_that_is_gone_meanwhile_is_one_sentence(form, store):
    (base,) = store.run_ids()
    form.multiselect(key="runs-ticked").set_value([base]).run()
    form.selectbox(key="sweep-base").set_value(base).run()
    vary(form, epochs="1, 2")
    run_folders.finished_run(store, "other")
    store.trash.put(store.get(base))
    form.run()

    assert form.selectbox(key="sweep-base").value == "draft" and not form.exception
