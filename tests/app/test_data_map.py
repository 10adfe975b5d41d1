"""The Data page's map: PCA at once, t-SNE once it is computed, what is chosen on it."""

from __future__ import annotations

import base64

import numpy as np

from fmnist_core.analysis.embedding import Embedding, Map, Source, write_embedding
from fmnist_core.analysis.pixel_sample import sample_indices
from fmnist_core.derived.kinds import PIXEL_MAP
from fmnist_core.derived.place import result_path
from fmnist_core.derived.subject import DATA_SET
from tests.app.component import data_of, is_drawn, send_to
from tests.app.page_text import texts
from ui import cache

MAP, GALLERY = "fmnist_point_map", "fmnist_gallery"


def method(page):
    return next(each for each in page.segmented_control if each.key == "data-map-method")


def index_of(page) -> list[int]:
    return np.frombuffer(base64.b64decode(data_of(page, MAP)["index"]), np.int32).tolist()


def keep_map(store) -> None:
    folder = result_path(store.root, DATA_SET, PIXEL_MAP)
    folder.mkdir(parents=True)
    index = sample_indices(cache.data_set().labels)
    points = np.stack([np.arange(5_000), np.zeros(5_000)], axis=1).astype(np.float32)
    each = Map(points=points, kept=np.full(5_000, 6, np.uint8))
    write_embedding(
        folder,
        Embedding(
            index=index,
            same=np.full(5_000, 12, np.uint8),
            maps={"pca": each, "tsne": each},
            source=Source(layer="pixels", size=784, projected=False, silent=0, explained=0.47),
        ),
    )


def test_pca_stands_there_at_once_with_what_it_holds(open_page):
    page = open_page("data", data="map")
    found = data_of(page, MAP)
    assert [group["count"] for group in found["groups"]] == ["500"] * 10
    assert found["alt"].startswith("Map of 5,000 training images by PCA of their pixels")
    assert "PCA's two directions hold 47 % of the variance" in texts(page)
    assert all(image < 60_000 for image in index_of(page))


def test_tsne_is_offered_then_shown_with_its_worth(open_page, store):
    page = open_page("data", data="map")
    method(page).set_value("tsne").run()
    assert not is_drawn(page, MAP)
    assert any(button.key == "derived-pixelmap" for button in page.button)
    keep_map(store)
    page.run()
    assert "**6.0** are also among its 15 nearest on this map, and **12.0**" in texts(page)
    method(page).set_value("pca").run()
    assert "47 %" in texts(page)


def test_umap_that_is_not_installed_says_how_to_get_it(open_page, monkeypatch):
    page = open_page("data", data="map")
    monkeypatch.setattr("ui.data.pixel_map.umap_is_installed", lambda: False)
    method(page).set_value("umap").run()
    assert "UMAP is not installed" in texts(page)


def test_what_is_chosen_is_shown_below_and_opens_among_the_images(open_page):
    page = open_page("data", data="map")
    first, second = index_of(page)[:2]
    sent = {"picked": {"images": [second, first, "x", -1]}}
    page = send_to(page, MAP, sent)
    assert "2 images chosen" in [each.value for each in page.subheader]
    assert [tile["image"] for tile in data_of(page, GALLERY)["tiles"]] == [first, second]
    page = send_to(page, GALLERY, {"opened": {"image": second}})
    assert data_of(page, "fmnist_image_card")["image"] == second


def test_a_button_leads_to_the_map_of_a_networks_features(open_page):
    page = open_page("data", data="map")
    next(each for each in page.button if each.key == "data-map-inside").click().run()
    assert page.title[0].value == "Inside"
