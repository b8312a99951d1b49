"""Move places so that none can be found again, and say by how much.

*Donut* moves a place to a random spot of a ring around it; *grid* to the middle of its cell.
Displacement by 0 to 5 km, and up to 10 km for one in a hundred, is what the DHS Program
uses for rural clusters (Burgert et al. 2013, DHS Spatial Analysis Reports No. 7); a ring
with an inner edge, so that no place stays where it was, follows Hampton et al. 2010
(American Journal of Epidemiology 172(9)). DHS also keeps a place in its district, and warns
against measuring from displaced points: distances come first (:func:`incident_context`
refuses a masked frame).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from roxham.geo import (
    Border,
    DataError,
    Fault,
    Region,
    load_border,
    require_wgs84,
    suggest_metric_crs,
)
from roxham.geo.arguments import checked
from roxham.geo.border.given import BorderLike, as_border
from roxham.geo.crs import UTM_NORTH
from roxham.geo.geometry.proximity import geodesic_m
from roxham.geo.region import as_region
from roxham.geo.tables.edtf import read_date

from .precision import precision_class

__all__ = ["MASKED", "is_masked", "mask", "require_unmasked"]

MASKED = ("mask_method", "mask_min_m", "mask_max_m")
TRIES, BATCH = 2000, 50
KEY_BYTES = 16
LARGEST_M = 40_000_000
"""Around the Earth."""
GEOD = Geod(ellps="WGS84")
LOCATING = (
    r"location_url|lat(itude)?|lon(gitude|g)?|x|y|easting|northing|wkt|wkb|geohash|h3|plus_?code"
)
BASIS = {
    "location_basis": "masked: moved by a key that is not published",
    "location_basis_fr": "masqué : déplacé selon une clé non publiée",
}


@checked()
def mask(
    sites: gpd.GeoDataFrame,
    *,
    key: str | bytes,
    method: Literal["donut", "grid"] = "donut",
    min_m: float = 500,
    max_m: float = 5000,
    cell_m: float = 5000,
    within: gpd.GeoDataFrame | None = None,
    border: BorderLike | None = None,
    region: Region | str | Path | None = None,
) -> gpd.GeoDataFrame:
    """Move every site to another place on its side of the border, always the same one.

    Where a site goes depends on the key and on the site alone: every release moves it
    alike, so that releases cannot be averaged. What names a site is ``site_id``, if there
    is such a column, which keeps the mask when a position is corrected; else the position,
    so that several incidents at one place are moved as one. Time is blurred with place:
    days become months, and ids that may tell the day are replaced by keyed ones.

    Parameters
    ----------
    sites
        Points in EPSG:4326, not yet masked; with ``radius_m`` (metres), if they have one.
        ``country`` says the side of the border where it is given.
    key
        A secret of at least 16 bytes. It is written nowhere: keep it, and do not publish
        it; whoever has it can undo the mask.
    method
        ``donut``: a spot between ``min_m`` and ``max_m`` away, every spot of the ring as
        likely as any other. ``grid``: the middle of the site's cell of ``cell_m``, or of
        the part of it on the site's side and in its area. Cells are squares in the CRS of
        the region, beyond it in the site's UTM zone.
    min_m, max_m, cell_m
        Metres on the ground; of a cell, in its CRS.
    within
        Polygons, EPSG:4326, such as municipalities: a site in one of them stays in the
        smallest that holds it.
    border
        The two sides, by default the bundled border. A site outside its region has no side.
    region
        In whose CRS the grid lies within its bounds; by default the region of the border.

    Returns
    -------
    geopandas.GeoDataFrame
        The same index and columns, ordered by date and id, with ``mask_method, mask_min_m,
        mask_max_m``. ``radius_m`` has grown by ``mask_max_m``: the area still holds the
        whole of the true one. Columns that tell the place (``location_url``, coordinates,
        further geometries) are left out, ``lat, lon`` are those of the masked point. Texts
        stay: leave out names, summaries and sources that tell more than the mask hides.

    Raises
    ------
    DataError
        If the key is short, a site is not a point or is masked already, the distances
        make no ring, or a site has no place to go: every fault at once.

    Examples
    --------
    >>> from roxham.layers import load_incidents
    >>> sites = load_incidents().rows
    >>> moved = mask(sites, key="a long secret of one's own")
    >>> set((moved["radius_m"] - sites["radius_m"]).tolist())
    {5000.0}
    """
    region = None if region is None else as_region(region)
    border = None if border is None else as_border(border, region)
    secret = key.encode() if isinstance(key, str) else key
    _require(sites, secret, method, min_m, max_m, cell_m)
    border = border or load_border()
    areas = _areas(sites, within)
    side_of = border.side_of(sites).astype("object")
    if "country" in sites:
        inside = [border.region.contains(point.x, point.y) for point in np.asarray(sites.geometry)]
        here = np.array(inside, dtype=bool)
        told = sites["country"].where(sites["country"].isin(border.region.sides) & here)
        side_of = told.astype("object").fillna(side_of)
    sides = [None if pd.isna(side) else str(side) for side in side_of]
    grid = _Grid(border, region or border.region, cell_m) if method == "grid" else None
    places: list[tuple[float, float, float]] = []
    faults: list[Fault] = []
    for row, (seed, point, side, area) in enumerate(
        zip(_seeds(sites), np.asarray(sites.geometry), sides, areas, strict=True), 1
    ):
        if grid is not None:
            place = grid.place(point, side, area)
        else:
            place = _donut(secret, seed, point, side, area, border, (min_m, max_m))
        if place is None:
            remedy = "See its country, or give a larger max_m, or leave `within` out."
            faults.append(
                Fault("sites", "has no other place on its side and in its area.", remedy, row)
            )
        else:
            places.append(place)
    if faults:
        raise DataError(faults)
    lon, lat, moved = np.array(places, dtype=float).reshape(-1, 3).T
    out = _without_places(sites).set_geometry(gpd.points_from_xy(lon, lat, crs=sites.crs))
    out = out.assign(mask_method=method, mask_min_m=min_m if method == "donut" else 0.0)
    out["mask_max_m"] = np.ceil(moved / 100) * 100 if method == "grid" else float(max_m)
    radius = pd.to_numeric(sites["radius_m"]) if "radius_m" in sites else 0
    out["radius_m"] = out["mask_max_m"] + radius
    out["location_precision"] = precision_class(out["radius_m"])
    for name, values in (("lon", lon), ("lat", lat)):
        if name in sites:
            out[name] = values
    return _blurred(out, secret)


def is_masked(frame: pd.DataFrame) -> bool:
    """Whether any row of a frame has been masked."""
    return MASKED[0] in frame and bool(frame[MASKED[0]].notna().any())


def require_unmasked(frame: pd.DataFrame, what: str) -> None:
    """Raise if a frame is masked, as nothing may be measured from it.

    Raises
    ------
    DataError
        If it is.
    """
    if is_masked(frame):
        raise DataError(
            f"{what}: {int(frame[MASKED[0]].notna().sum())} places are masked. A distance from "
            "where a place was moved to is not the distance from the place: measure first, on "
            "the true places, then mask."
        )


def _require(
    sites: gpd.GeoDataFrame, key: bytes, method: str, min_m: float, max_m: float, cell_m: float
) -> None:
    """Raise for every reason why sites cannot be masked."""
    require_wgs84(sites, "sites")
    require_unmasked(sites, "sites")
    faults = []
    if len(key) < KEY_BYTES:
        faults.append(
            Fault("key", f"has {len(key)} bytes.", f"Give a secret of {KEY_BYTES} bytes or more.")
        )
    if method not in ("donut", "grid"):
        faults.append(Fault("method", f"{method!r} is not one.", "Give donut or grid."))
    if not 0 < min_m < max_m <= 100_000:
        problem = f"from {min_m} to {max_m} m is no ring."
        faults.append(Fault("min_m, max_m", problem, "Give 0 < min_m < max_m, up to 100,000."))
    if not 100 <= cell_m <= 100_000:
        faults.append(Fault("cell_m", f"{cell_m} is not 100 to 100,000 metres."))
    points = sites.geom_type.eq("Point") & ~sites.geometry.is_empty
    faults += [
        Fault("sites", "is not a point.", "Give the centre of the place.", int(row) + 1)
        for row in np.flatnonzero(~points.to_numpy())
    ]
    if "radius_m" in sites:
        given = sites["radius_m"].notna()
        metres = pd.to_numeric(sites["radius_m"], errors="coerce").astype("Float64")
        sound = metres.between(0, LARGEST_M).fillna(False)
        faults += [
            Fault("sites", "is no radius in metres.", "Give 0 or more.", int(row) + 1, "radius_m")
            for row in np.flatnonzero((given & ~sound).to_numpy(dtype=bool))
        ]
    if "site_id" in sites:
        faults += [
            Fault("sites", "is empty.", "Name every site.", int(row) + 1, "site_id")
            for row in np.flatnonzero(sites["site_id"].isna().to_numpy())
        ]
    if faults:
        raise DataError(faults)


def _seeds(sites: gpd.GeoDataFrame) -> list[str]:
    """Return what names each site: its id, or where it is, to about a metre."""
    if "site_id" in sites:
        return list(map(str, sites["site_id"]))
    return [f"{point.x:.5f} {point.y:.5f}" for point in np.asarray(sites.geometry)]


def _areas(sites: gpd.GeoDataFrame, within: gpd.GeoDataFrame | None) -> list[BaseGeometry | None]:
    """Return the smallest polygon that holds each site."""
    if within is None:
        return [None] * len(sites)
    shapes = require_wgs84(within, "within").geometry.to_numpy()
    shapes = shapes[np.argsort(shapely.area(shapes), kind="stable")]
    holding = [shapes[shapely.intersects(shapes, point)] for point in sites.geometry]
    return [found[0] if len(found) else None for found in holding]


def _draws(key: bytes, seed: str, numbers: range) -> np.ndarray:
    """Return pairs of numbers from 0 to 1 that depend on the key and the site alone."""
    digests = (hmac.digest(key, f"place|{seed}|{n}".encode(), "sha256") for n in numbers)
    return np.frombuffer(b"".join(d[:16] for d in digests), ">u8").reshape(-1, 2) / 2**64


def _donut(
    key: bytes,
    seed: str,
    point: shapely.Point,
    side: str | None,
    area: BaseGeometry | None,
    border: Border,
    ring: tuple[float, float],
) -> tuple[float, float, float] | None:
    """Return the first spot of the ring that is on the side and in the area, if any is."""
    near, far = ring[0] ** 2, ring[1] ** 2
    for start in range(0, TRIES, BATCH):
        turn, share = _draws(key, seed, range(start, start + BATCH)).T
        metres = np.sqrt(near + share * (far - near))
        here = np.full(BATCH, point.x), np.full(BATCH, point.y)
        lon, lat, _ = GEOD.fwd(*here, turn * 360, metres)
        fits = np.ones(BATCH, dtype=bool)
        if area is not None:
            fits &= shapely.intersects_xy(area, lon, lat)
        if side is not None:
            found = border.side_of(gpd.GeoSeries.from_xy(lon, lat, crs="EPSG:4326"))
            fits &= found.eq(side).fillna(False).to_numpy(dtype=bool)
        if fits.any():
            i = int(np.flatnonzero(fits)[0])
            return float(lon[i]), float(lat[i]), float(metres[i])
    return None


class _Grid:
    """Square cells in metres, cut by the border and by areas."""

    def __init__(self, border: Border, region: Region, cell_m: float) -> None:
        self.cell_m, self.region = cell_m, region
        self.crs = region.require_metric()
        shapes = border.sides.geometry.segmentize(0.01).to_crs(self.crs)
        self.sides = dict(zip(border.sides["side"], shapes, strict=True))

    def place(
        self, point: shapely.Point, side: str | None, area: BaseGeometry | None
    ) -> tuple[float, float, float] | None:
        """Return the middle of the piece of the cell, and how far any place of it may be."""
        crs = self.crs if self.region.contains(point.x, point.y) else _zone_of(point)
        there = gpd.GeoSeries([point], crs="EPSG:4326").to_crs(crs).iloc[0]
        ((x, y),) = shapely.get_coordinates(there)
        west, south = (np.floor(v / self.cell_m) * self.cell_m for v in (x, y))
        piece = shapely.box(west, south, west + self.cell_m, south + self.cell_m)
        if side in self.sides and crs == self.crs:
            piece = piece.intersection(self.sides[side])
        if area is not None:
            shape = gpd.GeoSeries([area], crs="EPSG:4326").to_crs(crs).iloc[0]
            piece = piece.intersection(shape)
        if piece.is_empty or piece.area == 0:
            return None
        middle = piece.centroid if piece.contains(piece.centroid) else piece.point_on_surface()
        # Of the true point too: an area's centre may lie on the other side of the line.
        places = shapely.points([*shapely.get_coordinates(middle), *shapely.get_coordinates(piece)])
        lon, lat = gpd.GeoSeries(places, crs=crs).to_crs("EPSG:4326").get_coordinates().to_numpy().T
        lon, lat = np.append(lon, point.x), np.append(lat, point.y)
        reach = geodesic_m(np.full(len(lon), lon[0]), np.full(len(lat), lat[0]), lon, lat).max()
        return float(lon[0]), float(lat[0]), float(reach)


def _zone_of(point: shapely.Point) -> str:
    """Return the one system of a place, whatever else is masked with it: UTM, or UPS at a pole."""
    found = suggest_metric_crs((point.x, point.y, point.x, point.y))
    if found.startswith("EPSG"):
        return found
    return "EPSG:5041" if point.y > UTM_NORTH else "EPSG:5042"


def _without_places(sites: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the sites without columns that tell where they are, but for what is masked next."""
    shapes = [c for c in sites.columns[sites.dtypes.eq("geometry")] if c != sites.geometry.name]
    told = [c for c in sites.columns if pd.Series([str(c).lower()]).str.fullmatch(LOCATING)[0]]
    out = sites.drop(columns=[*shapes, *(c for c in told if c not in ("lat", "lon"))])
    return out.assign(**{name: text for name, text in BASIS.items() if "location_basis" in out})


