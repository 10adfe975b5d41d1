"""Commands to a run are small files that anyone can leave and nothing can break."""

import json

import pytest

from fmnist_core.exceptions import SpecError, StoreError
from fmnist_core.runs import commands


def waiting(folder):
    return [command.name for command in commands.pending(folder)]


def test_a_command_waits_until_it_is_done(tmp_path):
    assert waiting(tmp_path) == []

    commands.send(tmp_path, commands.STOP)
    commands.send(tmp_path, commands.STOP)
    assert waiting(tmp_path) == ["stop", "stop"]
    assert commands.is_wanted(tmp_path, commands.STOP)

    commands.done(tmp_path, commands.STOP)
    assert waiting(tmp_path) == []
    assert not commands.is_wanted(tmp_path, commands.STOP)


def test_commands_come_oldest_first_with_their_values(tmp_path):
    commands.send(tmp_path, commands.RATE, 0.5)
    commands.send(tmp_path, commands.STEP, 3)
    commands.send(tmp_path, commands.RESUME, commands.ZERO)

    found = [(command.name, command.value) for command in commands.pending(tmp_path)]
    assert found == [("rate", 0.5), ("step", 3), ("resume", "zero")]


def test_done_leaves_other_commands(tmp_path):
    commands.send(tmp_path, commands.PAUSE)
    commands.send(tmp_path, commands.STOP)
    commands.done(tmp_path, commands.STOP)

    assert waiting(tmp_path) == ["pause"]
    commands.pending(tmp_path)[0].done()
    assert waiting(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("rate", 0, "Learning rate must be a number above 0 and at most 10; you gave 0."),
        ("rate", "fast", "Learning rate must be a number above 0 and at most 10; you gave 'fast'."),
        ("plan", 2.5, "Steps must be a whole number from 1 to 1,000,000,000; you gave 2.5."),
        ("step", None, "Epochs must be a whole number from 1 to 1,000,000,000; you gave None."),
        ("resume", "best", "From must be one of newest, previous, zero; you gave 'best'."),
    ],
)
def test_a_value_out_of_range_is_refused_and_passed_over_in_a_foreign_file(
    tmp_path, name, value, sentence
):
    with pytest.raises(SpecError) as caught:
        commands.send(tmp_path, name, value)
    assert str(caught.value) == sentence

    (tmp_path / "commands").mkdir()
    (tmp_path / "commands/1-a.json").write_text(json.dumps({"command": name, "value": value}))
    assert waiting(tmp_path) == []


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
