"""The Runs page: its table, its filters, and what can be done with ticked runs."""

from __future__ import annotations

import pytest

from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.notes import Notes, change_notes
from fmnist_core.runs.status import FINISHED, Status
from tests.app import run_folders
from tests.app.component import every_data_of
from tests.app.page_text import texts
from ui.run_columns import equal_columns
from ui.run_ticks import PAGE_ROWS


def table(page):
    return page.dataframe[0].value


def names(page):
    return table(page)["name"].tolist() if page.dataframe else []


def ids(store):
    """The ids of the runs by title."""
    return {row.title: row.run_id for row in store.summaries() if row.title}


def tick(page, *run_ids):
    return page.multiselect(key="runs-ticked").set_value(list(run_ids)).run()


@pytest.fixture
def three(store):
    """Three finished runs: "low", "middle" and "high"."""
    for name, correct in (("low", 5_100), ("high", 5_700), ("middle", 5_400)):
        run_folders.finished_run(store, name, correct=correct)
    return store


# The table ----------------------------------------------------------------------------------------


def test_the_table_lists_every_run_the_best_first(open_page, full_store):
    found = table(open_page("runs"))

    assert len(found) == len(full_store.run_ids()) == 8
    assert found["name"].tolist()[:2] == ["better", "good"]
    assert found["val_accuracy"].tolist()[:2] == [92.0, 90.0]
    assert found["val_accuracy_interval"].tolist()[:2] == ["91.3–92.7", "89.2–90.7"]
    assert found["parameters"].tolist()[:2] == [1_421_194, 56_714]
    assert found["message"].tolist()[0] == "test set used for validation"
    assert set(found["state"]) == {
        "finished",
        "failed",
        "interrupted",
        "stopped",
        "running",
        "queued",
        "damaged",
    }


def test_test_accuracy_stands_beside_its_interval_muted_and_is_no_way_to_sort(open_page, three):
    page = open_page("runs")

    assert table(page)["test_accuracy_interval"].tolist()[0] == "94.1–95.0"
    assert "Test figures are grey" in texts(page)
    styles = page.dataframe[0].proto.arrow_data.styler.styles
    assert "color" in styles and "col5" in styles  # the sixth column is the test accuracy
    assert "Test accuracy" not in page.selectbox(key="runs-by").options


def test_a_run_has_a_link_that_opens_it(open_page, store):
    run = run_folders.finished_run(store)

    assert table(open_page("runs"))["link"].tolist() == [f"train?run={run.run_id}"]


def test_a_damaged_run_is_listed_with_what_is_wrong(open_page, full_store):
    page = open_page("runs")

    assert "experiment.json cannot be read" in texts(page)
    messages = table(page).set_index("state")["message"]
    assert "experiment.json cannot be read" in messages["damaged"]


def test_damaged_notes_are_said_and_the_run_is_there(open_page, three):
    run_id = ids(three)["high"]
    (three.root / run_id / "notes.json").write_text("{")
    page = open_page("runs")

    assert names(page) == ["high", "middle", "low"]
    assert table(page)["message"].tolist()[0].startswith(f"{run_id}/notes.json cannot be read")
    tick(page, run_id)
    page.button(key="runs-star").click().run()
    assert "Mend or delete that file, then try again." in texts(page)


def test_a_count_that_is_equal_is_named_as_one(open_page, store):
    for preset, correct in (("r1-linear-cnn", 5_000), ("r1-mlp-1", 5_200)):
        run_folders.finished_run(store, preset, preset, correct)  # 12,000 of their images validate

    assert "validation images 12,000, " in texts(open_page("runs"))


def test_columns_that_are_equal_hide_and_are_named(open_page, three):
    page = open_page("runs")

    assert {"state", "parameters", "learning_rate"}.isdisjoint(table(page).columns)
    assert "Hidden, as equal in all 3 runs: state finished, " in texts(page)
    page.toggle(key="runs-hide-equal").set_value(False).run()
    assert set(table(page)["learning_rate"]) == {0.001}
    page.toggle(key="runs-hide-equal").set_value(True).run()
    assert "learning_rate" not in table(page).columns


