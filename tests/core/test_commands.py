"""Commands to a run are small files that anyone can leave and nothing can break."""

import json

import pytest

from fmnist_core.exceptions import StoreError
from fmnist_core.runs import commands
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status


def waiting(folder):
    return [command for _, command in commands.pending(folder)]


def test_a_command_waits_until_it_is_done(tmp_path):
    assert waiting(tmp_path) == []

    commands.send(tmp_path, commands.STOP)
    commands.send(tmp_path, commands.STOP)
    assert waiting(tmp_path) == ["stop", "stop"]
    assert commands.is_wanted(tmp_path, commands.STOP)

    commands.done(tmp_path, commands.STOP)
    assert waiting(tmp_path) == []
    assert not commands.is_wanted(tmp_path, commands.STOP)


def test_commands_come_oldest_first(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "COMMANDS", frozenset({"stop", "go"}))
    for command in ("stop", "stop", "go"):
        commands.send(tmp_path, command)

    assert waiting(tmp_path) == ["stop", "stop", "go"]


def test_done_leaves_other_commands(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "COMMANDS", frozenset({"stop", "go"}))
    commands.send(tmp_path, "go")
    commands.send(tmp_path, "stop")
    commands.done(tmp_path, "stop")

    assert waiting(tmp_path) == ["go"]


@pytest.mark.parametrize(
    "raw", ["", "{", "3", "[]", "{}", '{"command": "fly"}', '{"command": ["stop"]}']
)
def test_a_file_that_is_no_command_is_passed_over(tmp_path, raw):
    commands.send(tmp_path, commands.STOP)
    (tmp_path / "commands/1-foreign.json").write_text(raw)

    assert waiting(tmp_path) == ["stop"]


def test_half_written_commands_are_not_seen(tmp_path):
    (tmp_path / "commands").mkdir()
    (tmp_path / "commands/.1-abc.json-tmp").write_text(json.dumps({"command": "stop"}))

    assert waiting(tmp_path) == []


def test_an_unknown_command_is_a_mistake_of_the_programmer(tmp_path):
    with pytest.raises(ValueError, match="unknown command 'fly'"):
        commands.send(tmp_path, "fly")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "commands").write_text("a file in its place")

    with pytest.raises(StoreError) as caught:
        commands.send(tmp_path, commands.STOP)
    assert str(caught.value) == (
        f"The command could not be left in {tmp_path}: File exists. Make the folder writable, "
        "then try again."
    )


@pytest.mark.parametrize("state", ["queued", "starting", "running", "paused"])
def test_a_live_run_can_be_stopped(tmp_path, state):
    Status(state=state).write(tmp_path)
    Run(tmp_path).stop()

    assert waiting(tmp_path) == ["stop"]


@pytest.mark.parametrize("state", ["finished", "stopped", "failed", "interrupted"])
def test_an_ended_run_cannot_be_stopped(tmp_path, state):
    Status(state=state).write(tmp_path)

    with pytest.raises(StoreError) as caught:
        Run(tmp_path).stop()
    assert str(caught.value) == f"Run {tmp_path.name} has already ended: it is {state}."
    assert waiting(tmp_path) == []
