"""A training that this machine has not the memory for is refused before anything is started."""

from dataclasses import replace

import pytest

from fmnist_core.cli import main
from fmnist_core.exceptions import ModelError, TooLargeError
from fmnist_core.jobs import launch, train
from fmnist_core.jobs.memory_check import check_memory
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import ModelSpec

SMALL = presets.load("small").experiment
HUGE = replace(SMALL, train=replace(SMALL.train, batch_size=50_000))
SENTENCE = (
    "This training needs about 8.2 GB of memory, and this machine has 2.0 GB. Set the batch size "
    "to 8,192 or less, put a pooling layer earlier, or use fewer filters."
)


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    """A store on a machine of 2 GB, where nothing is started."""
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    set_memory(monkeypatch, 2 * 2**30)
    monkeypatch.setattr("fmnist_core.jobs.queue.ensure_supervisor", lambda root: None)
    return RunStore(tmp_path)


def set_memory(monkeypatch, size):
    monkeypatch.setattr("fmnist_core.jobs.memory_check.memory_total", lambda: size)


@pytest.mark.parametrize("start", [launch, lambda experiment, store: train(experiment)])
def test_a_batch_too_large_is_refused_with_one_that_would_fit(store, start):
    with pytest.raises(TooLargeError) as refused:
        start(HUGE, store)

    assert str(refused.value) == SENTENCE
    assert store.run_ids() == []


def test_the_command_line_refuses_it_likewise(store, capsys):
    assert main(["train", "--detach", "--batch-size", "50000"]) == 1

    assert capsys.readouterr().err == f"fmnist: {SENTENCE}\n"


def test_the_batch_size_that_is_offered_is_accepted(store):
    offered = replace(SMALL, train=replace(SMALL.train, batch_size=8_192))

    assert check_memory(offered) <= 2 * 2**30
    assert launch(offered, store).run_id in store.run_ids()


def test_where_no_batch_size_helps_only_the_network_is_to_blame(monkeypatch):
    set_memory(monkeypatch, 2**29)
    with pytest.raises(TooLargeError) as refused:
        check_memory(SMALL)

    assert str(refused.value) == (
        "This training needs about 823 MB of memory, and this machine has 512 MB. Use fewer "
        "filters, put a pooling layer earlier, or use fewer units."
    )


def test_a_network_that_cannot_be_trained_is_told_so_first(store):
    with pytest.raises(ModelError):
        launch(replace(SMALL, model=ModelSpec()), store)


def test_what_is_free_at_the_moment_plays_no_part(monkeypatch):
    monkeypatch.setattr("fmnist_core.jobs.machine.memory_available", lambda: 0)

    assert check_memory(SMALL) > 0
