"""The same examples on every machine; to look further: HYPOTHESIS_PROFILE=explore pytest …"""

import gc
import gzip
import os
from pathlib import Path

import pytest
from hypothesis import settings

from fmnist_core.data.files import load
from fmnist_core.data.folders import find_file
from fmnist_core.data.idx import IDX_FILES

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before any test imports TensorFlow
os.environ.pop("FMNIST_CHALLENGE_DIR", None)  # each test has its own, beside its runs

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test in a browser try once more; the summary tells that it did.

    On a busy machine a browser sends what was done in it some frames late, as it never does under a
    person's hands.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_collection_finish() -> None:
    """Keep what all tests have imported out of the garbage collections to come.

    Streamlit collects all garbage after each run of a page, and the tests of pages make a thousand.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def keras_home(tmp_path_factory) -> Path:
    """A home of Keras that holds the data set, so that an exported script downloads nothing."""
    home = tmp_path_factory.mktemp("keras")
    folder = home / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    for file in IDX_FILES:
        path, packed = find_file(load().source, file.name), folder / f"{file.name}.gz"
        if path.suffix == ".gz":
            packed.symlink_to(path)
        else:
            packed.write_bytes(gzip.compress(path.read_bytes(), compresslevel=1))
    return home
