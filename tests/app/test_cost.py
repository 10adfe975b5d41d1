"""What a training costs: memory, the probe's button, its figures and the plans that follow."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.exceptions import StoreError
from fmnist_core.jobs.probe_record import record_path
from fmnist_core.model.presets import load
from fmnist_core.specs import Experiment
from tests.app.page_text import texts
from tests.probed import RESULT, keep

GIGABYTE = 2**30
SMALL = load("small").experiment


def script():
    """A page with nothing but the costs of an experiment in the session, and the plan taken."""
    import streamlit as st

    from ui.cost import show_cost

    show_cost(st.session_state["experiment"], lambda plan: st.session_state.update(taken=plan))


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """A machine of 16 GB, 8 of them free."""
    set_memory(monkeypatch, 16, 8)


def set_memory(monkeypatch, total, free):
    for module in ("ui.cost", "fmnist_core.jobs.memory_check"):
        monkeypatch.setattr(f"{module}.memory_total", lambda: int(total * GIGABYTE))
    monkeypatch.setattr("ui.cost.memory_available", lambda: int(free * GIGABYTE))


def page_of(experiment: Experiment | None = SMALL) -> AppTest:
    page = AppTest.from_function(script, default_timeout=20)
    page.session_state["experiment"] = experiment
    page.run()
    assert not page.exception
    return page


def labels(page) -> list[str]:
    return [button.label for button in page.button]


def test_memory_is_told_always_and_time_only_when_it_was_measured(store):
    page = page_of()

    assert "Needs about 823 MB of memory while training; this machine has 16 GB." in texts(
        page
    ).replace("**", "")
    assert "Not timed yet with these layers, a batch size of 128 and adam." in texts(page)
    assert labels(page) == ["Time it on this machine"]
    assert not page.warning and not page.error


def test_a_shortage_of_the_moment_is_a_warning(store, monkeypatch):
    set_memory(monkeypatch, 16, 0.5)

    (warning,) = page_of().warning
    assert warning.value.startswith("Only 512 MB are free at the moment.")


def test_a_training_that_does_not_fit_the_machine_cannot_be_timed(store, monkeypatch):
    set_memory(monkeypatch, 1, 1)
    page = page_of(replace(SMALL, train=replace(SMALL.train, batch_size=50_000)))

    assert "needs about 8.2 GB of memory, and this machine has 1.0 GB" in texts(page)
    assert labels(page) == []


@pytest.mark.parametrize("asked", [None, load("too-big").experiment])
def test_nothing_is_told_of_what_cannot_be_trained(store, asked):
    page = page_of(asked)

    assert "Memory and time are told once" in texts(page)
    assert not page.error and labels(page) == []


def test_the_button_asks_for_a_probe_and_the_page_waits_for_it(store, monkeypatch):
    asked = []
    monkeypatch.setattr("ui.cost.request_probe", lambda *given: asked.append(given[0]))
    page = page_of()

    page.button(key="time-it").click().run()
    assert asked == [SMALL]

    monkeypatch.setattr("fmnist_core.jobs.probe._lives", lambda record: True)
    keep(store, SMALL)
    page.run()
    assert page.status[0].state == "running"
    assert labels(page) == []
    keep(store, SMALL, result=RESULT)
    page.run()
    assert not page.status
    assert "One epoch ≈" in texts(page)


def test_a_probe_that_cannot_begin_is_a_sentence_once(store, monkeypatch):
    def refuse(experiment, store):
        raise StoreError("The folder is full.")

    monkeypatch.setattr("ui.cost.request_probe", refuse)
    page = page_of()

    page.button(key="time-it").click().run()
    assert "The folder is full." in texts(page)
    page.run()
    assert "The folder is full." not in texts(page)


def test_a_probe_that_failed_is_a_sentence_and_can_be_repeated(store):
    keep(store, SMALL, failure="It took <b>too</b> long.")
    page = page_of()

    (error,) = page.error
    assert error.value == r"It took \<b\>too\<\/b\> long."
    assert labels(page) == ["Time it again"]


def test_figures_come_with_what_they_hold_for(store):
    # 54,000 images are 421.9 steps of 0.1 s, and 6,000 images take 0.6 s: 42.8 s an epoch.
    # Five of them, 5 s to start and 1.6 s for the last scores are 220.5 s.
    keep(store, SMALL, result=replace(RESULT, time=time.time()))
    shown = texts(page_of())

    assert "One epoch ≈ **43 s**; all 5 epochs ≈ **3 min 41 s**." in shown
    assert "An epoch of 54,000 images, with 6,000 to validate, between 39 s and 51 s." in shown
    assert "Timed just now on 40 batches of 128 by Some [processor](http://x), 2 cores." in shown
    assert "meanwhile" not in shown


def test_a_foreign_processor_name_makes_no_link(store):
    keep(store, SMALL, result=RESULT)

    assert any(r"\[processor\]\(http\:" in caption.value for caption in page_of().caption)


@pytest.mark.parametrize(
    "age, text",
    [(20, "Timed just now"), (3 * 60 + 5, "Timed 3 min ago"), (7200, "Timed 2 h ago")],
)
def test_old_figures_say_how_old_they_are(store, age, text):
    keep(store, SMALL, result=replace(RESULT, time=time.time() - age))

    assert text in texts(page_of())


def test_figures_of_another_day_say_which(store):
    keep(store, SMALL, result=replace(RESULT, time=time.mktime((2026, 1, 31, 12, 0, 0, 0, 0, -1))))

    assert "Timed on 2026-01-31 on" in texts(page_of())


def test_a_run_that_trained_meanwhile_is_told(store):
    keep(store, SMALL, result=replace(RESULT, live_runs=1))
    assert "1 run was training meanwhile: alone it is faster." in texts(page_of())

    keep(store, SMALL, result=replace(RESULT, live_runs=2))
    assert "2 runs were training meanwhile" in texts(page_of())


def test_another_batch_size_is_not_timed_yet(store):
    keep(store, SMALL, result=RESULT)
    page = page_of(replace(SMALL, train=replace(SMALL.train, batch_size=64)))

    assert "Not timed yet" in texts(page)
    assert labels(page) == ["Time it on this machine"]


def test_the_time_to_spend_chooses_the_plans_and_their_buttons_hand_them_over(store):
    # 42.8 s an epoch: in 3 minutes 4 on all images, or 20 of 8.4 s on 10,000.
    keep(store, SMALL, result=RESULT)
    page = page_of()
    assert labels(page)[:2] == ["4 epochs on all 54,000 images", "20 epochs on 10,000 images"]

    page.button(key="plan-subset").click().run()
    assert (page.session_state["taken"].epochs, page.session_state["taken"].subset) == (20, 10_000)
    page.button(key="plan-all").click().run()
    assert (page.session_state["taken"].epochs, page.session_state["taken"].subset) == (4, None)

    for minutes, first in ((1, "1 epoch on all 54,000 images"), (10, "13 epochs on all")):
        page.segmented_control(key="minutes-to-spend").select(minutes).run()
        assert labels(page)[0].startswith(first)


def test_where_no_plan_fits_the_page_says_so(store):
    keep(store, SMALL, result=replace(RESULT, seconds_per_step=60.0, slow_step=60.0))
    page = page_of()

    assert "In 3 min not even 1,000 images can be trained on once" in texts(page)
    assert labels(page) == ["Time it again"]


def test_a_damaged_file_is_as_if_there_were_none(store):
    path = record_path(SMALL, store.root)
    path.parent.mkdir(parents=True)
    path.write_text("{")

    assert "Not timed yet" in texts(page_of())
