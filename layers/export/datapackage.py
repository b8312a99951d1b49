"""A folder of tables that others can reuse: a Frictionless data package, and back.

Databases derived from OpenStreetMap stay in a folder of their own, so that nothing else
falls under their licence.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

import geopandas as gpd
import pandas as pd
import shapely
from shapely.errors import ShapelyError

from roxham.geo.arguments import checked
from roxham.geo.bounds import require_size, spend, within_bounds
from roxham.geo.crs import WGS84, require_wgs84
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.contained import file_within
from roxham.geo.io.csv import active
from roxham.geo.io.vector import open_vector
from roxham.geo.io.write import csv_bytes, parquet_bytes
from roxham.geo.tables.contract import Contract
from roxham.geo.workplace import completed
from roxham.layers.model import Style
from roxham.layers.provenance import is_as_described

from .folder import MANIFEST, replacing_folder
from .geopackage import Layer, read_layer, write_layers
from .project import Drawn, project_bytes
from .table_schema import from_cells, geometry_rule, table_schema, typed, with_geometry

__all__ = ["Format", "Resource", "load_export", "write_package"]

Format = Literal["gpkg", "geoparquet", "csv"]
PROJECT = "roxham.qgz"
ODBL = "odbl"
ENDINGS = {"gpkg": "gpkg", "geoparquet": "parquet", "csv": "csv"}
WKT_DECIMALS = 20
"""GEOS writes the fewest digits that give a number back, but cuts them after so many decimals;
below 0.0001 it writes exponents. With fewer than 20 some coordinates lose their last bit."""
BOXES = {"schema_version": "1.1.0", "write_covering_bbox": True}
"""How GeoParquet 1.1 is asked for, with a bounding box for each row."""
MEDIA = {
    "gpkg": "application/geopackage+sqlite3",
    "geoparquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
}


@dataclass(frozen=True, eq=False)
class Resource:
    """A table to export and what is said of it.

    Attributes
    ----------
    name
        Small letters, digits and underscores.
    frame
        With geometry in EPSG:4326, or without.
    title, description
        What it is, for a reader.
    sources, licences
        As Frictionless has them: ``title, path`` and ``name, title, path``.
    contract
        Meaning and types of its columns, where declared.
    retrieved
        ``YYYY-MM-DD``, when the sources were read; None where not known.
    style
        How QGIS opens it.
    """

    name: str
    frame: pd.DataFrame
    title: str
    description: str = ""
    sources: Sequence[dict[str, str]] = ()
    licences: Sequence[dict[str, str]] = ()
    contract: Contract | None = None
    retrieved: str | None = None
    style: Style | None = None
    columns: dict[str, str] = field(default_factory=dict)
    """Meaning of columns that the contract does not have."""

    @property
    def folder(self) -> str:
        """Return where in the package it lies: ``odbl/`` or the top."""
        return f"{ODBL}/" if any(x["name"].startswith("ODbL") for x in self.licences) else ""


def write_package(
    folder: str | Path,
    resources: Sequence[Resource],
    *,
    format: Format,  # noqa: A002
    about: dict[str, Any],
    documents: dict[str, str],
    date: str,
) -> Path:
    """Write tables as a data package.

    Parameters
    ----------
    folder
        Not there yet, or empty, or an earlier export in which nothing was changed since.
    resources
        The tables.
    format
        ``csv``: UTF-8, geometries from their columns or as WKT; ``geoparquet``: 1.1 with
        bounding boxes; ``gpkg``: all layers in one file.
    about
        Title, description and version of the package.
    documents
        Further files of text by name.
    date
        ``YYYY-MM-DD``, the date the package tells: the same tables give the same bytes.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    DataError
        If the folder holds anything else, or cannot be written.
    WriteError
        If the system does not take all of it; an earlier export stays as it was.
    """
    with replacing_folder(folder) as part:
        entries = [_entry(resource, format) for resource in resources]
        frames = [typed(resource.frame, resource.contract) for resource in resources]
        for resource, frame, entry in zip(resources, frames, entries, strict=True):
            entry["schema"] = _schema(resource, frame)
            if isinstance(frame, gpd.GeoDataFrame):
                require_wgs84(frame, resource.name)
                entry["geometry"] = {"column": frame.geometry.name, "crs": WGS84}
            (part / entry["path"]).parent.mkdir(exist_ok=True)
            if format == "csv":
                _write_csv(part, frame, entry)
            elif format == "geoparquet":
                options = BOXES if isinstance(frame, gpd.GeoDataFrame) else {}
                (part / entry["path"]).write_bytes(parquet_bytes(frame, **options))
        if format == "gpkg":
            _write_gpkg(part, resources, frames, entries, date)
        held = {name: text.encode() for name, text in documents.items()}
        if format == "gpkg":
            held[PROJECT] = _project(
                resources, entries, str(about.get("title") or about.get("name") or "")
            )
        for name, content in held.items():
            (part / name).write_bytes(content)
        for entry in entries:
            content = (part / entry["path"]).read_bytes()
            entry["bytes"] = len(content)
            entry["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
        package = {
            "profile": "data-package",
            **about,
            "created": f"{date}T00:00:00Z",
            "format": format,
            "licenses": _once(x for resource in resources for x in resource.licences),
            "resources": entries,
            "documents": {n: hashlib.sha256(c).hexdigest() for n, c in held.items()},
        }
        text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
        (part / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    return Path(folder)


def _project(resources: Sequence[Resource], entries: Sequence[dict[str, Any]], title: str) -> bytes:
    """Return the project of QGIS that draws the layers that have a style."""
    drawn = [
        Drawn(
            resource.name,
            resource.title,
            entry["path"],
            _labelled(resource.style, resource.frame),
            tuple(map(float, resource.frame.total_bounds)),  # type: ignore[arg-type]
        )
        for resource, entry in zip(resources, entries, strict=True)
        if resource.style is not None and isinstance(resource.frame, gpd.GeoDataFrame)
    ]
    return project_bytes(drawn, title=title)


def _labelled(style: Style, rows: pd.DataFrame) -> Style:
    """Return a style whose label is there: of what has a name on each side, the second's."""
    if style.label is None or style.label in rows:
        return style
    names = [column for column in map(str, rows) if column.endswith(f"_{style.label}")]
    return replace(style, label=names[-1] if names else None)


