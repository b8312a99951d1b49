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
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal

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
from roxham.geo._types import Bools, Floats, Objects
from roxham.geo.arguments import checked
from roxham.geo.border.given import BorderLike, as_border
from roxham.geo.crs import UTM_NORTH
from roxham.geo.geometry.proximity import geodesic_m
from roxham.geo.partitions import by_partition, is_partitioned
from roxham.geo.region import as_region
from roxham.geo.tables.edtf import read_date

from .plain_text import made_id
from .precision import precision_class

__all__ = ["MASKED", "is_masked", "mask", "require_unmasked"]

MASKED = ("mask_method", "mask_min_m", "mask_max_m")
STOPS = (4, 16, 64, 256, 2000)
"""So many spots are tried in all after each round, by the sites that still have none."""
AT_ONCE = 2000
"""So many sites are tried at one time."""
KEY_BYTES = 16
AT_MOST = 3
"""So many names may one place have: the middle of their masks would be where it is."""
CROWDED = f"go by more than {AT_MOST} names within 100 m, each moved by itself."
ONE_NAME = "The middle of all would tell where they are: give one place one site_id."
PLACE_DEG = 0.001
"""Some 100 m: what lies so near is one place."""
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
        ``country`` says the side of the border where it is given. A dask-geopandas frame, too.
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
        Of a dask-geopandas frame one such frame, not computed yet, its rows mixed by their new
        dates or ids, so that no partition tells what stood together; each is in this order.

    Raises
    ------
    DataError
        If the key is short, a site is not a point or is masked already, one place goes by
        many names, the distances make no ring, or a site has no place to go: every fault at once.

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
    if is_partitioned(sites):
        work = partial(
            mask,
            key=key, method=method, min_m=min_m, max_m=max_m, cell_m=cell_m, within=within,
            border=border or load_border(), region=region,
        )  # fmt: skip
        lazy: gpd.GeoDataFrame = _mixed(sites, work, averaged=method == "donut")
        return lazy
    secret = key.encode() if isinstance(key, str) else key
    _require(sites, secret, method, min_m, max_m, cell_m)
    border = border or load_border()
    areas = _areas(sites, within)
    side_of = border.side_of(sites).astype("object")
    if "country" in sites:
        here = _contained(border.region, sites)
        told = sites["country"].where(sites["country"].isin(border.region.sides) & here)
        side_of = told.astype("object").fillna(side_of)
    sides = side_of.where(side_of.notna(), None).to_numpy(dtype=object)
    if method == "grid":
        found = _Grid(border, region or border.region, cell_m).places(sites, sides, areas)
    else:
        found = _donut(secret, sites, sides, areas, border, (min_m, max_m))
    if (lost := np.isnan(found).any(axis=1)).any():
        problem = "has no other place on its side and in its area."
        remedy = "See its country, or give a larger max_m, or leave `within` out."
        rows = np.flatnonzero(lost) + 1
        raise DataError([Fault("sites", problem, remedy, int(row)) for row in rows])
    lon, lat, moved = found.T
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


def _mixed(sites: Any, work: Callable[[Any], Any], *, averaged: bool) -> Any:
    """Return masked partitions whose rows are mixed: which one a row was in would tell its day.

    Each is held to the names of places in all of them, as those of one place may lie apart.
    """
    like = work(sites._meta)
    if averaged:
        cells = by_partition(_cells, sites, _cells(sites._meta)).drop_duplicates(split_out=1)
        masked = by_partition(partial(_masked, work=work), sites, like, cells)
    else:
        masked = by_partition(work, sites, like)
    by = _order_of(like)
    if not by:
        return masked
    mixed = masked.shuffle(on=by[-1])
    return by_partition(partial(_ordered, crs=like.crs, geometry=like.geometry.name), mixed, like)


def _masked(sites: gpd.GeoDataFrame, cells: pd.DataFrame, work: Callable[[Any], Any]) -> Any:
    """Return a masked partition, unless the names of places in all of them would tell one."""
    faults = [
        Fault("sites", f"{one} places {CROWDED}", ONE_NAME) for one in [_crowds(cells)] if one
    ]
    if faults and len(sites):
        raise DataError(faults)
    return work(sites)


