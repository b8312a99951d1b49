"""Write what the code declares: docs/reference, and the drawing in ARCHITECTURE.md.

Run ``python -m tests.reference`` after a change to a contract, a command, a public name or a
new module.
"""

import ast
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import typer

import roxham.geo
import roxham.layers
import roxham.maps
from roxham.geo.tables.contract import Column, Contract
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.statements.functions import FUNCTIONS
from roxham.maps.cli.app import COMMANDS, Later

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "reference"
ARCHITECTURE = ROOT / "ARCHITECTURE.md"
DRAWING = re.compile(r"(<!-- floors -->\n).*?(<!-- end of floors -->)", re.DOTALL)
OF_THE_SOURCE = ("confidence", "note", "note_fr")
"""Columns of every table, beside those that begin with ``source_``."""


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    """Yield every module of a package, each folder before what is in it."""
    for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        yield module
        if info.ispkg:
            yield from modules_of(module)


def contracts() -> list[Contract]:
    """Return every contract declared in a module of geo or layers, in reading order."""
    rooms = (roxham.geo, roxham.layers)
    values = [value for room in rooms for module in modules_of(room) for value in _own(module)]
    made = [data.contract for data in DATASETS.values()]  # some are made for the region at work
    return list({c.name: c for c in [*values, *made] if isinstance(c, Contract)}.values())


def _own(module: ModuleType) -> list[object]:
    return list(vars(module).values())


def cell(column: Column) -> str:
    """Describe what may stand in a column."""
    said = column.kind if not column.choices else ", ".join(column.choices)
    return said if column.required else f"{said}; may be empty"


def columns() -> str:
    """Return the column tables of all contracts."""
    text = (
        "# Columns of the frames\n\nEvery table also names its source: `source_title`, "
        "`source_publisher`, `source_url`, `source_date`, `confidence`, `note`.\n"
    )
    for contract in sorted(contracts(), key=lambda c: c.name):
        text += f"\n## {contract.name}\n\n| column | holds | meaning |\n| --- | --- | --- |\n"
        for column in contract.columns:
            if not column.name.startswith("source_") and column.name not in OF_THE_SOURCE:
                text += f"| `{column.name}` | {cell(column)} | {column.meaning} |\n"
    return text


def functions() -> str:
    """Return the functions of statements."""
    text = (
        "# Functions of statements\n\n| function | gives | what it finds |\n| --- | --- | --- |\n"
    )
    for name, function in FUNCTIONS.items():
        places = [p.name if p.required else f"{p.name}=…" for p in function.parameters]
        said = inspect.getdoc(function.call)
        text += f"| `{name}({', '.join(places)})` | {function.returns} | {said} |\n"
    return text


def modules() -> str:
    """Return every module with the first line of its docstring, by folder."""
    text = "# Modules\n"
    for room in (roxham.geo, roxham.layers, roxham.maps):
        inside = list(modules_of(room))
        for folder in [room, *(m for m in inside if hasattr(m, "__path__"))]:
            path = folder.__name__.removeprefix("roxham.").replace(".", "/")
            text += (
                f"\n## {path}/\n\n{_first_line(folder)}\n\n| module | what it is |\n| --- | --- |\n"
            )
            for module in inside:
                parent, _, name = module.__name__.rpartition(".")
                if parent == folder.__name__ and not hasattr(module, "__path__"):
                    text += f"| `{path}/{name}.py` | {_first_line(module)} |\n"
    return text


