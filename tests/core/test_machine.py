"""What this machine is: its memory, its processor, and what TensorFlow is told of it."""

from collections import namedtuple

import pytest

from fmnist_core.jobs import machine
from fmnist_core.jobs.machine import cpu_flags, needs_own_environment, set_environment
from fmnist_core.specs import TrainSpec

CPU_INFO = """processor\t: 0
model name\t: Fast Processor 9000
flags\t\t: fpu avx2 avx512f avx512_bf16 sse4

processor\t: 1
model name\t: Another
"""
GIGABYTE = 2**30
Memory = namedtuple("Memory", "total available")


@pytest.fixture(autouse=True)
def groups(tmp_path, monkeypatch):
    """A machine of 32 GB, 20 of them free, without containers; returns its group folder."""
    memory = Memory(32 * GIGABYTE, 20 * GIGABYTE)
    monkeypatch.setattr(machine.psutil, "virtual_memory", lambda: memory)
    monkeypatch.setattr(machine, "CGROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(machine, "MEMBERSHIP", tmp_path / "membership")
    (tmp_path / "membership").write_text("0::/inner/most\n")
    (tmp_path / "cgroup").mkdir()
    return tmp_path / "cgroup"


def limit(folder, most, used, stat="", names=("memory.max", "memory.current")):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / names[0]).write_text(f"{most}\n")
    (folder / names[1]).write_text(f"{used}\n")
    (folder / "memory.stat").write_text(stat)


def gigabytes():
    return machine.memory_total() / GIGABYTE, machine.memory_available() / GIGABYTE


def test_without_a_container_it_is_the_machine_s():
    assert gigabytes() == (32, 20)


def test_outside_linux_there_are_no_groups(tmp_path):
    (tmp_path / "membership").unlink()

    assert gigabytes() == (32, 20)


def test_the_limit_of_a_container_counts_and_copies_of_files_count_as_free(groups):
    # 6 of 8 GB are used, but 1 of the 6 holds files that the kernel can read again.
    stat = f"anon 5\ninactive_file {GIGABYTE}\n"
    limit(groups / "inner" / "most", 8 * GIGABYTE, 6 * GIGABYTE, stat)

    assert gigabytes() == (8, 3)


def test_the_group_around_it_may_be_the_tighter_one(groups):
    limit(groups / "inner" / "most", "max", GIGABYTE)
    limit(groups / "inner", 4 * GIGABYTE, GIGABYTE)

    assert gigabytes() == (4, 3)


def test_a_container_that_sees_only_its_own_group_finds_it_at_the_root(groups):
    limit(groups, 2 * GIGABYTE, GIGABYTE)

    assert gigabytes() == (2, 1)


def test_the_first_version_of_groups_is_read_too(groups, tmp_path):
    (tmp_path / "membership").write_text("5:cpu,cpuacct:/x\n4:memory:/box\n0::/\n")
    names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
    limit(groups / "memory" / "box", 3 * GIGABYTE, 2 * GIGABYTE, names=names)
    limit(groups / "memory", 2**63 - 4096, 0, names=names)  # how it writes no limit

    assert gigabytes() == (3, 1)


def test_a_container_that_is_over_its_limit_has_nothing_left(groups):
    limit(groups, GIGABYTE, 2 * GIGABYTE)

    assert gigabytes() == (1, 0)


def test_what_makes_this_machine_fast_or_slow_is_named():
    found = machine.speed_identity()

    assert found["processor"] and found["cores"] >= 1
    assert found["tensorflow"] and found["keras"]


def test_the_number_of_threads_belongs_to_it(monkeypatch):
    before = machine.speed_identity()
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "1")

    assert machine.speed_identity() != before


def test_the_flags_of_a_processor_are_those_that_matter(tmp_path, monkeypatch):
    (tmp_path / "cpuinfo").write_text(CPU_INFO)
    monkeypatch.setattr(machine, "CPU_INFO", tmp_path / "cpuinfo")

    assert cpu_flags() == ["avx2", "avx512f", "avx512_bf16"]
    assert machine.processor() == "Fast Processor 9000"


def test_a_system_without_that_file_has_no_known_flags(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "CPU_INFO", tmp_path / "none")

    assert cpu_flags() == []


@pytest.mark.parametrize(
    ("settings", "changes"),
    [
        ({}, {}),
        ({"onednn": False}, {"TF_ENABLE_ONEDNN_OPTS": "0"}),
        (
            {"threads": 3},
            {
                "OMP_NUM_THREADS": "3",
                "TF_NUM_INTRAOP_THREADS": "3",
                "TF_NUM_INTEROP_THREADS": "3",
            },
        ),
    ],
)
def test_the_environment_is_changed_only_where_the_spec_asks_for_it(settings, changes):
    environment = {"HOME": "/h", "TF_ENABLE_ONEDNN_OPTS": "1"}

    set_environment(TrainSpec(**settings), environment)

    assert environment == {"HOME": "/h", "TF_ENABLE_ONEDNN_OPTS": "1"} | changes
    assert needs_own_environment(TrainSpec(**settings)) == bool(changes)
