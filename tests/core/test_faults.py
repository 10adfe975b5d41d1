"""Whose fault a mistake is: each rule by itself, their order, and tags."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.analysis.calibration import apply_temperature
from fmnist_core.analysis.fault_evidence import Evidence, Surroundings, gather
from fmnist_core.analysis.fault_rules import AMBIGUOUS, KINDS, LABEL, MODEL, RULES, UNUSUAL
from fmnist_core.analysis.faults import BY_TAG, count_kinds, of_kind, sort_mistakes
from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.exceptions import ComparisonError
from fmnist_core.runs.image_tags import ImageTags
from tests.core.test_agreement import said
from tests.predicted import predicted

DRESS, COAT = 3, 4
NEAR = Surroundings(neighbours=15, true=1, predicted=3, distance=0.1, rank=0.5)
# A dress that 9 runs take for a coat now and then; no rule but the last applies.
PLAIN = Evidence(
    index=7,
    true=DRESS,
    predicted=COAT,
    confidence=0.7,
    runs=9,
    right=0,
    agree=5,
    p_true=0.1,
    p_predicted=0.5,
    p_true_others=0.1,
    quality=0.3,
    doubtful=False,
    around=NEAR,
)


def sorted_one(found, tags=None):
    (fault,) = sort_mistakes([found], tags or ImageTags())
    return fault


def near(**changes):
    return replace(PLAIN, around=replace(NEAR, **changes))


SUSPECT = replace(near(predicted=9), doubtful=True, agree=8)
FAR = near(rank=0.98)
SEEN = replace(PLAIN, right=6, agree=3, p_true_others=0.6)
SPLIT = replace(PLAIN, p_true=0.2, p_predicted=0.2)
BETWEEN = near(true=5, predicted=5)


@pytest.mark.parametrize(
    ("found", "rule", "reason"),
    [
        (
            SUSPECT,
            0,
            "Label suspect: 8 of 9 runs say Coat, cleanlab doubts its label (quality 0.30 of 1), "
            "of 15 neighbours 1 are Dress and 9 Coat.",
        ),
        (
            FAR,
            1,
            "Unusual image: it lies farther from its 15 nearest training images than 98.0 % of "
            "the images that are classified right.",
        ),
        (
            SEEN,
            2,
            "Model mistake: 6 of 8 other runs are right, and together give Dress 60 %.",
        ),
        (SPLIT, 3, "Ambiguous: the 9 runs together give Dress 20 % and Coat 20 %."),
        (BETWEEN, 4, "Ambiguous: of 15 neighbours 5 are Dress and 5 Coat."),
        (
            PLAIN,
            5,
            "Model mistake: no other rule applies; 5 of 9 runs say Coat, cleanlab does not doubt "
            "its label (quality 0.30 of 1), of 15 neighbours 1 are Dress and 3 Coat.",
        ),
    ],
)
def test_a_rule_applies_from_its_thresholds_on(found, rule, reason):
    fault = sorted_one(found)

    assert (fault.rule, fault.kind, fault.reason) == (rule, RULES[rule].kind, reason)


def test_all_is_said_where_it_is_all():
    assert "all 9 runs say Coat" in sorted_one(replace(SUSPECT, agree=9)).reason
    assert "all 8 other runs are right" in sorted_one(replace(SEEN, right=8)).reason
    assert "than all of the images that" in sorted_one(near(rank=1.0)).reason
    assert "than 99.9 % of the images that" in sorted_one(near(rank=0.9996)).reason
    assert "1 of 1 other runs" in sorted_one(replace(SEEN, runs=2, right=1)).reason


@pytest.mark.parametrize(
    "found",
    [
        replace(SUSPECT, doubtful=False),
        replace(SUSPECT, agree=7),  # 78 % of 9
        replace(SUSPECT, around=replace(NEAR, predicted=8)),
        near(rank=0.979),
        replace(SEEN, right=5),  # 63 % of 8
        replace(SEEN, p_true_others=0.59),
        replace(SPLIT, p_true=0.19),
        replace(SPLIT, p_predicted=0.19),
        near(true=4, predicted=5),
        near(true=5, predicted=4),
    ],
)
def test_a_rule_does_not_apply_below_its_thresholds(found):
    assert sorted_one(found).rule == len(RULES) - 1


def test_of_several_rules_the_first_decides():
    values = (
        {"doubtful": True, "agree": 9},
        {"right": 6, "p_true_others": 0.6},
        {"p_true": 0.2, "p_predicted": 0.2},
    )
    found = replace(PLAIN, **{name: value for each in values for name, value in each.items()})
    found = replace(found, around=replace(NEAR, true=5, predicted=9, rank=0.99))
    decided = []
    for loses in (  # what makes the rule that decided last not apply
        {},
        {"doubtful": False},
        {"around": replace(found.around, rank=0.5)},
        {"right": 5},
        {"p_true": 0.1},
        {"around": replace(found.around, rank=0.5, true=4)},
    ):
        found = replace(found, **loses)
        decided.append(sorted_one(found).rule)
    assert decided == [0, 1, 2, 3, 4, 5]


def test_without_features_and_other_runs_what_is_left_decides():
    alone = replace(PLAIN, runs=1, agree=1, around=None, p_true_others=0.0)

    assert sorted_one(replace(alone, doubtful=True)).reason == (
        "Label suspect: cleanlab doubts its label (quality 0.30 of 1)."
    )
    assert sorted_one(replace(alone, p_true=0.3)).reason == (
        "Ambiguous: the run gives Dress 30 % and Coat 50 %."
    )
    assert sorted_one(alone).kind == MODEL


@pytest.mark.parametrize(
    ("words", "kind", "word"),
    [
        (["label wrong"], LABEL, "label wrong"),
        (["ambiguous"], AMBIGUOUS, "ambiguous"),
        (["unusual"], UNUSUAL, "unusual"),
        (["cropped"], UNUSUAL, "cropped"),
        (["model mistake"], MODEL, "model mistake"),
        (["cropped", "ambiguous"], AMBIGUOUS, "ambiguous"),
        (["label wrong", "model mistake"], MODEL, "model mistake"),
    ],
)
def test_a_tag_overrules_the_rules_and_says_so(words, kind, word):
    tags = ImageTags()
    for each in words:
        tags = tags.with_tag([7], each)

    fault = sorted_one(SUSPECT, tags)

    assert (fault.kind, fault.tag, fault.rule) == (kind, word, 0)
    assert fault.reason.startswith(
        f'{KINDS[kind]}, by your tag "{word}". The rules say: Label suspect: 8 of 9 runs'
    )


def test_other_tags_decide_nothing():
    tags = ImageTags().with_tag([7], "worn out").with_tag([8], "label wrong")

    assert sorted_one(SPLIT, tags).kind == AMBIGUOUS


def test_a_kind_is_listed_with_tagged_ones_first_and_then_the_clearest():
    mistakes = [
        replace(SUSPECT, index=1, quality=0.2),
        replace(SUSPECT, index=2, quality=0.1),
        replace(SUSPECT, index=3, quality=0.4),
        replace(SPLIT, index=4),
    ]
    faults = sort_mistakes(mistakes, ImageTags().with_tag([3], "label wrong"))

    assert [fault.evidence.index for fault in of_kind(faults, LABEL)] == [3, 2, 1]
    label, unusual, ambiguous, model = count_kinds(faults)
    assert (label.images, label.of, label.by_tag) == (3, 4, 1)
    assert label.classes == (0, 0, 0, 3, 0, 0, 0, 0, 0, 0)
    assert label.interval == wilson_interval(3, 4)
    assert [each.images for each in (unusual, ambiguous, model)] == [0, 1, 0]
    assert count_kinds([]) == []


def test_evidence_of_three_runs_by_hand():
    # Image 1 is a 0 that two of three take for a 9. The first run is as sure as it says; the
    # second, at a temperature of 2, gives the roots of 0.8 and 0.2, which are 2 to 1.
    runs = [
        said([0, 0, 9], [(0, 0.9), (9, 0.7), (9, 0.9)]),
        said([0, 0, 9], [(0, 0.9), (9, 0.8), (9, 0.9)]),
        said([0, 0, 9], [(0, 0.9), (0, 0.6), (9, 0.9)]),
    ]
    for run, of_0 in zip(runs, (0.3, 0.2, 0.6), strict=True):
        run.y_proba[1, [0, 9]] = of_0, 1 - of_0

    (found,) = gather(runs, [1.0, 2.0, 1.0], [NEAR])

    assert (found.index, found.true, found.predicted, found.runs) == (1, 0, 9, 3)
    assert (found.right, found.agree, found.around) == (1, 2, NEAR)
    assert found.confidence == pytest.approx(0.7)
    assert found.p_true == pytest.approx((0.3 + 1 / 3 + 0.6) / 3)
    assert found.p_predicted == pytest.approx(1 - found.p_true)
    assert found.p_true_others == pytest.approx((1 / 3 + 0.6) / 2)
    assert found.quality == pytest.approx((found.p_true - found.p_predicted + 1) / 2)


def test_runs_must_have_predicted_all_images():
    run = said([0, 1], [(0, 0.9), (0, 0.9)])

    with pytest.raises(ComparisonError, match="Not all of the 2 test images were predicted by"):
        gather([run, said([0], [(0, 0.9)])], [1.0, 1.0])
    assert len(gather([run, said([0, 1, 2], [(0, 0.9)] * 3)], [1.0, 1.0])) == 1


WORDS = st.lists(st.sampled_from([*BY_TAG, "worn out"]), max_size=3)


@given(
    st.builds(
        Evidence,
        index=st.integers(0, 9),
        true=st.just(DRESS),
        predicted=st.just(COAT),
        confidence=st.floats(0.1, 1),
        runs=st.just(4),
        right=st.integers(0, 3),
        agree=st.integers(1, 4),
        p_true=st.floats(0, 1),
        p_predicted=st.floats(0, 1),
        p_true_others=st.floats(0, 1),
        quality=st.floats(0, 1),
        doubtful=st.booleans(),
        around=st.none()
        | st.builds(
            Surroundings,
            neighbours=st.just(15),
            true=st.integers(0, 15),
            predicted=st.integers(0, 15),
            distance=st.floats(0, 2),
            rank=st.floats(0, 1),
        ),
    ),
    WORDS,
)
def test_each_mistake_is_of_one_kind_and_tags_win(found, words):
    tags = ImageTags()
    for word in words:
        tags = tags.with_tag([found.index], word)

    fault = sorted_one(found, tags)

    assert [kind for kind in KINDS if of_kind([fault], kind)] == [fault.kind]
    assert fault.reason.startswith(KINDS[fault.kind])
    wanted = [kind for word, kind in BY_TAG.items() if word in words]
    assert fault.kind == (wanted[0] if wanted else RULES[fault.rule].kind)
    assert not any(rule.says(found) for rule in RULES[: fault.rule])


@given(predicted(max_size=60), st.floats(0.5, 3))
def test_every_mistake_of_a_run_has_evidence(run, temperature):
    found = gather([run, run], [temperature, temperature])

    assert [each.index for each in found] == run.index[run.wrong].tolist()
    scaled = apply_temperature(run.y_proba, temperature)[run.wrong]
    rows = np.arange(len(scaled))
    assert [each.p_true for each in found] == pytest.approx(scaled[rows, run.y_true[run.wrong]])
    assert all(each.agree == 2 and each.right == 0 for each in found)
    assert all(each.p_true_others == pytest.approx(each.p_true) for each in found)
    faults = sort_mistakes(found, ImageTags())
    assert sum(each.images for each in count_kinds(faults)) == len(found)
