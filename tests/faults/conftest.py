"""A store whose processes end with the test."""

import pytest

from fmnist_core.runs.store import RunStore
from tests.faults.run_processes import end_jobs


@pytest.fixture
def store(tmp_path):
    store = RunStore(tmp_path)
    yield store
    end_jobs(store)
