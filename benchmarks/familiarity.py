"""How well strange pictures are told from the data set's: AUROC, and the share called unlike.

    python benchmarks/familiarity.py [--images 500] [--photos 50] [--k 1 10 50]

All test images under the shipped runs against pictures that the networks were not made for, which
are made here from scikit-learn's digits, from noise, and from test images; and against photos that
become pictures as in benchmarks/photo.py, of which few should be called unlike. With --k: the mean
AUROC of the distance to the k-th neighbour, for validation images, by which k was chosen.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.metrics import roc_auc_score

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.photo import SCENES, there_and_back  # noqa: E402
from fmnist_core.analysis.familiarity import (  # noqa: E402
    Familiarity,
    distances,
    judge,
    load_familiarity,
)
from fmnist_core.analysis.features import load_features  # noqa: E402
from fmnist_core.analysis.neighbours import Features, kth_similarity, nearest_to  # noqa: E402
from fmnist_core.data.files import FashionMnist, load  # noqa: E402
from fmnist_core.data.splits import Split, split_indices  # noqa: E402
from fmnist_core.derived.kinds import FAMILIARITY  # noqa: E402
from fmnist_core.derived.results import compute  # noqa: E402
from fmnist_core.inference.client import Inference  # noqa: E402
from fmnist_core.runs.run import Run  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402

SEED = 7
BATCH = 1_000
KNOWN, PHOTOS = "test images", "photos of garments, six kinds"
SCORES = ("distance", "energy", "larger share", "max softmax")


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """A shipped run with what a verdict needs."""

    run: Run
    split: Split
    features: Features
    familiarity: Familiarity

    def distance(self, vectors: np.ndarray) -> np.ndarray:
        """Return how far pictures lie from the training images."""
        return distances(self.features, vectors, self.split.train)


def pictures(data: FashionMnist, images: int, photos: int) -> dict[str, np.ndarray]:
    """Make all pictures, uint8 (N, 28, 28), by what they are."""
    rng = np.random.default_rng(SEED)
    places = np.sort(rng.choice(10_000, images, replace=False))
    test = data.x_test[places]
    found = {
        KNOWN: data.x_test,
        "digits": digits()[:images],
        "uniform noise": rng.integers(0, 256, test.shape).astype(np.uint8),
        "Gaussian noise": np.clip(rng.normal(127.5, 64, test.shape), 0, 255).astype(np.uint8),
        "inverted": 255 - test,
        "cropped, middle 14×14": np.stack([cropped(each, 7, 7, 14) for each in test]),
        "cropped, any 20×20": np.stack(
            [cropped(each, *rng.integers(0, 9, 2), 20) for each in test]
        ),
        "upside down": test[:, ::-1],
    }
    jobs = [(scene, int(place)) for scene in SCENES for place in places[:photos]]
    with Pool(2) as pool:
        taken = np.stack(pool.map(there_and_back, jobs, chunksize=20))
    return found | {PHOTOS: taken[taken.max(axis=(1, 2)) > 0]}


def digits() -> np.ndarray:
    """Enlarge scikit-learn's 1,797 digits of 8×8 to a box of 20×20 in the middle, as MNIST has."""
    found = np.zeros((1_797, 28, 28), np.uint8)
    for place, each in enumerate(load_digits().images):
        small = Image.fromarray(np.rint(each * 255 / 16).astype(np.uint8))
        found[place, 4:24, 4:24] = np.asarray(small.resize((20, 20), Image.Resampling.BICUBIC))
    return found


def cropped(pixels: np.ndarray, top: int, left: int, side: int) -> np.ndarray:
    """Enlarge a square of an image to the whole."""
    part = Image.fromarray(pixels[top : top + side, left : left + side])
    return np.asarray(part.resize((28, 28), Image.Resampling.BICUBIC))


@contextmanager
def shipped() -> Iterator[RunStore]:
    """Yield a store of the shipped runs in which later results can be computed."""
    with tempfile.TemporaryDirectory() as folder:
        for run_id in RunStore(ROOT / "saved_runs").run_ids():
            (Path(folder) / run_id).symlink_to(ROOT / "saved_runs" / run_id)
        yield RunStore(Path(folder))


def known(store: RunStore, run_id: str, data: FashionMnist) -> Known:
    """Compute what a verdict needs, and say how long that took."""
    run, started = store.get(run_id), time.perf_counter()
    compute(run, FAMILIARITY, store)
    print(f"{run.title}: computed in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return Known(
        run=run,
        split=split_indices(data.labels, run.experiment.data),
        features=load_features(run, store),
        familiarity=load_familiarity(run, store),
    )


