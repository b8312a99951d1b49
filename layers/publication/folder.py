"""A folder of tables, such as an export, held to the rules: its tables, and what describes them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd

from roxham.geo.bounds import require_size
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.contained import file_within, require_within
from roxham.geo.io.csv import read_cells
from roxham.geo.io.declared_crs import require_stated_crs
from roxham.geo.io.vector import kind_of, open_vector
from roxham.layers.counts.mismatches import find_mismatches
from roxham.layers.facts.interceptions import load_interceptions
from roxham.layers.provenance import is_as_described

from .check import check_data
from .places import OWN
from .rules import Finding, some

__all__ = ["check_documents", "check_package", "mismatches_in", "read_folder"]

READ = (".csv", ".geojson", ".gpkg", ".parquet")
DOCUMENTS = (".md", ".txt", ".cff", ".json", ".yaml", ".yml", ".html", ".htm")
"""What goes with tables and is read as text."""


def read_folder(folder: Path) -> list[tuple[str, pd.DataFrame]]:
    """Return the tables of a folder, with the names of their files; what is unknown is null."""
    if not folder.is_dir():
        raise DataError(Fault(str(folder), "is not a folder."))
    frames: list[tuple[str, pd.DataFrame]] = []
    faults: list[Fault] = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in READ):
        name = str(path)
        try:
            require_within(path, folder)
            if kind_of(path, name) is None and path.suffix.lower() == ".csv":
                cells = read_cells(path, name=name)
                faults += [Fault(name, f"{u.problem}.", "", u.row) for u in cells.unread]
                rows = pd.DataFrame(cells.rows, columns=cells.header, dtype=str)
                frames.append((path.stem, rows.mask(rows == "")))
                continue
            file = open_vector(path, name)
            for layer in file.layers:
                rows = file.read(layer)
                require_stated_crs(rows, path, name)
                frames.append((layer, rows))
        except DataError as error:
            faults += error.faults or [Fault(name, str(error))]
        except Exception as error:  # whatever a reader of a file of a stranger's may raise
            faults.append(Fault(name, f"cannot be read: {type(error).__name__}: {error}."))
    if faults:
        raise DataError(faults)
    if not frames:
        raise DataError(Fault(str(folder), "holds no table.", f"Give {', '.join(READ)} files."))
    return frames


def check_documents(folder: Path, *, as_of: dt.date | None = None) -> list[Finding]:
    """Hold the documents of a folder to the rules on words; say what was read, and what was not."""
    rows: list[tuple[str, str]] = []
    read, unread = [], []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        suffix, name = path.suffix.lower(), path.relative_to(folder).as_posix()
        if suffix in READ:
            continue
        if suffix not in DOCUMENTS:
            unread.append(name)
            continue
        try:
            require_within(path, folder)
        except DataError:  # what the package's own check tells, too
            unread.append(name)
            continue
        require_size(path, name)
        read.append(name)
        text = path.read_text(encoding="utf-8", errors="replace")
        rows += [(name, line) for line in text.splitlines() if line.strip()]
    told = [f"documents read: {some(read)}"] if read else []
    told += [f"not read: {some(unread)}"] if unread else []
    words = pd.DataFrame(rows, columns=["document", "text"], dtype=object)
    found = check_data({f"{OWN}documents": words}, as_of=as_of) if rows else []
    said = Finding("sensitivity", "pass", "; ".join(told))
    return [*found, *([said] if told else [])]


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