def test_a_setting_that_differs_is_a_column(open_page, three):
    three.create(run_folders.experiment("other", learning_rate=0.01))

    found = table(open_page("runs")).set_index("name")["learning_rate"]
    assert (found["other"], found["low"]) == (0.01, 0.001)


def test_of_one_run_the_settings_that_are_not_as_usual_are_columns(three):
    three.create(run_folders.experiment("other", learning_rate=0.01, epochs=5))
    (row,) = (row for row in three.summaries() if row.title == "other")
    shown = set(COLUMNS) - set(equal_columns([row], list(COLUMNS)))

    assert {name for name, column in COLUMNS.items() if column.setting} & shown == {
        "activation",  # of the network, which has no usual one
        "learning_rate",
        "epochs",
    }


def test_columns_are_chosen(open_page, three):
    page = open_page("runs")
    page.pills(key="runs-columns-figures").set_value(["born"]).run()
    page.pills(key="runs-columns-settings").set_value([]).run()
    page.toggle(key="runs-hide-equal").set_value(False).run()
    assert table(page).columns.tolist() == ["name", "link", "born"]
    page.pills(key="runs-columns-figures").set_value(["val_accuracy"]).run()
    assert table(page).columns.tolist() == ["name", "link", "val_accuracy", "val_accuracy_interval"]


def test_a_long_list_is_shown_in_pages(open_page, store):
    run = run_folders.finished_run(store, "first", correct=5_000)
    for number in range(PAGE_ROWS):
        folder = store.root / f"20260101-000000-{number:06x}"
        folder.mkdir()
        for name in ("experiment.json", "status.json"):
            (folder / name).write_bytes((run.folder / name).read_bytes())
        Status(state=FINISHED, val_accuracy=0.9).write(folder)
    page = open_page("runs")

    assert len(table(page)) == PAGE_ROWS
    assert f"Runs 1 to {PAGE_ROWS} of {PAGE_ROWS + 1}." in texts(page)


# Filters ------------------------------------------------------------------------------------------


def test_words_filter_and_are_changed_twice(open_page, three):
    page = open_page("runs")
    page.text_input(key="runs-text").set_value("HI").run()
    assert names(page) == ["high"]
    assert "1 of 3 runs." in texts(page)
    page.text_input(key="runs-text").set_value("small LOW").run()
    assert names(page) == ["low"]
    page.text_input(key="runs-text").set_value("nothing").run()
    assert names(page) == []
    assert "No run is shown by these filters." in texts(page)


def test_tags_and_states_filter(open_page, three):
    found = ids(three)
    change_notes(three.root / found["low"], tag=["a", "b"])
    change_notes(three.root / found["high"], tag=["a"])
    run_folders.ended_run(three, "failed", name="broken")
    page = open_page("runs")
    page.multiselect(key="runs-tags").set_value(["a"]).run()
    assert names(page) == ["high", "low"]
    page.multiselect(key="runs-tags").set_value(["a", "b"]).run()
    assert names(page) == ["low"]
    page.multiselect(key="runs-tags").set_value([]).run()
    page.multiselect(key="runs-state").set_value(["failed"]).run()
    assert names(page) == ["broken"]
    page.multiselect(key="runs-state").set_value(["failed", "finished"]).run()
    assert len(names(page)) == 4


def test_a_tag_that_is_filtered_by_may_go_meanwhile(open_page, three):
    run_id = ids(three)["low"]
    change_notes(three.root / run_id, tag=["a"])
    page = open_page("runs")
    page.multiselect(key="runs-tags").set_value(["a"]).run()
    change_notes(three.root / run_id, untag=["a"])
    page.run()
    assert names(page) == []
    page.multiselect(key="runs-tags").set_value([]).run()
    assert len(names(page)) == 3


