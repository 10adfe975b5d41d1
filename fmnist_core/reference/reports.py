"""The five reports: their questions, and each figure that they claim."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from fmnist_core.exceptions import FmnistError
from fmnist_core.reference.claims import Claim, GridClaim, Report, Timed


def _claim(preset: str, label: str, low: float, high: float | None = None, **rest: Any) -> Claim:
    return Claim(
        **{"name": preset, **rest},
        label=label,
        preset=preset,
        low=low,
        high=low if high is None else high,
    )


def _batch(size: int, accuracy: float) -> Claim:
    return _claim(
        "r1-linear-cnn",
        f"Linear CNN, batch {size}",
        accuracy,
        name=f"r1-linear-cnn-batch-{size}",
        part="validation",
        changes={"train": {"batch_size": size}},
    )


def _cell(
    label: str, optimizer: str, low: float, high: float | None = None, **where: str
) -> GridClaim:
    high = low if high is None else high
    return GridClaim(label=label, where={"optimizer": optimizer, **where}, low=low, high=high)


def _timed_batch(size: int, said: str) -> Timed:
    changes = {"train": {"batch_size": size}}
    return Timed(
        label=f"Linear CNN, batch {size}",
        preset="r1-linear-cnn",
        changes=changes,
        said=f"{said} of training",
    )


def _timed_vgg(precision: str, onednn: bool, said: str = "") -> Timed:
    return Timed(
        label=f"{precision.removeprefix('mixed_')}, oneDNN {'on' if onednn else 'off'}",
        preset="r3-vgg",
        changes={"train": {"precision": precision, "onednn": onednn}},
        said=f"{said} an epoch" if said else "",
    )


def _resplit(layers: int, accuracy: float, loss: float) -> Claim:
    return _claim(
        f"r2-{layers}-layer",
        f"{layers}_Layer, split as the report did",
        accuracy,
        name=f"r2-{layers}-layer-resplit",
        loss=loss,
        changes={"data": {"split": "resplit", "validation": 0.2}},
        note="All 70,000 images split anew; the best epoch was chosen on the part that tests.",
    )


REPORTS = (
    Report(
        key="r0",
        title="R0 · LeNet",
        question="How far does LeNet come when it is tuned by watching its curves?",
        claims=(
            _claim(
                "r0-lenet",
                "LeNet, 30,000 steps of gradient descent",
                0.9881,
                loss=0.0356,
                note="It used a loader that reads MNIST's digits unless told otherwise.",
            ),
        ),
        answer=(
            "No published network reaches 98.8 % on Fashion-MNIST; the best single ones reach 96.4 "
            "to 96.9 %. The figure fits MNIST's digits, which the report's loader reads by default."
        ),
    ),
    Report(
        key="r1",
        title="R1 · Tour",
        question="What does each thing that one can change do to the accuracy, one after another?",
        claims=(
            _claim("r1-mlp-1", "MLP, 1 hidden layer", 0.8794),
            _claim("r1-mlp-2", "MLP, 2 hidden layers", 0.8748),
            _claim("r1-mlp-3", "MLP, 3 hidden layers", 0.8755),
            _claim("r1-linear-cnn", "Linear CNN", 0.8195),
            _batch(32, 0.8246),
            _batch(64, 0.8236),
            _claim(
                "r1-linear-cnn",
                "Linear CNN, batch 128",
                0.8302,
                name="r1-linear-cnn-batch-128",
                part="validation",
            ),
            _claim("r1-linear-max-pool", "Linear CNN, max pooling", 0.8778),
            _claim("r1-linear-average-pool", "Linear CNN, average pooling", 0.8325),
            _claim("r1-batch-norm", "Simple CNN, batch normalisation", 0.8210),
            _claim(
                "r1-batch-norm-deep", "Deeper CNN, batch normalisation", 0.92, part="validation"
            ),
            _claim("r1-augmented", "Linear, rotated, shifted, mirrored copies", 0.8301),
            _claim("r1-dropout", "ReLU, Adam, dropout", 0.8721, 0.8826),
            _claim("r1-grid", "Best of the grid: leaky ReLU, Adamax", 0.9184),
            _claim("r1-l1", "L1", 0.9090),
            _claim("r1-l2", "L2", 0.9005),
            _claim("r1-l1-l2", "L1 and L2", 0.9186),
            _claim("r1-mastery", "“Mastery” network", 0.872, 0.8993),
            _claim("r1-fan-in", "Final, fan in", 0.9105),
            _claim("r1-fan-out", "Final, fan out", 0.9165, 0.9205),
        ),
        sweep="r1-grid",
        grid=(
            _cell("Leaky ReLU, Adamax", "adamax", 0.9184, activation="leaky_relu"),
            _cell("Leaky ReLU, Nadam", "nadam", 0.9179, activation="leaky_relu"),
            _cell("SELU, Adamax", "adamax", 0.9179, activation="selu"),
            _cell("tanh, Adamax", "adamax", 0.9090, activation="tanh"),
            _cell("ELU, SGD", "sgd", 0.8894, 0.8969, activation="elu"),
            _cell("Leaky ReLU, SGD", "sgd", 0.8719, activation="leaky_relu"),
            _cell("Adagrad, every activation", "adagrad", 0.81, 0.84),
            _cell("Adadelta, every activation", "adadelta", 0.74, 0.79),
        ),
        timed=(_timed_batch(32, "68 s"), _timed_batch(64, "37 s"), _timed_batch(128, "24 s")),
    ),
    Report(
        key="r2",
        title="R2 · Depth",
        question="Are two or three convolutions better than one?",
        claims=(
            _claim("r2-1-layer", "1_Layer", 0.9137, loss=0.2559),
            _claim("r2-2-layer", "2_Layer", 0.9205, loss=0.2795),
            _claim("r2-3-layer", "3_Layer", 0.9197, loss=0.2927),
            _resplit(1, 0.9137, 0.2559),
            _resplit(2, 0.9205, 0.2795),
            _resplit(3, 0.9197, 0.2927),
        ),
        answer=(
            "The report used its test part for validation. The first three rows repeat it with a "
            "validation part of their own; the other three as it was done."
        ),
    ),
    Report(
        key="r3",
        title="R3 · VGG",
        question="How good does a VGG-like network of 7.5 million parameters become?",
        claims=(
            _claim("r3-vgg", "VGG-like, augmented", 0.945, 0.948, note="“About 95 %” at best."),
            _claim(
                "r3-vgg",
                "VGG-like, augmented, 24 of 50 epochs",
                0.945,
                0.948,
                name="r3-vgg-short",
                changes={"train": {"epochs": 24}},
                shortened="24 of 50 epochs",
            ),
        ),
        answer=(
            "50 epochs of it take hours on two cores, so a run of fewer is shipped, without its "
            "model of 15 MB: errors and curves are there, and repeating it brings the model back."
        ),
        timed=(
            _timed_vgg("float32", True, "108–111 s"),
            _timed_vgg("float32", False, "about 930 s"),
            _timed_vgg("mixed_bfloat16", True),
            _timed_vgg("mixed_bfloat16", False),
        ),
    ),
    Report(
        key="r4",
        title="R4 · Baseline",
        question="What does a better training change, read through two confusion matrices?",
        claims=(
            _claim("r4-baseline", "Baseline", 0.6918, loss=0.8203),
            _claim("r4-better", "Better", 0.9089, loss=0.2500),
        ),
        answer=(
            "The report states neither the convolutions nor the batch size. Those chosen here end "
            "where its baseline ends, in loss too; its better run follows from what it states."
        ),
    ),
)


def _all() -> Iterator[Claim]:
    for report in REPORTS:
        yield from report.claims


def claim_named(name: str) -> Claim:
    """Return the claim of that name.

    Raises:
        FmnistError: There is none; the message names those that are spelled alike.
    """
    wanted = name.lower().replace("_", "-")
    known = {claim.name: claim for claim in _all()}
    if wanted in known:
        return known[wanted]
    alike = get_close_matches(wanted[:40], known)
    hint = f" Did you mean {' or '.join(alike)}?" if alike else ""
    raise FmnistError(
        f'No reference is called "{name[:40]}".{hint} "fmnist reference list" lists them all.'
    )


def claims_named(name: str) -> tuple[Claim, ...]:
    """Return all claims of a report by its key, or the one claim of that name.

    Raises:
        FmnistError: There is neither.
    """
    for report in REPORTS:
        if report.key == name.lower():
            return report.claims
    return (claim_named(name),)