def ask(inference: Inference, run_id: str, images: np.ndarray) -> dict[str, np.ndarray]:
    """Ask for what tells strange pictures."""
    parts = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
    answers = [
        inference.ask("familiarity", run_id, {"images": part}, seconds=120).arrays for part in parts
    ]
    return {name: np.concatenate([each[name] for each in answers]) for name in answers[0]}


def scores(each: Known, answer: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the four scores, float (4, N), and whether pictures are called unlike, bool (N,)."""
    distance = each.distance(answer["vectors"])
    verdicts = [
        judge(each.familiarity, float(far), float(energy))
        for far, energy in zip(distance, answer["energy"], strict=True)
    ]
    larger = [max(found.farther_than, found.weaker_than or 0.0) for found in verdicts]
    unlike = np.array([not found.like for found in verdicts])
    return np.stack([distance, answer["energy"], larger, -answer["proba"].max(axis=1)]), unlike


def auroc(ours: np.ndarray, strange: np.ndarray) -> float:
    """Return how often a strange picture scores higher than one of ours."""
    truth = np.repeat([0, 1], [len(ours), len(strange)])
    return float(roc_auc_score(truth, np.concatenate([ours, strange])))


def main() -> None:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--photos", type=int, default=50, help="of each kind")
    parser.add_argument("--k", type=int, nargs="*", default=[])
    args = parser.parse_args()
    data = load()
    shown = pictures(data, args.images, args.photos)
    with shipped() as store:
        runs = [known(store, run_id, data) for run_id in sorted(store.run_ids())]
        inference = Inference(store.root)
        try:
            answers = [
                {name: ask(inference, each.run.run_id, images) for name, images in shown.items()}
                for each in runs
            ]
        finally:
            inference.close()
        table(runs, answers)
        if args.k:
            k_table(runs, answers, args.k)
        times(runs[0], data)


def table(runs: list[Known], answers: list[dict[str, dict[str, np.ndarray]]]) -> None:
    """Print the AUROC of each score, and the share called unlike, one figure a run."""
    found = [
        {name: scores(each, answer) for name, answer in of.items()}
        for each, of in zip(runs, answers, strict=True)
    ]
    print(f"| pictures ({', '.join(each.run.title for each in runs)}) | number | ", end="")
    print(" | ".join((*SCORES, "called unlike")), "|\n|---|---" + "|---" * 5 + "|", sep=" ")
    for name in answers[0]:
        cells = [
            " / ".join(f"{auroc(of[KNOWN][0][row], of[name][0][row]):.3f}" for of in found)
            if name != KNOWN
            else "–"
            for row in range(len(SCORES))
        ]
        shares = " / ".join(f"{100 * of[name][1].mean():.1f}" for of in found)
        number = len(found[0][name][1])
        print(f"| {name} | {number:,} | {' | '.join(cells)} | {shares} % |")


def k_table(runs: list[Known], answers: list[dict[str, dict[str, np.ndarray]]], ks) -> None:
    """Print the mean AUROC over all strange pictures, of validation images, by k."""
    strange = [name for name in answers[0] if name not in (KNOWN, PHOTOS)]
    print(f"\n| k | {' | '.join(each.run.title for each in runs)} |")
    print("|---" * (1 + len(runs)) + "|")
    for k in ks:
        row = []
        for each, of in zip(runs, answers, strict=True):

            def far(vectors: np.ndarray, each: Known = each, k: int = k) -> np.ndarray:
                return -kth_similarity(each.features, vectors, k=k, among=each.split.train)

            ours = far(each.features.vectors[each.split.validation[:BATCH]])
            row.append(statistics.mean(auroc(ours, far(of[name]["vectors"])) for name in strange))
        print(f"| {k} | {' | '.join(f'{value:.3f}' for value in row)} |")


def times(each: Known, data: FashionMnist) -> None:
    """Print how long one picture takes."""
    vectors = each.features.vectors[60_000:60_020]
    searches: dict[str, Callable[[np.ndarray], object]] = {
        "nearest 8 of 60,000": lambda one: nearest_to(each.features, one, data.labels, k=8),
        "distance to the training images": each.distance,
    }
    print()
    for name, search in searches.items():
        taken = []
        for place in range(len(vectors)):
            started = time.perf_counter()
            search(vectors[[place]])
            taken.append(1_000 * (time.perf_counter() - started))
        numbers = each.features.vectors.shape[1]
        print(f"{name}, {numbers} numbers each: {statistics.median(taken):.0f} ms, median of 20")


if __name__ == "__main__":
    main()