def test_owners_filter(open_page, store):
    for name, owner in (("hers", "eve"), ("his", "bob"), ("nobodys", "")):
        asked = run_folders.experiment(name)
        store.create(type(asked)(**{**vars(asked), "owner": owner}))
    page = open_page("runs")
    page.multiselect(key="runs-owner").set_value(["eve"]).run()
    assert names(page) == ["hers"]
    page.multiselect(key="runs-owner").set_value(["eve", "bob"]).run()
    assert sorted(names(page)) == ["hers", "his"]


def address(page) -> dict[str, str]:
    """What the filters write into the page's address."""
    bars = every_data_of(page, "fmnist_address_bar")
    return next(bar["params"] for bar in bars if bar["page"] == "runs-filter")


def test_the_filters_stand_in_the_address_and_a_link_brings_them_back(open_page, three):
    found = ids(three)
    change_notes(three.root / found["low"], tag=["a", "b"], star=True)
    change_notes(three.root / found["high"], tag=["a"])
    page = open_page("runs")
    assert set(address(page).values()) == {""}
    page.multiselect(key="runs-tags").set_value(["a", "b"]).run()
    page.text_input(key="runs-text").set_value("small low").run()
    page.toggle(key="runs-starred").set_value(True).run()
    params = {"text": "small low", "tags": "a,b", "starred": "1"}
    assert {name: text for name, text in address(page).items() if text} == params

    page = open_page("runs", **params, state="running")
    assert names(page) == []  # though none runs, the filter is there to be taken away
    page.multiselect(key="runs-state").set_value([]).run()
    assert names(page) == ["low"]
    for tags in ([], ["a"], []):
        page.multiselect(key="runs-tags").set_value(tags).run()
        assert address(page)["tags"] == ",".join(tags)
    assert "The link asks for" not in texts(page)


def test_a_link_to_a_tag_that_no_run_has_is_a_sentence_until_a_filter_is_changed(open_page, three):
    change_notes(three.root / ids(three)["low"], tag=["a"])
    page = open_page("runs", tags="a,![x](http://y)", owner="eve", archived="yes")
    assert names(page) == ["low"]
    sentence = 'The link asks for tags "![x](http://y)" and owner "eve", which does not exist here'
    assert sentence in texts(page)
    assert address(page)["tags"] == "a" and address(page)["archived"] == ""
    assert sentence in texts(page.run())

    page.multiselect(key="runs-tags").set_value([]).run()
    assert "The link asks for" not in texts(page)
    page.multiselect(key="runs-tags").set_value(["a"]).run()
    assert "The link asks for" not in texts(page)


def test_ranges_filter_in_percent(open_page, three):
    page = open_page("runs")
    page.multiselect(key="runs-ranges").set_value(["val_accuracy", "learning_rate"]).run()
    page.number_input(key="runs-low-val_accuracy").set_value(89.0).run()
    assert names(page) == ["high", "middle"]
    page.number_input(key="runs-high-val_accuracy").set_value(92.0).run()
    assert names(page) == ["middle"]
    page.number_input(key="runs-low-learning_rate").set_value(0.002).run()
    assert names(page) == []
    page.number_input(key="runs-low-learning_rate").set_value(0.0005).run()
    assert names(page) == ["middle"]


def test_ranges_and_order_stand_in_the_address_and_a_link_brings_them_back(open_page, three):
    params = {"ranges": "val_accuracy=0.895:,time=:1000", "by": "name", "rising": "1"}
    page = open_page("runs", **params)
    assert names(page) == ["high", "middle"]
    assert page.number_input(key="runs-low-val_accuracy").value == 89.5
    assert {name: text for name, text in address(page).items() if text} == params
    assert "The link asks for" not in texts(page)

    page.number_input(key="runs-high-val_accuracy").set_value(92.0).run()
    page.selectbox(key="runs-by").set_value("val_accuracy").run()
    page.toggle(key="runs-rising").set_value(False).run()
    changed = {"ranges": "val_accuracy=0.895:0.92,time=:1000"}
    assert {name: text for name, text in address(page).items() if text} == changed
    assert names(page) == ["middle"]
    within = "within a range of validation accuracy and within a range of seconds"
    assert f"1 of 3 runs. Only those {within}, as set under More. Hidden, as usual" in texts(page)
    page.multiselect(key="runs-ranges").set_value([]).run()
    assert "under More" not in texts(page)