def _first_line(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").partition("\n")[0].replace("``", "`")


def floors() -> str:
    """Return the rooms and their floors as the contracts have them, each folder with its line."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    rooms, *inside = contracts
    text = "```\n"
    for room in rooms["layers"]:
        (mine,) = (c for c in inside if c["layers"][0].startswith(f"{room}."))
        text += f"{room.removeprefix('roxham.')}/\n"
        for floor in mine["layers"]:
            for number, name in enumerate(floor.split(" | ")):
                said = _first_line(importlib.import_module(name)).rstrip(".")
                leaf = name.removeprefix(f"{room}.")
                text += f"  {'─' if number == 0 else ' '} {leaf:<14}{said}\n"
    return text + "```\n"


def architecture() -> str:
    """Return ARCHITECTURE.md with the drawing as the contracts have it."""
    return DRAWING.sub(lambda m: m[1] + floors() + m[2], ARCHITECTURE.read_text(encoding="utf-8"))


class Name(NamedTuple):
    """A public name of a room, and the module that it is from."""

    name: str
    module: str


def names_of(room: ModuleType) -> list[Name]:
    """Return the public names of a room as its stub lists them."""
    stub = Path(str(room.__file__)).with_suffix(".pyi").read_text(encoding="utf-8")
    return [
        Name(alias.asname or alias.name, f"{room.__name__}.{line.module}")
        for line in ast.parse(stub).body
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    ]


def said_of_constant(one: Name) -> str:
    """Return the text that stands under a constant in its module."""
    tree = ast.parse(inspect.getsource(importlib.import_module(one.module)))
    for assigned, after in zip(tree.body, tree.body[1:], strict=False):
        targets = getattr(assigned, "targets", [getattr(assigned, "target", None)])
        found = any(isinstance(target, ast.Name) and target.id == one.name for target in targets)
        if found and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            return inspect.cleandoc(str(after.value.value))
    return ""


def directive(room: ModuleType, one: Name) -> str:
    """Return what tells Sphinx to write of a public name all that its docstring says."""
    value = getattr(room, one.name)
    path = f"{room.__name__}.{one.name}"
    if isinstance(value, Contract):
        return f".. py:data:: {path}\n   :no-index-entry:\n\n   The columns of ``{value.name}``.\n"
    if inspect.isclass(value):
        kind = "autoexception" if issubclass(value, Exception) else "autoclass"
        fields = ", ".join(getattr(value, "_fields", ()))  # which the class describes
        return f".. {kind}:: {path}\n   :members:\n" + (
            f"   :exclude-members: {fields}, count, index\n" if fields else ""
        )
    if callable(value):
        return f".. autofunction:: {path}\n"
    said = said_of_constant(one).replace("\n", "\n   ")
    return f".. py:data:: {path}\n   :value: {value!r}\n\n   {said}\n"


def api(room: ModuleType) -> str:
    """Return the public names of a room, folder by folder."""
    short = room.__name__.removeprefix("roxham.")
    text = f"# roxham.{short}\n\n{_first_line(room)}\n"
    groups: dict[str, list[Name]] = {}
    for one in names_of(room):
        inside = one.module.removeprefix(f"{room.__name__}.").split(".")[0]
        groups.setdefault(inside, []).append(one)
    for folder, inside_it in groups.items():
        said = _first_line(importlib.import_module(f"{room.__name__}.{folder}"))
        text += f"\n## {folder}\n\n{said}\n"
        for one in inside_it:
            text += f"\n```{{eval-rst}}\n{directive(room, one)}```\n"
    return text


def commands() -> str:
    """Return every command with its arguments and options, as ``--help`` has them."""
    text = "# The commands\n\n`roxham COMMAND --help` says the same in a terminal.\n"
    for name, command in COMMANDS.items():
        loaded: Any = Later(name=name).load()
        context = typer.Context(loaded, info_name=f"roxham {name}")
        usage = loaded.get_usage(context).removeprefix("Usage: ")
        text += f"\n## roxham {name}\n\n{command.help}\n\n```text\n{' '.join(usage.split())}\n```\n"
        rows = [row for one in loaded.get_params(context) if (row := _option(one, context))]
        text += "\n| option | what it does |\n| --- | --- |\n" + "".join(rows)
    return text


def _option(one: Any, context: typer.Context) -> str:
    """Return a row of the table of options; nothing for ``--help`` and what is hidden."""
    record = None if one.name == "help" else one.get_help_record(context)
    if record is None:
        return ""
    written, said = record
    said = " ".join(str(said).split()).replace("|", "\\|").replace("<", "&lt;")
    return f"| `{written.replace('|', '¦')}` | {said} |\n"


PAGES: dict[str, Callable[[], str]] = {
    "columns.md": columns,
    "commands.md": commands,
    "functions.md": functions,
    "geo.md": lambda: api(roxham.geo),
    "layers.md": lambda: api(roxham.layers),
    "maps.md": lambda: api(roxham.maps),
    "modules.md": modules,
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
    ARCHITECTURE.write_text(architecture(), encoding="utf-8")
