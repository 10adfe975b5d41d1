"""Reports of runs: sound HTML that asks nothing of the network, whatever a run holds."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shlex
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.cli import build_parser, main
from fmnist_core.cli.settings import changed_experiment
from fmnist_core.exceptions import DataError, ExportError
from fmnist_core.model import presets
from fmnist_core.report import comparison_report, run_report
from fmnist_core.report import page as page_module
from fmnist_core.report.command import train_command
from fmnist_core.report.markup import Html, element, together
from fmnist_core.runs.notes import change_notes
from fmnist_core.runs.run import Run
from fmnist_core.specs import AugmentSpec
from tests.shipped import ONE_LAYER, SHIPPED, SMALL, TWO_LAYER

EVIL = "<script>alert(1)</script>"
VOID = {"meta", "img", "input", "source", "br"}


def pictures() -> np.ndarray:
    return np.zeros((70_000, 28, 28), np.uint8)


class Parsed(HTMLParser):
    """What a browser would make of a page: elements, ids, addresses, headings and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []  # of what element
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> does not end what was opened last"

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def said(self) -> str:
        return " ".join(text for tag, text in self.texts if tag not in ("script", "style"))


@pytest.fixture
def run(tmp_path) -> Run:
    """A copy of a shipped run, to be changed."""
    shutil.copytree(SHIPPED.root / TWO_LAYER, tmp_path / TWO_LAYER)
    return Run(tmp_path / TWO_LAYER)


@pytest.fixture(scope="module")
def reports() -> dict[str, str]:
    runs = [SHIPPED.get(each) for each in (ONE_LAYER, TWO_LAYER)]
    return {
        "run": run_report(runs[1], pictures),
        "two": comparison_report(*runs, pictures),
    }


@pytest.mark.parametrize("kind", ["run", "two"])
def test_a_report_is_one_sound_file_that_needs_no_network(reports, kind):
    text = reports[kind]
    found = Parsed(text)

    assert found.open == [] and len(text.encode()) < 6e6
    assert found.tags[0] == ("html", {"lang": "en"})
    ids = [attributes["id"] for _, attributes in found.tags if attributes.get("id")]
    assert len(ids) == len(set(ids)) > 5
    for _, attributes in found.tags:
        for name in ("href", "src", "srcset", "action", "poster", "data"):
            address = attributes.get(name) or "#"
            assert address.startswith("data:image/") or address[1:] in {"", *ids}, address
    assert all(picture["alt"] for picture in found.of("img"))
    headings = [tag for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == "h1" and headings.count("h1") == 1
    assert all(int(b[1]) <= int(a[1]) + 1 for a, b in pairwise(headings))
    style = "".join(text for tag, text in found.texts if tag == "style")
    assert "url(" not in style and "@import" not in style
    assert 'class="problem"' not in text


@pytest.mark.parametrize("kind", ["run", "two"])
def test_its_policy_allows_its_own_scripts_and_nothing_else(reports, kind):
    found = Parsed(reports[kind])
    policy = next(each["content"] for each in found.of("meta") if "http-equiv" in each)
    scripts = re.findall(r"<script>(.*?)</script>", reports[kind], re.DOTALL)

    hashes = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts]
    assert policy.startswith("default-src 'none'; ")
    assert re.findall("'sha256-(.*?)'", policy) == hashes and len(hashes) == 2
    assert "connect-src" not in policy and "unsafe-eval" not in policy
    assert [name for name, _ in found.tags].index("meta") < [n for n, _ in found.tags].index(
        "script"
    )


def test_a_run_is_told_with_its_figures_and_intervals(reports):
    found = Parsed(reports["run"])
    said = found.said()

    for words in (
        "5,546 of 6,000 images; 95 % interval 91.7–93.1 %",
        "9,188 of 10,000 images; 95 % interval 91.3–92.4 %",
        "7744·64 + 64 = 495,680",
        "Shirt → T-shirt/top: 68 of 600, 11.3 % (9.0–14.1)",
        "75.8 % (72.3–79.1)",
        "temperature is fitted on the validation images: 1.17",
        "python -m fmnist_core train --preset r2-2-layer --early-stopping 8",
        "AMD EPYC",
    ):
        assert words in said, words
    links = {each["href"] for each in found.of("a")}
    assert "#confusion-6-0" in links
    figures = [json.loads(text) for tag, text in found.texts if text.startswith('{"data"')]
    assert len(figures) == 5 and all(figure["data"] for figure in figures)
    first = found.of("img")[1]
    assert first["alt"] == "Image 30,358: Shirt, predicted T-shirt/top with 99.3 %"


def test_a_comparison_begins_with_its_verdict(reports):
    said = Parsed(reports["two"]).said()

    assert (
        "2_Layer is better than 1_Layer by 0.48 points on 6,000 validation images; 156 fixed, "
        "127 broken; p = 0.096: may be chance." in said
    )
    assert "+ Conv2D 64 after dropout_1" in said
    assert "40 of 156, as 1_Layer takes them" in said
    assert "true Shirt, predicted as such: 428 of 600 (71.3 %), now 455" in reports["two"]


