"""How long an epoch takes in the ways that reports compare; nothing is trained here."""

import json

import pytest

from fmnist_core.cli import main
from fmnist_core.export.reference_list import reference_markdown
from fmnist_core.reference import REPORTS, timing
from fmnist_core.runs.store import RunStore
from tests.probed import keep, keep_step

VGG = next(report for report in REPORTS if report.key == "r3").timed
TOUR = next(report for report in REPORTS if report.key == "r1").timed


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(tmp_path))
    return RunStore(tmp_path)


def test_the_ways_differ_in_what_their_labels_say():
    settings = [(way.experiment.train.precision, way.experiment.train.onednn) for way in VGG]
    assert settings == [
        ("float32", True),
        ("float32", False),
        ("mixed_bfloat16", True),
        ("mixed_bfloat16", False),
    ]
    assert [way.label for way in VGG[:2]] == ["float32, oneDNN on", "float32, oneDNN off"]
    assert [way.experiment.train.batch_size for way in TOUR] == [32, 64, 128]


def test_nothing_is_known_before_it_was_timed(store):
    found = timing.timings(VGG, store)

    assert [each.seconds for each in found] == [None] * 4
    assert timing.untimed(found) == list(VGG)
    assert timing.timing_table(found)[1] == (
        "float32, oneDNN off",
        "about 930 s an epoch",
        "–",
        "–",
    )


def test_an_epoch_is_its_steps_and_its_validation(store):
    keep_step(store, VGG[0].experiment, 0.1)
    keep_step(store, VGG[1].experiment, 0.4)
    found = timing.timings(VGG, store)

    # 54,000 images in batches of 32; 6,000 validate, 0.0001 s each.
    assert found[0].seconds == pytest.approx(1687.5 * 0.1 + 0.6)
    assert [row[2:] for row in timing.timing_table(found)[:2]] == [
        ("2 min 49 s", "1.0"),
        ("11 min", "4.0"),
    ]
    assert timing.untimed(found) == list(VGG[2:])


def test_what_failed_is_timed_again(store):
    keep(store, VGG[0].experiment, failure="It took too long.")
    assert timing.untimed(timing.timings(VGG, store)) == list(VGG)


def test_the_machine_is_named_and_what_disturbed_it(store):
    keep_step(store, TOUR[0].experiment, 0.01)
    result = timing.timings(TOUR, store)[0].found.result

    assert timing.timed_by([result]) == "Some [processor](http://x), 2 cores"


def test_short_epochs_are_written_exactly(store):
    keep_step(store, TOUR[2].experiment, 0.02)
    rows = timing.timing_table(timing.timings(TOUR, store))

    assert rows[2] == ("Linear CNN, batch 128", "24 s of training", "8.7 s", "1.0")


def test_times_stand_on_the_page_of_results_once_they_are_known(store):
    assert "times the fastest" not in reference_markdown(store)
    keep_step(store, VGG[2].experiment, 0.1)

    page = reference_markdown(store)
    assert "| bfloat16, oneDNN on | – | 2 min 49 s | 1.0 |" in page
    assert "timed by `fmnist reference times`: Some [processor](http://x), 2 cores." in page


def test_the_command_times_what_is_missing_and_prints_all(store, capsys, monkeypatch):
    asked = []

    def probe(experiment, store, *, again):
        asked.append((experiment.train.batch_size, again))
        keep_step(store, experiment, 0.1)

    monkeypatch.setattr("fmnist_core.reference.timing.probe", probe)
    assert main(["reference", "times", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)

    assert asked == [(32, False), (64, False), (128, False), *[(32, False)] * 4]
    assert rows[3]["what"] == "float32, oneDNN on"
    assert rows[3]["epoch_seconds"] == pytest.approx(169.35)

    assert main(["reference", "times", "--again"]) == 0
    assert asked[-1] == (32, True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "R1 · Tour"
    assert lines[1].split("  ")[1] == "what" and lines[1].endswith("times the fastest")
    assert lines[-1].startswith("  Timed by Some [processor]")
    assert [line.split()[-1] for line in lines[2:5]] == ["3.9", "2.0", "1.0"]


def test_what_cannot_be_timed_is_one_sentence(store, capsys, monkeypatch):
    keep_step(store, TOUR[0].experiment, 0.1)
    monkeypatch.setattr("fmnist_core.jobs.probe.begin", _full_disk)
    assert main(["reference", "times"]) == 1
    assert "could not be timed: No space left" in capsys.readouterr().err


def _full_disk(*_):
    raise OSError(28, "No space left on device")
