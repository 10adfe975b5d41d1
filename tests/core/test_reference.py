"""Claims of reports beside runs: what repeats a claim, and what is said of it."""

import dataclasses

import pytest

from fmnist_core.exceptions import FmnistError, SpecError
from fmnist_core.export.reference_list import bounds, claimed, found, reference_markdown
from fmnist_core.model import presets
from fmnist_core.reference import REPORTS, claim_named, claims_named, measure
from fmnist_core.reference.asked import wanted
from fmnist_core.reference.measured import reach
from fmnist_core.runs.outcome import Share
from fmnist_core.runs.status import FINISHED, Status
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.summary import RunSummary, recipe
from tests.app import run_folders
from tests.ended import outcome

CLAIMS = [claim for report in REPORTS for claim in report.claims]


def ended(claim, correct=9_100, images=10_000, number=1, state=FINISHED, **changes):
    """A finished run that repeats a claim, with so many of its images right."""
    asked = claim.experiment()
    return RunSummary(
        run_id=f"20261127-12000{number}-aaaaaa",
        recipe=recipe(asked),
        status=Status(state=state),
        result=outcome(correct, images),
        settings={"seed": asked.train.seed},
        **changes,
    )


def test_every_claim_has_a_name_of_its_own_and_a_preset():
    names = [claim.name for claim in CLAIMS]
    assert len(set(names)) == len(names) == 31
    for claim in CLAIMS:
        assert 0 < claim.low <= claim.high < 1
        assert claim.experiment().model == presets.load(claim.preset).experiment.model


def test_claims_are_found_by_name_and_by_report():
    assert claim_named("R2_1_Layer").label == "1_Layer"
    assert [claim.name for claim in claims_named("R4")] == ["r4-baseline", "r4-better"]
    with pytest.raises(FmnistError) as refused:
        claim_named("r1-mlp-4")
    assert str(refused.value) == (
        'No reference is called "r1-mlp-4". Did you mean r1-mlp-3 or r1-mlp-2 or r1-mlp-1? '
        '"fmnist reference list" lists them all.'
    )


def test_changes_of_a_claim_reach_its_experiment():
    assert claim_named("r1-linear-cnn-batch-32").experiment().train.batch_size == 32
    asked = claim_named("r2-2-layer-resplit").experiment()
    assert (asked.data.split, asked.sizes.train, asked.sizes.test) == ("resplit", 56_000, 14_000)


def test_a_quick_run_is_short_and_repeats_nothing():
    claim = claim_named("r0-lenet")
    quick = claim.experiment(quick=True)

    assert (quick.train.epochs, quick.train.steps, quick.data.subset) == (2, None, 6_000)
    assert recipe(quick) != recipe(claim.experiment())


def test_only_ended_runs_of_the_same_recipe_count():
    claim, other = claim_named("r2-1-layer"), claim_named("r2-2-layer")
    waiting = dataclasses.replace(ended(claim, number=2), result=None)
    named = ended(claim, title="another name", number=3)

    assert measure(claim, [ended(other), waiting]).runs == ()
    assert measure(claim, [ended(other), waiting, named]).runs == (named,)


@pytest.mark.parametrize(
    ("correct", "verdict"),
    # At 91.37 %, chance makes 0.9 points: 0.8 above is near, 1.0 is not.
    ((9_137, "reproduced"), (9_217, "reproduced"), (9_237, "higher"), (9_037, "lower")),
)
def test_a_verdict_follows_from_the_distance(correct, verdict):
    claim = claim_named("r2-1-layer")

    assert measure(claim, [ended(claim, correct)]).verdict == verdict


def test_a_shorter_training_that_ends_lower_says_nothing_of_the_claim():
    claim = claim_named("r3-vgg-short")  # of 94.50 to 94.80 %
    assert claim.experiment().train.epochs == 24
    measured = measure(claim, [ended(claim, 9_250)])

    assert (measured.verdict, measured.reason) == (
        "lower",
        "2.0 points below the report, after 24 of 50 epochs: it speaks neither for nor against it.",
    )
    assert measure(claim, [ended(claim, 9_470)]).verdict == "reproduced"


