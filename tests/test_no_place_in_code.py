"""No line of code knows the border that ships first: names, dates, boxes, offices are data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("geo", "layers", "maps")
ENDINGS = (".py", ".pyi", ".js", ".css", ".j2", ".json", ".toml")
DATA = ("geo/data/regions/roxham/", "maps/assets/vendor/", "layers/mapping/publishers/")
"""A region's own files; others' scripts; and layouts of publishers, which are who they are."""
NAMES = re.compile(
    r"Qu[eé]bec|\bQC\b|New York|\bNY\b|Vermont|\bVT\b|\bRoxham\b|Swanton|Champlain|Hemmingford"
    r"|Lacolle|Lawrence|Halls Stream|Ontario|Montr[eé]al|Plattsburgh|Massena|Akwesasne|Manitoba"
    r"|RCMP|\bGRC\b|cbsa|CBSA|ASFC|IRCC|STCA|ETPS|Safe Third|tiers pays|Additional Protocol"
    r"|2023-03-2\d|2023, 3, 2\d|USBP|\bCBP\b|Canad|United States|États-Unis|us_policy|us_admin"
    r"|[\"'](?:CA|US)[\"']|\b(?:CA|US)-[A-Z]{2}\b|\b32618\b|\b3347\b|America/|45th parallel"
)
EXAMPLES = re.compile(r"\n *Examples\n *-{3,}\n.*?(?=\"\"\")", re.DOTALL)
"""What a docstring shows runs on the region that ships, as the tests run it."""
ALLOWED = {
    ("geo/crossings/find.py", "Canad"): "says that this line is refused",
    ("geo/crossings/find.py", "United States"): "says that this line is refused",
    ("geo/network/speeds.py", '"US"'): "whose speeds are miles, as tags of OpenStreetMap have it",
    ("geo/network/speeds.py", "CA-QC"): "shows how a tag names the law of a place",
    ("geo/region/definition.py", "America/"): "shows how a time zone is written",
    ("geo/tables/edtf.py", "2023-03-24"): "shows how a day is written",
    ("maps/cli/travel.py", "2023-03-24"): "shows how two days are written",
    ("maps/cli/travel.py", "2023-03-26"): "shows how two days are written",
    ("layers/templates.py", "2023-03-25"): "shows how a date is written",
    ("layers/templates.py", "2023-03-27"): "shows how a date is written",
    ("layers/mapping/model.py", "Quebec"): "shows how names of areas are mapped",
    ("layers/mapping/model.py", "CA-QC"): "shows how names of areas are mapped",
    ("layers/mapping/areas.py", "GRC"): "ISO 3166-1: Greece",
    ("maps/cli/app.py", "Roxham"): "what this program is for, in its first line of help",
    ("maps/cli/tables.py", "CA-QC"): "shows how an area is asked for",
    ("maps/cli/travel.py", "Plattsburgh"): "shows how a route is asked for",
    ("maps/cli/travel.py", "Montréal"): "shows how a route is asked for",
    ("maps/elements/layers.py", "Roxham"): "a name that Folium gives elements, seen by no reader",
    ("maps/printed/write.py", "Roxham"): "what the fonts inside a picture are called",
}
"""What may stand, and why; a reason that nothing needs any more fails, too."""


def sources() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            shipped = f"{room}/data/" in name and "/regions/" not in name
            if path.suffix in ENDINGS and not shipped and not name.startswith(DATA):
                yield name, path.read_text(encoding="utf-8")


def named(text: str) -> set[str]:
    text = EXAMPLES.sub("", text).replace('"language.locale": "en-CA"', "")
    text = text.replace('"language.locale": "fr-CA"', "")  # whose words these are
    return {found[0] for found in NAMES.finditer(text)}


def test_code_names_no_place_of_the_region_that_ships() -> None:
    found = {(name, word) for name, text in sources() for word in named(text)}
    assert found - ALLOWED.keys() == set()
    assert ALLOWED.keys() - found == set()


@pytest.mark.parametrize(
    "line", ['CHECKED = "2023-03-25"', "side == 'CA'", "# the RCMP counts", "crs = 32618", "US-NY"]
)
def test_a_line_that_names_one_is_found(line: str) -> None:
    assert named(line)
    shown = f'"""What.\n\n    Examples\n    --------\n    >>> {line}\n    """'
    assert named(shown) == set()


def numbers(node: ast.AST) -> list[float]:
    found = []
    for part in ast.iter_child_nodes(node):
        sign = -1 if isinstance(part, ast.UnaryOp) and isinstance(part.op, ast.USub) else 1
        part = part.operand if isinstance(part, ast.UnaryOp) else part
        if isinstance(part, ast.Constant) and isinstance(part.value, int | float):
            found.append(sign * float(part.value))
    return found


def test_no_module_has_a_place_or_box_around_it() -> None:
    boxes = [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name, text in sources()
        if name.endswith(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Tuple | ast.List | ast.Call)
        if any(-80 < n < -70 for n in numbers(node)) and any(43 < n < 47 for n in numbers(node))
    ]
    assert boxes == []
