"""Tables mutated in their structure: workbooks, saved pages, JSON, Parquet; and many rows."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyarrow import parquet

from roxham.geo.io.sources import Raw, read_raw
from roxham.geo.tables.contract import Column, Contract, places_of, read_table
from tests.crafted_workbooks import Cell, write_ods, write_xlsx

from .attempts import BY_ROWS, ROWS_READ, Many, Try
from .mutate import ODD, SHAPES, in_bytes, in_columns, in_elements, in_json, in_letters, in_tags
from .texts import DATES, DEGREES, NUMBERS

SITES = Contract(
    "sites",
    (
        Column("id"),
        Column("date", "date", required=False),
        Column("seen", "integer", required=False),
        Column("lat", "lat"),
        Column("lon", "lon"),
    ),
)
TABLE = pd.DataFrame(
    {"id": ["a", "b"], "date": ["2020-01", None], "seen": [1, None],
     "lat": [45.0, 45.1], "lon": [-73.5, -73.4]}
)  # fmt: skip

CELLS: tuple[list[Cell], ...] = (
    ["id", "date", "seen", "lat", "lon"],
    ["a", "2020-01", 1, 45.0, -73.5],
    ["b", None, 2.5, "45,1", "-73.4"],
    ["c", "2020-02-30", "x", 45.0, -73.5],
)
HTML = (
    "<!doctype html><html><head><meta charset=utf-8><title>A page</title></head><body>"
    "<table><caption>Sites</caption><thead><tr><th>id</th><th>date<sup>1</sup></th>"
    "<th colspan=2>seen</th></tr></thead><tbody><tr><td rowspan=2>a</td><td>2020-01</td>"
    "<td>1</td><td>45.0</td></tr><tr><td>2020-02</td><td>2<br>3</td><td>-73.5</td></tr>"
    "</tbody></table><table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>"
    "<!-- a note --></body></html>"
)
ROWS = 1000
"""So many rows are read at once."""
SHAPES_READ = 50
"""So many shapes are."""


def _raw(path: Path) -> Raw:
    return read_raw(
        path, name="a", table="sites", known={c.name for c in SITES.columns},
        require=lambda header: None, at=places_of(SITES),
    )  # fmt: skip


def _zipped(chance: Random, parts: dict[str, bytes], path: Path) -> None:
    """Write a workbook's parts, one of them mutated in its marks or bytes, lost or renamed."""
    parts = dict(parts)
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice(list(parts))
        match chance.randrange(20):
            case 0:
                del parts[name]
            case 1:
                parts[f"{name}x"] = parts.pop(name)
            case 2:
                parts[name] = in_bytes(chance, parts[name])
            case 3:
                text = parts[name].decode("utf-8", "replace")
                parts[name] = in_tags(chance, text).encode("utf-8", "replace")
            case _ if parts[name].startswith(b"<"):
                with suppress(ET.ParseError, UnicodeError):  # what was changed before
                    parts[name] = in_elements(chance, parts[name].decode()).encode()
        if not parts:
            break
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as out:
        for name, data in parts.items():
            out.writestr(name, data)
    if chance.random() < 0.1:
        path.write_bytes(in_bytes(chance, path.read_bytes()))


@cache
def _parts(kind: str) -> dict[str, bytes]:
    held = io.BytesIO()
    if kind == "xlsx":
        write_xlsx(held, {"Sites": CELLS, "Notes": [["x"]]})  # type: ignore[arg-type]
    else:
        write_ods(held, CELLS)  # type: ignore[arg-type]
    with zipfile.ZipFile(held) as book:
        return {name: book.read(name) for name in book.namelist()}


def workbook(kind: str) -> Try:
    """Return what mutates the parts of a workbook."""

    def attempt(chance: Random, folder: Path) -> Callable[[], object] | Many:
        path = folder / f"a.{kind}"
        if chance.random() < BY_ROWS:
            return _sheet(chance, path)
        _zipped(chance, _parts(kind), path)
        return lambda: _raw(path)

    return attempt


def _sheet(chance: Random, path: Path) -> Many:
    """Mutate the cells of a sheet's rows, each row read or refused by itself."""
    cells = [[f"r{k}", *(_typed(chance, seeds) for seeds in SEEDS)] for k in range(ROWS_READ)]
    rows = [CELLS[0], CELLS[1], *cells]
    if path.suffix == ".xlsx":
        write_xlsx(path, {"Sites": rows})
    else:
        write_ods(path, rows)

    def refused() -> int:
        read, rejected = read_table(path, SITES)
        assert len(read) + rejected["row"].nunique() == 1 + ROWS_READ
        assert read["lat"].between(-90, 90).all()
        return int(rejected["row"].nunique())

    return Many(ROWS_READ, refused)


SEEDS = (DATES, NUMBERS, DEGREES, DEGREES)
"""Of the columns beside the id."""
NO_XML = re.compile("[^\\t\\n\\r\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")


def _typed(chance: Random, seeds: Sequence[str]) -> Cell:
    """Return a cell: text, a number or nothing."""
    if chance.random() < 0.3:
        return chance.choice((None, 0, -1, 1.5, 45.0, -73.5, 2020, 44927, 1e300, 2**53))
    return NO_XML.sub("", _cell(chance, seeds))


