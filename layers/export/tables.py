"""Everything on the map as a data package that others can reuse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

import roxham
from roxham.geo.arguments import checked
from roxham.geo.border.turning_points import BORDER
from roxham.geo.network.metadata import OSM_NAME
from roxham.geo.places.jurisdictions import JURISDICTIONS
from roxham.geo.places.provinces import PROVINCES as PROVINCE_SHAPES
from roxham.geo.places.towns import PLACES
from roxham.geo.places.water import WATER
from roxham.geo.readers.corridor import CORRIDOR_EDGES
from roxham.geo.region import Region
from roxham.geo.region.study_area import SHIPPED
from roxham.geo.tables.contract import Contract
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.model import Dataset, Layers, Style
from roxham.layers.provenance import shipped_resources
from roxham.layers.publication.check import check_data, said_of
from roxham.layers.publication.gate import Override, answered, overrides_of

from .database import write_database
from .datapackage import Format, Resource, write_package
from .documents import citation_text, licences_text, readme_text
from .table_schema import areas

__all__ = ["export_database", "export_map"]


class Table(NamedTuple):
    """A table of the export: its contract, what ships that it is made of, how it is drawn."""

    contract: Contract | None
    made_of: tuple[str, ...]
    style: Style | None = None
    title: str | None = None
    description: str | None = None


class InDatabase(NamedTuple):
    """What an export into a database wrote, and in spite of which rules."""

    schema: str
    tables: int
    overrides: list[dict[str, str]]


ROADS = {
    f"{name}{link}": (colour, width)
    for name, colour, width in (
        ("motorway", "#7c7260", 0.7),
        ("trunk", "#8f8572", 0.5),
        ("primary", "#8f8572", 0.4),
        ("secondary", "#b9af9c", 0.3),
    )
    for link in ("", "_link")
}
"""Colours and widths, mm, of classes of roads, as the page draws them; others are local."""
LAND = ("#f6f1e4", "#eeece5")
"""Colours of the first side of a border and of the other."""
GROUND = {
    "border": Table(BORDER, ("geo/border.csv",), Style("line", "#26231f", 0.6, depth=3)),
    "jurisdictions": Table(
        JURISDICTIONS,
        ("geo/jurisdictions.csv", "geo/border.csv", "geo/jurisdiction_lines.geojson"),
        Style("area", "#b9b2a2", 0.2, 0.15, depth=7),
        description="Cut from the boundary and the lines between states and provinces.",
    ),
    "water": Table(WATER, ("geo/water.geojson",), Style("area", "#cfe0e6", 0.1, 1, depth=6)),
    "roads": Table(
        CORRIDOR_EDGES,
        ("geo/corridor_edges.csv", "geo/corridor_nodes.csv"),
        Style(
            "line",
            "#c6bdac",
            0.25,
            column="highway",
            colours=tuple((name, colour) for name, (colour, _) in ROADS.items()),
            widths=tuple((name, width) for name, (_, width) in ROADS.items()),
            only='"oneway" OR "u" <= "v"',  # of a street's two directions, one
            depth=5,
        ),
        title="Schematic road corridor",
        description="One row for each direction of a link.",
    ),
    "places": Table(
        PLACES, ("geo/places.csv",), Style("point", "#1c1b19", 1.6, label="name", depth=1)
    ),
    "provinces": Table(
        PROVINCE_SHAPES, ("geo/provinces.geojson",), Style("area", "#f6f1e4", 0.2, 0.6)
    ),
}
DERIVED = {
    "figures": Table(
        None,
        ("layers/interceptions.csv",),
        title="What the numbers say",
        description="Figures worked out from the interceptions.",
    ),
    "claims": Table(
        None,
        ("layers/claims.csv", "layers/interceptions.csv"),
        title="What the article said, what the tables say",
        description="Statements of a newspaper article, each with what decides it and the verdict.",
    ),
}
EDGES = {
    "length": "length of the road, metres, as OSMnx names it",
    "length_m": "length of the road, metres, not of the drawn line",
    "maxspeed_kmh": "speed limit, km/h",
    "travel_time_s": "seconds at that speed",
    "speed_basis": "whether the limit was observed or assumed",
    "oneway": "whether the road may be driven in this direction only",
    "access": "yes, or no where no vehicle passes",
}
INTERVAL = {
    "low": "the least that the number can be; null where unknown",
    "high": "the most that the number can be; null where unknown",
}
KEYS = {"roads": ("u", "v", "key"), "places": ("place_id",)} | {
    data.name: data.key for data in DATASETS.values()
}
"""Columns that name a row."""
AREA = {"lon", "lat", "radius_m"}
"""Columns of places that are no points: an area is written."""
OSM_SOURCE = {"title": OSM_NAME, "path": "https://www.openstreetmap.org/copyright"}


@checked()
def export_map(
    folder: str | Path,
    layers: Layers,
    ground: Mapping[str, gpd.GeoDataFrame],
    *,
    format: Format = "gpkg",  # noqa: A002
    own: Collection[str] = (),
    allow: Mapping[str, str] | None = None,
    by: str | None = None,
    as_of: dt.date | None = None,
) -> Path:
    """Write everything on the map as a data package.

    Parameters
    ----------
    folder
        Not there yet, or empty, or an earlier export in which nothing was changed since.
    layers
        What happened, from ``load_layers``. What has a radius, such as incidents, is written
        as areas, never as bare points.
    ground
        Frames of the border, jurisdictions, water, roads, places and provinces, any of
        them, by these names.
    format
        ``gpkg``, ``geoparquet`` or ``csv``.
    own
        Which tables are the user's own (``incidents``, ``interceptions``, ``ports``,
        ``roads``). Of these only declared columns are written, and no licence is said, but of
        roads what ``load_base`` knows.
    allow
        Rules of publication that may fail, by name, and why; ``README.md`` and
        ``datapackage.json`` say so.
    by
        Who allows it: a person or an office.
    as_of
        The day from which the embargo is counted; today by default.

    Returns
    -------
    pathlib.Path
        The folder: ``datapackage.json``, ``README.md``, ``LICENSES.md``,
        ``CITATION.cff`` and the tables; read it with ``load_export``.

    Raises
    ------
    DataError
        If the folder holds anything else, or cannot be written; if a rule of publication
        fails that nobody allows.

    Examples
    --------
    >>> import tempfile
    >>> from roxham.layers import load_layers
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = export_map(folder + "/out", load_layers(), {}, format="csv")
    ...     (written / "datapackage.json").exists()
    True
    """
    region = layers.region
    resources, overrides = _checked(layers, ground, own, overrides_of(allow or {}, by), as_of)
    schematic = "roads" not in own and bool(region.details and region.details.schematic)
    dates = [resource.retrieved for resource in resources if resource.retrieved]
    date = max(dates, default=str(as_of or layers.as_of or dt.date.today()))
    about: dict[str, Any] = {
        "name": "roxham-export",
        "title": f"{region.title}: what the map shows",
        "description": f"{', '.join(resource.name for resource in resources)}.".replace("_", " "),
        "version": roxham.__version__,
        **({"overrides": list(overrides)} if overrides else {}),
    }
    documents = {
        "README.md": readme_text(
            resources, format, overrides, schematic=schematic, aside=layers.set_aside
        ),
        "LICENSES.md": licences_text(resources),
        "CITATION.cff": citation_text(about["title"], roxham.__version__, date),
    }
    return write_package(
        folder, resources, format=format, about=about, documents=documents, date=date
    )


def export_database(
    address: str,
    layers: Layers,
    ground: Mapping[str, gpd.GeoDataFrame],
    *,
    own: Collection[str] = (),
    allow: Mapping[str, str] | None = None,
    by: str | None = None,
    as_of: dt.date | None = None,
) -> InDatabase:
    """Write everything on the map into a schema of a PostgreSQL database with PostGIS.

    Parameters
    ----------
    address
        ``postgresql://user@host/database#schema``; the schema is ``roxham`` by default. It is
        new, or an earlier export, which is replaced.
    layers, ground, own, allow, by, as_of
        As for :func:`export_map`.

    Returns
    -------
    InDatabase
        The schema, the number of tables in it, and the rules that were overridden. Tables have
        comments, primary keys where the rows have keys, and indexes of places and dates.

    Raises
    ------
    DataError
        If the schema holds anything else, or a rule of publication fails that nobody allows.
    WriteError
        If the database does not take all of it; it stays as it was.
    """
    resources, overrides = _checked(layers, ground, own, overrides_of(allow or {}, by), as_of)
    title = f"{layers.region.title}: what the map shows"
    told = [f"{one['rule']}: {one['reason']} ({one['by']})" for one in overrides]
    schema = write_database(address, resources, title=". ".join([title, *told]), keys=KEYS)
    return InDatabase(schema, len(resources), list(overrides))


def _checked(
    layers: Layers,
    ground: Mapping[str, gpd.GeoDataFrame],
    own: Collection[str],
    allowed: Mapping[str, Override],
    as_of: dt.date | None,
) -> tuple[list[Resource], Sequence[dict[str, str]]]:
    """Return the tables of an export that keep the rules, and those allowed to be failed."""
    frames: dict[str, pd.DataFrame] = {name: ground[name] for name in GROUND if name in ground}
    frames |= layers.tables
    frames |= {name: getattr(layers, name) for name in DERIVED}
    frames = {name: rows for name, rows in frames.items() if len(rows)}
    for name, rows in layers.tables.items():
        if len(rows) and set(rows.columns) >= AREA:
            frames[name] = gpd.GeoDataFrame(rows).set_geometry(areas(rows))
    if "roads" in frames:
        frames["roads"] = frames["roads"].reset_index()
    facts = {data.name: _fact(data) for data in DATASETS.values()}
    region = layers.region
    tables = {
        name: table if _ships(table, region) else _own_table(name, table)
        for name, table in (GROUND | facts | DERIVED).items()
    }
    tables["jurisdictions"] = _two_sided(tables["jurisdictions"], region)
    resources = [
        _resource(name, frame, tables[name], name in own) for name, frame in frames.items()
    ]
    written = {resource.name: resource.frame for resource in resources}
    findings = check_data({**written, **said_of(layers.region)}, as_of=as_of)
    return resources, answered(findings, allowed)


def _two_sided(table: Table, region: Region) -> Table:
    """Return the land with a colour for each side."""
    assert table.style is not None
    colours = tuple(zip(region.sides, LAND, strict=False))
    return table._replace(style=replace(table.style, opacity=1, column="country", colours=colours))


def _fact(data: Dataset) -> Table:
    """Return what is said of a table of facts: by what ships, or by itself if it does not."""
    if data.made_of:
        return Table(data.contract, data.made_of, data.style)
    title = data.words.get("en", {}).get("title", data.name.replace("_", " ").capitalize())
    return Table(data.contract, (), data.style, title, "Sources stand in the rows.")


def _ships(table: Table, region: Region) -> bool:
    """Whether a table is made of what ships, as the region's file says."""
    named = region.details.files.values() if region.details else ()
    return not table.made_of or f"{SHIPPED}{table.made_of[0]}" in named


