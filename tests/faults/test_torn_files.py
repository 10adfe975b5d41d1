"""Writers killed at random moments leave files that the next reader and writer can use."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from fmnist_core.exceptions import StoreError
from fmnist_core.runs.files import read_json
from fmnist_core.runs.metrics_log import History, read_history

ROOT = Path(__file__).parents[2]
KILLS = 15
SEED = 7

REWRITE = """
import sys
from pathlib import Path
from fmnist_core.runs.files import write_json

print("ready", flush=True)
version = 0
while True:  # small and large by turns: a file that is cut can be longer than its successor
    version += 1
    data = {"version": version, "filler": [version] * (20_000 if version % 2 else 1)}
    write_json(Path(sys.argv[1]) / "status.json", data, durable=version % 8 == 0)
"""

APPEND = """
import sys
from pathlib import Path
from fmnist_core.runs.metrics_log import MetricsWriter

attempt, step = int(sys.argv[2]), int(sys.argv[3])
writer = MetricsWriter(Path(sys.argv[1]), attempt)
writer.write("event", event="start", step=step)
print("ready", flush=True)
while True:
    count = 1 + step % 7
    columns = {"loss": [float(attempt)] * count, "accuracy": [0.5] * count}
    writer.write("batches", step=step + 1, learning_rate=[0.1] * count, **columns)
    step += count
"""


def run_and_kill(program, *args, milliseconds):
    """Start a writer, let it write for a while, and kill it in the middle of what it does."""
    command = [sys.executable, "-c", program, *map(str, args)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(milliseconds / 1000)
        process.kill()
    assert process.returncode == -signal.SIGKILL


def test_json_rewritten_by_killed_writers_is_never_corrupt(tmp_path):
    chance, corrupt, written = random.Random(SEED), 0, 0
    for _ in range(KILLS):
        run_and_kill(REWRITE, tmp_path, milliseconds=chance.uniform(1, 40))
        try:
            data = read_json(tmp_path / "status.json")
        except StoreError:
            corrupt += 1
            continue
        if data:
            written += 1
            assert set(data["filler"]) == {data["version"]}

    assert corrupt == 0
    assert written >= KILLS // 2  # most had the time to write


def test_a_log_appended_by_killed_writers_stays_readable(tmp_path):
    chance, step, history = random.Random(SEED), 0, History()
    for attempt in range(1, KILLS + 1):
        run_and_kill(APPEND, tmp_path, attempt, step, milliseconds=chance.uniform(1, 10))
        history.update(tmp_path)

        # Each attempt goes on where it was told to, and no step is missing or doubled.
        assert history.steps == list(range(1, len(history.steps) + 1))
        assert len(history.losses) == len(history.steps)
        assert history.unreadable <= attempt
        assert history.events[-1]["attempt"] == attempt
        assert step == len(history.steps) or history.losses[step] == attempt
        # As after a crash: training resumes from a checkpoint a little before the last step.
        step = max(0, len(history.steps) - chance.randrange(50))

    assert step > KILLS
    assert read_history(tmp_path) == history
