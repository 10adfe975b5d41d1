"""The Classify page: drawings and samples, step by step, and what can be chosen."""

import pytest

from tests.app import run_folders
from tests.app.component import data_of, is_drawn, send_to
from tests.app.fake_inference import FakeInference
from tests.app.inside_fakes import trained_run
from tests.app.page_text import texts
from tests.app.pictures import data_url, png
from ui.classify.drawing import png_bytes
from ui.classify.samples import FOLDER, SAMPLES

PAD, STRIP = "fmnist_draw_pad", "fmnist_step_strip"


@pytest.fixture
def network(answer_with):
    return answer_with(FakeInference())


@pytest.fixture
def run(store, network):
    """A run with weights and predictions, whose network takes everything for a shirt."""
    found = trained_run(store)
    run_folders.add_predictions(found)
    return found


def draw(page, box=(90, 40, 190, 240)):
    return send_to(page, PAD, {"png": data_url(png(box))})


def chosen(page, key):
    return page.session_state[key]


def test_an_empty_sheet_asks_for_a_drawing(open_page, run):
    page = open_page("classify")

    assert "Draw one garment, filled" in texts(page)
    assert not is_drawn(page, STRIP)


def test_a_drawing_is_answered_and_shown_step_by_step(open_page, run):
    page = draw(open_page("classify"))

    assert "#### Shirt, " in texts(page)
    assert "The background is light (#ffffff), so the garment was negated." in texts(page)
    names = [tile["name"] for tile in data_of(page, STRIP)["tiles"]]
    assert names == ["Picture", "Garment", "Trimmed", "Small", "Sharp", "Stretched", "Centred"]


def test_probabilities_are_at_the_temperature_of_the_validation_images(open_page, run):
    page = draw(open_page("classify"))

    # The fake says 0.919 for the shirt; at another temperature that is another number.
    said = next(line for line in texts(page).splitlines() if line.startswith("#### Shirt"))
    assert "Probabilities at temperature" in texts(page)
    assert said != "#### Shirt, 91.9 %"


def test_a_run_without_predictions_is_asked_as_it_is(open_page, store, network):
    found = run_folders.finished_run(store, "bare")
    (found.folder / "model.keras").write_bytes(b"weights")
    page = draw(open_page("classify", run=found.run_id))

    assert "#### Shirt, 91.9 %" in texts(page)
    assert "Probabilities as they come" in texts(page)


def test_a_blank_drawing_is_one_sentence_and_the_choices_stay(open_page, run):
    page = draw(open_page("classify"), box=(0, 0, 0, 0))

    assert "Nothing in this picture stands out" in texts(page)
    assert page.number_input(key="classify-tolerance").value == 5


@pytest.mark.parametrize(
    "sent", ("javascript:alert(1)", "data:text/html;base64,PGI+", "data:image/png;base64,%%", 7, [])
)
def test_what_is_no_drawing_is_no_picture(open_page, run, sent):
    page = send_to(open_page("classify"), PAD, {"png": sent})

    assert not is_drawn(page, STRIP)


def test_a_drawing_that_is_too_long_is_refused():
    assert png_bytes(data_url(b"x" * 400), limit=400) is None
    assert png_bytes(data_url(b"x"), limit=400) == b"x"


def test_a_drawing_comes_back_after_another_page(open_page, run):
    page = draw(open_page("classify"))
    page.switch_page("runs.py").run()
    page.switch_page("classify.py").run()

    assert data_of(page, PAD)["png"] == data_url(png())


@pytest.mark.parametrize("file", SAMPLES)
def test_every_sample_is_a_picture_that_can_be_prepared(open_page, run, file):
    page = open_page("classify", source="samples", sample=file)

    assert (FOLDER / file).is_file()
    assert is_drawn(page, STRIP) and not page.error
    assert chosen(page, "classify-sample") == file


def test_another_sample_is_chosen_twice(open_page, run):
    page = open_page("classify", source="samples")
    for file in ("mug.jpg", "dress.jpg"):
        page.selectbox(key="classify-sample").set_value(file).run()
        assert SAMPLES[file][1] in texts(page)


def test_an_unknown_sample_is_the_first_one(open_page, run):
    page = open_page("classify", source="samples", sample="../../etc/passwd")

    assert chosen(page, "classify-sample") == next(iter(SAMPLES))


def test_the_background_is_chosen_twice(open_page, run):
    page = open_page("classify", source="samples", sample="white-sneaker.jpg")
    for polarity, said in (("light", "light, as you said"), ("dark", "dark, as you said")):
        page.selectbox(key="classify-polarity").set_value(polarity).run()
        assert said in texts(page)


def test_the_picture_is_turned_twice_and_brought_back(open_page, run):
    page = open_page("classify", source="samples", sample="ankle-boot.jpg")
    upright = data_of(page, STRIP)["tiles"][0]["picture"]
    for degrees in (90, 180):
        page.number_input(key="classify-rotation").set_value(degrees).run()
        assert data_of(page, STRIP)["tiles"][0]["picture"] != upright
    page.button(key="classify-spec-reset").click().run()

    assert data_of(page, STRIP)["tiles"][0]["picture"] == upright
    assert page.number_input(key="classify-rotation").value == 0