def _own_table(name: str, table: Table) -> Table:
    """Return what is said of a table of a region's own: never what ships of another region."""
    title = name.replace("_", " ").capitalize()
    said = "Sources stand in the rows." if name != "roads" else "Cut at the border."
    return Table(table.contract, (), table.style, title, said)


def _resource(name: str, frame: pd.DataFrame, table: Table, own: bool) -> Resource:
    shipped = shipped_resources()
    parts = [shipped[path] for path in table.made_of]
    title = table.title or parts[0]["title"]
    description = table.description or parts[0]["description"]
    columns = EDGES if name == "roads" else INTERVAL
    credit = str(frame.attrs.get("credit") or "")
    if own and name == "roads":
        return Resource(
            name,
            frame,
            "Roads, from a file of the user's own",
            f"Cut at the border. {credit}".strip(),
            sources=[OSM_SOURCE] if OSM_NAME in credit else (),
            licences=_given(frame),
            style=table.style,
            columns=columns,
        )
    if own and table.contract is not None:
        declared = {column.name for column in table.contract.columns} | INTERVAL.keys()
        kept = [c for c in frame.columns if c in declared or c == "geometry"]
        return Resource(
            name,
            frame[kept],
            f"{name.capitalize()}, from a file of the user's own",
            "Sources stand in the rows. Its terms are the owner's to say.",
            sources=_cited(frame),
            licences=_given(frame),
            contract=table.contract,
            style=table.style,
            columns=columns,
        )
    sources = _once(source for part in parts for source in part["sources"]) or _cited(frame)
    licences = _once(licence for part in parts for licence in part["licenses"]) or _given(frame)
    if name == "roads" and OSM_NAME in credit:
        sources = sources or [OSM_SOURCE]
    return Resource(
        name,
        frame,
        title,
        description,
        sources=sources,
        licences=licences,
        contract=table.contract,
        retrieved=max((part["retrieved"] for part in parts), default=None),
        style=table.style,
        columns=columns,
    )


def _once(items: Any) -> list[dict[str, str]]:
    return list({item["path"]: item for item in items}.values())


def _cited(rows: pd.DataFrame) -> list[dict[str, str]]:
    """Return the sources that rows name, each once."""
    if not {"source_title", "source_url"} <= set(rows.columns):
        return []
    told = rows[["source_title", "source_url"]].dropna().astype(str)
    return _once({"title": title, "path": url} for title, url in told.to_numpy().tolist())


def _given(rows: pd.DataFrame) -> list[dict[str, str]]:
    """Return the licences that a loader gave its rows."""
    told = rows.attrs.get("licences", [])
    return _once({"name": e["name"], "title": e["name"], "path": e["url"]} for e in told)
