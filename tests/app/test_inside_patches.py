"""The exciting patches of the Inside page: offered, drawn, and one's image taken."""

import base64

import numpy as np
import pytest

from fmnist_core.analysis.exciting import TOP, Exciting, write_exciting
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import EXCITING
from fmnist_core.derived.place import result_path
from tests.app.component import every_data_of, is_drawn, send_to
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts
from ui.inside.patches import excited_text

NAME = "fmnist_feature_maps"
pytestmark = pytest.mark.usefixtures("network")


@pytest.fixture
def run(store):
    """A run of a convolution with 20 filters, each 3×3."""
    return trained_run(
        store,
        ("Conv2D", {"filters": 20}),
        ("Flatten", {}),
        ("Dense", {"units": 10, "activation": "softmax"}),
    )


def kept(filters=20) -> Exciting:
    """Filter k answers to images k, k + 1, …, at row 10 and column 12; filter 1 is dead."""
    value = np.tile(np.linspace(2, 1, TOP, dtype=np.float32), (filters, 1))
    value[1] = 0
    active = np.full(filters, 1_234, np.int32)
    active[1] = 0
    class_mean = np.tile(np.arange(10, dtype=np.float32), (filters, 1))
    return Exciting(
        image=(np.arange(filters)[:, np.newaxis] + np.arange(TOP)).astype(np.int32),
        row=np.full((filters, TOP), 10, np.uint8),
        column=np.full((filters, TOP), 12, np.uint8),
        value=value,
        active=active,
        class_mean=class_mean,
    )


def keep(run, store, found=None):
    folder = result_path(store.root, run, EXCITING)
    folder.mkdir(parents=True)
    write_exciting(folder, {"layer_0": found or kept()})
    return folder


def opened(open_page, run):
    page = open_page("inside", look="filters", run=run.run_id, image="3")
    page.segmented_control(key="inside-filters-show").set_value("Exciting patches").run()
    assert not page.exception
    return page


def test_they_are_offered_with_what_they_are(open_page, run):
    page = opened(open_page, run)

    assert not is_drawn(page, NAME)
    assert "Shows the first 6,000 images of the training file" in texts(page)
    assert "derived-exciting" in [button.key for button in page.button]


def test_the_strongest_patch_of_each_filter_is_drawn(open_page, run, store):
    keep(run, store)
    page = opened(open_page, run)

    grid, best = every_data_of(page, NAME)
    images = load().images
    drawn = np.frombuffer(base64.b64decode(grid["codes"]), np.uint8).reshape(-1, 3, 3)
    assert len(drawn) == len(grid["tiles"]) == 16
    # A value of this layer without padding sees the 3 rows and columns from its own on.
    assert drawn[5].tolist() == images[5, 10:13, 12:15].tolist()
    assert grid["tiles"][0]["lines"] == ["0", "2.00"] and grid["tiles"][1]["lines"] == ["1", "dead"]
    assert [tile["channel"] for tile in best["tiles"]] == list(range(TOP))
    assert "a value of this layer sees 3×3 pixels" in texts(page)


def test_another_filter_is_chosen_twice(open_page, run, store):
    keep(run, store)
    page = opened(open_page, run)
    send_to(page, NAME, {"opened": {"channel": 1, "at": 1}})
    assert "Nothing excites it: it is 0 for each of 6,000 images." in texts(page)
    assert len(every_data_of(page, NAME)) == 1
    send_to(page, NAME, {"opened": {"channel": 7, "at": 2}})
    assert "**Filter 7**" in texts(page)


def test_all_filters_are_shown_and_again_fewer(open_page, run, store):
    keep(run, store)
    page = opened(open_page, run)
    for asked, number in ((True, 20), (False, 16)):
        page.toggle(key="inside-filters-all").set_value(asked).run()
        assert len(every_data_of(page, NAME)[0]["tiles"]) == number


def test_the_kernels_come_back(open_page, run, store):
    keep(run, store)
    page = opened(open_page, run)
    page.segmented_control(key="inside-filters-show").set_value("Kernels").run()

    assert every_data_of(page, NAME)[0]["name"] == "Filters"


@pytest.mark.parametrize(("asked", "image"), [(2, 2), (40, 3), ("2", 3), (None, 3), (True, 3)])
def test_an_image_is_taken_if_it_is_one_of_those(monkeypatch, asked, image):
    from ui.inside import choice, patches

    state = {patches._BEST: {"opened": {"channel": asked}}}
    monkeypatch.setattr(patches.st, "session_state", state)
    choice.change(image=3)
    patches._take_image(list(range(TOP)))

    assert choice.current().image == image


def test_a_damaged_result_is_said(open_page, run, store):
    folder = keep(run, store)
    (folder / "exciting.npz").write_bytes(b"torn")
    page = opened(open_page, run)

    assert "is damaged" in page.error[0].value and "compute it again" in page.error[0].value


def test_the_classes_are_named_that_excite_a_filter_most_and_least():
    assert excited_text(kept(), 0) == (
        "Above 0 in 1,234 of 6,000 images. Mean largest value of a class: most for Ankle boot "
        "(9.00), Bag (8.00), least for T-shirt/top (0)."
    )
