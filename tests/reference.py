"""Write what the code declares: docs/reference, and the drawing in ARCHITECTURE.md.

Run ``python -m tests.reference`` after a change to a contract or a new module.
"""

import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import roxham.geo
import roxham.layers
import roxham.maps
from roxham.geo.tables.contract import Column, Contract
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.statements.functions import FUNCTIONS

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


PAGES: dict[str, Callable[[], str]] = {
    "columns.md": columns,
    "functions.md": functions,
    "modules.md": modules,
}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, write in PAGES.items():
        (FOLDER / name).write_text(write(), encoding="utf-8")
    ARCHITECTURE.write_text(architecture(), encoding="utf-8")
