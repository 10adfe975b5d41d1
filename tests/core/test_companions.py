"""Which other runs can be asked about the mistakes of a run."""

from fmnist_core.analysis.companions import MAX_READ, companions
from fmnist_core.exceptions import StoreError
from tests.core.test_agreement import said

RIGHT = [(0, 0.9)] * 3
RUN = said([0, 0, 0], RIGHT, first=1)
KNOWN = {
    "same": RUN,
    "more": said([0] * 5, [(0, 0.9)] * 5),
    "fewer": said([0, 0], RIGHT[:2], first=1),
    "others": said([0, 0, 0], RIGHT, first=2),
    "labels": said([0, 1, 0], RIGHT, first=1),
}


def read(run_id):
    if run_id not in KNOWN:
        raise StoreError("It has none yet.")
    return KNOWN[run_id]


def test_runs_with_all_images_and_the_same_labels_are_found_in_order():
    candidates = ["gone", "others", "more", "fewer", "labels", "same"]

    assert list(companions(RUN, candidates, read)) == ["more", "same"]
    assert list(companions(RUN, candidates, read, limit=1)) == ["more"]


def test_a_long_list_is_not_read_to_its_end():
    candidates = ["others"] * (MAX_READ - 1) + ["same", "more"]

    assert list(companions(RUN, candidates, read)) == ["same"]


def test_what_cannot_be_read_does_not_shorten_the_list():
    candidates = ["gone"] * MAX_READ + ["same"]

    assert list(companions(RUN, candidates, read)) == ["same"]
