"""Owners take turns, and none holds more slots than it may."""

from dataclasses import replace

import pytest

from fmnist_core.jobs.turns import Turns
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore

EXPERIMENT = presets.load("small").experiment


@pytest.fixture
def create(tmp_path):
    store = RunStore(tmp_path)
    return lambda owner: store.create(replace(EXPERIMENT, owner=owner)).folder


def order(turns, queue, free=1):
    """Start runs one by one, each when the last has ended; return their owners' places."""
    waiting, started = list(queue), []
    while waiting:
        chosen = turns.next(waiting, [], free)
        started += chosen
        waiting = [folder for folder in waiting if folder not in chosen]
    return [queue.index(folder) for folder in started]


def test_one_owner_is_served_oldest_first(create):
    assert order(Turns(), [create("ann") for _ in range(3)]) == [0, 1, 2]


def test_owners_take_turns_however_many_runs_one_has_queued(create):
    queue = [create(owner) for owner in ("ann", "ann", "ann", "bob", "cem")]

    assert order(Turns(), queue) == [0, 3, 4, 1, 2]
    assert order(Turns(), queue, free=2) == [0, 3, 4, 1, 2]


def test_a_newcomer_comes_before_those_that_had_a_turn(create):
    turns = Turns()
    first, second = create("ann"), create("ann")
    assert turns.next([first, second], [], 1) == [first]
    newcomer = create("bob")

    assert turns.next([second, newcomer], [], 1) == [newcomer]


def test_an_owner_at_the_cap_waits_though_slots_are_free(create):
    busy, waiting, other = create("ann"), create("ann"), create("bob")

    assert Turns(1).next([waiting, other], [busy], 3) == [other]
    assert Turns(2).next([waiting, other], [busy], 3) == [waiting, other]
    assert Turns(1).next([waiting, create("ann")], [], 3) == [waiting]


def test_nothing_is_chosen_beyond_the_free_slots(create):
    queue = [create("ann"), create("bob")]

    assert Turns().next(queue, [], 0) == []
    assert Turns().next([], [], 2) == []


def test_a_run_whose_experiment_cannot_be_read_has_no_owner(create):
    damaged, sound = create("ann"), create("bob")
    (damaged / "experiment.json").write_text("{")

    assert Turns().next([damaged, sound], [], 2) == [damaged, sound]
