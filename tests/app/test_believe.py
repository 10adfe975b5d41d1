"""Believe it or not: the verdict, the strips of copies, and the nearest training images."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.analysis.familiarity import Familiarity, write_familiarity
from fmnist_core.analysis.features import VECTORS_NAME, write_description
from fmnist_core.derived.kinds import FAMILIARITY, FEATURES
from fmnist_core.derived.place import result_path
from fmnist_core.exceptions import InferenceError
from fmnist_core.inference.messages import Message
from fmnist_core.runs.run import Run
from tests.app.component import data_of, is_drawn
from tests.app.page_text import texts

SHIPPED = sorted((Path(__file__).parents[2] / "saved_runs").glob("2*"))[0]
STRIPS, NEAREST = "fmnist_variant_strip", "fmnist_nearest_images"
SHIRT, COAT = 6, 4
NEAR = [0, 1, 2, 4, 5, 6, 7, 8]  # images that lie where the picture does


class Network:
    """Takes all for a shirt, and what is brighter on the left for a coat."""

    problem = ""

    def __init__(self):
        self.asked, self.vector, self.energy = [], [0, 1], -9.0

    def ask(self, task, run_id, arrays=None, *, caller="", pause=None, **arguments):
        self.asked.append((task, len(arrays["images"])))
        if self.problem:
            raise InferenceError(self.problem)
        images = arrays["images"].astype(int)
        coats = images[:, :, :10].sum(axis=(1, 2)) > images[:, :, 18:].sum(axis=(1, 2))
        proba = np.full((len(images), 10), 0.02) + 0.8 * np.eye(10)[np.where(coats, COAT, SHIRT)]
        found = {"proba": proba}
        if task == "familiarity":
            found |= {"vectors": np.array([self.vector], np.float16)}
            found |= {"energy": np.array([self.energy], np.float32)}
        return Message({}, found)


@pytest.fixture
def network(monkeypatch):
    found = Network()
    monkeypatch.setattr("ui.inference._inference", lambda root: found)
    return found


@pytest.fixture
def run(store) -> Run:
    """A copy of a shipped run."""
    store.root.mkdir()
    return Run(Path(shutil.copytree(SHIPPED, store.root / SHIPPED.name)))


def keep_features(run, store):
    """Eight images lie where the picture does, the others at a distance of 0.2."""
    vectors = np.tile(np.array([0.6, 0.8], np.float16), (70_000, 1))
    vectors[NEAR] = [0, 1]
    folder = result_path(store.root, run, FEATURES)
    folder.mkdir(parents=True)
    np.save(folder / VECTORS_NAME, vectors)
    write_description(folder, layer="dense_2", size=2, projected=False)


def keep_familiarity(run, store, *, energy=True):
    folder = result_path(store.root, run, FAMILIARITY)
    folder.mkdir(parents=True)
    steps = np.linspace(0, 0.5, 1_001, dtype=np.float32)
    write_familiarity(
        folder, Familiarity(distance=steps, energy=20 * steps - 10 if energy else None)
    )


def page(name: str) -> AppTest:
    """Run one of the functions on a box that is a little brighter on the right."""

    def script(name: str, run_id: str) -> None:
        import numpy as np

        from ui import cache
        from ui.classify import believe

        pixels = np.zeros((28, 28), np.uint8)
        pixels[4:24, 4:24] = 100
        pixels[4:24, 23] = 110
        getattr(believe, name)(cache.run_store().get(run_id), pixels)

    found = AppTest.from_function(script, args=(name, SHIPPED.name), default_timeout=20).run()
    assert not found.exception
    return found


def buttons(found: AppTest) -> list[str]:
    return [button.key for button in found.button]


# The verdict -------------------------------------------------------------------------------------


def test_a_picture_like_the_training_data_is_told_with_both_scores(run, store, network):
    keep_features(run, store)
    keep_familiarity(run, store)
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
    keep_features(run, store)
    keep_familiarity(run, store)
    network.vector = [0.8, -0.6]
    found = page("draw_verdict")

    assert not found.success
    (said,) = found.warning
    assert said.value.startswith("Unlike the training data\\: farther off than 99.9 % of the")
    network.vector, network.energy = [0, 1], 5.0
    assert "with less evidence for any class than 99.9 %" in page("draw_verdict").warning[0].value


def test_without_energy_the_verdict_speaks_of_distance_alone(run, store, network):
    keep_features(run, store)
    keep_familiarity(run, store, energy=False)

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
    keep_familiarity(run, store)
    assert buttons(page("draw_verdict")) == ["derived-features-verdict"]


def test_a_run_without_weights_is_told_and_nothing_is_offered(run, store, network):
    (run.folder / "model.keras").unlink()

    for name in ("draw_verdict", "draw_nearest"):
        found = page(name)
        assert "came without its model" in texts(found) and not found.button and not found.error


def test_damaged_scores_are_a_sentence(run, store, network):
    keep_features(run, store)
    keep_familiarity(run, store)
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
    keep_features(run, store)
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


def test_neighbours_of_the_same_class_are_marked_so(run, store, network, monkeypatch):
    keep_features(run, store)
    monkeypatch.setattr("tests.app.test_believe.SHIRT", 0)

    tiles = data_of(page("draw_nearest"), NEAREST)["tiles"]
    assert [tile["sign"] for tile in tiles] == list("≠✓✓✓≠≠≠≠")
    assert "Image 1: T-shirt/top, the class it is taken for, similarity" in tiles[1]["label"]


def test_a_picture_of_which_the_network_says_nothing_has_none(run, store, network):
    keep_features(run, store)
    network.vector = [0, 0]

    data = data_of(page("draw_nearest"), NEAREST)
    assert data["tiles"] == [] and data["notes"][0].startswith("The network says nothing")


def test_what_the_nearest_images_need_is_offered(run, store, network):
    found = page("draw_nearest")

    assert buttons(found) == ["derived-features-nearest"] and network.asked == []
