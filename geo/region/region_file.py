"""Read ``region.toml``: every fault at once, with its line and its key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from roxham.geo.bounds import require, require_size
from roxham.geo.errors import DataError, Fault, nearest, shown
from roxham.geo.quoting import name_of

from .definition import GROUND, Definition, Figure, Series

__all__ = ["cross_faults", "parse_region", "read_definition"]

LARGEST = 1_000_000
"""A region's file longer than so many bytes is none."""
HEADER = re.compile(r"\s*(\[{1,2})\s*([^\]]+?)\s*\]{1,2}")
KEY = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*="""
)
_PART = r"""(?:[\w-]++|"[^"\n]*"|'[^'\n]*')"""
DOTTED = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*\.[ \t]*{_PART})+")
WHERE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
SAID = {
    "missing": "is missing.",
    "extra_forbidden": "is not known.",
    "string_type": "is no text.",
    "bool_type": "is neither true nor false.",
    "bool_parsing": "is neither true nor false.",
    "float_type": "is no number.",
    "float_parsing": "is no number.",
    "tuple_type": "is no list in brackets.",
    "too_long": "has more parts than it may.",
}
Steps = tuple[str | int, ...]


def read_definition(path: Path) -> Definition:
    """Read and check the file of a region.

    Raises
    ------
    DataError
        If it is missing, no TOML, or says anything that no region can: all faults at once.
    """
    name = name_of(path)
    try:
        require_size(path, name)
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise DataError(Fault(name, "is too long, or no plain file.", "Give a TOML file."))
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise DataError(
            Fault(
                name, "is not there.", "A region is a folder with such a file; see `roxham init`."
            )
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            Fault(name, f"cannot be read: {shown(error)}.", "Save it as UTF-8.")
        ) from None
    return parse_region(text, name)


def parse_region(text: str, name: str) -> Definition:
    """Check the text of a region's file; see :func:`read_definition`."""
    require("keys", text.count("=") + text.count("["), name)
    require(
        "depth", max((found[0].count(".") + 1 for found in DOTTED.finditer(text)), default=0), name
    )
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = WHERE.search(str(error))
        line = int(found[1]) if found and found[1] else len(text.splitlines())
        problem = WHERE.sub("", str(error)).strip()
        raise DataError(
            Fault(name, f"is no TOML: {shown(problem)}.", "Correct it.", line)
        ) from None
    except RecursionError:
        raise DataError(Fault(name, "is nested too deeply.", "Write it flat.")) from None
    except ValueError as error:  # a whole number of thousands of digits
        raise DataError(Fault(name, f"is no TOML: {shown(error)}.", "Correct it.")) from None
    lines = _lines(text)
    try:
        read = Definition.model_validate(given)
    except ValidationError as error:
        raise DataError(list(_faults(error, given, lines, name))) from None
    crossed = list(cross_faults(read, lines, name))
    if crossed:
        raise DataError(crossed)
    return read


class Crossed(NamedTuple):
    """A part of a file that another contradicts: where, what was found, what to do."""

    path: Steps
    problem: str
    remedy: str


def cross_faults(read: Definition, lines: Mapping[Steps, int], name: str) -> Iterator[Fault]:
    """Yield what parts of a region's file say against each other."""
    checks = (
        _twice,
        _of_boxes,
        _of_months,
        _of_regimes,
        _of_areas,
        _of_files,
        _of_languages,
        _of_findings,
    )
    for looked in checks:
        for path, problem, remedy in looked(read):
            yield Fault(name, problem, remedy, _line(path, lines), _key(path))


def _twice(read: Definition) -> Iterator[Crossed]:
    ids = {"regimes": [one.id for one in read.regimes], "views": [one.id for one in read.views]}
    for kind, given in ids.items():
        known: set[str] = set()
        for i, name in enumerate(given):
            if name in known:
                yield Crossed((kind, i, "id"), f"“{name}” stands twice.", "Give each its own.")
            known.add(name)


