"""Draws the sample pictures of the Classify page: `python docs/sample_pictures.py`.

They are drawn here, stroke by stroke, so that nobody else's photos are needed. Each garment is an
outline on a sheet of 100 by 100, with a few seams, folds of light, and a ground.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[1] / "ui" / "assets" / "samples"
SIDE = 1600  # pixels while it is drawn
SAVED = 640
SEED = 7

Points = Sequence[tuple[float, float]]
Color = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One picture.

    Attributes:
        parts: Outlines and the shade of each, a factor on the garment's colour, from back to front.
        seams: Lines on it.
        color, ground: Of the garment and of what it lies on.
        size: Width and height of the picture, as shares of `SAVED`.
        ending: Of the file, jpg or png; a png has no ground.
        orientation: Number of EXIF; the pixels are stored turned.
    """

    parts: Sequence[tuple[Points, float]]
    seams: Sequence[Points] = ()
    color: Color
    ground: Color = (250, 249, 246)
    size: tuple[float, float] = (1.0, 1.0)
    ending: str = "jpg"
    orientation: int = 1


def mirrored(half: Points) -> Points:
    """Complete the right half of an outline, from the middle at the top to that at the bottom."""
    return [*half, *((100 - x, y) for x, y in reversed(half))]


_TEE = mirrored(
    [(50, 19), (57, 17.5), (62, 14), (78, 20), (95, 44), (82, 52), (74, 43), (74, 88), (50, 89)]
)
_PULLOVER = mirrored(
    [
        (50, 17),
        (57, 16),
        (61, 12),
        (76, 17),
        (85, 45),
        (92, 82),
        (81, 86),
        (73, 50),
        (74, 89),
        (50, 90),
    ]
)
_COAT = mirrored(
    [
        (50, 12),
        (58, 8),
        (64, 10),
        (78, 16),
        (86, 48),
        (91, 84),
        (81, 88),
        (75, 52),
        (78, 95),
        (50, 96),
    ]
)
_SHIRT = mirrored(
    [
        (50, 17),
        (56, 10),
        (63, 13),
        (77, 19),
        (86, 48),
        (92, 80),
        (82, 84),
        (74, 50),
        (74, 90),
        (66, 93),
        (50, 90),
    ]
)
_DRESS = mirrored(
    [(50, 20), (56, 17), (60, 6), (64, 6), (66, 20), (64, 40), (62, 46), (74, 94), (50, 96)]
)
_TROUSERS = mirrored([(50, 6), (66, 6), (68, 30), (67, 96), (55, 96), (51, 34), (50, 32)])
_SNEAKER = [
    (4, 62),
    (5, 50),
    (14, 49),
    (30, 42),
    (44, 31),
    (52, 33),
    (58, 42),
    (74, 44),
    (88, 38),
    (93, 42),
    (95, 58),
    (95, 66),
    (50, 67),
    (6, 66),
]
_SOLE = [(4, 63), (50, 65), (95, 63), (96, 70), (94, 73), (8, 73), (4, 70)]
_BOOT = [
    (8, 76),
    (9, 68),
    (22, 62),
    (40, 54),
    (48, 44),
    (50, 12),
    (66, 9),
    (82, 12),
    (81, 40),
    (86, 60),
    (87, 78),
    (70, 78),
    (66, 74),
    (40, 79),
    (12, 80),
]
_BOOT_SOLE = [
    (8, 76),
    (40, 76),
    (66, 71),
    (68, 75),
    (87, 74),
    (87, 90),
    (70, 90),
    (68, 84),
    (40, 85),
    (9, 84),
]
_BAG = mirrored([(50, 40), (80, 40), (90, 90), (50, 92)])
_HANDLE = [
    (30, 42),
    (33, 16),
    (50, 10),
    (67, 16),
    (70, 42),
    (64, 42),
    (61, 22),
    (50, 17),
    (39, 22),
    (36, 42),
]
_SANDAL = [
    (5, 66),
    (20, 63),
    (42, 64),
    (60, 56),
    (78, 44),
    (92, 42),
    (95, 48),
    (93, 74),
    (87, 74),
    (85, 58),
    (66, 68),
    (44, 74),
    (8, 73),
]
_STRAP = [(14, 65), (20, 50), (28, 46), (36, 52), (40, 66), (34, 66), (29, 55), (24, 55), (20, 65)]
_ANKLE = [
    (76, 46),
    (72, 34),
    (78, 26),
    (92, 26),
    (95, 42),
    (90, 43),
    (88, 32),
    (80, 32),
    (79, 36),
    (82, 44),
]
_MUG = [(20, 22), (70, 22), (67, 84), (45, 86), (23, 84)]
_GRIP = [
    (68, 32),
    (82, 30),
    (92, 42),
    (88, 60),
    (68, 70),
    (68, 62),
    (80, 56),
    (84, 44),
    (78, 38),
    (68, 40),
]

