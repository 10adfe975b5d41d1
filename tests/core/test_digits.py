"""R0's recipe on MNIST's digits: files that look like them, a short training, what is said."""

import gzip
import json

import numpy as np
import pytest

from fmnist_core.cli import main
from fmnist_core.data.digits import read_digits
from fmnist_core.data.idx import (
    IDX_FILES,
    MNIST_CLASS_COUNTS,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
)
from fmnist_core.exceptions import DataError
from fmnist_core.export.reference_list import reference_markdown
from fmnist_core.reference import digits, digits_worker
from fmnist_core.reference.digits import DigitsResult, read_result, sentence, write_result
from fmnist_core.runs.store import RunStore

FOUND = DigitsResult(
    correct=9_885,
    images=10_000,
    loss=0.0361,
    validation_accuracy=0.987,
    steps=30_000,
    seconds=1_200.0,
    quick=False,
    time=1_700_000_000.0,
)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory):
    """Files with as many labels of each digit as MNIST's, and a bar for each digit as its image."""
    folder = tmp_path_factory.mktemp("digits")
    rng = np.random.default_rng(5)
    files = (TRAIN_LABELS, TRAIN_IMAGES), (TEST_LABELS, TEST_IMAGES)
    for counts, (label_file, image_file) in zip(MNIST_CLASS_COUNTS, files, strict=True):
        labels = rng.permutation(np.repeat(np.arange(10, dtype=np.uint8), counts))
        images = np.zeros((len(labels), 28, 28), np.uint8)
        for digit in range(10):
            images[labels == digit, 2 * digit + 3 : 2 * digit + 5, 6:22] = 200
        _write(folder / label_file.name, label_file.header, labels)
        _write(folder / f"{image_file.name}.gz", image_file.header, images)
    return folder


def _write(path, header, elements):
    content = header + elements.tobytes()
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)


def copied(folder, tmp_path):
    """A folder with links to the files, one of which a test can spoil."""
    target = tmp_path / "digits"
    target.mkdir()
    for path in folder.iterdir():
        (target / path.name).symlink_to(path)
    return target


def test_files_packed_or_not_are_read_with_the_training_file_first(made_up):
    images, labels = read_digits(made_up)

    assert images.shape == (70_000, 28, 28) and images.dtype == np.uint8
    assert np.bincount(labels[60_000:]).tolist() == MNIST_CLASS_COUNTS[1]
    assert images[labels == 3][0, 9:11, 6:22].min() == 200


def test_a_missing_file_is_named(made_up, tmp_path):
    folder = copied(made_up, tmp_path)
    (folder / TEST_LABELS.name).unlink()
    with pytest.raises(DataError, match=r"holds no t10k-labels.*Give a folder with MNIST's four"):
        read_digits(folder)


def test_clothes_are_no_digits(made_up, tmp_path):
    folder = copied(made_up, tmp_path)
    (folder / TRAIN_LABELS.name).unlink()
    labels = np.repeat(np.arange(10, dtype=np.uint8), 6_000)
    _write(folder / TRAIN_LABELS.name, TRAIN_LABELS.header, labels)
    with pytest.raises(DataError, match="other labels than those of MNIST's digits"):
        read_digits(folder)


def test_a_file_that_is_cut_short_is_told(made_up, tmp_path):
    folder = copied(made_up, tmp_path)
    whole = (folder / TEST_LABELS.name).read_bytes()
    (folder / TEST_LABELS.name).unlink()
    (folder / TEST_LABELS.name).write_bytes(whole[:5_000])
    with pytest.raises(DataError, match=r"is cut short: it holds 5,000 of 10,008 bytes\. Give"):
        read_digits(folder)


@pytest.mark.slow
def test_a_short_training_is_kept_and_said_to_say_nothing(made_up, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(digits_worker, "set_environment", lambda *_: None)  # as this process is
    assert digits_worker.main([str(made_up), str(tmp_path), "--quick"]) == 0
    found = read_result(tmp_path)

    assert found.images == 10_000 and found.quick and found.steps == 120  # 2 × 6,000 in hundreds
    assert found.correct > 5_000  # ten bars are easily told apart
    assert "epoch 2 of 2: " in capsys.readouterr().out
    assert sentence(found).endswith(
        "in 120 steps, cut short to see that it works: it says nothing."
    )


def test_the_command_says_why_nothing_was_trained(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path / "runs"))
    assert main(["reference", "digits", str(tmp_path)]) == 1

    said = capfd.readouterr().err
    assert f"{tmp_path} holds no {IDX_FILES[0].name}" in said
    assert "The digits were not trained" in said
    assert read_result(tmp_path / "runs") is None


def test_the_command_prints_what_came_out(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    asked = []

    def run(command, **_):
        asked.append(command[3:])
        write_result(FOUND, tmp_path)
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr("fmnist_core.cli.reference.subprocess.run", run)
    assert main(["reference", "digits", "somewhere", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["correct"] == 9_885
    assert asked == [["somewhere", str(tmp_path)]]


@pytest.mark.parametrize(
    ("correct", "said"),
    [
        (9_885, "what the report says, within chance. Its figure is most likely of digits."),
        (9_940, "0.59 points above the report, more than chance makes."),
        (9_700, "1.81 points below the report, more than chance makes."),
    ],
)
def test_what_follows_for_the_claim_is_said(correct, said):
    found = DigitsResult(**{**FOUND.__dict__, "correct": correct})
    assert sentence(found).startswith(
        f"On MNIST's digits the same recipe reached {correct / 100:.2f} %"
    )
    assert sentence(found).endswith(said)


def test_without_digits_it_is_said_how_to_train_them(tmp_path):
    page = reference_markdown(RunStore(tmp_path))
    assert page.count(digits.HOW) == 1

    write_result(FOUND, tmp_path)
    assert "On MNIST's digits the same recipe reached 98.85 %" in reference_markdown(
        RunStore(tmp_path)
    )


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"format": 2}', '{"format": 1, "correct": 5}', "[1]"],
)
def test_a_damaged_file_counts_as_none(tmp_path, text):
    (tmp_path / digits.FILE_NAME).write_text(text)
    assert read_result(tmp_path) is None


def test_impossible_counts_count_as_none(tmp_path):
    write_result(FOUND, tmp_path)
    path = tmp_path / digits.FILE_NAME
    path.write_text(path.read_text().replace("9885", "10885"))
    assert read_result(tmp_path) is None
