"""``roxham regions`` and ``init``: the regions that ship, and a folder for one of one's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import geopandas as gpd
import pandas as pd
import typer

from roxham.geo import Border, Region, read_border, read_roads, suggest_metric_crs
from roxham.geo.border.areas import shared_edge
from roxham.geo.border.linework import lines_of
from roxham.geo.border.open_guard import refuse_open
from roxham.geo.errors import DataError, Fault, shown
from roxham.geo.io.atomic import write_atomic
from roxham.geo.io.write import write_frame
from roxham.geo.region import read_region, region_names
from roxham.geo.region.draft import Draft, nearest_zone
from roxham.geo.region.kinds import REGION_FILE
from roxham.layers.export.folder import replacing_folder

from .shared.bounds import bounds_of
from .shared.console import err, out
from .shared.results import print_csv, print_table

__all__ = ["init_command", "regions_command"]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
LINES = ("LineString", "MultiLineString", "LinearRing", "Polygon", "MultiPolygon")
FEW = 3
"""So many enclaves are named."""
NAMES = ("name", "NAME", "name_en", "country", "admin", "ADMIN")

Sides = list[tuple[str, str, tuple[float, float] | bool | None]]


def init_command(
    folder: Annotated[Path, typer.Argument(help="A new folder; its name is the region's.")],
    roads: Annotated[
        Path | None, typer.Option("--from", help="A road network of the place: its bounds.")
    ] = None,
    border: Annotated[
        Path | None,
        typer.Option(
            "--border", help="Lines or areas in GeoJSON, GeoPackage, …, or a CSV of lon, lat."
        ),
    ] = None,
    is_open: Annotated[bool, typer.Option("--open", help="Anybody may cross anywhere.")] = False,
) -> None:
    """Write a folder for a region of your own, commented, with what can be worked out."""
    name = folder.name
    if not NAME.fullmatch(name):
        found = f"“{shown(name)}” cannot be the id of a region."
        raise DataError(Fault(str(folder), found, "Use letters, digits and hyphens."))
    if folder.exists():
        raise DataError(Fault(str(folder), "is there already.", "Choose another name."))
    if roads is None and border is None:
        raise DataError(
            Fault(
                "roxham init",
                "knows nothing of the place.",
                "Give --border FILE, --from FILE or both.",
            )
        )
    line = None if border is None else _border(border)
    if line is not None and is_open:
        refuse_open(*lines_of(line), str(border))
    network = None if roads is None else read_roads(roads)
    bounds = bounds_of(line, network)
    region = Region(name, name, bounds, suggest_metric_crs(bounds), ("A", "B"))
    draft = Draft(
        name=name,
        bounds=bounds,
        metric_crs=region.metric_crs,
        timezone=nearest_zone(*region.middle),
        sides=_sides(line, region),
        border=None if line is None else "border.geojson",
        roads=None if network is None else "roads.arrow",
        controlled=not is_open,
    )
    with replacing_folder(folder) as made:
        if line is not None:
            write_frame(line, made / "border.geojson")
        if network is not None:
            network.save(made / "roads.arrow")
        write_atomic(made / REGION_FILE, draft.text().encode())
    out.print(str(folder / REGION_FILE), soft_wrap=True)
    err.print(f"Fill in what stands in comments, then: roxham check --region {folder}")


def _border(path: Path) -> gpd.GeoDataFrame:
    """Return the lines or areas of a file."""
    line = read_border(path)
    if not line.geom_type.isin(LINES).any():
        kinds = ", ".join(sorted(set(line.geom_type.dropna()))) or "nothing"
        found = f"holds {kinds}; a border is lines, or areas with the border around them."
        raise DataError(Fault(str(path), found, "Give such a file."))
    return line


def _sides(line: gpd.GeoDataFrame | None, region: Region) -> Sides:
    """Return codes, names and places inside of both sides, as far as the border tells."""
    unnamed: Sides = [("A", "First side", None), ("B", "Second side", None)]
    if line is None:
        return unnamed
    areas = line[line.geom_type.isin(["Polygon", "MultiPolygon"])]
    if len(areas) == 2 and _share_an_edge(areas):
        names = _names(areas)
        points = areas.intersection(region.polygon).representative_point()
        if points.is_empty.any():
            err.print("Which side is which is not told: one of both lies outside the roads.")
            return unnamed
        spots = zip(points.x, points.y, strict=True)
        return [
            (code, name or f"Side {code}", spot)
            for code, name, spot in zip("AB", names, spots, strict=True)
        ]
    shared_edge(areas.geometry.to_numpy())  # raises where more than two countries meet
    if len(areas):  # enclaves: each is inside
        name = ", ".join(dict.fromkeys(filter(None, _names(areas)[:FEW])))
        name += ", …" if name and len(areas) > FEW else ""
        return [
            ("IN", name or "Inside", True),
            ("OUT", f"Around {name}" if name else "Outside", None),
        ]
    try:
        parts = Border.from_line(line, region).sides.representative_point()
    except DataError as error:
        err.print(f"Which side is which is not told: {error}")
        return unnamed
    spots = zip(parts.x, parts.y, strict=True)
    return [(code, name, spot) for (code, name, _), spot in zip(unnamed, spots, strict=True)]


def _share_an_edge(areas: gpd.GeoDataFrame) -> bool:
    """Whether two areas are neighbours, and not two enclaves that lie apart."""
    one, other = areas.geometry.boundary
    return bool(one.intersection(other).length > 0)


def _names(areas: gpd.GeoDataFrame) -> list[str]:
    column = next((name for name in NAMES if name in areas), None)
    return [""] * len(areas) if column is None else areas[column].fillna("").astype(str).tolist()


def regions_command() -> None:
    """List the regions that ship."""
    rows = []
    for name in region_names():
        region = read_region(name)
        rows.append(
            {
                "region": name,
                "title": region.title,
                "sides": " – ".join(region.sides),
                "border": "controlled" if region.controlled else "open",
                "languages": ", ".join(region.languages),
                "bounds": ", ".join(f"{edge:g}" for edge in region.bounds),
            }
        )
    table = pd.DataFrame(rows)
    (print_table if out.is_terminal else print_csv)(table)