SAMPLES = {
    "t-shirt": Sample(
        parts=[(_TEE, 1.0)],
        seams=[[(74, 43), (73, 24)], [(26, 43), (27, 24)], [(41, 17), (50, 24), (59, 17)]],
        color=(188, 44, 52),
    ),
    "trousers": Sample(
        parts=[(_TROUSERS, 1.0)],
        seams=[[(33, 12), (67, 12)], [(50, 12), (50, 30)], [(36, 12), (40, 22), (46, 24)]],
        color=(46, 74, 128),
        ground=(228, 231, 235),
    ),
    "pullover": Sample(
        parts=[(_PULLOVER, 1.0)],
        seams=[
            [(27, 84), (73, 84)],
            [(40, 15), (50, 21), (60, 15)],
            [(73, 50), (71, 22)],
            [(27, 50), (29, 22)],
        ],
        color=(38, 92, 74),
        ground=(244, 232, 214),
    ),
    "dress": Sample(
        parts=[(_DRESS, 1.0)],
        seams=[[(38, 46), (50, 48), (62, 46)], [(46, 50), (40, 92)], [(55, 50), (60, 92)]],
        color=(92, 42, 110),
    ),
    "coat": Sample(
        parts=[(_COAT, 1.0), ([(48, 32), (52, 32), (54, 96), (46, 96)], 2.2)],
        seams=[[(42, 10), (50, 30), (58, 10)], [(30, 62), (42, 64)], [(58, 64), (70, 62)]],
        color=(52, 50, 56),
        ground=(214, 224, 232),
    ),
    "shirt-on-its-side": Sample(
        parts=[(_SHIRT, 1.0)],
        seams=[
            [(50, 18), (50, 89)],
            [(44, 11), (50, 22), (56, 11)],
            [(58, 36), (67, 36), (67, 46), (58, 46), (58, 36)],
        ],
        color=(70, 108, 160),
        orientation=6,
    ),
    "sandal": Sample(
        parts=[(_ANKLE, 1.0), (_SANDAL, 0.9), (_STRAP, 1.0)],
        color=(96, 58, 32),
    ),
    "white-sneaker": Sample(
        parts=[(_SNEAKER, 0.93), (_SOLE, 1.0)],
        seams=[
            [(34, 42), (44, 50)],
            [(39, 38), (49, 46)],
            [(14, 50), (22, 56), (20, 64)],
            [(70, 45), (72, 64)],
        ],
        color=(246, 246, 244),
        ground=(34, 44, 66),
    ),
    "sneaker-the-other-way": Sample(
        parts=[([(100 - x, y) for x, y in _SNEAKER], 1.0), ([(100 - x, y) for x, y in _SOLE], 1.5)],
        seams=[[(66, 42), (56, 50)], [(61, 38), (51, 46)], [(30, 45), (28, 64)]],
        color=(60, 86, 92),
        size=(1.5, 1.0),
    ),
    "bag-cut-out": Sample(
        parts=[(_HANDLE, 0.7), (_BAG, 1.0)],
        seams=[[(21, 54), (50, 58), (79, 54)], [(47, 54), (47, 62), (53, 62), (53, 54)]],
        color=(140, 84, 44),
        ending="png",
    ),
    "ankle-boot": Sample(
        parts=[(_BOOT, 1.0), (_BOOT_SOLE, 0.5)],
        seams=[[(50, 30), (64, 36), (66, 60)], [(30, 60), (44, 66), (46, 76)]],
        color=(78, 48, 34),
        ground=(236, 236, 238),
        size=(1.5, 1.0),
    ),
    "mug": Sample(
        parts=[(_GRIP, 0.85), (_MUG, 1.0)],
        seams=[[(20, 26), (45, 29), (70, 26)]],
        color=(30, 110, 140),
    ),
}


