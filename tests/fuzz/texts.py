"""What people write, mutated letter by letter: dates, numbers, places, headers, statements."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd

from roxham.geo import DataError
from roxham.geo.io.csv import read_cells
from roxham.geo.region import active_region
from roxham.geo.region.region_file import parse_region
from roxham.geo.tables.edtf import is_date, read_date
from roxham.geo.written.degrees import read_degrees
from roxham.geo.written.headers import (
    WORDS,
    is_header,
    is_joined_header,
    meant,
    plain_header,
    side_told,
)
from roxham.geo.written.hours import hours_of, open_at
from roxham.geo.written.numerals import mark_of, plain_number, with_point
from roxham.geo.written.written_dates import read_dates
from roxham.layers import load_layers
from roxham.layers.mapping.model import read_mapping
from roxham.layers.mapping.periods import grouped_period, is_fiscal, month_in, period_in, year_in
from roxham.layers.statements.claims import judge, load_claims
from roxham.layers.statements.evaluate import UNDECIDED
from roxham.layers.statements.functions import FUNCTIONS
from roxham.layers.statements.language import parse

from .attempts import Many, Try
from .mutate import in_json, in_letters, in_text

DATES = (
    *("2023-03-25", "2022-06~", "201X", "20XX", "2022-24", "2023-03/2023-05", "../2022-02-28?"),
    *("2023-XX-XX", "25/03/2023", "25 de marzo de 2023", "1er mars 2023", "Q2 2023", "T4 2023"),
    *("Jan to Mar 2023", "Year ending June 2022", "2023M01", "1 March 2023 14:22", "44927"),
    *("يناير ٢٠٢٣", "März 2021", "2023/01", "2023-24", "FY2023", "Oct-22", "Sat 5 Aug 2017"),
)
NUMBERS = (
    *("1 234,5", "1'234.5", "١٢٣", "−5", "1,234,567", "12,34,567", "0,500", "1.234.567,8", "+7"),
    *("1e5", "1\u202f234", "1\xa0234", "12 Mai", ".5", "5.", "٣٫٥", "1/2", "½", "007", "12%"),
)
DEGREES = (
    *("45° 0' 20\" N", "73°24′W", "45 00 20.5", "W 73.4", "45,05 N", "45d 0m 20s", "45 0 20 S"),
    *("-73.5", "45º30’", "73 24 O", "73°24'00''ouest", "N45.01", "45:00:20", "45deg 30min"),
)
HOURS = (
    *("06:00-18:00", "6 to 18", "6 a.m. – 10:30 p.m.", "24 horas", "von 8 bis 17 Uhr"),
    *("8h00 às 18h00", "24/7", "8-12, 14-18", "08:00–20:00, up to 3.5 t", "денонощно", "0800-2000"),
)
HEADERS = (
    *("lat,lon,id\n1,2,a\n", "id;date;seen;lat;lon\na;2020;1;45,0;-73,5\n", "\ufeffid\tlat\tlon\n"),
    *("Title of it\n\nid,date,lat,lon\na,2020,45,-73\n", '"id","la""t",lon\r\n"a\nb",1,2\r\n'),
    *("id|lat|lon\na|1|2\n", "Latitude (deg),Longitude,Fecha,Nº\n1,2,3,4\n", "a,a,,\n1,2,3,4\n"),
    *("sep=;\nid;lat;lon\n", "Jan 2023,Feb 2023\n1,2\n", "U.S. Lat,Canada Lat,X,Y\n1,2,3,4\n"),
)
CLAIMS = 200
"""So many are judged at once."""
FURTHER = (
    'sum_of("CA-QC", "2022-01", "2022-12") == 39171 or encounters("FY2023") > 10000',
    'direction_of("2023-01-04-st-bernard-de-lacolle") == "southbound"',
    'side_of("2023-01-04-st-bernard-de-lacolle") != "US" and rule_on("2023-03-25") == "protocol"',
    'about(count("2022", "CA-QC"), 39000) or between(count("2021-12", "CA-QC"), 1000, 4 * 1000)',
)
"""Statements of what none of the bundled ones asks for."""
PIECES = re.compile(r'"[^"]*"|[A-Za-z_]\w*|[0-9][0-9.]*|[=<>!]+|\s+|.')
WORD = re.compile(r'["A-Za-z0-9]')
OPERATORS = ("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "and", "or")
REGION = """\
id = "fields"
languages = ["en", "fr"]
bounds = [0.0, 0.0, 2.0, 2.0]
metric_crs = "EPSG:32631"
timezone = "Europe/Dublin"
since = "2020-01"
controlled = false
[title]
en = "Two fields"
fr = "Deux champs"
[[sides]]
code = "UP"
name = { en = "Up" }
inside = [1.0, 1.5]
[[sides]]
code = "LOW"
[files]
border = "border.csv"
[sources.border]
title = "Lines"
publisher = "An office"
url = "https://example.org/"
licence = "CC-BY-4.0"
[[views]]
id = "core"
name = { en = "Core" }
bounds = [0.0, 0.0, 1.0, 1.0]
"""
TOKENS = (
    *('"2022"', '"CA-QC"', "0", "-1", "1e400", "not", "and", "or", "==", "<", "(", ")", "nearly("),
    *("about(", "count(", "[", "]", "lambda:0", "x", "None", "**", "9" * 40, '"' + "a" * 40 + '"'),
)


def _of(seeds: tuple[str, ...], read: Callable[[str], object]) -> Try:
    """Return what mutates one of the seeds in its letters, and reads it."""

    def attempt(chance: Random, _: Path) -> Callable[[], object]:
        text = in_letters(chance, seeds)
        return lambda: read(text)

    return attempt


@contextmanager
def _refusing() -> Iterator[None]:
    """Take what a reader of one text says it raises for a refusal."""
    try:
        yield
    except UnicodeError:
        raise
    except ValueError as error:
        raise DataError(str(error)) from None


def _date(text: str) -> None:
    with _refusing():
        date = read_date(text, seasons=True)
    assert date.first <= date.last


def _written_date(text: str) -> None:
    read = read_dates([text]).read.values()
    for iso in read:
        assert read_date(iso).first <= read_date(iso).last
    if not read:
        raise DataError("no date")


def _period(text: str) -> None:
    """A period in a header is one of our periods, which are dates."""
    for told in (year_in, month_in, grouped_period):
        told(text)
    if (period := period_in(text)) is None:
        raise DataError("no period")
    assert is_date(period) or is_fiscal(period)


def _number(text: str) -> None:
    """What is told a number is one to Python, too."""
    mark = mark_of(plain := plain_number(text.strip()))
    read = with_point(plain, mark if mark in (",", ".") else ".")
    if read.strip("0123456789.+-") or not read.strip("+-."):
        raise DataError("no number")
    with suppress(ValueError):  # left as it is, for the column's check to refuse
        float(read)


def _degrees(text: str) -> None:
    read_all = [partial(read_degrees, text, kind) for kind in (None, "lat", "lon")]
    with _refusing():
        values = [float(read) for one in read_all if (read := one()) is not None]
    if not values:
        raise DataError("no degrees")
    assert math.isfinite(sum(values))


def _hours(text: str) -> None:
    open_at(text, 700)
    with _refusing():
        spans = hours_of(text)
    assert all(0 <= minute <= 1440 for span in spans or () for minute in span)


def csv_header(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate the first lines of a CSV file."""
    path = folder / "header.csv"
    path.write_bytes(in_letters(chance, HEADERS).encode("utf-8", "surrogatepass"))

    def read() -> None:
        cells = read_cells(path, name="a.csv", known={"id", "lat", "lon", "date"})
        names = [plain_header(name) for name in cells.header]
        assert {is_header(names), is_joined_header(names)} <= {True, False}
        assert all(told is None or told[1] in "NSEW" for told in map(side_told, cells.header))
        for name in ("lat", "confidence"):
            meant(cells.header, name, WORDS.get(name, ()))
        assert all(len(row) == len(cells.header) for row in cells.rows)

    return read


