"""Locks that the kernel frees when their holder dies, however it dies; never deleted."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout


def take(path: Path, *, seconds: float = 2.0) -> FileLock | None:
    """Take the lock and return it; None if another process holds it.

    The wait is longer than `is_held` ever holds it. Keep what is returned: it is freed with it.
    """
    lock = FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock


def is_held(path: Path) -> bool:
    """Say whether a living process holds the lock."""
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
