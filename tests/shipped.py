"""Three of the runs that come with the app, by name: tests read them and change nothing."""

from pathlib import Path

from fmnist_core.runs.store import RunStore

SHIPPED = RunStore(Path(__file__).parents[1] / "saved_runs")
SMALL, ONE_LAYER, TWO_LAYER = THREE = (
    "20261121-073649-46b3d2",
    "20261121-073649-7a8aa8",
    "20261121-073649-b08929",
)