def drawn(sample: Sample) -> Image.Image:
    """Draw a picture, RGBA, its longest side `SAVED` or more."""
    cover = Image.new("L", (SIDE, SIDE))
    shade = Image.new("F", (SIDE, SIDE), 1.0)
    for points, factor in sample.parts:
        outline = _scaled(_rounded(points))
        ImageDraw.Draw(cover).polygon(outline, fill=255)
        ImageDraw.Draw(shade).polygon(outline, fill=factor)
    for seam in sample.seams:
        ImageDraw.Draw(shade).line(_scaled(seam), fill=0.72, width=SIDE // 130, joint="curve")
    rgb = np.array(sample.color) * (np.asarray(shade) * _folds())[..., np.newaxis]
    rgba = np.dstack([np.clip(rgb, 0, 255), np.asarray(cover)]).astype(np.uint8)
    return _placed(Image.fromarray(rgba), sample)


def _rounded(points: Points) -> Points:
    """Round a closed outline's corners: twice, two points near each instead of itself."""
    path = np.array(points, float)
    for _ in range(2):
        following = np.roll(path, -1, axis=0)
        pairs = [0.9 * path + 0.1 * following, 0.1 * path + 0.9 * following]
        path = np.stack(pairs, axis=1).reshape(-1, 2)
    return [(x, y) for x, y in path]


def _folds() -> np.ndarray:
    """Light as it falls on cloth, float (SIDE, SIDE), about 1: soft blots, always the same."""
    rng = np.random.default_rng(SEED)
    blots = Image.fromarray(rng.normal(size=(7, 9)).astype(np.float32))
    soft = np.asarray(blots.resize((SIDE, SIDE), Image.Resampling.BICUBIC))
    grain = rng.normal(size=(SIDE, SIDE))
    return 1.08 + 0.12 * soft + 0.03 * grain


def _placed(garment: Image.Image, sample: Sample) -> Image.Image:
    small = garment.resize((SAVED, SAVED), Image.Resampling.LANCZOS)
    width, height = (round(share * SAVED) for share in sample.size)
    sheet = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    sheet.paste(small, ((width - SAVED) // 2, (height - SAVED) // 2))
    if sample.ending == "png":
        return sheet
    ground = Image.new("RGBA", (width, height), (*sample.ground, 255))
    return Image.alpha_composite(ground, sheet)


def _scaled(points: Points) -> list[tuple[float, float]]:
    return [(x * SIDE / 100, y * SIDE / 100) for x, y in points]


def save(name: str, sample: Sample) -> None:
    """Write a picture as a file."""
    image, exif = drawn(sample), Image.Exif()
    path = FOLDER / f"{name}.{sample.ending}"
    if sample.ending == "png":
        image.quantize(128, method=Image.Quantize.FASTOCTREE).save(path, optimize=True)
        return
    if sample.orientation == 6:
        image = image.transpose(Image.Transpose.ROTATE_90)
    exif[ExifTags.Base.Orientation] = sample.orientation
    image.convert("RGB").save(path, quality=84, exif=exif)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in SAMPLES:
        save(each, SAMPLES[each])
    sys.stdout.write(f"{len(SAMPLES)} pictures in {FOLDER}\n")