def _of_boxes(read: Definition) -> Iterator[Crossed]:
    """Yield boxes that go over 180° where the bounds do not; a box of the Earth cannot."""
    if read.bounds[0] > read.bounds[2]:
        return
    boxes: list[tuple[Steps, Sequence[float] | None]] = [
        (("pan",), read.pan),
        (("ground",), read.ground),
        *((("views", i, "bounds"), view.bounds) for i, view in enumerate(read.views)),
    ]
    for path, box in boxes:
        if box is not None and box[0] > box[2]:
            found = "has its west beyond its east, as over 180°, and bounds do not."
            yield Crossed(path, found, "Swap them.")
    west, south, east, north = read.bounds
    left, low, right, high = read.ground or read.bounds
    if left <= right and not (left <= west and low <= south and east <= right and north <= high):
        found = "does not hold all of the bounds."
        yield Crossed(("ground",), found, "Give a box around them, or leave it out.")


def _of_months(read: Definition) -> Iterator[Crossed]:
    if read.since and read.until and read.since > read.until:
        yield Crossed(("since",), f"“{read.since}” is after until, {read.until}.", "Swap them.")


def _of_regimes(read: Definition) -> Iterator[Crossed]:
    known = {regime.id for regime in read.regimes}
    for i, regime in enumerate(read.regimes):
        if regime.rules is not None and regime.rules not in known:
            found = f"“{regime.rules}” is no regime."
            yield Crossed(("regimes", i, "rules"), found, nearest(regime.rules, sorted(known)))
        if regime.event is not None and "policy_events" not in read.files:
            found = "is of a table of policy events; there is none."
            remedy = "Give files.policy_events, or since in place of event."
            yield Crossed(("regimes", i, "event"), found, remedy)
    ways = {side.towards for side in read.sides} | {"north", "south"}
    for i, rule in enumerate(read.rules):
        if rule.regime not in known:
            found = f"“{rule.regime}” is no regime."
            yield Crossed(("rules", i, "regime"), found, nearest(rule.regime, sorted(known)))
        if all(side.towards for side in read.sides) and rule.towards not in ways:
            found = f"“{rule.towards}” is the way to neither side."
            yield Crossed(("rules", i, "towards"), found, "Write what sides.towards says.")


def _of_areas(read: Definition) -> Iterator[Crossed]:
    known = {area.code for area in read.areas}
    parts: list[tuple[Steps, Series | Figure]] = [
        *((("series", i), one) for i, one in enumerate(read.series)),
        *((("figures", i), one) for i, one in enumerate(read.figures)),
    ]
    for path, part in parts:
        for key in ("area", "whole", "rest"):
            code = getattr(part, key)
            if code is not None and code not in known:
                yield Crossed((*path, key), f"“{code}” is no area.", nearest(code, sorted(known)))
    if any(one.map for one in read.series) and not (read.small_map and "areas" in read.files):
        found = "asks for a small map, which needs small_map.crs and files.areas."
        yield Crossed(("series",), found, "Give both.")


def _of_files(read: Definition) -> Iterator[Crossed]:
    asked: list[tuple[Steps, str]] = [
        *((("series", i, "table"), one.table) for i, one in enumerate(read.series)),
        *((("mappings", kind), kind) for kind in read.mappings),
        *((("sources", kind), kind) for kind in read.sources if kind != "regimes"),
    ]
    for path, kind in asked:
        if kind not in read.files:
            yield Crossed(
                path, f"“{kind}” is not among the files.", nearest(kind, sorted(read.files))
            )
    for kind in (kind for kind in read.mappings if kind in GROUND):
        found = "is no table of facts: columns are mapped of these alone."
        yield Crossed(("mappings", kind), found, "Leave it out, and name its columns as they are.")


FACTS = {
    *("incidents", "northbound", "southbound", "eastbound", "westbound"),
    *("inbound", "outbound", "way_unknown"),
}
"""What sentences of a page may speak of besides key figures, in braces."""