@pytest.mark.parametrize(
    "wrong",
    ("test_accuracy=0:1", "note=0:1", "time=nan:", "time=1e300:", "time=1", "![x](http://y)"),
)
def test_a_range_that_no_link_can_ask_for_is_a_sentence(open_page, three, wrong):
    page = open_page("runs", ranges=f"{wrong},time=:9000,time=:1000", by="test_accuracy")
    assert f'The link asks for by "test_accuracy" and range "{wrong}"' in texts(page)
    assert len(names(page)) == 3 and address(page)["ranges"] == "time=:1000"


def test_the_order_is_chosen(open_page, three):
    page = open_page("runs")
    page.toggle(key="runs-rising").set_value(True).run()
    assert names(page) == ["low", "middle", "high"]
    page.selectbox(key="runs-by").set_value("name").run()
    assert names(page) == ["high", "low", "middle"]
    page.toggle(key="runs-rising").set_value(False).run()
    assert names(page) == ["middle", "low", "high"]


# Ticked runs --------------------------------------------------------------------------------------


def test_a_ticked_run_is_opened(open_page, three):
    page = tick(open_page("runs"), ids(three)["low"])
    page.button(key="runs-open").click().run()

    assert page.title[0].value == "Train"
    assert page.session_state["run"] == ids(three)["low"]


def test_two_ticked_runs_are_set_against_each_other_the_earlier_one_first(open_page, three):
    low, high = ids(three)["low"], ids(three)["high"]
    page = tick(open_page("runs"), high, low)
    page.button(key="runs-compare").click().run()

    assert page.title[0].value == "Errors"
    assert page.session_state["run"] == max(low, high)
    chosen = page.session_state["errors-selection"]
    assert (chosen.view, chosen.other) == ("two", min(low, high))


def test_one_or_three_runs_or_one_that_waits_have_nothing_to_compare(open_page, three):
    known = ids(three)
    waiting = run_folders.queued_run(three).run_id
    page = open_page("runs")
    for ticked in ([known["low"]], list(known.values()), [known["low"], waiting]):
        tick(page, *ticked)
        assert "runs-compare" not in [button.key for button in page.button]


def test_star_and_archive_go_on_and_off(open_page, three):
    run_id = ids(three)["low"]
    page = tick(open_page("runs"), run_id)
    page.button(key="runs-star").click().run()
    assert three.get(run_id).notes.star
    page.toggle(key="runs-starred").set_value(True).run()
    assert names(page) == ["low"]
    page.button(key="runs-star").click().run()
    assert not three.get(run_id).notes.star
    page.toggle(key="runs-starred").set_value(False).run()

    page.button(key="runs-archive").click().run()
    assert names(page) == ["high", "middle"]
    page.toggle(key="runs-archived").set_value(True).run()
    assert names(page) == ["high", "middle", "low"]
    page.button(key="runs-archive").click().run()
    page.toggle(key="runs-archived").set_value(False).run()
    assert names(page) == ["high", "middle", "low"]


def edit(page, **values):
    for name, value in values.items():
        kind = page.text_area if name == "note" else page.text_input
        next(each for each in kind if each.key.startswith(f"{name}-")).set_value(value)
    next(each for each in page.button if (each.key or "").startswith("save-")).click().run()


def test_one_run_is_named_noted_and_tagged_twice(open_page, three):
    run_id = ids(three)["low"]
    page = tick(open_page("runs"), run_id)
    edit(page, name="lowest", note="why", tags="a")
    assert three.get(run_id).notes == Notes(name="lowest", note="why", tags=("a",))
    assert names(page)[-1] == "lowest"
    edit(page, name="", note="other", tags="")
    assert three.get(run_id).notes == Notes(note="other")