def test_a_range_is_reproduced_from_end_to_end():
    claim = claim_named("r1-mastery")  # 87.20 to 89.93 %
    for correct in (8_720, 8_850, 8_993):
        assert measure(claim, [ended(claim, correct)]).verdict == "reproduced"
    assert measure(claim, [ended(claim, 9_150)]).verdict == "higher"


def test_a_distance_by_chance_is_that_of_two_runs():
    # Without seeds, at 50 % of 10,000 images: 1.96 · √2 · 0.5 %, and seeds add 0.15 points each.
    assert reach(0.5, 10_000) == pytest.approx(1.96 * (2 * (0.005**2 + 0.0015**2)) ** 0.5)
    assert reach(0.91, 10_000) == pytest.approx(0.0090, abs=0.0001)


def test_what_beats_all_that_is_published_is_not_plausible():
    claim = claim_named("r0-lenet")
    before, after = measure(claim, []), measure(claim, [ended(claim, 9_881)])

    assert before.verdict == after.verdict == "not plausible"
    assert after.reason == ("98.8 % is more than the best published network reaches, 96.9 %.")


def test_validation_claims_are_held_against_validation():
    claim = claim_named("r1-linear-cnn-batch-64")
    row = ended(claim)
    parts = dataclasses.replace(row.result, validation=Share(correct=9_900, images=12_000))
    row = dataclasses.replace(row, result=parts)

    assert measure(claim, [row]).accuracy == pytest.approx(0.825)


def test_seeds_are_averaged_and_their_deviation_is_told():
    claim = claim_named("r4-better")
    rows = [ended(claim, correct, number=n) for n, correct in enumerate((9_000, 9_100, 9_200))]
    measured = measure(claim, rows)

    assert measured.accuracy == pytest.approx(0.91)
    assert measured.deviation == pytest.approx(0.01)
    assert found(measured) == "91.00 % ± 1.00"


def test_what_is_there_is_not_trained_again():
    claims = claims_named("r4")
    assert [each.name for each in wanted(claims, [])] == ["r4-baseline", "r4-better"]
    assert [each.name for each in wanted(claims, [ended(claims[0])])] == ["r4-better"]
    seeds = [each.train.seed for each in wanted(claims[:1], [ended(claims[0])], seeds=3)]
    assert seeds == [8, 9]


def test_a_run_that_was_stopped_early_repeats_nothing():
    claims = claims_named("r4")
    stopped = ended(claims[0], state="stopped")

    assert measure(claims[0], [stopped]).runs == ()
    assert [each.name for each in wanted(claims, [stopped])] == ["r4-baseline", "r4-better"]


def test_two_claims_of_one_recipe_need_one_run():
    both = [claim_named("r1-linear-cnn"), claim_named("r1-linear-cnn-batch-128")]

    assert len(wanted(both, [])) == 1


@pytest.mark.parametrize("seeds", (0, 21, "many", 1.5, None))
def test_a_number_of_seeds_that_cannot_be_is_refused(seeds):
    with pytest.raises(SpecError, match="Seeds must be"):
        wanted(claims_named("r4"), [], seeds=seeds)


def test_figures_are_written_with_their_interval():
    claim = claim_named("r1-linear-cnn-batch-32")
    assert claimed(claim) == "82.46 % (validation)"
    assert claimed(claim_named("r1-dropout")) == "87.21–88.26 %"
    nothing = measure(claim, [])
    assert (found(nothing), bounds(nothing)) == ("–", "–")
    assert bounds(measure(claim, [ended(claim, 9_000)])) == "89.4–90.6 %"


def test_the_page_of_results_has_a_row_for_each_claim_and_each_run(tmp_path):
    store = RunStore(tmp_path)
    made = store.create(claim_named("r4-better").experiment())
    done = run_folders.finished_run(RunStore(tmp_path / "other"), correct=5_460)
    for name in ("result.json", "status.json"):
        (made.folder / name).write_bytes((done.folder / name).read_bytes())
    text = reference_markdown(store)

    assert "| Baseline | 69.18 % | – | – | 0 | not measured |" in text
    assert "- **LeNet, 30,000 steps of gradient descent**: 98.8 % is more than" in text
    assert "- **Better**: 0.2" not in text and "- **Baseline**" not in text
    assert (
        sum(line.startswith("| ") for line in text.splitlines()) == 31 + 2 * (len(REPORTS) + 1) + 1
    )
    assert f"| r4-better · {made.run_id} | " in text
