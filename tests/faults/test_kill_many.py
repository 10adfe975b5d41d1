"""Runs that are killed and resumed end equal: two kills or 60."""

import pytest

from fmnist_core.runs.store import RunStore
from tests.faults.kill_many import kill_many

pytestmark = pytest.mark.slow


def test_runs_killed_twice_end_equal(tmp_path):
    tally = kill_many(2, 3, RunStore(tmp_path))

    assert tally.kills.total() == 2
    assert tally.different == []


@pytest.mark.timeout(1800)
def test_runs_killed_60_times_end_equal(tmp_path):
    tally = kill_many(60, 11, RunStore(tmp_path))

    assert tally.kills.total() == 60
    assert tally.different == []