@cache
def _mappings() -> tuple[tuple[str, Any], ...]:
    folder = files("roxham.layers.mapping") / "publishers"
    texts = [one.read_text() for one in folder.iterdir() if one.name.endswith(".toml")]
    return tuple((text, tomllib.loads(text)) for text in sorted(texts))


def mapping(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate entries of a mapping, or letters of its file."""
    text, held = chance.choice(_mappings())
    if chance.random() < 0.7:
        changed = in_json(chance, held)
        return lambda: read_mapping(changed if isinstance(changed, dict) else {"as": changed})
    path = folder / "mapping.toml"
    path.write_bytes(in_letters(chance, (text,)).encode("utf-8", "surrogatepass"))
    return lambda: read_mapping(path)


def region(chance: Random, _: Path) -> Callable[[], object]:
    """Mutate values of a region's file, and its letters."""
    mutate = in_text if chance.random() < 0.5 else lambda chance, text: in_letters(chance, (text,))
    text = mutate(chance, REGION)
    return lambda: parse_region(text, "region.toml")


@cache
def _claims() -> tuple[Mapping[str, pd.DataFrame], tuple[str, ...], Mapping[Any, Any]]:
    claims = load_claims().rows
    expressions = claims["expression"].dropna().tolist()
    return load_layers().tables, (*expressions, *FURTHER), claims.iloc[0].to_dict()


@cache
def _words() -> tuple[str, ...]:
    """Return what statements may ask for between quotes: keys, dates and kinds of the tables."""
    tables, seeds, _ = _claims()
    asked = {
        "interceptions": ("period", "province"),
        "ports": ("port_id", *active_region().columns("admin")),
        "incidents": ("id", "date"),
        "policy_events": ("date", "kind"),
        "transfers": ("from", "to_province", "period_end"),
    }
    cells = (tables[name][c] for name, columns in asked.items() for c in columns)
    found = [str(cell) for column in cells for cell in column.dropna().unique()]
    return tuple(dict.fromkeys([*found, *re.findall('"([^"]*)"', " ".join(seeds))]))


def _statement(chance: Random) -> str:
    text = chance.choice(_claims()[1])
    if chance.random() < 0.5:
        return in_letters(chance, (text,))
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(TOKENS) + text[at + chance.choice((0, 0, 1, 4)) :]
    return text


def _reworded(chance: Random) -> str:
    """Return a statement that asks for other rows, of other functions, or says other numbers."""
    pieces = PIECES.findall(chance.choice(_claims()[1]))
    places = [at for at, piece in enumerate(pieces) if WORD.match(piece) or piece in OPERATORS]
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.choice(places)
        if pieces[at].startswith('"'):
            pieces[at] = f'"{chance.choice(_words())}"'
        elif pieces[at][0].isdigit():
            pieces[at] = chance.choice(("0", "1", "10", "369", "0.5", "39540", "1e9"))
        elif pieces[at] in FUNCTIONS:
            pieces[at] = chance.choice(list(FUNCTIONS))
        elif pieces[at] in OPERATORS:
            pieces[at] = chance.choice(OPERATORS)
    return "".join(pieces)


def expression(chance: Random, _: Path) -> Callable[[], object]:
    """Mutate letters and words of a statement's expression."""
    text = _statement(chance)

    def read() -> None:
        tree, problems = parse(text, FUNCTIONS)
        assert (tree is None) == bool(problems)
        if problems:
            raise DataError(problems[0].problem)

    return read


def claim(chance: Random, _: Path) -> Many:
    """Judge statements whose expressions are mutated and still ones, many at once."""
    tables, seeds, first = _claims()
    rows: list[dict[Any, Any]] = []
    while len(rows) < CLAIMS:
        text = (_statement if chance.random() < 0.2 else _reworded)(chance)
        if text in seeds or parse(text, FUNCTIONS)[0] is None:
            continue
        tolerance = chance.choice((None, 0.0, 0.1, 0.5))
        rows.append({**first, "expression": text, "tolerance": tolerance})

    def refused() -> int:
        judged = judge(tables, pd.DataFrame(rows))
        assert len(judged) == CLAIMS
        return int((judged["verdict"] == UNDECIDED).sum())

    return Many(CLAIMS, refused)


TEXTS: dict[str, Try] = {
    "date": _of(DATES, _date),
    "date as written": _of(DATES, _written_date),
    "period": _of(DATES, _period),
    "number": _of(NUMBERS, _number),
    "degrees": _of(DEGREES, _degrees),
    "hours": _of(HOURS, _hours),
    "expression": expression,
    "claim": claim,
    "CSV header": csv_header,
    "mapping": mapping,
    "region": region,
}
