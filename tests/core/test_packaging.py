"""The files that install and ship the app agree with pyproject.toml and with each other."""

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def read_pins(name: str) -> dict[str, Requirement]:
    """The pinned requirements of a file by their canonical names."""
    lines = (ROOT / name).read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and line[0] not in "#-"]
    return {canonicalize_name(pin.name): pin for pin in pins}


def pinned_version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "==", f"{pin} is not pinned by =="
    return specifier.version


@pytest.mark.parametrize(
    ("file", "declared"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        *(("requirements-dev.txt", extra) for extra in PROJECT["optional-dependencies"].values()),
    ],
)
def test_every_declared_dependency_is_pinned_to_a_version_it_allows(file, declared):
    pins = read_pins(file)
    for requirement in map(Requirement, declared):
        name = canonicalize_name(requirement.name)
        assert name in pins, f"pyproject.toml asks for {name}, {file} does not pin it"
        version = pinned_version(pins[name])
        assert requirement.specifier.contains(version), f"{file}: {version} is not {requirement}"


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_pins_name_exact_versions_and_no_index(file):
    for pin in read_pins(file).values():
        pinned_version(pin)
    options = [line for line in (ROOT / file).read_text().splitlines() if line.startswith("-")]
    assert options == (["-r requirements.txt"] if file == "requirements-dev.txt" else [])


@pytest.mark.parametrize(
    ("platform", "machine", "expected"),
    [
        ("linux", "x86_64", "tensorflow-cpu"),
        ("linux", "aarch64", "tensorflow"),
        ("darwin", "arm64", "tensorflow"),
    ],
)
def test_each_platform_gets_one_tensorflow(platform, machine, expected):
    environment = {"sys_platform": platform, "platform_machine": machine}
    pins = read_pins("requirements.txt")
    chosen = [
        name for name in ("tensorflow", "tensorflow-cpu") if pins[name].marker.evaluate(environment)
    ]
    assert chosen == [expected]


def test_ci_runs_what_a_developer_runs():
    commands = (ROOT / ".ci/run").read_text().splitlines()
    assert commands[-1] == "make test"
    assert (ROOT / ".ci/run").stat().st_mode & 0o111, ".ci/run is not executable"


def test_container_runs_without_root_and_reports_its_health():
    steps = [line.split() for line in (ROOT / "Dockerfile").read_text().splitlines() if line]
    users = [step[1] for step in steps if step[0] == "USER"]
    assert users and users[-1] not in ("root", "0")
    assert any(step[0] == "HEALTHCHECK" for step in steps)


def test_every_file_beside_the_code_is_installed_with_it():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    patterns = tool["setuptools"]["package-data"]["*"]
    others = [
        path
        for path in (ROOT / "fmnist_core").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]

    assert others
    assert [path for path in others if not any(map(path.match, patterns))] == []
