"""Believe it or not: the verdict, the strips of copies, and the nearest training images."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.derived.kinds import FAMILIARITY
from fmnist_core.derived.place import result_path
from fmnist_core.runs.run import Run
from tests.app.component import data_of, is_drawn
from tests.app.page_text import texts
from tests.believed import LIKE, UNLIKE, BelievedInference, keep_familiarity, keep_features

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]
STRIPS, NEAREST = "fmnist_variant_strip", "fmnist_nearest_images"


@pytest.fixture
def network(answer_with):
    return answer_with(BelievedInference())


@pytest.fixture
def run(store) -> Run:
    """A copy of a shipped run."""
    store.root.mkdir()
    return Run(Path(shutil.copytree(SHIPPED, store.root / SHIPPED.name)))


def page(name: str) -> AppTest:
    """Run one of the functions on a box that is a little brighter on the right."""

    def script(name: str, run_id: str) -> None:
        from tests.believed import box
        from ui import cache
        from ui.classify import believe

        getattr(believe, name)(cache.run_store().get(run_id), box())

    found = AppTest.from_function(script, args=(name, SHIPPED.name), default_timeout=20).run()
    assert not found.exception
    return found


def buttons(found: AppTest) -> list[str]:
    return [button.key for button in found.button]


# The verdict -------------------------------------------------------------------------------------


def test_a_picture_like_the_training_data_is_told_with_both_scores(run, store, network):
    keep_features(run)
    keep_familiarity(run)
    found = page("draw_verdict")

    assert [each.value for each in found.success] == [
        "Like the training data\\: 60 % of the validation images lie farther off."
    ]
    assert (
        "farther from the training images than 40 % of the validation images (limit 95 %); less "
        "evidence for any class (energy) than 10 % of them (limit 99 %). About 1 of 20"
    ) in texts(found)
    assert network.asked == [("familiarity", 1)] and not found.warning and not found.button


def test_a_picture_unlike_the_training_data_is_a_warning(run, store, network):
    keep_features(run)
    keep_familiarity(run)
    network.vector = UNLIKE
    found = page("draw_verdict")

    assert not found.success
    (said,) = found.warning
    assert said.value.startswith("Unlike the training data\\: farther off than 99.9 % of the")
    network.vector, network.energy = LIKE, 5.0
    assert "with less evidence for any class than 99.9 %" in page("draw_verdict").warning[0].value


def test_without_energy_the_verdict_speaks_of_distance_alone(run, store, network):
    keep_features(run)
    keep_familiarity(run, energy=False)

    found = page("draw_verdict")
    assert found.success and "energy" not in texts(found)


def test_what_a_verdict_needs_is_offered_and_asked_for_once(run, store, network, monkeypatch):
    asked = []
    monkeypatch.setattr("ui.derived.request", lambda *what: asked.append(what[:2]))
    found = page("draw_verdict")

    assert [button.label for button in found.button] == ["Compare with the training data"]
    assert "That takes about 20 s on this machine" in texts(found) and network.asked == []
    found.button[0].click().run()
    assert asked == [(run, FAMILIARITY)]
    keep_familiarity(run)
    assert buttons(page("draw_verdict")) == ["derived-features-verdict"]


def test_a_run_without_weights_is_told_and_nothing_is_offered(run, store, network):
    (run.folder / "model.keras").unlink()

    for name in ("draw_verdict", "draw_nearest"):
        found = page(name)
        assert (
            "has no model: it came without" in texts(found) and not found.button and not found.error
        )


def test_damaged_scores_are_a_sentence(run, store, network):
    keep_features(run)
    keep_familiarity(run)
    (result_path(store.root, run, FAMILIARITY) / "familiarity.npz").write_bytes(b"PK")

    assert "is damaged" in page("draw_verdict").error[0].value


# The strips --------------------------------------------------------------------------------------


def test_copies_stand_around_the_picture_with_what_they_are_taken_for(run, network):
    found = page("draw_stability")

    assert "17 of 21 changed copies are taken for Shirt too" in texts(found)
    data = data_of(found, STRIPS)
    shifted, turned, mirrored = data["groups"]
    assert [each["name"] for each in data["groups"]] == ["Shifted", "Turned", "Mirrored"]
    assert shifted["share"] == "9 of 12 taken for Shirt too"
    assert [len(each["tiles"]) for each in shifted["strips"]] == [7, 7]
    assert [tile["words"] for tile in shifted["strips"][0]["tiles"]] == [
        *("← 3 px", "← 2 px", "← 1 px", "as it is", "→ 1 px", "→ 2 px", "→ 3 px")
    ]
    kinds = [tile["kind"] for tile in shifted["strips"][0]["tiles"]]
    assert kinds == ["other"] * 3 + ["own"] + ["same"] * 3
    # Told by a sign and by words too, not by colour alone.
    first, last = shifted["strips"][0]["tiles"][0], mirrored["strips"][0]["tiles"][-1]
    assert first["taken"][0].startswith("✗ ") and first["taken"][1] == "Coat"
    assert last["label"].startswith("mirror image: Coat, ")
    assert last["label"].endswith(" %, another class")
    assert [tile["words"] for tile in turned["strips"][0]["tiles"]][:2] == ["← 20°", "← 15°"]
    assert network.asked == [("classify", 22)]


def test_every_copy_is_drawn_once_from_the_sprite(run, network):
    data = data_of(page("draw_stability"), STRIPS)

    tiles = [
        tile for group in data["groups"] for strip in group["strips"] for tile in strip["tiles"]
    ]
    places = [tile["place"] for tile in tiles if tile["kind"] != "own"]
    assert sorted(places) == list(range(1, 22))
    assert {tile["place"] for tile in tiles if tile["kind"] == "own"} == {0}
    assert (data["columns"], data["rows"]) == (12, 2)


def test_a_network_that_cannot_be_asked_is_a_sentence(run, network):
    network.problem = "The process ended."

    found = page("draw_stability")
    assert found.error[0].value == "The process ended." and not is_drawn(found, STRIPS)


# The nearest images ------------------------------------------------------------------------------


def test_eight_are_shown_with_whether_they_are_of_the_class_it_is_taken_for(run, store, network):
    keep_features(run)
    data = data_of(page("draw_nearest"), NEAREST)

    assert data["heading"] == "Nearest training images"
    # Of the first nine, without the fourth: 9 0 0 0 2 7 2 5, no shirt.
    assert data["notes"][0] == (
        "The 8 nearest training images: 3 T-shirt/top, 2 Pullover, 1 Ankle boot, 1 Sneaker, "
        "1 Sandal."
    )
    assert len(data["tiles"]) == 8
    tile = data["tiles"][0]
    assert (tile["name"], tile["sign"], tile["kind"]) == ("Ankle boot", "≠", "wrong")
    assert tile["label"] == "Image 0: Ankle boot, another class, similarity 1.000"


def test_neighbours_of_the_same_class_are_marked_so(run, store, network):
    keep_features(run)
    network.taken = 0

    tiles = data_of(page("draw_nearest"), NEAREST)["tiles"]
    assert [tile["sign"] for tile in tiles] == list("≠✓✓✓≠≠≠≠")
    assert "Image 1: T-shirt/top, the class it is taken for, similarity" in tiles[1]["label"]


def test_a_picture_of_which_the_network_says_nothing_has_none(run, store, network):
    keep_features(run)
    network.vector = [0, 0]

    data = data_of(page("draw_nearest"), NEAREST)
    assert data["tiles"] == [] and data["notes"][0].startswith("The network says nothing")


def test_what_the_nearest_images_need_is_offered(run, store, network):
    found = page("draw_nearest")

    assert buttons(found) == ["derived-features-nearest"] and network.asked == []
