"""Processes that keep pictures in the challenge set, killed at any moment."""

import signal
import subprocess
import sys
import time

import pytest

from fmnist_core.challenge import ChallengeSet
from tests.challenge_pictures import keep

KEEPER = """
import sys
from pathlib import Path
from fmnist_core.challenge import ChallengeSet
from tests.challenge_pictures import keep
challenge, first = ChallengeSet(Path(sys.argv[1])), int(sys.argv[2])
for number in range(first, first + 1_000):
    keep(challenge, number % 10, first=number)
    print(number, flush=True)
"""
KILLS = 5


@pytest.mark.slow  # each process takes half a second to start
def test_whoever_is_killed_leaves_whole_pictures_and_keeps_nobody_waiting(tmp_path):
    challenge = ChallengeSet(tmp_path / "set")
    for kill in range(KILLS):
        command = [sys.executable, "-c", KEEPER, str(challenge.root), str(1_000 * kill)]
        keeper = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert keeper.stdout.readline() and keeper.stdout.readline()  # two are kept
        time.sleep(0.003 * kill)
        keeper.send_signal(signal.SIGKILL)
        keeper.wait()
        keeper.stdout.close()

    found = challenge.entries()
    assert len(found) >= 2 * KILLS and not any(entry.problem for entry in found)
    assert len({entry.digest for entry in found}) == len(found)
    keep(challenge, 3, first=9_999)  # nobody holds the turn, and what was left is cleared away
    hidden = {path.name for path in challenge.root.iterdir() if path.name.startswith(".")}
    assert hidden == {".challenge.lock"}