def _of_findings(read: Definition) -> Iterator[Crossed]:
    known = FACTS | {figure.id for figure in read.figures}
    told: list[tuple[Steps, Mapping[str, str]]] = [
        (("headline",), read.headline),
        (("standfirst",), read.standfirst),
        *((("findings", i), words) for i, words in enumerate(read.findings)),
    ]
    for path, words in told:
        for lang, text in words.items():
            for name in sorted(set(re.findall(r"\{(\w+)\}", text)) - known):
                yield Crossed(
                    (*path, lang), f"“{{{name}}}” is no figure.", nearest(name, sorted(known))
                )


def _of_languages(read: Definition) -> Iterator[Crossed]:
    for lang in {*read.title, *read.words} - set(read.languages):
        path: Steps = ("title", lang) if lang in read.title else ("words", lang)
        found = f"“{lang}” is not among the languages."
        yield Crossed(path, found, "Add it to languages, or leave it out.")


def _faults(
    error: ValidationError, given: Mapping[str, Any], lines: Mapping[Steps, int], name: str
) -> Iterator[Fault]:
    """Yield what is wrong, as a user's faults: the line, the key, what was found, what to do."""
    told = set()
    for one in error.errors(include_url=False, include_context=False):
        path = _real(one["loc"], given)
        found = _at(given, path)
        kind = one["type"]
        message = one["msg"].removeprefix("Value error, ")
        if (path, kind) in told:
            continue
        told.add((path, kind))
        remedy = ""
        if kind == "extra_forbidden":
            remedy = nearest(path[-1], sorted(_known(path[:-1])))
            remedy = (
                remedy
                if remedy.startswith("Is it")
                else "Leave it out, or correct its name. " + remedy
            )
            problem = SAID[kind]
        elif kind == "missing":
            problem, remedy = SAID[kind], "Add it."
        else:
            said = SAID.get(kind, f"{message[0].lower()}{message[1:]}.")
            problem = (
                said
                if isinstance(found, Mapping | list) or found is None
                else f"“{shown(found)}”: {said}"
            )
            remedy = "Correct it."
        yield Fault(name, problem, remedy, _line(path, lines), _key(path) or None)


def _real(loc: tuple[str | int, ...], given: Any) -> Steps:
    """Return the path of a fault in the file; a model's own words for a union are no key."""
    path: list[str | int] = []
    here = given
    for number, step in enumerate(loc):
        last = number == len(loc) - 1
        if isinstance(here, Mapping):
            if step in here or last:
                path.append(step)
                here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int):
            path.append(step)
            here = here[step] if step < len(here) else None
    return tuple(path)


def _at(given: Any, path: Steps) -> Any:
    for step in path:
        try:
            given = given[step]
        except (KeyError, IndexError, TypeError):
            return None
    return given


def _known(path: Steps) -> Iterator[str]:
    """Yield the keys that may stand in a table of the file."""
    here: Any = Definition
    for step in (step for step in path if isinstance(step, str)):
        if (
            not (isinstance(here, type) and issubclass(here, BaseModel))
            or step not in here.model_fields
        ):
            return
        here = next(_models(here.model_fields[step].annotation), None)
    if isinstance(here, type) and issubclass(here, BaseModel):
        yield from here.model_fields


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models(inner)


def _key(path: Steps) -> str:
    """Return a path as a reader counts: ``sides.1.code``."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def _line(path: Steps, lines: Mapping[Steps, int]) -> int | None:
    """Return the line of a key, or of the table that should hold it."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _lines(text: str) -> dict[Steps, int]:
    """Return the line on which each key and each table begins."""
    found: dict[Steps, int] = {}
    counts: dict[Steps, int] = {}
    table: Steps = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            steps = tuple(_steps(header[2]))
            table = ()
            for depth, step in enumerate(steps):
                table = (*table, step)
                listed = header[1] == "[[" and depth == len(steps) - 1
                if listed:
                    counts[table] = counts.get(table, -1) + 1
                if table in counts:
                    found.setdefault(table, number)
                    table = (*table, counts[table])
            found.setdefault(table, number)
        elif key := KEY.match(line):
            found.setdefault((*table, *_steps(key[1])), number)
    return found


def _steps(dotted: str) -> Iterator[str]:
    for part in re.findall(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""", dotted):
        yield part.strip("\"'")
