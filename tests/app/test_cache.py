"""The metrics that sessions share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.app import run_folders
from ui import cache


def test_only_what_was_appended_is_read_again(store, monkeypatch):
    run = run_folders.live_run(store, done=1)
    before = cache.history_of(run)
    log = run.folder / "metrics.jsonl"
    log.write_bytes(b"\n" * (log.stat().st_size))  # what was read is not looked at again
    run_folders.append_batches(run.folder, before.steps[-1], 10)

    after = cache.history_of(run)
    assert len(after.steps) == len(before.steps) + 10
    assert len(after.epochs) == 1
    assert len(before.steps) == run_folders.STEPS_PER_EPOCH + 200  # a snapshot does not grow


def test_sessions_that_read_at_once_see_whole_columns(store):
    run = run_folders.live_run(store)

    def read(_) -> bool:
        found = cache.history_of(run)
        return len(found.steps) == len(found.losses) == len(found.accuracies) == 1_044

    with ThreadPoolExecutor(8) as sessions:
        assert all(sessions.map(read, range(64)))