def _entry(resource: Resource, kind: Format) -> dict[str, Any]:
    file = "roxham" + ("-odbl" if resource.folder else "") if kind == "gpkg" else resource.name
    entry: dict[str, Any] = {
        "name": resource.name,
        "path": f"{resource.folder}{file}.{ENDINGS[kind]}",
        "title": resource.title,
        "description": resource.description,
        "profile": "tabular-data-resource" if kind == "csv" else "data-resource",
        "format": ENDINGS[kind],
        "mediatype": MEDIA[kind],
        "rows" if kind == "csv" else "features": len(resource.frame),
        "sources": list(resource.sources),
    }
    if kind == "gpkg":
        entry["layer"] = resource.name
    if kind == "csv":
        entry["encoding"] = "utf-8"
    else:
        entry["type"] = "file"
    if resource.licences:
        entry["licenses"] = list(resource.licences)
    if resource.retrieved:
        entry["retrieved"] = resource.retrieved
    return entry


def _schema(resource: Resource, frame: pd.DataFrame) -> dict[str, Any]:
    schema = table_schema(frame, resource.contract)
    for entry in schema["fields"]:
        if not entry.get("description"):
            entry["description"] = resource.columns.get(entry["name"], "")
    return schema


def _once(items: Any) -> list[dict[str, str]]:
    """Return what is new in a run of dictionaries, in order."""
    return list({json.dumps(item, sort_keys=True): item for item in items}.values())


def _write_csv(part: Path, frame: pd.DataFrame, entry: dict[str, Any]) -> None:
    table = pd.DataFrame(frame)
    if isinstance(frame, gpd.GeoDataFrame):
        column = str(frame.geometry.name)
        rule = geometry_rule(frame)
        entry["geometry"]["from"] = rule
        table = pd.DataFrame(frame.drop(columns=column))
        if rule == "wkt":
            shapes = shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=WKT_DECIMALS)
            table[column] = pd.Series(shapes, index=table.index, dtype="str")
            entry["schema"]["fields"].append(
                {"name": column, "type": "string", "description": "geometry as WKT, lon lat"}
            )
    (part / entry["path"]).write_bytes(csv_bytes(table))


def _write_gpkg(
    part: Path,
    resources: Sequence[Resource],
    frames: Sequence[pd.DataFrame],
    entries: Sequence[dict[str, Any]],
    date: str,
) -> None:
    files: dict[str, list[Layer]] = {}
    for resource, frame, entry in zip(resources, frames, entries, strict=True):
        layer = Layer(resource.name, frame, resource.title, resource.description, resource.style)
        files.setdefault(entry["path"], []).append(layer)
    for path, layers in files.items():
        write_layers(part / path, layers, date=date)


