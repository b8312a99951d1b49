"""A folder of tables, such as an export, held to the rules: its tables, and what describes them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from roxham.geo.arguments import is_folder
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.contained import file_within, require_within
from roxham.geo.io.csv import Cells, read_cells
from roxham.geo.io.declared_crs import require_stated_crs
from roxham.geo.io.guard.geojson import require_geojson
from roxham.geo.io.vector import BORDERS, kind_of, open_vector
from roxham.geo.sheets.html_table import is_html, read_tables
from roxham.geo.sheets.json_table import read_json
from roxham.geo.sheets.workbook import is_workbook, read_sheets
from roxham.geo.workplace import completed
from roxham.layers.counts.mismatches import find_mismatches
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.facts.interceptions import load_interceptions
from roxham.layers.mapping.publishers import publisher
from roxham.layers.mapping.recognise.layouts import known_layouts
from roxham.layers.provenance import is_as_described

from .check import check_data
from .places import OWN
from .rules import Finding, some

__all__ = ["check_documents", "check_package", "mismatches_in", "read_folder"]

CALLED_TEXT = (".csv", ".tsv", ".tab", ".psv")
CALLED_FILES = (".geojson", ".gpkg", ".parquet", ".fgb", ".shp", ".xlsx", ".ods")
"""What is a table by its name, and a fault where it cannot be read."""
DOCUMENTS = (".md", ".txt", ".cff", ".json", ".yaml", ".yml", ".html", ".htm")
"""What goes with tables and is read as text; a table in it is read as one, too."""
SEEN = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf", ".qgz", ".qgs", ".qml", ".sld")
"""Pictures and projects: whoever publishes them looks at them."""
BESIDE = (".shx", ".prj", ".cpg", ".dbf", ".sbn", ".sbx", ".qix")
"""Files of a Shapefile, read with it."""
UNREAD = (".kml", ".kmz", ".gml", ".gpx", ".osm", ".jsonl", ".ndjson")
"""Data in text of kinds that no reader of tables has."""
LARGEST_TEXT = 10_000_000
"""A file of no known kind is looked at as a text up to so many bytes."""


class Folder(NamedTuple):
    """What a folder holds: tables by the names of their files, lines of text, and what is left."""

    tables: list[tuple[str, pd.DataFrame]]
    documents: list[tuple[str, pd.DataFrame]]
    seen: list[str]
    """Files that are no data: pictures, projects of QGIS."""
    unread: list[str]
    looks_like: list[str]
    """Tables without a source, and the publisher whose columns they have."""


def read_folder(folder: Path) -> Folder:
    """Read the tables of a folder, whatever their kind, and its texts; what is unknown is null.

    Rows are called by their line in a text, by their row in a sheet, else by their number.
    """
    if not is_folder(completed(folder)):
        raise DataError(Fault(str(folder), "is not a folder."))
    found = Folder([], [], [], [], [])
    sources = _sources(folder)
    faults: list[Fault] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()):
        suffix, name = path.suffix.lower(), path.relative_to(folder).as_posix()
        if path.name == ".DS_Store" or (suffix in BESIDE and path.with_suffix(".shp").exists()):
            continue
        if suffix in SEEN:
            found.seen.append(name)
            continue
        try:
            require_within(path, folder)
            before = len(found.tables)
            _read(path, name, found)
            found.tables[before:] = [
                (table, _sourced(table, rows, sources.get(name), found))
                for table, rows in found.tables[before:]
            ]
        except DataError as error:
            told = error.faults or [Fault("", str(error))]
            faults += [replace(one, file=str(path)) for one in told]
        except Exception as error:  # whatever a reader of a file of a stranger's may raise
            faults.append(Fault(str(path), f"cannot be read: {type(error).__name__}: {error}."))
    if faults:
        raise DataError(faults)
    if not found.tables:
        kinds = ", ".join((*CALLED_TEXT, *CALLED_FILES))
        raise DataError(Fault(str(folder), "holds no table.", f"Give {kinds} files."))
    return found


def _sources(folder: Path) -> dict[str, str]:
    """Return where the files of a folder are from, by what their packages say."""
    found = {}
    for path in sorted(folder.rglob("datapackage.json")):
        try:
            require_within(path, folder)
            package, described = _read_package(path)
        except ValueError:
            continue  # which its own check tells
        for one in described:
            given = one.get("sources") or package.get("sources")
            urls = {s.get("path") for s in given if isinstance(s, dict)} if given else set()
            if isinstance(given, list) and len(urls) == 1:
                name = (path.parent / str(one.get("path", ""))).relative_to(folder).as_posix()
                found[name] = str(urls.pop())
    return found


def _sourced(name: str, rows: pd.DataFrame, url: str | None, found: Folder) -> pd.DataFrame:
    """Return rows with the one source that their package names.

    Columns that a publisher has are no source: whoever writes them may have counted.
    """
    if name in DATASETS or "source_url" in rows:
        return rows
    if url is not None:
        return rows.assign(source_url=url)
    layouts = known_layouts(list(map(str, rows.columns)))
    known = publisher(layouts[0]) if layouts else None
    if known is not None and known.source is not None:
        found.looks_like.append(f"{name} of {known.source.publisher}")
    return rows


def _read(path: Path, name: str, found: Folder) -> None:
    """Add what a file holds to what was found in its folder."""
    suffix, kind = path.suffix.lower(), kind_of(path, name)
    if suffix in UNREAD or (suffix == ".json" and kind == "GeoJSON" and not _is_geojson(path)):
        kind = None  # an object that is no table
    if kind in BORDERS or suffix in CALLED_FILES:
        found.tables.extend(_of_file(path, name, kind))
    elif suffix in CALLED_TEXT:
        found.tables.append((path.stem, _of_text(path, name)))
    elif kind == "a zip archive" or suffix in UNREAD or not _is_text(path):
        if kind == "a zip archive" and is_workbook(path):
            found.tables.extend(_of_file(path, name, kind))
        else:
            found.unread.append(name)
    else:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        text = pd.Series(lines, index=range(1, len(lines) + 1), dtype=object)
        found.documents.append((f"{OWN}{name}", text[text.str.strip().ne("")].to_frame("text")))
        found.tables.extend(_in_document(path, name, kind))


def _of_file(path: Path, name: str, kind: str | None) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables of a file with geometries, or the sheets of a workbook."""
    if kind == "a zip archive" and is_workbook(path):
        sheets = list(read_sheets(path, name=name))
        for title, cells in sheets:
            called = path.stem if len(sheets) == 1 else f"{path.stem} {title}"
            yield called, _frame(cells, name)
        return
    file = open_vector(path, name, BORDERS)
    for layer in file.layers or (path.stem,):
        rows = file.read(layer if file.kind == "GeoPackage" else None)
        require_stated_crs(rows, path, name)
        yield layer, rows.set_axis(pd.RangeIndex(1, len(rows) + 1))


