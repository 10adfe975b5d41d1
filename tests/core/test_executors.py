"""Local processes: their share of the threads, and when a spare worker is kept."""

import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from fmnist_core.jobs import executors
from fmnist_core.jobs.executors import SPARE_BYTES, LocalProcesses, start_detached
from fmnist_core.jobs.queue import IN_USE_NAME, is_in_use, mark_in_use
from fmnist_core.model import presets
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import TrainSpec

WAITING = "import sys; line = sys.stdin.readline(); open(sys.argv[1], 'a').write(line)"


@pytest.fixture
def memory(monkeypatch):
    """What is free, in bytes."""
    free = SimpleNamespace(available=2 * SPARE_BYTES)
    monkeypatch.setattr(executors.psutil, "virtual_memory", lambda: free)
    return free


@pytest.fixture
def started(monkeypatch, tmp_path):
    """The modules that were started; in place of each, a process that notes one line of input."""
    modules = []

    def start(module, *, log, environment=None, stdin=subprocess.DEVNULL):
        modules.append((module[0], environment or {}))
        return subprocess.Popen([sys.executable, "-c", WAITING, tmp_path / "heard"], stdin=stdin)

    monkeypatch.setattr(executors, "start_detached", start)
    return modules


@pytest.fixture
def engine(started, memory, tmp_path):
    engine = LocalProcesses()
    yield engine
    engine.keep_spare(tmp_path, wanted=False)


def names(started):
    return [module.removeprefix("fmnist_core.jobs.") for module, _ in started]


def test_one_spare_is_kept_and_takes_the_next_run(engine, started, tmp_path):
    assert engine.keep_spare(tmp_path, wanted=True)
    assert engine.keep_spare(tmp_path, wanted=True)
    assert names(started) == ["spare"]
    spare = engine._spare

    handle = engine.submit(tmp_path / "run")

    assert handle.startswith(f"{spare.pid}:")
    assert names(started) == ["spare"]
    spare.wait(20)
    assert (tmp_path / "heard").read_text() == f"{tmp_path / 'run'}\n"
    engine.keep_spare(tmp_path, wanted=True)
    assert names(started) == ["spare", "spare"]


def test_while_no_start_is_expected_a_spare_is_kept_but_none_is_started(engine, started, tmp_path):
    assert engine.keep_spare(tmp_path, wanted=True, start=False)
    assert names(started) == []
    engine.keep_spare(tmp_path, wanted=True)
    engine.keep_spare(tmp_path, wanted=True, start=False)
    assert names(started) == ["spare"] and engine._spare is not None


@pytest.mark.parametrize("settings", [{"threads": 1}, {"onednn": False}])
def test_a_spare_is_not_given_a_run_that_wants_another_environment(
    settings, engine, started, tmp_path
):
    # TensorFlow reads both when it is imported, which the spare has done.
    store = RunStore(tmp_path / "store")
    train = TrainSpec(**settings)
    run = store.create(replace(presets.load("small").experiment, train=train))
    engine.keep_spare(tmp_path, wanted=True)

    engine.submit(run.folder)

    assert names(started) == ["spare", "worker"]


def test_without_a_spare_a_worker_is_started(engine, started, tmp_path):
    engine.submit(tmp_path)

    assert names(started) == ["worker"]


def test_a_spare_that_has_died_is_not_given_a_run(engine, started, tmp_path):
    engine.keep_spare(tmp_path, wanted=True)
    engine._spare.kill()
    engine._spare.wait()
    engine.submit(tmp_path)

    assert names(started) == ["spare", "worker"]


def test_a_spare_that_is_not_wanted_any_more_ends(engine, tmp_path):
    engine.keep_spare(tmp_path, wanted=True)
    spare = engine._spare

    assert not engine.keep_spare(tmp_path, wanted=False)
    assert spare.wait(20) == 0
    assert (tmp_path / "heard").read_text() == ""


def test_memory_decides_whether_a_spare_is_kept(engine, started, memory, tmp_path):
    memory.available = SPARE_BYTES - 1
    engine.keep_spare(tmp_path, wanted=True)
    assert started == []

    memory.available = SPARE_BYTES + 1
    engine.keep_spare(tmp_path, wanted=True)
    memory.available = SPARE_BYTES // 2 - 1
    spare = engine._spare
    engine.keep_spare(tmp_path, wanted=True)
    assert spare.wait(20) == 0


def test_two_workers_share_the_threads(started, memory, monkeypatch, tmp_path):
    monkeypatch.setattr(executors.os, "cpu_count", lambda: 8)
    LocalProcesses(1).submit(tmp_path)
    LocalProcesses(3).submit(tmp_path)
    LocalProcesses(16).submit(tmp_path)

    environments = [environment for _, environment in started]
    assert environments[0] == {}
    names = {"TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"}
    assert environments[1] == dict.fromkeys(names, "2")
    assert environments[2] == dict.fromkeys(names, "1")


def test_a_process_gets_its_environment_and_no_word_against_bytecode(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "shown.py").write_text("import os; print(os.environ.get('A'), *os.environ)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    start_detached(["shown"], log=tmp_path / "log", environment={"A": "b"}).wait(20)

    first, *words = (tmp_path / "log").read_text().split()
    assert first == "b"
    assert "PYTHONDONTWRITEBYTECODE" not in words


def test_a_store_is_in_use_for_some_minutes(tmp_path, monkeypatch):
    assert not is_in_use(tmp_path)
    mark_in_use(tmp_path)
    assert is_in_use(tmp_path)
    monkeypatch.setattr("fmnist_core.jobs.queue.IN_USE_SECONDS", -1)
    assert not is_in_use(tmp_path)


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    mark_in_use(tmp_path / "nowhere")

    assert not (tmp_path / "nowhere").exists()
    assert IN_USE_NAME.startswith(".")
