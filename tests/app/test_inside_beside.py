"""What stands beside the maps of an image: another image or another run, kept in the address."""

import pytest

from tests.app import run_folders
from tests.app.component import data_of, every_data_of
from tests.app.inside_fakes import trained_run
from tests.app.page_text import marks, run_choice, texts, unmarked

GRID, DETAIL = "fmnist_feature_maps", "fmnist_map_detail"
MISSING = "20200101-000000-abcdef"  # the id of no run


@pytest.fixture
def run(store, network):
    return trained_run(store)


@pytest.fixture
def page(open_page, run):
    return open_page("inside", run=run.run_id, image="3")


@pytest.fixture
def wide(store, run):
    found = run_folders.finished_run(store, "wide", "r2-3-layer")
    (found.folder / "model.keras").write_bytes(b"weights")
    return found


def in_address(page):
    return next(
        each["params"]["beside"]
        for each in every_data_of(page, "fmnist_address_bar")
        if each["page"] == "inside-choice"
    )


def titles(page):
    headings = [each.value for each in page.markdown if each.value.startswith("**")]
    return [unmarked(heading.replace("\\", "").strip("*")) for heading in headings]


def test_two_images_stand_side_by_side_on_one_scale_in_one_order(page):
    page.button_group(key="inside-beside").set_value("An image").run()
    assert len(titles(page)) == 2 and titles(page)[0] == "Image 3: Dress"
    for index, title in ((60_000, "Image 60,000: Ankle boot"), (1, "Image 1: T-shirt/top")):
        page.number_input(key="inside-beside-image").set_value(index).run()
        assert titles(page)[1] == title
        assert in_address(page) == str(index)
        first, second = every_data_of(page, GRID)
        assert first["legend"] == second["legend"]
        assert [tile["channel"] for tile in first["tiles"]] == [
            tile["channel"] for tile in second["tiles"]
        ]
    page.button_group(key="inside-beside").set_value("Nothing").run()
    assert titles(page) == [] and len(every_data_of(page, GRID)) == 1
    assert in_address(page) == ""


def test_two_runs_stand_side_by_side(open_page, run, wide):
    page = open_page("inside", run=run.run_id, image="3", layer="conv2d_1")
    page.button_group(key="inside-beside").set_value("A run").run()

    assert titles(page)[1].startswith("wide · ")
    assert len(set(marks("\n".join(each.value for each in page.markdown)))) == 2
    assert in_address(page) == wide.run_id
    first, second = every_data_of(page, GRID)
    assert first["legend"] == second["legend"]
    assert data_of(page, DETAIL)["height"] == 26
    run_choice(page).select(wide.run_id).run()  # which stood beside
    assert titles(page)[0].startswith("wide · ") and titles(page)[1].startswith("first · ")
    run_choice(page).select(page.selectbox(key="inside-beside-run").value).run()
    page.selectbox(key="inside-maps-layer").select("max_pooling2d_2").run()
    assert "The run beside has no layer max_pooling2d_2 that makes maps" in texts(page)


def test_an_address_names_what_stands_beside(open_page, run, wide):
    page = open_page("inside", run=run.run_id, image="3", beside="60000")
    assert titles(page)[1] == "Image 60,000: Ankle boot"
    page = open_page("inside", run=run.run_id, image="3", beside=wide.run_id)
    assert titles(page)[1].startswith("wide · ")
    assert page.selectbox(key="inside-beside-run").value == wide.run_id


@pytest.mark.parametrize("wrong", ("70000", "-1", "x", "1e3", "../secret", f"{MISSING}/.."))
def test_what_names_nothing_in_an_address_is_left_out(open_page, run, wide, wrong):
    page = open_page("inside", run=run.run_id, image="3", beside=wrong)

    assert page.button_group(key="inside-beside").value == "Nothing"
    assert titles(page) == [] and in_address(page) == ""


def test_an_address_with_a_run_that_is_not_there_says_so(open_page, run, wide):
    page = open_page("inside", run=run.run_id, image="3", beside=MISSING)

    assert f"There is no other run {MISSING} that has ended. Another one is shown." in texts(page)
    assert titles(page)[1].startswith("wide · ")
    page.run()
    assert "There is no other run" not in texts(page)


def test_without_another_run_an_address_shows_none_beside(open_page, run):
    page = open_page("inside", run=run.run_id, image="3", beside=MISSING)

    assert "that has ended. Nothing is shown beside this one." in texts(page)
    assert titles(page) == [] and in_address(page) == ""


def test_what_stands_beside_is_there_again_on_the_way_back(open_page, run):
    page = open_page("inside", run=run.run_id, image="3", beside="60000")
    page.switch_page("overview.py").run()
    page.switch_page("inside.py").run()

    assert titles(page)[1] == "Image 60,000: Ankle boot"
