"""The view of surgery: filters off by clicks, buttons and a slider, and the ranking."""

import numpy as np
import pytest

from fmnist_core.analysis.usefulness import LayerUsefulness, stops, write_usefulness
from fmnist_core.derived.kinds import USEFULNESS
from fmnist_core.derived.place import result_path
from fmnist_core.exceptions import InferenceError
from tests.app.component import data_of, every_data_of, is_drawn, send_to
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts

NAME = "fmnist_feature_maps"
CONV = ("Conv2D", {"filters": 4})
END = (("Flatten", {}), ("Dense", {"units": 10, "activation": "softmax"}))
pytestmark = pytest.mark.usefixtures("network")


@pytest.fixture
def run(store):
    return trained_run(store, CONV, ("MaxPooling2D", {}), *END)


@pytest.fixture
def ranked(run, store):
    """The run, whose filters are the more useful the higher their number."""
    folder = result_path(store.root, run, USEFULNESS)
    folder.mkdir(parents=True)
    write_usefulness(folder, [ranking()])
    return run


def ranking(**changes):
    four = np.arange(4, dtype=np.int32)
    known = {
        "layer": "layer_0",
        "images": 1_000,
        "correct": 900,
        "loss": 0.3,
        "loss_rise": np.float32([-0.01, 0.02, 0.03, 0.04]),
        "loss_error": np.full(4, 0.001, np.float32),
        "fixed": four[::-1].copy(),
        "broken": four * 10,
        "least_first": np.int32([900, 890, 800, 500, 100]),
        "most_first": np.int32([900, 600, 400, 200, 100]),
    }
    assert len(stops(4)) == 5
    return LayerUsefulness(**known | changes)


def opened(open_page, run, **more):
    return open_page("inside", look="surgery", run=run.run_id, image="3", **more)


def off(page):
    return data_of(page, NAME)["off"]


def address(page):
    return next(
        each["params"]
        for each in every_data_of(page, "fmnist_address_bar")
        if each["page"] == "inside-choice"
    )


def last_asked(network):
    return [arguments for task, arguments in network.asked if task == "surgery"][-1]


def accuracies(page):
    return [metric.value for metric in page.metric]


def click(page, *clicks):
    """Click these channels, each at a time; the browser tells of those before too."""
    made = [{"channel": channel, "at": at} for channel, at in clicks]
    send_to(page, NAME, {"opened": {**made[-1], "clicks": made}})


def helps(page):
    return "\n".join(metric.help for metric in page.metric)


def test_clicks_switch_filters_off_and_on_again(open_page, run, network):
    page = opened(open_page, run)
    assert (off(page), accuracies(page)[:2]) == ([], ["100.00 %", "100.00 %"])
    assert "All 4 filters are on. Judged on 100 validation images." in texts(page)
    assert "Switch a filter off" in texts(page)
    for at, (channel, found) in enumerate([(2, [2]), (0, [0, 2]), (2, [0])]):
        click(page, (channel, at + 1))
        assert off(page) == last_asked(network)["off"] == found
        assert accuracies(page)[1] == f"{100 - len(found)}.00 %"
    assert "With 1 of 4 filters off, the network is worse by 1.00 points" in texts(page)
    assert "Switch a filter off" not in texts(page)
    assert "1 off: :red[✗ wrong]" in texts(page)
    assert "What 100 images of Shirt are taken for" not in texts(page)  # image 3 is a dress
    assert address(page)["off"] == "0"


@pytest.mark.parametrize("channel", [-1, 4, 99_999, True, "1", None])
def test_what_a_browser_should_not_send_changes_nothing(open_page, run, channel):
    page = opened(open_page, run)
    click(page, (channel, 1))

    assert off(page) == []


@pytest.mark.parametrize("clicks", [None, 7, [7], [None], [{}], [{"channel": 1, "at": "now"}]])
def test_what_is_no_list_of_clicks_changes_nothing(open_page, run, clicks):
    page = opened(open_page, run)
    send_to(page, NAME, {"opened": {"clicks": clicks}})

    assert off(page) == []


def test_of_quick_clicks_none_is_lost_and_none_counts_twice(open_page, run):
    page = opened(open_page, run)
    click(page, (1, 10), (2, 11), (3, 12))
    assert off(page) == [1, 2, 3]
    click(page, (1, 10), (2, 11), (3, 12), (2, 13))
    assert off(page) == [1, 3]


def test_buttons_switch_all_on_and_all_but_one_off(open_page, run):
    page = opened(open_page, run, channel="3")
    assert page.button(key="inside-surgery-all").disabled
    assert page.button(key="inside-surgery-only").label == "Only filter 3"
    for _ in range(2):
        page.button(key="inside-surgery-only").click().run()
        assert off(page) == [0, 1, 2]
        page.button(key="inside-surgery-all").click().run()
        assert off(page) == []


