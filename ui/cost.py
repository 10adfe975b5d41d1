"""What a training will cost: memory by estimate, time by a probe, and plans that fit a time."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from fmnist_core.exceptions import FmnistError, ModelError
from fmnist_core.jobs.machine import memory_available, memory_total
from fmnist_core.jobs.memory_check import check_memory
from fmnist_core.jobs.plans import Plan, plans
from fmnist_core.jobs.probe import FAILED, NONE, RUNNING, ProbeState, probe_state, request_probe
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.model.memory import memory_text
from fmnist_core.specs import Experiment
from ui import cache
from ui.format import count, duration, escape
from ui.layout import show_problem

MINUTES = (1, 3, 10)
TICK_SECONDS = 0.5
_REFUSED = "cost_refused"  # why the last probe was not begun


def show_cost(experiment: Experiment | None, take_plan: Callable[[Plan], None]) -> None:
    """Draw what the experiment needs, a button that times it, and plans once it is timed.

    Args:
        experiment: What would be trained now; None while it cannot be.
        take_plan: Called, before the page runs again, with the plan whose button was clicked.
    """
    if experiment is None:
        st.caption("Memory and time are told once nothing is marked above.")
        return
    try:
        needed = check_memory(experiment)
    except ModelError:  # the network's own place on the page says why
        st.caption("Memory and time are told once the network can be trained.")
        return
    except FmnistError as error:
        show_problem(error)
        return
    _memory_line(needed)
    if refused := st.session_state.pop(_REFUSED, ""):
        show_problem(refused)
    found = probe_state(experiment, cache.run_store())
    if found.state == RUNNING:
        st.fragment(_wait, run_every=TICK_SECONDS)(experiment)
    else:
        _timed(experiment, found, take_plan)


def _memory_line(needed: int) -> None:
    free = memory_available()
    st.markdown(
        f":material/memory: Needs about **{memory_text(needed)}** of memory while training; "
        f"this machine has {memory_text(memory_total())}."
    )
    if needed > free:
        st.warning(
            f"Only {memory_text(free)} are free at the moment. Close other programs, or wait for "
            "other runs to end, before you launch it."
        )


def _wait(experiment: Experiment) -> None:
    """Draw that a probe is at work, until it has ended."""
    if probe_state(experiment, cache.run_store()).state != RUNNING:
        st.rerun()  # the whole page, once
    st.status("Timing a few seconds of training; this takes 5 to 15 seconds.", state="running")


def _timed(experiment: Experiment, found: ProbeState, take_plan: Callable[[Plan], None]) -> None:
    """Draw what is known, and the button that has it measured."""
    if found.state == FAILED:
        show_problem(found.message)
    if found.result:
        _figures(experiment, found.result)
        _plan_buttons(experiment, found.result, take_plan)
    elif found.state == NONE:
        st.markdown(
            f":material/timer: Not timed yet with these layers, a batch size of "
            f"{experiment.train.batch_size:,} and {experiment.train.optimizer}."
        )
    st.button(
        "Time it on this machine" if found.state == NONE else "Time it again",
        key="time-it",
        icon=":material/timer:",
        type="secondary" if found.state == NONE else "tertiary",
        help="Trains for a few seconds and throws the result away.",
        on_click=_request,
        args=(experiment,),
    )


def _request(experiment: Experiment) -> None:
    try:
        request_probe(experiment, cache.run_store())
    except FmnistError as error:
        st.session_state[_REFUSED] = str(error)


def _figures(experiment: Experiment, result: ProbeResult) -> None:
    """Say how long an epoch takes, how long all, and how that is known."""
    sizes, train = experiment.sizes, experiment.train
    epochs = train.total_steps(sizes.train) / train.steps_per_epoch(sizes.train)
    epoch = result.epoch_seconds(sizes.train, sizes.validation)
    st.markdown(
        f":material/timer: One epoch ≈ **{_seconds(epoch)}**; all "
        f"{count(train.total_epochs(sizes.train), 'epoch')} ≈ "
        f"**{_seconds(result.total_seconds(epochs, sizes))}**."
    )
    fast, slow = result.epoch_range(sizes.train, sizes.validation)
    st.caption(
        f"An epoch of {sizes.train:,} images, with {sizes.validation:,} to validate, between "
        f"{_seconds(fast)} and {_seconds(slow)}. Timed {_ago(result.time)} on "
        f"{result.batches:,} batches of {result.batch_size:,} by "
        f"{_machine(result)}.{_disturbance(result)}"
    )


def _disturbance(result: ProbeResult) -> str:
    if not result.live_runs:
        return ""
    were = "1 run was" if result.live_runs == 1 else f"{result.live_runs} runs were"
    return f" {were} training meanwhile: alone it is faster."


def _machine(result: ProbeResult) -> str:
    cores = result.machine.get("cores")
    name = escape(str(result.machine.get("processor") or "this machine"), 60)
    return f"{name}, {count(cores, 'core')}" if isinstance(cores, int) else name


def _plan_buttons(
    experiment: Experiment, result: ProbeResult, take_plan: Callable[[Plan], None]
) -> None:
    """Offer lengths of training that fit a time."""
    minutes = st.segmented_control(
        "Time to spend",
        MINUTES,
        default=MINUTES[1],
        required=True,
        format_func=lambda number: f"{number} min",
        key="minutes-to-spend",
        persist_state="session",
    )
    found = plans(result, experiment.data, minutes, copies=len(experiment.augment.copies))
    if not found:
        st.caption(
            f"In {minutes} min not even 1,000 images can be trained on once; give it more time or "
            "choose a smaller network."
        )
    with st.container(horizontal=True):
        for plan in found:
            st.button(
                f"{count(plan.epochs, 'epoch')} on {_images(plan)}",
                key=f"plan-{'all' if plan.subset is None else 'subset'}",
                icon=":material/event_available:",
                help=f"Sets epochs and training subset; takes about {_seconds(plan.seconds)}.",
                on_click=take_plan,
                args=(plan,),
            )


def _images(plan: Plan) -> str:
    return f"all {plan.train_size:,} images" if plan.subset is None else f"{plan.subset:,} images"


def _seconds(span: float) -> str:
    return f"{span:.1f} s" if span < 10 else duration(span)


def _ago(when: float) -> str:
    span = time.time() - when
    if span < 60:
        return "just now"
    if span < 86_400:
        return f"{duration(span // 60 * 60)} ago"
    return f"on {time.strftime('%Y-%m-%d', time.localtime(when))}"
