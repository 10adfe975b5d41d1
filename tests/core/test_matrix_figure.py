"""What the confusion matrix is given."""

from __future__ import annotations

import numpy as np

from fmnist_core.figures.matrix import difference_data, matrix_data
from fmnist_core.figures.scale import STEPS
from ui.errors.figures import chosen_figure

LABELS = list(range(10))
COUNTS = np.diag([100] * 10)
COUNTS[6] = [25, 0, 0, 0, 0, 0, 75, 0, 0, 0]


def test_colours_are_by_the_root_of_the_share_of_the_largest():
    # 25 of 100: half of the way
    cells = matrix_data(COUNTS, by="counts", order=LABELS, diagonal=True)["cells"]

    assert cells[0][0]["step"] == STEPS
    assert cells[6][0]["step"] == STEPS // 2
    assert cells[1][2] == {
        "text": "0",
        "step": 0,
        "tip": "true Trouser, predicted Pullover: 0 of 100 (0.0 %)",
    }


def test_without_the_diagonal_the_largest_mistake_is_the_darkest():
    cells = matrix_data(COUNTS, by="counts", order=LABELS, diagonal=False)["cells"]

    assert (cells[6][0]["text"], cells[6][0]["step"]) == ("25", STEPS)
    assert (cells[0][0]["text"], cells[0][0]["step"]) == ("·", 0)


def test_rows_columns_and_totals_follow_the_order():
    order = [6, 0, *(label for label in LABELS if label not in (0, 6))]
    data = matrix_data(COUNTS, by="predicted", order=order, diagonal=True)

    assert data["codes"] == order
    assert data["names"][:2] == ["Shirt", "T-shirt/top"]
    assert data["cells"][0][1]["text"] == "20.0"  # 25 of the 125 that are predicted T-shirt
    assert data["totals"]["columns"][:2] == ["75", "125"]
    assert data["totals"]["rows"][:2] == ["100", "100"]
    assert data["row_tips"][0] == "all 100 images that are Shirt: 75 right"
    assert data["column_tips"][1] == "all 125 images predicted T-shirt/top: 100 right"


def test_a_class_that_never_occurs_has_no_share():
    data = matrix_data(np.zeros((10, 10), int), by="actual", order=LABELS, diagonal=True)

    assert {cell["text"] for row in data["cells"] for cell in row} == {"0"}
    assert data["cells"][3][4]["tip"] == "true Dress, predicted Coat: 0 of 0"
    assert chosen_figure(np.zeros((10, 10), int), 3, None)[2] == "no such image"


def test_a_difference_says_what_became_more_and_what_less():
    # The second run takes 9 shirts for T-shirts, not 25, and one bag for a trouser.
    after = np.diag([100] * 10)
    after[6] = [9, 0, 0, 0, 0, 0, 91, 0, 0, 0]
    after[8, 1], after[8, 8] = 1, 99
    data = difference_data(COUNTS, after, by="counts", order=LABELS, diagonal=False)
    cells = data["cells"]

    assert (cells[6][0]["text"], cells[6][0]["step"]) == ("−16", -STEPS)
    assert (cells[8][1]["text"], cells[8][1]["step"]) == ("+1", STEPS // 4)  # 1 of 16: a quarter
    assert (cells[1][2]["text"], cells[1][2]["step"]) == ("0", 0)
    assert cells[6][6]["text"] == "·"
    assert data["scale"] == "signed"
    assert cells[6][0]["tip"] == "true Shirt, predicted T-shirt/top: 25 of 100 (25.0 %), now 9"
    shares = difference_data(COUNTS, after, by="actual", order=LABELS, diagonal=True)["cells"]
    assert shares[6][6]["text"] == "+16.0"


def test_two_equal_matrices_do_not_differ():
    data = difference_data(COUNTS, COUNTS, by="predicted", order=LABELS, diagonal=True)

    assert {cell["text"] for row in data["cells"] for cell in row} == {"0"}
    assert {cell["step"] for row in data["cells"] for cell in row} == {0}
