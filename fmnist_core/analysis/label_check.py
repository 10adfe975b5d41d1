"""Which labels are doubtful, by confident learning with cleanlab."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fmnist_core.analysis.metrics import normalised

# Of cleanlab's filters this one can be said in a sentence, flags the fewest, and keeps nothing in
# variables of its module, so that two sessions can use it at once. One process: it takes 10 ms.
FILTER = "confident_learning"
SCORE = "normalized_margin"  # the one that cleanlab advises for a label where another fits better


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelCheck:
    """What confident learning says of the labels of N images.

    Attributes:
        quality: Probability of the label minus the highest other one, brought to [0, 1],
            float64 (N,); 0.5 where both are as likely, near 0 where the label is likely wrong.
        doubtful: Whether another class is at least as likely as it is on average where it is the
            label, and the likeliest, bool (N,).
    """

    quality: np.ndarray
    doubtful: np.ndarray


def check_labels(y_true: np.ndarray, y_proba: np.ndarray) -> LabelCheck:
    """Find labels that are probably wrong.

    Args:
        y_true: Labels, int (N,).
        y_proba: Probabilities, float (N, C), rows summing to 1, of networks that were not trained
            on these images; calibrated ones, and means of several networks, find more.

    Raises:
        ValueError: There are no images, or the lengths differ.

    Source:
        Northcutt, Jiang and Chuang 2021, https://doi.org/10.1613/jair.1.12125, by
        `cleanlab.filter.find_label_issues` and `cleanlab.rank.get_label_quality_scores`
    """
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    if not len(y_true) or len(y_true) != len(y_proba):
        raise ValueError(f"{len(y_true)} labels do not fit {len(y_proba)} images")
    labels, proba = y_true.astype(np.int64), normalised(y_proba)
    quality = get_label_quality_scores(labels, proba, method=SCORE)
    doubtful = np.zeros(len(labels), bool)
    if len(np.unique(labels)) > 1:  # cleanlab refuses one class, which cannot be mistaken
        doubtful = find_label_issues(labels, proba, filter_by=FILTER, n_jobs=1)
    return LabelCheck(quality=quality, doubtful=doubtful)
