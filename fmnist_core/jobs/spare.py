"""A warm spare worker: TensorFlow imported, the data read, waiting for a run on its standard input.

Run as `python -m fmnist_core.jobs.spare STORE`. It ends when its input does: with its supervisor,
or when it is no longer wanted. Once it has a run it is a worker like any other.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs import worker
from fmnist_core.jobs.log_streams import outlive_a_full_disk


def main() -> int:
    """Warm up, wait for the path of a run folder, and train it."""
    try:
        worker.warm_up()
    except FmnistError as error:  # the run that comes says it where it is seen
        print(f"spare: {error}", flush=True)
    folder = Path(sys.stdin.readline().rstrip("\n"))
    if not folder.name:
        return 0
    log = os.open(folder / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    return worker.main([str(folder)])


if __name__ == "__main__":
    outlive_a_full_disk()
    sys.exit(main())