def test_the_address_says_what_is_off_and_another_layer_is_whole(open_page, run, network):
    page = opened(open_page, run, off="0-1,9")
    assert (off(page), last_asked(network)["off"]) == ([0, 1], [0, 1])
    page.selectbox(key="inside-surgery-layer").select("layer_1").run()
    assert (off(page), last_asked(network)["layer"]) == ([], "layer_1")
    assert "Click a map" in texts(page) and "Only the filters of convolutions" in texts(page)
    page.selectbox(key="inside-surgery-layer").select("layer_0").run()
    assert off(page) == []
    assert off(opened(open_page, run, off="0-99999999,x")) == []


def test_a_slow_network_is_judged_on_fewer_images_until_all_are_asked_for(open_page, run, network):
    page = opened(open_page, run)
    every = page.toggle(key="inside-surgery-every")
    assert every.label == "All 2,000 images" and "Of 100 validation images" in helps(page)
    for wanted, asked, judged in ((True, 2_000, "2,000"), (False, None, "100")):
        page.toggle(key="inside-surgery-every").set_value(wanted).run()
        assert last_asked(network)["images"] == asked
        assert f"Of {judged} validation images" in helps(page)
        assert address(page)["every"] == ("1" if wanted else "")

    page = opened(open_page, run, every="1")
    assert page.toggle(key="inside-surgery-every").value
    assert last_asked(network)["images"] == 2_000


def test_a_quick_network_is_judged_on_all_images_at_once(open_page, run, network):
    network.quick = 2_000

    assert not opened(open_page, run).toggle


def test_without_a_ranking_it_is_offered(open_page, run, monkeypatch):
    asked = []
    monkeypatch.setattr("ui.inside.ranking.offer", lambda *args, **more: asked.append(args))
    page = opened(open_page, run)

    assert asked == [(run, USEFULNESS)]
    assert not page.slider
    assert [tile["lines"][0][0] for tile in data_of(page, NAME)["tiles"]] == list("0123")


def test_the_slider_switches_the_least_useful_off(open_page, ranked):
    page = opened(open_page, ranked)
    for number, found in ((3, [0, 1, 2]), (1, [0])):
        page.slider(key="inside-surgery-least").set_value(number).run()
        assert off(page) == found
    click(page, (3, 1))
    assert page.slider(key="inside-surgery-least").value == 0  # 0 and 3 are not the least useful


def test_the_ranking_is_listed_and_its_buttons_switch(open_page, ranked):
    page = opened(open_page, ranked)
    listed = [each for each in page.button if "-rank-" in (each.key or "")]

    assert [each.label for each in listed] == [
        "Filter 3: loss +0.040 ± 0.002, accuracy −3.00",
        "Filter 2: loss +0.030 ± 0.002, accuracy −1.90",
        "Filter 0: loss −0.010 ± 0.002, accuracy +0.30",
        "Filter 1: loss +0.020 ± 0.002, accuracy −0.80",
    ]
    for found in ([3], []):
        page.button(key="inside-surgery-rank-3").click().run()
        assert off(page) == found
    assert data_of(page, NAME)["tiles"][0]["lines"] == ["0", "loss −0.010"]
    assert "on 1,000 validation images" in texts(page)


def test_a_damaged_ranking_says_so_and_the_rest_works(open_page, ranked, store):
    (result_path(store.root, ranked, USEFULNESS) / "usefulness.npz").write_bytes(b"torn")
    page = opened(open_page, ranked)

    assert off(page) == [] and not page.slider
    assert "is damaged" in texts(page) and "compute it again" in texts(page)


def test_units_of_a_dense_layer_can_be_off(open_page, store, network):
    run = trained_run(store, ("Flatten", {}), ("Dense", {"units": 1_500}), END[1])
    network.changes = {"layer_1": np.linspace(-1, 1, 1_500, dtype=np.float32)}
    page = opened(open_page, run, off="7")

    assert off(page) == [7] and len(data_of(page, NAME)["tiles"]) == 1_024
    assert "The first 1,024 of 1,500 units are shown." in texts(page)


def test_a_layer_of_one_channel_can_be_off(open_page, store):
    page = opened(open_page, trained_run(store, ("Conv2D", {"filters": 1}), *END), off="0")

    assert off(page) == [0] and "With 1 of 1 filters off" in texts(page)


def test_a_network_of_one_layer_says_that_nothing_can_be_off(open_page, store):
    page = opened(open_page, trained_run(store, *END))

    assert not is_drawn(page, NAME)
    assert "there is nothing before it to switch off" in texts(page)


def test_a_network_that_gives_no_numbers_is_a_sentence(open_page, run, network, monkeypatch):
    def diverged(model, **arguments):
        raise InferenceError("This network gives values that are no numbers.")

    monkeypatch.setattr(network, "surgery", diverged)
    page = opened(open_page, run)

    assert not is_drawn(page, NAME)
    assert "This network gives values that are no numbers." in texts(page)


def test_maps_that_are_no_numbers_are_not_drawn(open_page, run, network):
    network.changes = {"layer_0": np.full((26, 26, 4), np.nan, np.float32)}

    page = opened(open_page, run)
    assert not is_drawn(page, NAME)
    assert "the training has diverged" in texts(page)