def test_a_crop_is_changed_twice_and_no_crop_of_nothing_is_taken(open_page, run):
    page = open_page("classify", source="samples", sample="t-shirt.jpg")
    for ends in ((10, 90), (20, 80)):
        page.slider(key="classify-crop-0").set_value(ends).run()
        assert page.slider(key="classify-crop-0").value == ends
        assert not page.error
    page.slider(key="classify-crop-1").set_value((50, 50)).run()

    assert "Crop must be four numbers from 0 to 1" in texts(page)
    assert page.slider(key="classify-crop-1").value == (0, 100)


def test_choices_belong_to_one_picture(open_page, run):
    page = open_page("classify", source="samples", sample="t-shirt.jpg")
    page.number_input(key="classify-tolerance").set_value(20.0).run()
    page.selectbox(key="classify-sample").set_value("dress.jpg").run()
    assert page.number_input(key="classify-tolerance").value == 5
    page.selectbox(key="classify-sample").set_value("t-shirt.jpg").run()
    assert page.number_input(key="classify-tolerance").value == 20


def test_where_it_looks_is_drawn_for_the_class_and_against_the_next(open_page, run):
    page = open_page("classify", source="samples", show="cam")

    assert "For Shirt rather than T-shirt/top" in texts(page)
    assert "For Shirt, untrained" in texts(page)
    assert "layer conv2d_2, 11×11" in texts(page)


def test_other_runs_stand_side_by_side(open_page, run, store):
    second = run_folders.finished_run(store, "second", correct=5_500)
    (second.folder / "model.keras").write_bytes(b"weights")
    run_folders.finished_run(store, "third without weights")
    page = open_page("classify", source="samples", show="runs", run=run.run_id)
    table = page.dataframe[0].value

    assert list(table["Run"]) == [f"first · {run.run_id}", f"second · {second.run_id}"]
    assert list(table["Prediction"]) == ["Shirt", "Shirt"]
    assert len(set(table[" "])) == 2  # each its own sign
    assert "2 of 2 networks say Shirt." in texts(page)
    for wanted in ([], [second.run_id]):
        page.multiselect(key="classify-runs").set_value(wanted).run()
        assert len(page.dataframe[0].value) == 1 + len(wanted)


def test_other_runs_need_another_run(open_page, run):
    assert "No other run has weights yet" in texts(
        open_page("classify", source="samples", show="runs")
    )


def test_the_address_says_what_is_shown(open_page, run):
    page = open_page("classify", source="samples", sample="mug.jpg", show="cam")
    params = data_of_address(page)

    assert params == {"source": "samples", "sample": "mug.jpg", "show": "cam"}


def data_of_address(page):
    import json

    found = [each.proto for each in page.get("bidi_component")]
    bars = [json.loads(each.json) for each in found if "address" in each.component_name]
    return next(bar["params"] for bar in bars if bar["page"] == "classify-choice")


def test_what_an_address_says_wrongly_is_left_out(open_page, run):
    page = open_page("classify", source="<b>", show="nothing")

    assert data_of_address(page) == {"source": "", "sample": "", "show": ""}
    assert is_drawn(page, PAD)


def test_a_network_that_cannot_be_asked_is_one_sentence(open_page, run, network):
    network.problem = "The process ended."
    page = draw(open_page("classify"))

    assert "The process ended." in texts(page)


def test_a_picture_is_looked_into(open_page, run):
    page = open_page("classify", source="samples", sample="mug.jpg", look="health")
    page.button(key="classify-inside").click().run()

    assert page.title[0].value == "Inside" and not page.exception
    assert page.session_state["inside-choice"].own.name == "mug.jpg"


def test_what_the_network_sees_reaches_it_as_it_is(open_page, run, network, monkeypatch):
    seen = []
    answer = network.ask
    monkeypatch.setattr(
        network,
        "ask",
        lambda task, run_id, arrays=None, **rest: (
            seen.append(arrays["images"]) or answer(task, run_id, arrays, **rest)
        ),
    )
    draw(open_page("classify"))

    # The box is 101 by 201 pixels: 28 rows, and 14 columns in the middle.
    assert (seen[0][0][:, 7:21] > 230).all()
    assert not seen[0][0][:, :7].any() and not seen[0][0][:, 21:].any()


def test_a_picture_is_kept_with_its_true_class_and_found_in_the_challenge_set(open_page, run):
    page = open_page("classify", source="samples", sample="mug.jpg", show="keep")
    box = next(each for each in page.selectbox if each.label.startswith("True class"))
    box.select_index(8).run()
    next(each for each in page.button if each.label == "Keep in the challenge set").click().run()
    assert "In the challenge set as Bag." in texts(page)

    page.get("button_group")[0].set_value("challenge").run()
    assert not page.exception and "1 picture" in texts(page)


def test_the_empty_challenge_set_says_what_to_do(open_page, run):
    page = open_page("classify", source="challenge")

    assert "The challenge set is empty. Keep a picture" in texts(page)