def test_the_test_part_is_said_to_flatter():
    said = Parsed(run_report(SHIPPED.get(SMALL), pictures, part="test")).said()

    assert "who chooses by them is flattered" in said
    assert "On 10,000 test images" in said


def test_what_people_wrote_is_text(run, monkeypatch):
    change_notes(run.folder, note=f"look {EVIL}", tag=["best"])
    (run.folder / "result.json").write_text(
        (run.folder / "result.json").read_text().replace("AMD EPYC", EVIL)
    )
    monkeypatch.setattr(Run, "title", property(lambda run: f"{EVIL} \" onload='x'"))
    other = SHIPPED.get(SMALL)

    for text in (run_report(run, pictures), comparison_report(other, run, pictures)):
        found = Parsed(text)
        assert len(re.findall("<script>", text)) == 2
        assert f"{EVIL} \" onload='x'" in found.said()
        assert not any("onload" in attributes for _, attributes in found.tags)
    assert f"look {EVIL}" in Parsed(run_report(run, pictures)).said()


@pytest.mark.parametrize(
    ("file", "lost", "kept"),
    [
        (
            "predictions.npz",
            "Run {id} has no predictions: it came without",
            ["Figures", "The network"],
        ),
        ("metrics.jsonl", "Run {id} has no whole epoch", ["Confusion matrix", "Figures"]),
        ("result.json", "Run {id} has no result yet", ["Confusion matrix", "Have it again"]),
        ("experiment.json", "{id}/experiment.json is missing.", ["Figures", "Classes"]),
    ],
)
def test_what_is_missing_is_said_in_its_section_and_the_rest_is_there(run, file, lost, kept):
    (run.folder / file).unlink()
    text = run_report(run, pictures)

    assert lost.format(id=run.run_id) in Parsed(text).said()
    sound = re.findall(r"<h2>([^<]+)</h2>(?!<p class=\"problem\")", text)
    assert set(kept) <= set(sound)
    assert Parsed(comparison_report(SHIPPED.get(SMALL), run, pictures)).open == []


def test_a_missing_data_set_costs_the_pictures_only():
    def missing():
        raise DataError("Fashion-MNIST is not on this machine.")

    text = run_report(SHIPPED.get(SMALL), missing)

    assert text.count("Fashion-MNIST is not on this machine.") == 2  # two galleries
    assert "Image " not in text.split("<script")[0]


def test_without_the_chart_library_it_says_what_to_install(monkeypatch):
    page_module.plotly_script.cache_clear()
    monkeypatch.setattr(page_module, "find_spec", lambda name: None)

    with pytest.raises(ExportError, match="not installed: pip install plotly"):
        run_report(SHIPPED.get(SMALL), pictures)


def test_a_shell_writes_both_reports(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FMNIST_RUNS_DIR", str(SHIPPED.root))
    monkeypatch.chdir(tmp_path)

    assert main(["report", TWO_LAYER, "--with", SMALL]) == 0
    assert main(["report", SMALL, "-o", "mine.html", "--part", "test"]) == 0

    names = [f"{TWO_LAYER}-against-{SMALL}.html", "mine.html"]
    assert capsys.readouterr().out.splitlines() == [
        f"{name} is written, {len(Path(name).read_bytes()) / 1e6:.1f} MB." for name in names
    ]
    assert "<h1>2_Layer against small</h1>" in Path(names[0]).read_text(encoding="utf-8")
    assert main(["report", SMALL, "-o", "no/such/folder.html"]) == 1
    assert "no/such/folder.html cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("preset", ["small", "r1-augmented", "r4-better"])
def test_the_command_asks_for_the_same_experiment(preset):
    known = presets.load(preset).experiment
    train = replace(known.train, steps=None, epochs=3, nesterov=True, optimizer="sgd", momentum=0.5)
    asked = replace(
        known,
        train=replace(train, class_weights=(1.0, 2.0) * 5),
        augment=AugmentSpec(horizontal_flip=True, rotation=10),
    )
    command = train_command(asked)

    args = build_parser().parse_args(shlex.split(command)[3:])
    again = changed_experiment(presets.load(args.preset).experiment, args)
    assert replace(again, name=asked.name, model=asked.model) == asked
    assert again.model.layers == asked.model.layers


def test_a_network_that_no_preset_has_is_repeated_by_no_command():
    known = presets.load("small").experiment
    layers = (replace(known.model.layers[0], name="renamed"), *known.model.layers[1:])

    assert train_command(replace(known, model=replace(known.model, layers=layers))) is None


@given(st.text(), st.text(alphabet="<>&\"'ab"))
def test_text_comes_back_from_an_element_as_it_was(words, value):
    clean = words.replace("\r", "")
    found = Parsed(element("p", clean, title=value))

    assert "".join(text for _, text in found.texts) == clean
    assert found.tags == [("p", {"title": value})]


def test_elements_hold_elements_and_leave_out_what_is_none():
    row = element("li", "a < b", Html("<b>c</b>"), class_="x", id=None, hidden=True)

    assert together(row, "&") == '<li class="x" hidden>a &lt; b<b>c</b></li>&amp;'
