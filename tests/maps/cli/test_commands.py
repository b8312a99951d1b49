"""The list of commands, which is made without them."""

import inspect
from importlib import import_module

import pytest

from roxham.maps.cli.app import COMMANDS, Later
from tests.maps.command import Run


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_list_says_of_a_command_is_its_first_line(name: str) -> None:
    command = Later(name).load()
    assert command.name == name
    said = inspect.getdoc(command.callback)
    assert said is not None
    assert COMMANDS[name].help == said.partition("\n\n")[0]


def test_every_command_of_a_module_is_listed() -> None:
    for module in {command.module for command in COMMANDS.values()}:
        names = import_module(f"roxham.maps.cli.{module}").__all__
        there = {name.removesuffix("_command") for name in names if name.endswith("_command")}
        assert there == {name for name, command in COMMANDS.items() if command.module == module}


def test_help_lists_every_command(run: Run) -> None:
    said = run("--help")
    assert said.code == 0
    lines = [line.strip("│ ").split(" ")[0] for line in said.out.splitlines()]
    assert [name for name in lines if name in COMMANDS] == list(COMMANDS)
    assert run("-h") == said


@pytest.mark.parametrize("name", ["map", "check", "template"])
def test_a_command_has_its_own_help(run: Run, name: str) -> None:
    said = run(name, "--help")
    assert said.code == 0
    assert f" {name} [OPTIONS]" in said.out
    assert COMMANDS[name].help.split(":")[0][:40] in said.out
    assert run(name, "-h") == said


def test_a_command_that_is_nearly_right_is_guessed(run: Run) -> None:
    said = run("conts")
    assert said.code == 2
    assert said.err.startswith("No such command 'conts'. Did you mean 'counts'")


def test_a_word_that_is_no_choice_is_told_plainly(run: Run) -> None:
    said = run("counts", "--by", "week")
    assert (said.code, said.err.splitlines()[0]) == (
        2,
        "Invalid value for '--by': 'week' is not one of 'month', 'year'.",
    )
