"""Server-side time of an edit on the Build page with 30 layers, against the 7 of `small`.

    python benchmarks/build_edit.py [--edits 40]

Each edit changes the filters of the first convolution, so nothing that was drawn before fits. The
edit is made as the layer stack makes it, then the whole script runs, in Streamlit's own test runner
without a browser. Both networks are measured in turns.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from streamlit.testing.v1 import AppTest  # noqa: E402

from fmnist_core.model import edit, presets  # noqa: E402
from fmnist_core.model.shapes import trace  # noqa: E402
from fmnist_core.specs import ModelSpec  # noqa: E402

VIEWS = ("Drawing", "Cost", "Code")
LAYERS = 30


def long_network() -> ModelSpec:
    """Return a network of 30 layers that can be trained."""
    model = presets.load("small").experiment.model
    for number in range(LAYERS - len(model.layers)):
        layer_type = ("Conv2D", "BatchNormalization", "Dropout")[number % 3]
        model = edit.add_layer(model, layer_type, 1 + number)
    padded = [layer.name for layer in model.layers if layer.type == "Conv2D"]
    for name in padded:
        model = edit.change_settings(model, name, padding="same")
    return model


def opened(model: ModelSpec, view: str) -> AppTest:
    """Open the Build page on a network."""
    app = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    app.run()
    app.switch_page("build.py").run()
    step = app.session_state["draft_step"]
    app.session_state["draft_step"] = type(step)(model, step.origin)
    app.segmented_control(key="build-view").set_value(view).run()
    return app


def edit_ms(app: AppTest, number: int) -> float:
    """Change the draft and rerun the page; milliseconds."""
    step = app.session_state["draft_step"]
    started = time.perf_counter()
    changed = edit.change_settings(step.model, "conv2d_1", filters=8 + number)
    app.session_state["draft_step"] = type(step)(changed, step.origin)
    app.run()
    elapsed = (time.perf_counter() - started) * 1000
    assert not app.exception, app.exception
    assert f"{trace(changed).parameters:,}" in [metric.value for metric in app.metric]
    return elapsed


def main() -> None:
    """Measure every view in turns and print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--edits", type=int, default=40)
    args = parser.parse_args()
    print(f"| view | {LAYERS} layers: median, p95, ms | 7 layers: median, p95, ms | ratio |")
    print("|---|---|---|---|")
    for view in VIEWS:
        apps = [opened(long_network(), view), opened(presets.load("small").experiment.model, view)]
        for app in apps:
            edit_ms(app, 0)  # fills what a first visit fills
        times = [[edit_ms(app, number) for app in apps] for number in range(1, args.edits + 1)]
        long, short = zip(*times, strict=True)
        ratio = statistics.median(a / b for a, b in times)
        cells = " | ".join(f"{statistics.median(c):.0f}, {p95(c):.0f}" for c in (long, short))
        print(f"| {view} | {cells} | {ratio:.2f} |", flush=True)


def p95(values: tuple[float, ...]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main()
