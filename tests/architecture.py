"""Write what the code declares into ARCHITECTURE.md: modules, columns of frames, functions.

Run ``python -m tests.architecture`` after a change to a contract or a new module; a test compares.
"""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterable
from pathlib import Path

import roxham.geo
import roxham.layers
import roxham.maps
from roxham.geo.tables import Column, Contract
from roxham.layers.vocabulary import FUNCTIONS

TOPICS = {
    "Ground": "crs region regions places jurisdictions shipped packages licences",
    "Border": "border borderline borderfile controlled exact",
    "Reading and keeping roads": "read extract osm plainxml pbf road_tables modes _fetch cache",
    "The network": "network columns frames simplify chains speeds report roads snap pieces nearby",
    "Where roads meet the border": (
        "crossings meetings sieve oneplace cutting traceless meeting_places deadends portpoints "
        "roadnames"
    ),
    "Through gates": (
        "gateway walled halves gatetrees anchors routes search followed traveltable spread reach "
        "catchments compare remote"
    ),
    "Tables and files": (
        "tables rejected csvtext sources _remote postgis placing statedcrs dates typed datapackage "
        "geopackage styles export files folders redact errors"
    ),
}
"""Every module of geo by what it is about; a module that is missing here fails the test."""
MODULES_BLOCK = re.compile(r"(<!-- modules -->\n).*?(<!-- end of modules -->)", re.DOTALL)
PAGE = Path(__file__).parent.parent / "ARCHITECTURE.md"
BLOCK = re.compile(r"(<!-- columns -->\n).*?(<!-- end of columns -->)", re.DOTALL)
FUNCTIONS_BLOCK = re.compile(r"(<!-- functions -->\n).*?(<!-- end of functions -->)", re.DOTALL)


def contracts() -> list[Contract]:
    """Return every contract declared in a module of geo or layers, in reading order."""
    found = []
    for room in (roxham.geo, roxham.layers):
        for info in pkgutil.iter_modules(room.__path__):
            module = importlib.import_module(f"{room.__name__}.{info.name}")
            found += [c for c in vars(module).values() if isinstance(c, Contract)]
    return list({c.name: c for c in found}.values())


def cell(column: Column) -> str:
    """Describe what may stand in a column."""
    said = column.kind if not column.choices else ", ".join(column.choices)
    return said if column.required else f"{said}; may be empty"


def columns() -> str:
    """Return the column tables of all contracts as Markdown."""
    text = ""
    for contract in contracts():
        text += f"\n### {contract.name}\n\n| column | holds | meaning |\n| --- | --- | --- |\n"
        for column in contract.columns:
            if column.name.startswith("source_") or column.name in (
                "confidence",
                "note",
                "note_fr",
            ):
                continue
            text += f"| `{column.name}` | {cell(column)} | {column.meaning} |\n"
    return text + "\n"


def functions() -> str:
    """Return the functions of statements as a Markdown table."""
    text = "\n| function | gives | what it finds |\n| --- | --- | --- |\n"
    for name, function in FUNCTIONS.items():
        places = [p.name if p.required else f"{p.name}=…" for p in function.parameters]
        said = inspect.getdoc(function.call)
        text += f"| `{name}({', '.join(places)})` | {function.returns} | {said} |\n"
    return text + "\n"


def module_rows(room: str, names: list[str]) -> str:
    """Return modules with the first line of their docstrings as a Markdown table."""
    text = "\n| module | what it is |\n| --- | --- |\n"
    for name in names:
        said = inspect.getdoc(importlib.import_module(f"roxham.{room}.{name}")) or ""
        text += f"| `{room}/{name}.py` | {said.splitlines()[0].replace('``', '`')} |\n"
    return text


def modules() -> str:
    """Return every module of the three rooms, those of geo by topic."""
    text = ""
    for topic, names in TOPICS.items():
        text += f"\n### geo: {topic.lower()}\n{module_rows('geo', names.split())}"
    for room in (roxham.layers, roxham.maps):
        name = room.__name__.rpartition(".")[2]
        text += f"\n### {name}\n{module_rows(name, module_names(room.__path__))}"
    return text + "\n"


def module_names(path: Iterable[str]) -> list[str]:
    """Return the modules of a folder, sorted."""
    return sorted(info.name for info in pkgutil.iter_modules(path))


def page() -> str:
    """Return ARCHITECTURE.md with modules, columns and functions as the code declares them."""
    text = BLOCK.sub(lambda m: m[1] + columns() + m[2], PAGE.read_text())
    text = MODULES_BLOCK.sub(lambda m: m[1] + modules() + m[2], text)
    return FUNCTIONS_BLOCK.sub(lambda m: m[1] + functions() + m[2], text)


if __name__ == "__main__":
    PAGE.write_text(page())