def test_a_name_that_is_not_allowed_is_one_sentence(open_page, three):
    run_id = ids(three)["low"]
    page = tick(open_page("runs"), run_id)
    edit(page, name="a/b")

    assert "Name must be at most 60 letters, digits, spaces" in texts(page)
    assert three.get(run_id).notes == Notes()


def test_several_runs_are_tagged_and_keep_their_own_tags(open_page, three):
    low, high = ids(three)["low"], ids(three)["high"]
    change_notes(three.root / low, tag=["own", "both"], name="kept")
    change_notes(three.root / high, tag=["both"])
    page = tick(open_page("runs"), low, high)
    edit(page, tags="both, new")
    assert three.get(low).notes.tags == ("both", "new", "own")
    edit(page, tags=" new,")
    assert three.get(low).notes == Notes(name="kept", tags=("new", "own"))
    assert three.get(high).notes.tags == ("new",)


def test_runs_are_deleted_and_the_line_undoes_it(open_page, three):
    low, high = ids(three)["low"], ids(three)["high"]
    page = tick(open_page("runs"), low, high)
    page.button(key="runs-delete").click().run()
    assert names(page) == ["middle"]
    assert page.multiselect(key="runs-ticked").value == []
    assert "2 runs deleted; the trash keeps them for 7 days." in texts(page)
    page.run()  # it stays
    page.button(key="runs-undo").click().run()
    assert names(page) == ["high", "middle", "low"]
    assert "deleted" not in texts(page)


def test_a_run_is_restored_from_the_trash_also_when_it_was_the_last(open_page, store):
    run = run_folders.finished_run(store, "only")
    page = tick(open_page("runs"), run.run_id)
    page.button(key="runs-delete").click().run()
    page.button(key="runs-dismiss").click().run()
    assert "There are no runs yet." in texts(page)
    assert page.expander[-1].label == "Trash: 1 run"
    next(each for each in page.button if (each.key or "").startswith("restore-")).click().run()
    assert names(page) == ["only"]


def test_a_live_run_is_not_deleted_and_the_others_are(open_page, three):
    live = run_folders.live_run(three, "alive").run_id
    page = tick(open_page("runs"), live, ids(three)["low"])
    page.button(key="runs-delete").click().run()

    assert f"Run {live} is running and cannot be deleted. Stop it first" in texts(page)
    assert sorted(names(page)) == ["alive", "high", "middle"]


def test_two_tabs_that_delete_a_run_see_one_sentence(open_page, three):
    run_id = ids(three)["low"]
    one, two = (tick(open_page("runs"), run_id) for _ in range(2))
    one.button(key="runs-delete").click().run()
    two.button(key="runs-delete").click().run()

    assert f"Run {run_id} is not there any more." in texts(two)
    assert len(three.trash.entries()) == 1
    one.button(key="runs-undo").click().run()
    two.run()
    assert names(one) == names(two) == ["high", "middle", "low"]


def test_ticks_stay_with_their_runs_when_the_order_changes(open_page, three):
    low = ids(three)["low"]
    page = tick(open_page("runs"), low)
    page.toggle(key="runs-rising").set_value(True).run()
    page.text_input(key="runs-text").set_value("high").run()
    assert page.multiselect(key="runs-ticked").value == [low]
    assert page.multiselect(key="runs-ticked").label == "Ticked: 1 run, 1 of them not in the table"
    page.button(key="runs-star").click().run()
    assert [row.title for row in three.summaries() if row.notes.star] == ["low"]


def test_a_name_is_shown_on_every_page(open_page, three):
    run_id = ids(three)["low"]
    change_notes(three.root / run_id, name="renamed")

    assert "renamed" in [header.value for header in open_page("train", run=run_id).header]
    assert "renamed" in table(open_page("overview"))["name"].tolist()