def _cells(sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return what each site is called, and the square of some 100 m it lies in."""
    at = np.floor(sites.get_coordinates().to_numpy() / PLACE_DEG)
    cells = {"x": at[:, 0], "y": at[:, 1], "name": pd.array(_seeds(sites), "string")}
    return pd.DataFrame(cells).drop_duplicates()


def _crowds(cells: pd.DataFrame) -> int:
    """Return how many squares have more names than one place may have."""
    return int(cells.drop_duplicates().groupby(["x", "y"]).size().gt(AT_MOST).sum())


def _ordered(rows: Any, crs: Any, geometry: str) -> gpd.GeoDataFrame:
    """Return rows in the order of masked ones, with their geometries, which a shuffle drops."""
    return _in_order(gpd.GeoDataFrame(rows, geometry=geometry, crs=crs))


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
    if not faults and method == "donut" and len(sites):
        faults += _averaged(sites)
    if faults:
        raise DataError(faults)


def _averaged(sites: gpd.GeoDataFrame) -> Iterator[Fault]:
    """Yield a fault for each place that goes by so many names that their middle would tell it."""
    names = _cells(sites.reset_index(drop=True))
    for _, rows in names.groupby(["x", "y"]):
        if len(rows) > AT_MOST:
            problem = f"is within 100 m of {len(rows) - 1} others, each moved by itself."
            yield Fault("sites", problem, ONE_NAME, int(rows.index[0]) + 1, "site_id")


def _seeds(sites: gpd.GeoDataFrame) -> list[str]:
    """Return what names each site: its id, or where it is, to about a metre."""
    if "site_id" in sites:
        return list(map(str, sites["site_id"]))
    return [f"{x:.5f} {y:.5f}" for x, y in sites.get_coordinates().to_numpy().tolist()]


def _contained(region: Region, sites: gpd.GeoDataFrame) -> Bools:
    """Return which sites lie in the bounds of a region."""
    places = sites.get_coordinates().to_numpy().tolist()
    return np.array([region.contains(x, y) for x, y in places], dtype=bool)


def _areas(sites: gpd.GeoDataFrame, within: gpd.GeoDataFrame | None) -> Objects:
    """Return the smallest polygon that holds each site, None where none does."""
    areas = np.full(len(sites), None, dtype=object)
    if within is not None:
        shapes = require_wgs84(within, "within").geometry.to_numpy()
        shapes = shapes[np.argsort(shapely.area(shapes), kind="stable")]
        site, shape = shapely.STRtree(shapes).query(sites.geometry.to_numpy(), "intersects")
        smallest = np.full(len(sites), len(shapes))
        np.minimum.at(smallest, site, shape)
        held = np.unique(site)
        areas[held] = shapes[smallest[held]]
    return areas


def _draws(key: bytes, seeds: list[str], numbers: range) -> Floats:
    """Return pairs of numbers from 0 to 1 that depend on the key and the site alone.

    Shape ``(2, sites, numbers)``.
    """
    texts = (f"place|{seed}|{n}".encode() for seed in seeds for n in numbers)
    digests = [hmac.digest(key, text, "sha256") for text in texts]
    drawn = np.frombuffer(b"".join(d[:16] for d in digests), ">u8") / 2**64
    return drawn.reshape(len(seeds), len(numbers), 2).transpose(2, 0, 1)


def _donut(
    key: bytes,
    sites: gpd.GeoDataFrame,
    sides: Objects,
    areas: Objects,
    border: Border,
    ring: tuple[float, float],
) -> Floats:
    """Return longitude, latitude and metres of the first spot of each site's ring that fits.

    It is on the site's side and in its area; of a site without one they are not a number.
    """
    seeds, here = _seeds(sites), sites.get_coordinates().to_numpy()
    found = np.full((len(sites), 3), np.nan)
    shapely.prepare(areas)
    left, start = np.arange(len(sites)), 0
    for stop in STOPS:
        for rows in np.split(left, np.arange(AT_ONCE, len(left), AT_ONCE)):
            turn, share = _draws(key, [seeds[row] for row in rows], range(start, stop))
            metres = np.sqrt(ring[0] ** 2 + share * (ring[1] ** 2 - ring[0] ** 2))
            of = np.repeat(rows, stop - start)
            lon, lat, _ = GEOD.fwd(here[of, 0], here[of, 1], turn.ravel() * 360, metres.ravel())
            fits = _fitting(lon, lat, sides[of], areas[of], border).reshape(metres.shape)
            at = np.flatnonzero(fits.any(axis=1))
            spot = at * (stop - start) + fits[at].argmax(axis=1)
            found[rows[at]] = np.column_stack([lon, lat, metres.ravel()])[spot]
        left, start = left[np.isnan(found[left, 0])], stop
        if not len(left):
            break
    return found


def _fitting(lon: Floats, lat: Floats, sides: Objects, areas: Objects, border: Border) -> Bools:
    """Return which spots lie on a side and in an area, where these are given."""
    free = np.array([area is None for area in areas], dtype=bool)
    fits: Bools = free | shapely.intersects_xy(areas, lon, lat)
    asked = np.flatnonzero(fits & np.array([side is not None for side in sides], dtype=bool))
    if len(asked):
        found = border.side_of(gpd.GeoSeries.from_xy(lon[asked], lat[asked], crs="EPSG:4326"))
        wanted = pd.Series(sides[asked], index=found.index)
        fits[asked] = found.eq(wanted).fillna(False).to_numpy(dtype=bool)
    return fits


class _Grid:
    """Square cells in metres, cut by the border and by areas."""

    def __init__(self, border: Border, region: Region, cell_m: float) -> None:
        self.cell_m, self.region = cell_m, region
        self.crs = region.require_metric()
        shapes = border.sides.geometry.segmentize(0.01).to_crs(self.crs)
        self.sides = dict(zip(border.sides["side"], shapes, strict=True))

    def places(self, sites: gpd.GeoDataFrame, sides: Objects, areas: Objects) -> Floats:
        """Return the middle of the piece of each site's cell, and how far any place of it may be.

        Longitude, latitude, metres; not a number where nothing of the cell is left.
        """
        lon, lat = sites.get_coordinates().to_numpy().T
        inside = _contained(self.region, sites).tolist()
        systems = [
            self.crs if known else _zone_of(*place)
            for known, *place in zip(inside, lon.tolist(), lat.tolist(), strict=True)
        ]
        corner = np.empty((len(sites), 2))
        for crs, rows in pd.Series(systems).groupby(systems).indices.items():
            here = gpd.GeoSeries(sites.geometry.iloc[rows])
            there = here.to_crs(str(crs)).get_coordinates().to_numpy()
            corner[rows] = np.floor(there / self.cell_m) * self.cell_m
        pieces: dict[tuple[Any, ...], Floats | None] = {}
        out = np.full((len(sites), 3), np.nan)
        for row, (crs, (west, south), side, area) in enumerate(
            zip(systems, corner.tolist(), sides, areas, strict=True)
        ):
            cell = crs, west, south, side, id(area)
            if cell not in pieces:
                pieces[cell] = self._piece(crs, west, south, side, area)
            if (piece := pieces[cell]) is None:
                continue
            # Of the true point too: an area's centre may lie on the other side of the line.
            reach = geodesic_m(piece[:1, 0], piece[:1, 1], lon[[row]], lat[[row]])
            out[row] = *piece[0, :2], max(piece[:, 2].max(), reach[0])
        return out

    def _piece(
        self, crs: str, west: float, south: float, side: str | None, area: BaseGeometry | None
    ) -> Floats | None:
        """Return the middle of what is left of a cell and its corners, and how far each is."""
        piece: BaseGeometry = shapely.box(west, south, west + self.cell_m, south + self.cell_m)
        if side in self.sides and crs == self.crs:
            piece = piece.intersection(self.sides[side])
        if area is not None:
            shape = gpd.GeoSeries([area], crs="EPSG:4326").to_crs(crs).iloc[0]
            piece = piece.intersection(shape)
        if piece.is_empty or piece.area == 0:
            return None
        middle = piece.centroid if piece.contains(piece.centroid) else piece.point_on_surface()
        places = shapely.points([*shapely.get_coordinates(middle), *shapely.get_coordinates(piece)])
        lon, lat = gpd.GeoSeries(places, crs=crs).to_crs("EPSG:4326").get_coordinates().to_numpy().T
        far = geodesic_m(np.full(len(lon), lon[0]), np.full(len(lat), lat[0]), lon, lat)
        return np.column_stack([lon, lat, far])


@cache
def _zone_of(lon: float, lat: float) -> str:
    """Return the one system of a place, whatever else is masked with it: UTM, or UPS at a pole."""
    found = suggest_metric_crs((lon, lat, lon, lat))
    if found.startswith("EPSG"):
        return found
    return "EPSG:5041" if lat > UTM_NORTH else "EPSG:5042"


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
    return _in_order(out)


def _order_of(masked: gpd.GeoDataFrame) -> list[str]:
    return [name for name in ("date", "id", "site_id") if name in masked]


def _in_order(masked: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return rows by date and keyed ids, which tell no day."""
    order = _order_of(masked)
    if not order:
        return masked
    # By position: a level of the index may be called like a column.
    keys = pd.DataFrame({name: masked[name].to_numpy() for name in order})
    return masked.iloc[keys.sort_values(order, kind="stable").index]


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
    digest = hmac.new(key, f"id|{text}".encode(), hashlib.sha256).hexdigest()
    return f"m-{made_id(digest[:12])}"
