"""What the server does when it starts, beside what pages wait for."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

_START = """
import asyncio, sys, time
import app

app._HEAVY_AFTER = 0.2

async def start():
    async with app.lifespan(app.app):
        print("sklearn" in sys.modules)
        until = time.monotonic() + 60
        while "sklearn.metrics" not in sys.modules and time.monotonic() < until:
            await asyncio.sleep(0.1)
    print("sklearn.metrics" in sys.modules)

asyncio.run(start())
"""


def test_heavy_packages_are_imported_after_the_start_and_before_they_are_asked_for(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _START],
        cwd=ROOT,
        env={"PATH": "", "FMNIST_RUNS_DIR": str(tmp_path)},
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.stdout.split() == ["False", "True"], done.stderr
