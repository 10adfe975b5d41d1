"""What this machine is, and how much memory it has; a container's limit counts as the machine's."""

from __future__ import annotations

import functools
import os
import platform
from collections.abc import Iterator, MutableMapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

from fmnist_core.specs import TrainSpec

CPU_INFO = Path("/proc/cpuinfo")
# What matters for the speed of networks, by the names that Linux has for them.
FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")
BFLOAT16_FLAGS = frozenset({"avx512_bf16", "amx_bf16"})
CGROUPS = Path("/sys/fs/cgroup")  # where Linux keeps the limits of containers
MEMBERSHIP = Path("/proc/self/cgroup")  # lines of number:controllers:path
THREADS = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


def memory_total() -> int:
    """Return the memory that processes of this machine or container may have, in bytes."""
    limits = [limit for limit, _ in _container_limits()]
    return min([psutil.virtual_memory().total, *limits])


def memory_available() -> int:
    """Return how much of it a new process could have now without swapping, in bytes."""
    left = [max(0, limit - used) for limit, used in _container_limits()]
    return min([psutil.virtual_memory().available, *left])


def _container_limits() -> Iterator[tuple[int, int]]:
    """Yield limit and use, in bytes, of each group that this process belongs to."""
    for folder in _groups():
        for limit, used, cache in (
            ("memory.max", "memory.current", "inactive_file"),  # version 2
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),  # 1
        ):
            most, now = _number(folder / limit), _number(folder / used)
            if most is not None and now is not None:
                yield most, now - _given_back(folder / "memory.stat", cache)


def _groups() -> Iterator[Path]:
    """Yield the folders of this process's memory groups, and of those around them."""
    try:
        lines = MEMBERSHIP.read_text().splitlines()
    except OSError:  # not Linux
        return
    for line in lines:
        number, controllers, path = [*line.split(":", 2), "", ""][:3]
        if number == "0" or "memory" in controllers.split(","):
            root = CGROUPS / "memory" if controllers else CGROUPS
            inner = root / path.strip("/")
            yield inner
            yield from (outer for outer in inner.parents if outer.is_relative_to(root))


def _given_back(path: Path, name: str) -> int:
    """Return how much of a group's use is copies of files, which the kernel frees when asked."""
    try:
        words = path.read_text().split()
    except OSError:
        return 0
    return int(words[words.index(name) + 1]) if name in words else 0


def _number(path: Path) -> int | None:
    """Return the number in a file; None where there is none, or the word max."""
    try:
        text = path.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """Return the processor's name; Linux hides it in /proc."""
    return _cpu_info(CPU_INFO).get("model name") or platform.processor()


def cpu_flags() -> list[str]:
    """Return which of `FLAGS` the processor has; none where the system does not say."""
    found = _cpu_info(CPU_INFO).get("flags", "").split()
    return [flag for flag in FLAGS if flag in found]


@functools.cache
def _cpu_info(path: Path) -> dict[str, str]:
    """Return what Linux says of the first processor; nothing elsewhere."""
    try:
        first = path.read_text().partition("\n\n")[0]
    except OSError:
        return {}
    lines = (line.partition(":") for line in first.splitlines())
    return {name.strip(): value.strip() for name, _, value in lines}


def set_environment(spec: TrainSpec, environment: MutableMapping[str, str]) -> None:
    """Set what TensorFlow reads at its import; what the spec leaves alone stays as it is."""
    if not spec.onednn:
        environment["TF_ENABLE_ONEDNN_OPTS"] = "0"
    if spec.threads:
        environment.update(dict.fromkeys(THREADS, str(spec.threads)))


def needs_own_environment(spec: TrainSpec) -> bool:
    """Say whether a process that has imported TensorFlow already cannot train this."""
    return bool(spec.threads) or not spec.onednn


def describe_machine() -> dict[str, Any]:
    """Say what a worker computes on, for `result.json`."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "cpu_flags": cpu_flags(),
        "cores": cores(),
        "threads": int(os.environ.get("TF_NUM_INTRAOP_THREADS") or 0) or cores(),
        "onednn": _onednn(),
    }


def _onednn() -> bool:
    return os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0"


def speed_identity() -> dict[str, Any]:
    """Return what makes the same training faster or slower here than elsewhere."""
    return {
        "processor": processor(),
        "cpu_flags": cpu_flags(),
        "cores": cores(),
        "python": platform.python_version(),
        "tensorflow": _installed("tensorflow", "tensorflow-cpu"),
        "keras": _installed("keras"),
        "onednn": _onednn(),
        "devices": os.environ.get("CUDA_VISIBLE_DEVICES", ""),
        "threads": [os.environ.get(name, "") for name in THREADS],
    }


@functools.cache
def _installed(*names: str) -> str:
    """Return the version of the first of these packages that is installed; "" for none."""
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return ""