@checked()
def load_export(folder: str | Path) -> dict[str, pd.DataFrame]:
    """Read an export back: every table as it was, types and nulls included.

    Parameters
    ----------
    folder
        What ``roxham export`` wrote, in any format.

    Returns
    -------
    dict
        Frames by the name of their resource; those with geometry are GeoDataFrames in
        EPSG:4326.

    Raises
    ------
    DataError
        If it is no export, or a file is missing, lies outside the folder or was changed since.

    Examples
    --------
    >>> import tempfile
    >>> from roxham.layers import export_map, load_layers
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = export_map(folder + "/out", load_layers(), {}, format="csv")
    ...     tables = load_export(folder + "/out")
    >>> len(tables["transfers"])
    16
    """
    with within_bounds(str(folder)):
        return _loaded(completed(Path(folder)))


def _loaded(folder: Path) -> dict[str, pd.DataFrame]:
    kind, entries = _described(folder)
    faults: list[Fault] = []
    for entry in entries:
        spend()
        try:
            file = file_within(folder, entry["path"])
        except DataError as error:
            faults += error.faults
            continue
        if not is_as_described(file, entry["hash"]):
            faults.append(Fault(str(file), "was changed since the export.", "Export again."))
    if faults:
        raise DataError(dict.fromkeys(faults))
    return {entry["name"]: _table(folder / entry["path"], entry, kind) for entry in entries}


def _described(folder: Path) -> tuple[Format, list[dict[str, Any]]]:
    """Return the format of an export and its resources, each with all that is looked up in it."""
    try:
        package = json.loads(file_within(folder, MANIFEST).read_text(encoding="utf-8"))
        kind, entries = package["format"], package["resources"]
        sound = isinstance(entries, list) and all(map(_whole, entries))
        if kind in get_args(Format) and sound and len({e["name"] for e in entries}) == len(entries):
            return kind, entries
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass  # also if the description is a link out of the folder
    raise DataError(Fault(str(folder), "is no export of roxham.", "Make one with roxham export."))


def _whole(entry: Any) -> bool:
    """Whether a resource says where it is and what its columns and geometries are."""
    if not isinstance(entry, dict) or not isinstance(entry.get("schema"), dict):
        return False
    fields, geometry = entry["schema"].get("fields"), entry.get("geometry")
    return (
        all(isinstance(entry.get(key), str) for key in ("name", "path", "hash"))
        and isinstance(fields, list)
        and all(isinstance(f, dict) and isinstance(f.get("name"), str) for f in fields)
        and (geometry is None or isinstance(geometry, dict))
    )


def _table(path: Path, entry: dict[str, Any], kind: Format) -> pd.DataFrame:
    try:
        with within_bounds(str(path)):
            return _read(path, entry, kind)
    except DataError:
        raise
    except (ValueError, LookupError, TypeError, ArithmeticError, csv.Error, ShapelyError) as error:
        found = f"is not the table that {MANIFEST} describes: {shown(error)}."
        raise DataError(Fault(str(path), found, "Export again.")) from None


def _read(path: Path, entry: dict[str, Any], kind: Format) -> pd.DataFrame:
    geometry, schema = entry.get("geometry"), entry["schema"]
    if kind == "csv":
        cells = _read_cells(path)
        fields = [f for f in schema["fields"] if "dtype" in f]
        rows = from_cells(cells, {"fields": fields})
        if geometry is None:
            return rows
        column = geometry["column"]
        texts = cells[column] if column in cells else pd.Series(dtype=str)
        located: pd.DataFrame = with_geometry(rows, geometry["from"], column, texts)
        return located
    if kind == "geoparquet":
        return open_vector(path, str(path), ("GeoParquet",)).read()
    raw = read_layer(path, entry["layer"])
    rows = from_cells(pd.DataFrame(raw), schema)
    if geometry is None:
        return rows
    shapes: Any = raw["geometry"].to_numpy()
    placed: pd.DataFrame = gpd.GeoDataFrame(rows, geometry=shapes, crs=WGS84)
    return placed


def _read_cells(path: Path) -> pd.DataFrame:
    """Read a CSV of our own: nothing stripped, apostrophes of formulas taken away."""
    require_size(path, str(path))
    text = path.read_bytes().decode("utf-8")
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    if len(set(header)) < len(header):
        raise ValueError("two columns have one name")
    cells = [[active(cell) for cell in row] for row in rows]
    return pd.DataFrame(cells, columns=[active(name) for name in header], dtype=object)
