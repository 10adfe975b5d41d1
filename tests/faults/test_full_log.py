"""What a detached process prints where its log takes nothing more."""

import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")  # refuses every byte, as a full disk does
PRINTS = """
import sys, traceback
from fmnist_core.jobs.log_streams import outlive_a_full_disk
outlive_a_full_disk()
print("to the log", flush=True)
print("and to the other", file=sys.stderr, flush=True)
try:
    1 / 0
except ZeroDivisionError:
    traceback.print_exc()
raise SystemExit(7)
"""


def run(code, log):
    return subprocess.run(
        [sys.executable, "-c", code], stdout=log, stderr=log, check=False, timeout=60
    ).returncode


@pytest.mark.skipif(not FULL.exists(), reason="Linux only")
def test_a_process_outlives_a_log_that_is_full():
    with FULL.open("wb") as log:
        assert run(PRINTS, log) == 7
        assert run(PRINTS.replace("outlive_a_full_disk()\n", "\n"), log) != 7


def test_what_fits_is_logged(tmp_path):
    with (tmp_path / "log.txt").open("wb") as log:
        assert run(PRINTS, log) == 7
    text = (tmp_path / "log.txt").read_text()

    assert text.startswith("to the log\nand to the other\nTraceback")
    assert "ZeroDivisionError" in text
