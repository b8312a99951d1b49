"""Write the columns of every frame into ARCHITECTURE.md, from the declared contracts.

Run ``python -m tests.architecture`` after a change to a contract; a test compares.
"""

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import roxham.geo
import roxham.layers
from roxham.geo.tables import Column, Contract
from roxham.layers.vocabulary import FUNCTIONS

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


def page() -> str:
    """Return ARCHITECTURE.md with columns and functions as the code declares them."""
    text = BLOCK.sub(lambda m: m[1] + columns() + m[2], PAGE.read_text())
    return FUNCTIONS_BLOCK.sub(lambda m: m[1] + functions() + m[2], text)


if __name__ == "__main__":
    PAGE.write_text(page())