def html_table(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate the marks of a saved page, and its bytes."""
    path = folder / "a.html"
    encoding = chance.choice(("utf-8", "utf-8", "utf-16", "latin-1"))
    data = in_tags(chance, HTML).encode(encoding, "replace")
    path.write_bytes(in_bytes(chance, data) if chance.random() < 0.2 else data)
    return lambda: _raw(path)


def json_table(chance: Random, folder: Path) -> Callable[[], object]:
    """Mutate a table of records."""
    path = folder / "a.json"
    records = [dict(zip(CELLS[0], row, strict=True)) for row in CELLS[1:]]
    held = records if chance.random() < 0.5 else {"result": {"records": records}, "total": 3}
    path.write_bytes(json.dumps(in_json(chance, held)).encode("utf-8", "surrogatepass"))
    return lambda: _raw(path)


@cache
def _columns() -> pa.Table:
    parts = pd.Series([[1, 2], None])
    places = gpd.GeoDataFrame(
        TABLE.assign(when=pd.Series([pd.Timestamp("2020-01-01"), pd.NaT]), parts=parts),
        geometry=gpd.points_from_xy(TABLE["lon"], TABLE["lat"]),
        crs=4326,
    )
    held = io.BytesIO()
    places.to_parquet(held)
    return parquet.read_table(held)


def write_changed(chance: Random, table: pa.Table, path: Path) -> None:
    """Write Parquet with columns mutated, and what is said of geometries; seldom its bytes."""
    head = dict(table.schema.metadata)
    if chance.random() < 0.6:
        table = pa.Table.from_batches([in_columns(chance, table.to_batches()[0])])
    if chance.random() < 0.4:
        geo = json.loads(head[b"geo"])
        if chance.random() < 0.8:  # most of its parts are of the CRS, and slow to understand
            del geo["columns"]["geometry"]["crs"]
        head[b"geo"] = json.dumps(in_json(chance, geo)).encode()
    if chance.random() < 0.1:
        del head[chance.choice(list(head))]
    parquet.write_table(table.replace_schema_metadata(head), path)
    if chance.random() < 0.2:
        path.write_bytes(in_bytes(chance, path.read_bytes()))


def parquet_table(chance: Random, folder: Path) -> Callable[[], object] | Many:
    """Mutate a table of points in Parquet; or its rows, each read or refused."""
    path = folder / "a.parquet"
    if chance.random() < 0.5:
        write_changed(chance, _columns(), path)
        return lambda: _raw(path)
    shapes = np.array([chance.choice(SHAPES) for _ in range(SHAPES_READ)])
    dates = [_cell(chance, DATES).encode("utf-8", "replace").decode() for _ in shapes]
    seen = [chance.choice((None, 0, -1, 2**63 - 1, 7)) for _ in shapes]
    columns = {"id": dates[::-1], "date": dates, "seen": pa.array(seen, pa.int64())}
    table = pa.table({**columns, "geometry": shapely.to_wkb(shapes).tolist()})
    sound = _columns().schema.metadata
    parquet.write_table(table.replace_schema_metadata({b"geo": sound[b"geo"]}), path)

    def refused() -> int:
        read = _raw(path)
        assert len(read.rows) + len(read.unread) == SHAPES_READ
        return len(read.unread)

    return Many(SHAPES_READ, refused)


def rows(chance: Random, folder: Path) -> Many:
    """Mutate the cells of a thousand rows, each read or refused by itself."""
    path = folder / "rows.csv"
    draw = chance.random
    seeds = {"date": DATES, "seen": NUMBERS, "lat": DEGREES, "lon": DEGREES}
    with path.open("w", newline="", encoding="utf-8", errors="replace") as out:
        writer = csv.writer(out)
        writer.writerow(["id", *seeds])
        for number in range(ROWS):
            row = {
                "id": f"r{number}",
                "date": "2020-01",
                "seen": "1",
                "lat": "45.0",
                "lon": "-73.5",
            }
            name = ("id", *seeds)[int(draw() * 5)]
            kinds = (seeds.get(name, NUMBERS), DATES, NUMBERS)[int(draw() ** 3 * 3)]
            row[name] = _cell(chance, kinds)
            writer.writerow(row.values())

    def refused() -> int:
        read, _ = read_table(path, SITES)
        assert read["lat"].between(-90, 90).all()
        assert read["lon"].between(-180, 180).all()
        return ROWS - len(read)

    return Many(ROWS, refused)


def _cell(chance: Random, seeds: Sequence[str]) -> str:
    """Return a cell; without NUL, for which the whole file is refused."""
    text = str(chance.choice(ODD)) if chance.random() < 0.1 else in_letters(chance, seeds)
    return text.replace("\0", "")


def points(chance: Random, folder: Path) -> Many:
    """Mutate places in a column of text, each read or refused by itself."""
    shapes = ("POINT (-73.5 45)", "SRID=4326;POINT(1 2)", "LINESTRING (0 0, 1 1)", "POINT EMPTY")
    kinds = (
        (shapes, lambda text: text.upper().startswith(("POINT", "LINESTRING"))),
        (("45.0, -73.5", "(45 -73)", "45.5°; -73.4°"), lambda text: True),
        (("45° N, 73° W", "45°0'20\"N 73°24'W"), lambda text: True),
    )
    seeds, sound = kinds[chance.randrange(3)]
    path = folder / "points.csv"
    with path.open("w", newline="", encoding="utf-8", errors="replace") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "place"])
        for number in range(ROWS):
            text = _cell(chance, seeds) if number >= 50 else seeds[0]
            writer.writerow([f"r{number}", text if sound(text) else seeds[0]])

    def refused() -> int:
        read, _ = read_table(path, SITES)
        assert read["lat"].between(-90, 90).all()
        return ROWS - len(read)

    return Many(ROWS, refused)


TABLES: dict[str, Try] = {
    "xlsx": workbook("xlsx"),
    "ods": workbook("ods"),
    "table of a page": html_table,
    "table of JSON": json_table,
    "table of Parquet": parquet_table,
    "row of a table": rows,
    "place as text": points,
}
