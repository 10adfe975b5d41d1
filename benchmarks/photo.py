"""Points of accuracy lost where test images become photos and come back, and milliseconds a photo.

    python benchmarks/photo.py [--images 2000] [--only NAME]

Each image is enlarged to 600 to 1,000 pixels a side, tinted, put on a background with margins drawn
at random, turned by EXIF and saved; then it is decoded, prepared and classified by the shipped
runs, against the raw image. Time: a JPEG of 12 megapixels decoded and prepared, in turns.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image
from scipy import ndimage

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fmnist_core.data.files import load  # noqa: E402
from fmnist_core.data.photo import decode, prepare  # noqa: E402
from fmnist_core.exceptions import PhotoError  # noqa: E402
from fmnist_core.inference.client import Inference  # noqa: E402
from fmnist_core.runs.store import RunStore  # noqa: E402

SEED = 7
BATCH = 1_000
# EXIF's number → how the stored pixels were turned, so that this brings them upright again.
STORED = {
    **{1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180},
    **{4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE},
    **{6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270},
}


@dataclass(frozen=True)
class Scene:
    """How an image becomes a photo.

    Attributes:
        limit: Points of accuracy that may be lost.
        lightest, darkest: Of the background's colours, levels of each channel.
        lit: The garment is light, on a dark ground.
        cut_out: Saved as PNG without its background.
        noise: Standard deviation of each pixel, and of blots of a few pixels, in levels.
        shade: How much light falls off from one end to the other, in [0, 1].
    """

    limit: float
    darkest: int = 235
    lightest: int = 253
    coloured: bool = False
    lit: bool = False
    cut_out: bool = False
    noise: tuple[float, float] = (0.0, 0.0)
    shade: float = 0.0


SCENES = {
    "off-white": Scene(1.5),
    "coloured, light to middling": Scene(1.5, 110, 240, coloured=True),
    "cut out, PNG with alpha": Scene(1.5, cut_out=True),
    "dark, garment light": Scene(4, 5, 60, coloured=True, lit=True),
    "off-white with noise": Scene(4, noise=(8, 3)),
    "off-white with a gradient": Scene(4, shade=0.3),
}


def photo(pixels: np.ndarray, scene: Scene, rng: np.random.Generator) -> bytes:
    """Make a file with a photo of a test image, uint8 (28, 28)."""
    side = int(rng.integers(600, 1_001))
    light = enlarged(pixels, side)[..., None] / 255
    cover = enlarged(255 * opacity(pixels), side)[..., None] / 255
    ground = background(scene, rng).astype(np.float32)
    ends = rng.integers(*((190, 256) if scene.lit else (0, 70)), 3).astype(np.float32)
    margins = (rng.uniform(0.02, 0.25, 4) * side).astype(int)
    around = (margins[:2], margins[2:], (0, 0))
    light, cover = np.pad(light, around), np.pad(cover, around)
    if scene.lit:
        return saved(disturbed(ground + (ends - ground) * light, scene, rng), rng, "JPEG")
    white = np.float32(255)
    if scene.cut_out:
        own = white + (ends - white) * np.minimum(light / np.maximum(cover, 1e-3), 1)
        return saved(np.concatenate([own, 255 * cover], axis=2), rng, "PNG")
    rgb = ground * (1 - cover) + white * cover + (ends - white) * light
    return saved(disturbed(rgb, scene, rng), rng, "JPEG")


def opacity(pixels: np.ndarray) -> np.ndarray:
    """Say how much of each pixel the garment covers, float (28, 28): less than all on its outline.

    There a pixel is as faint as little of it is covered, if the garment goes on as beside it.
    """
    inside = ndimage.binary_fill_holes(pixels > 4)
    outline = inside & ~ndimage.binary_erosion(inside)
    beside = 0.6 * ndimage.maximum_filter(pixels.astype(float), 3)
    return np.where(outline, np.minimum(pixels / np.maximum(beside, 1), 1), inside)


def enlarged(pixels: np.ndarray, side: int) -> np.ndarray:
    """Enlarge smoothly, float32 (side, side), 0 to 255."""
    image = Image.fromarray(np.asarray(pixels, np.float32))
    large = np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))
    return np.clip(large, 0, 255, dtype=np.float32)


def background(scene: Scene, rng: np.random.Generator) -> np.ndarray:
    """Draw a colour: grey with a slight tint, or of any hue."""
    if scene.coloured:
        return rng.uniform(scene.darkest, scene.lightest, 3)
    return np.clip(rng.uniform(scene.darkest, scene.lightest) + rng.uniform(-4, 4, 3), 0, 255)


def disturbed(rgb: np.ndarray, scene: Scene, rng: np.random.Generator) -> np.ndarray:
    """Let light fall off in some direction, and add noise."""
    height, width = rgb.shape[:2]
    if scene.shade:
        down, across = np.mgrid[: 1 : 1j * height, : 1 : 1j * width]
        angle = rng.uniform(0, 2 * np.pi)
        ramp = np.cos(angle) * (across - 0.5) + np.sin(angle) * (down - 0.5)
        rgb = (
            rgb
            * (1 - scene.shade * (0.5 + ramp / (abs(np.cos(angle)) + abs(np.sin(angle)))))[
                ..., None
            ]
        )
    fine, coarse = scene.noise
    if fine:
        rgb = rgb + np.float32(fine) * rng.standard_normal(rgb.shape, np.float32)
        blots = Image.fromarray(rng.normal(0, coarse, (height // 6, width // 6)).astype(np.float32))
        rgb = rgb + np.asarray(blots.resize((width, height), Image.Resampling.BICUBIC))[..., None]
    return rgb


def saved(pixels: np.ndarray, rng: np.random.Generator, kind: str) -> bytes:
    """Write a file whose pixels are turned, and whose EXIF says so."""
    image = Image.fromarray(np.rint(np.clip(pixels, 0, 255)).astype(np.uint8))
    number = int(rng.choice(list(STORED)))
    turned = image if STORED[number] is None else image.transpose(STORED[number])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = number
    file = io.BytesIO()
    options = {"quality": int(rng.integers(75, 96))} if kind == "JPEG" else {"compress_level": 1}
    turned.save(file, kind, exif=exif, **options)
    return file.getvalue()


def there_and_back(job: tuple[str, int]) -> np.ndarray:
    """Return what becomes of a test image, uint8 (28, 28); zeros where nothing was found."""
    name, place = job
    rng = np.random.default_rng([SEED, list(SCENES).index(name), place])
    picture = decode(photo(load_once().x_test[place], SCENES[name], rng))
    try:
        return prepare(picture).pixels
    except PhotoError:
        return np.zeros((28, 28), np.uint8)


_DATA = []


def load_once():
    """Read the data set once a process."""
    if not _DATA:
        _DATA.append(load())
    return _DATA[0]


def main() -> None:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=2_000)
    parser.add_argument("--only", choices=SCENES)
    parser.add_argument("--pairs", type=int, default=15)
    args = parser.parse_args()
    data = load_once()
    places = np.sort(np.random.default_rng(SEED).choice(10_000, args.images, replace=False))
    with tempfile.TemporaryDirectory() as folder:
        for run_id in RunStore(ROOT / "saved_runs").run_ids():
            (Path(folder) / run_id).symlink_to(ROOT / "saved_runs" / run_id)
        accuracy_table(Inference(Path(folder)), data, places, [args.only] if args.only else SCENES)
    if not args.only:
        time_table(args.pairs)


def accuracy_table(inference: Inference, data, places: np.ndarray, names) -> None:
    """Print what each run loses on each kind of photo."""
    runs = sorted(RunStore(ROOT / "saved_runs").run_ids())
    y_true = data.y_test[places]
    raw = {run_id: right(inference, run_id, data.x_test[places], y_true) for run_id in runs}
    titles = [RunStore(ROOT / "saved_runs").get(run_id).title for run_id in runs]
    print(f"| {len(places):,} photos | nothing found | limit | {' | '.join(titles)} |")
    print("|---" * (3 + len(runs)) + "|")
    shares = " | ".join(f"{100 * raw[run_id].mean():.2f} %" for run_id in runs)
    print(f"| raw test images | – | – | {shares} |", flush=True)
    with Pool(2) as pool:
        for name in names:
            jobs = [(name, int(place)) for place in places]
            images = np.stack(pool.map(there_and_back, jobs, chunksize=20))
            cells = [lost(raw[each], right(inference, each, images, y_true)) for each in runs]
            nothing = int((images.max(axis=(1, 2)) == 0).sum())
            row = f"| {name} | {nothing} | −{SCENES[name].limit} | {' | '.join(cells)} |"
            print(row, flush=True)
    inference.close()


def right(inference: Inference, run_id: str, images: np.ndarray, y_true) -> np.ndarray:
    """Say which images a run gets right, bool (N,)."""
    parts = [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
    answers = [
        inference.ask("classify", run_id, {"images": part}, seconds=120).arrays for part in parts
    ]
    return np.concatenate([each["proba"] for each in answers]).argmax(axis=1) == y_true


def lost(before: np.ndarray, after: np.ndarray) -> str:
    """Write the difference in points, with its 95 % interval: the images are the same ones."""
    change = after.astype(float) - before
    error = 1.96 * change.std() / np.sqrt(len(change))
    return f"{100 * change.mean():+.2f} ± {100 * error:.2f}".replace("-", "−")


def time_table(pairs: int) -> None:
    """Print the time that a photo of 12 megapixels takes."""
    rng = np.random.default_rng(SEED)
    image = Image.open(io.BytesIO(photo(load_once().x_test[0], SCENES["off-white"], rng)))
    large = image.resize((4_000, 3_000), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    large.save(file, "JPEG", quality=90)
    whole = np.asarray(large)
    decoded = decode(file.getvalue())
    times: dict[str, list[float]] = {"decode": [], "prepare": [], "whole": []}
    for _ in range(pairs):
        times["decode"].append(milliseconds(lambda: decode(file.getvalue())))
        times["prepare"].append(milliseconds(lambda: prepare(decoded)))
        times["whole"].append(milliseconds(lambda: prepare(whole)))
    ratio = statistics.median(a / b for a, b in zip(times["prepare"], times["decode"], strict=True))
    print("\n| a JPEG of 12 megapixels | median, p95, ms |\n|---|---|")
    for name, what in (
        ("decode", "decoded, to at most 2,048 pixels a side"),
        ("prepare", "then prepared"),
        ("whole", "prepared from all 12 megapixels"),
    ):
        p95 = statistics.quantiles(times[name], n=20)[-1]
        print(f"| {what} | {statistics.median(times[name]):.0f}, {p95:.0f} |")
    print(f"\nprepared ÷ decoded, median of {pairs} pairs: {ratio:.2f}")


def milliseconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - started)


if __name__ == "__main__":
    main()
