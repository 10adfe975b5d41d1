"""The arrows of the design: app.py → pages → ui → fmnist_core, and TensorFlow in workers only."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TENSORFLOW = {"tensorflow", "keras"}

# The only modules that may import TensorFlow at their top.
HEAVY = ("fmnist_core.model.build", "fmnist_core.training", "fmnist_core.inside")
HEAVY += ("fmnist_core.inference.server", "fmnist_core.export.onnx")
LAZY = {"fmnist_core.jobs.worker"}  # imports it inside functions, once its run has a status


def modules(*rooms):
    """The Python files of these folders by their dotted names."""
    files = [file for room in rooms for file in sorted((ROOT / room).rglob("*.py"))]
    names = (file.relative_to(ROOT).with_suffix("").parts for file in files)
    return {
        ".".join(name).removesuffix(".__init__"): file
        for name, file in zip(names, files, strict=True)
    }


def imported(file):
    """Every module that a file imports anywhere when it runs; a name of a package with its dot."""
    tree = ast.parse(file.read_text())
    typing = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in set(ast.walk(tree)) - typing:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are written in full here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_heavy(name):
    return any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)


def offences(rooms, forbidden):
    """What in these rooms imports a package of that name."""
    return [
        f"{name} imports {found}"
        for name, file in modules(*rooms).items()
        for found in imported(file)
        if found.split(".")[0] in forbidden
    ]


def test_the_rooms_are_there():
    assert {"fmnist_core.cli", "fmnist_core.jobs", "fmnist_core.model.build"} <= set(
        modules("fmnist_core")
    )
    assert modules("ui") and modules("pages")


def test_the_core_imports_nothing_of_the_screen():
    assert offences(["fmnist_core"], {"streamlit", "plotly", "ui", "pages", "app"}) == []


def test_ui_imports_no_page_and_no_tensorflow():
    assert offences(["ui"], {"pages", "app", *TENSORFLOW}) == []


def test_pages_import_no_page_and_no_tensorflow():
    assert offences(["pages"], {"pages", "app", *TENSORFLOW}) == []


def test_pages_and_ui_import_nothing_that_imports_tensorflow():
    found = {
        (name, module)
        for name, file in modules("pages", "ui").items()
        for module in imported(file)
        if is_heavy(module)
    }
    assert found == set()


def test_tensorflow_is_imported_in_the_rooms_of_the_workers_only():
    users = {
        name
        for name, file in modules("fmnist_core").items()
        if {module.split(".")[0] for module in imported(file)} & TENSORFLOW
    }
    assert {name for name in users if not is_heavy(name)} <= LAZY
    assert "fmnist_core.model.build" in users  # else this test would look in the wrong place


@pytest.mark.parametrize("package", ["fmnist_core", "fmnist_core.cli, fmnist_core.jobs", "all"])
def test_a_fresh_interpreter_loads_no_tensorflow_keras_or_streamlit(package):
    light = [name for name in modules("fmnist_core") if not is_heavy(name) and "__" not in name]
    wanted = ", ".join(light) if package == "all" else package
    assert len(light) > 20
    code = f"import sys, {wanted}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in done.stdout.split()}

    assert "fmnist_core" in loaded
    assert loaded & {"streamlit", "plotly", *TENSORFLOW} == set()