def _of_text(path: Path, name: str) -> pd.DataFrame:
    return _frame(read_cells(path, name=name), name)


def _frame(cells: Cells, name: str) -> pd.DataFrame:
    """Return cells as a table; raise if some rows are none."""
    if cells.unread:
        raise DataError([Fault(name, f"{u.problem}.", "", u.row) for u in cells.unread])
    rows = pd.DataFrame(cells.rows, index=cells.lines, columns=cells.header, dtype=str)
    return rows.mask(rows == "")


def _in_document(path: Path, name: str, kind: str | None) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the tables that a text holds: of a page, of JSON, or rows that are all as long."""
    if kind == "XML" and is_html(path):
        for cells in read_tables(path, name=name):
            numbers = list(range(2, len(cells) + 1))
            yield path.stem, _frame(Cells(cells[0], cells[1:], numbers), name)
        return
    try:
        rows = _frame(read_json(path, name), name) if kind == "JSON" else _of_text(path, name)
    except DataError:
        return  # no table, and read as a text
    if rows.shape[1] > 1 and len(rows) and (kind == "JSON" or path.suffix.lower() not in NO_TABLE):
        yield path.stem, rows


NO_TABLE = (".md", ".cff", ".yaml", ".yml", ".json", ".html", ".htm")
"""Texts that are not looked at as rows of cells."""


def _is_geojson(path: Path) -> bool:
    try:
        require_geojson(path, path.name)
    except DataError:
        return False
    return True


def _is_text(path: Path) -> bool:
    """Whether a file of no known kind can be read as a text."""
    if path.stat().st_size > LARGEST_TEXT and path.suffix.lower() not in DOCUMENTS:
        return False
    with path.open("rb") as file:
        head = file.read(4096)
    return b"\0" not in head


def check_documents(found: Folder, *, as_of: dt.date | None = None) -> list[Finding]:
    """Hold the texts of a folder to the rules on words; say what was read, and what was not."""
    texts = {name: rows for name, rows in found.documents if len(rows)}
    told = []
    if texts:
        told.append(f"documents read: {some(name.removeprefix(OWN) for name in texts)}")
    if found.seen:
        told.append(f"not read: {some(found.seen)}")
    findings = check_data(texts, as_of=as_of) if texts else []
    if told:
        findings.append(Finding("sensitivity", "pass", "; ".join(told)))
    if found.looks_like:
        told_of = f"columns like those of a publisher: {some(found.looks_like)}"
        remedy = "if it is theirs, say so in source_url, or in sources of a datapackage.json"
        findings.append(Finding("provenance", "pass", f"{told_of}; {remedy}"))
    if found.unread:
        what = f"what nobody could read: {some(found.unread)}; take it out, or give it as a table"
        findings.append(Finding("sensitivity", "fail", what))
    return findings


def check_package(folder: Path) -> list[Finding]:
    """Hold the description of a folder to what it says of its files: hash, licence, source."""
    bad, resources = [], []
    for path in sorted(folder.rglob("datapackage.json")):
        try:
            require_within(path, folder)
            package, described = _read_package(path)
        except ValueError as error:
            bad.append(f"{path.relative_to(folder)} is no data package: {shown(error)}")
            continue
        for resource in described:
            name = str(resource.get("path", ""))
            resources.append(name)
            try:
                file = file_within(path.parent, name)
            except DataError as error:
                bad.append(f"{name} is not there: {error.faults[0].problem}")
                continue
            if not is_as_described(file, str(resource.get("hash", ""))):
                bad.append(f"{name} is not the file whose SHA-256 the package gives")
            bad += [
                f"{name} has no {key}"
                for key in ("licenses", "sources")
                if not resource.get(key) and not package.get(key)
            ]
    if bad:
        return [Finding("provenance", "fail", "; ".join(bad))]
    if not resources:
        return [Finding("provenance", "not applicable", "no datapackage.json")]
    return [Finding("provenance", "pass", f"{len(resources)} files as datapackage.json has them")]


def _read_package(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what a ``datapackage.json`` holds, and its resources; raise if it is none."""
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, RecursionError) as error:
        raise ValueError(shown(error)) from None
    resources = package.get("resources", []) if isinstance(package, dict) else None
    if not isinstance(resources, list) or not all(isinstance(one, dict) for one in resources):
        raise ValueError("it has no list of resources")
    return package, resources


def mismatches_in(folder: Path | None) -> pd.DataFrame | None:
    """Return the sums that are not what was published, in a folder's counts or in what ships."""
    if folder is None:
        return find_mismatches(load_interceptions().rows)
    found = sorted(folder.rglob("interceptions.csv"))
    return find_mismatches(load_interceptions(found[0]).rows) if found else None