def _blurred(masked: gpd.GeoDataFrame, key: bytes) -> gpd.GeoDataFrame:
    """Return masked sites by month, with ids and in an order that tell no day."""
    out = masked
    if "date" in out:
        out = out.assign(date=out["date"].map(_month, na_action="ignore"))
        if "date_precision" in out:
            out["date_precision"] = [
                None if pd.isna(day) else read_date(day).precision for day in out["date"]
            ]
    names = [name for name in ("id", "site_id") if name in out]
    for name in names:
        out = out.assign(**{name: [_keyed(key, str(value)) for value in out[name]]})
    order = [name for name in ("date", *names) if name in out]
    if not order:
        return out
    # By position: a level of the index may be called like a column.
    keys = pd.DataFrame({name: out[name].to_numpy() for name in order})
    return out.iloc[keys.sort_values(order, kind="stable").index]


def _month(given: object) -> str:
    """Return a date no more exact than its month; a day may come as pandas or Python has it."""
    date = given.isoformat()[:10] if isinstance(given, dt.date) else str(given)
    if "/" in date:
        return "/".join(
            _month(part) if part not in ("", "..") else part for part in date.split("/")
        )
    mark = date[-1] if date[-1:] in "?~%" else ""
    return date[:7] + mark if read_date(date).precision == "day" else date


def _keyed(key: bytes, text: str) -> str:
    return "m-" + hmac.new(key, f"id|{text}".encode(), hashlib.sha256).hexdigest()[:12]
