"""The table of classified pictures."""

from fmnist_core.export.picture_list import pictures_csv

ROW = {
    "file": "shirt.jpg",
    "prediction": "Shirt",
    "confidence": 0.75,
    "then": "Coat",
    "then_confidence": 0.25,
    "problem": "",
}


def test_a_picture_is_a_row_and_a_problem_stands_in_its_own():
    damaged = dict.fromkeys(ROW) | {"file": "x.png", "problem": "This file is empty, you see."}

    assert pictures_csv([ROW, damaged]).splitlines() == [
        "file,prediction,confidence,then,then_confidence,problem",
        "shirt.jpg,Shirt,0.75,Coat,0.25,",
        'x.png,,,,,"This file is empty, you see."',
    ]


def test_no_file_name_becomes_a_formula():
    table = pictures_csv([ROW | {"file": "=HYPERLINK(0).png"}])

    assert table.splitlines()[1].startswith("'=HYPERLINK(0).png,")
