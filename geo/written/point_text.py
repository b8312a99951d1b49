"""Places in one column of text: well-known text, or a pair of degrees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from roxham.geo.crs import WGS84
from roxham.geo.geometry.nesting import shapes_of_texts
from roxham.geo.io.geometry_columns import At, placed
from roxham.geo.sheets.reading import Reading

from .degrees import read_degrees
from .headers import plain_header

__all__ = ["Places", "from_point_text"]

WKT = re.compile(
    r"\s*(?:SRID=(\d+);)?\s*((?:MULTI)?(?:POINT|POLYGON|LINESTRING)|GEOMETRYCOLLECTION)\b.*",
    re.IGNORECASE | re.DOTALL,
)
DEGREES = r"[+-]?[0-9]{1,3}(?:\.[0-9]+)?"
PAIR = rf"\s*[(\[]?\s*({DEGREES})\s*°?\s*[,; ]\s*({DEGREES})\s*°?\s*[)\]]?\s*"
DECIMAL_COMMA = r"\s*[+-]?[0-9]{1,3},[0-9]+\s*"
"""One number, and no pair: 41,72."""
LOOKED_AT = 50
PARTS = re.compile(r"\s*;\s*|,\s+|(?<=[NSEWOnsewo])[\s,/]+|(?<=[\"'°])\s*,\s*(?=\S)")
"""Between two of degrees, minutes and seconds, which may have decimal commas."""
NORTH = re.compile(r"[NS]", re.IGNORECASE)
LAT_FIRST = re.compile(r"(.*_)?lat(itude?|itud)?_.*(lon|lng|long).*|latlon.*|latlng|geo_point_2d")
LON_FIRST = re.compile(r"(.*_)?(lon|lng|long)(gitude?|itude?|itud)?_.*lat.*|lonlat|lnglat")


class Places(NamedTuple):
    """A table with its places in columns of degrees, what was decided, and what cannot be told."""

    rows: pd.DataFrame
    told: tuple[str, ...] = ()
    problems: Mapping[str, str] = {}
    """By the text that stands in the column of latitudes in place of one."""


def tells_places(cells: pd.Series) -> bool:
    """Whether every filled cell of a column is a place, in one of the ways that are read.

    Examples
    --------
    >>> [tells_places(pd.Series([text])) for text in ("45.0, -73.5", "45° N, 73° W", "41,72")]
    [True, True, False]
    """
    return _kind(cells.fillna("").astype(str)) is not None


def from_point_text(raw: pd.DataFrame, at: At, reading: Reading) -> Places:
    """Fill the columns of longitude and latitude from one column of text, which goes.

    It would tell places more exactly than the radius beside them says.

    Parameters
    ----------
    raw
        Texts; with neither of the columns, and one in which every filled cell is well-known text
        or a pair of degrees. Anything else comes back as it is.
    at
        The columns to fill.
    reading
        Which of a pair is the latitude, where neither header nor values tell it.

    Examples
    --------
    >>> at = At("lon", "lat", None)
    >>> raw = pd.DataFrame({"Coordinates (lat, lon)": ["45.0, -73.5"]})
    >>> from_point_text(raw, at, Reading()).rows[["lat", "lon"]].values.tolist()
    [['45.0', '-73.5']]
    """
    if at.lon in raw or at.lat in raw:
        return Places(raw)
    once = raw.loc[:, ~raw.columns.duplicated(keep=False)]  # several may have no name
    kinds = {str(name): _kind(once[name].fillna("").astype(str)) for name in once}
    wkt = [name for name, kind in kinds.items() if kind == "wkt"]
    pairs = [name for name, kind in kinds.items() if kind in ("pair", "degrees")]
    if len(wkt) == 1:
        return _from_wkt(raw, wkt[0], at)
    if len(pairs) != 1 or wkt:
        return Places(raw)
    read = _from_pairs if kinds[pairs[0]] == "pair" else _from_degrees
    return read(raw, pairs[0], at, reading)


def _kind(cells: pd.Series) -> Literal["wkt", "pair", "degrees"] | None:
    filled = cells[cells.str.strip() != ""]
    if filled.empty:
        return None
    first = filled.head(LOOKED_AT)
    if first.str.fullmatch(WKT).all():
        return "wkt"
    if first.str.fullmatch(PAIR).all() and not first.str.fullmatch(DECIMAL_COMMA).any():
        return "pair"
    return "degrees" if all(_two(text) is not None for text in first) else None


def _two(text: str) -> tuple[str, str] | None:
    """Return the two parts of a pair of degrees with letters, as they are written."""
    parts = [part for part in PARTS.split(text.strip(" ()[]")) if part]
    if len(parts) != 2 or not NORTH.search(text):
        return None
    return (parts[0], parts[1]) if all(map(_are_degrees, parts)) else None


def _are_degrees(text: str) -> bool:
    try:
        return read_degrees(text) is not None
    except ValueError:  # east or west: it is asked
        return True


def _from_wkt(raw: pd.DataFrame, name: str, at: At) -> Places:
    cells = raw[name].fillna("").astype(str).str.strip()
    parts = cells.str.extract(r"^(?:SRID=(?P<srid>\d+);)?(?P<shape>.*)$", flags=re.I | re.S)
    other = (parts["srid"].notna() & parts["srid"].ne("4326")).to_numpy()
    texts = [text or None for text in parts["shape"].fillna("")]
    shapes = shapes_of_texts(texts)
    lost = (cells != "").to_numpy() & shapely.is_missing(shapes)
    shapes[other] = None
    rows, unplaced = placed(raw, gpd.GeoSeries(shapes, index=raw.index, crs=WGS84), at)
    problems = dict.fromkeys(cells[lost], "is no well-known text")
    problems |= dict.fromkeys(cells[other], "is not in EPSG:4326")
    problems |= {str(cells.iloc[i]): problem for i, (_, problem) in unplaced.items()}
    told = f"{name} is read as well-known text, longitude first, in degrees (EPSG:4326)"
    return Places(_unplaced(rows, cells, problems, at).drop(columns=name), (told,), problems)


def _from_pairs(raw: pd.DataFrame, name: str, at: At, reading: Reading) -> Places:
    cells = raw[name].fillna("").astype(str).str.strip()
    parts = cells.str.extract(f"^{PAIR}$")
    order = reading.order or _order(name, parts)
    problems = dict.fromkeys(cells[(cells != "") & parts[0].isna()], "is no pair of degrees")
    if order is None:
        asked = "say --order 'lat lon' or --order 'lon lat'"
        unsure = cells[parts[0].notna()].unique()
        problems |= dict.fromkeys(unsure, f"could give either first; {asked}")
    lat, lon = (1, 0) if order == "lon lat" else (0, 1)
    rows = raw.assign(**{at.lat: parts[lat].fillna(""), at.lon: parts[lon].fillna("")})
    said = "longitude first" if order == "lon lat" else "latitude first"
    told = (f"{name} is read as degrees, {said}",) if order else ()
    return Places(_unplaced(rows, cells, problems, at).drop(columns=name), told, problems)


def _from_degrees(raw: pd.DataFrame, name: str, at: At, reading: Reading) -> Places:
    """Fill the columns from pairs of degrees with letters, which tell which is the latitude."""
    cells = raw[name].fillna("").astype(str).str.strip()
    read: dict[str, tuple[str, str]] = {"": ("", "")}
    problems: dict[str, str] = {}
    for text in cells[cells != ""].unique():
        parts = _two(text)
        if parts is None or sum(NORTH.search(part) is not None for part in parts) != 1:
            problems[text] = "is no pair of degrees"
            continue
        lat, lon = parts if NORTH.search(parts[0]) else parts[::-1]
        try:
            read[text] = (read_degrees(lat, "lat") or "", read_degrees(lon, "lon") or "")
        except ValueError as error:
            problems[text] = str(error)
    found = [read.get(text, ("", "")) for text in cells]
    rows = raw.assign(**{at.lat: [lat for lat, _ in found], at.lon: [lon for _, lon in found]})
    read_as = (f"{name} is read as degrees",)
    return Places(_unplaced(rows, cells, problems, at).drop(columns=name), read_as, problems)


def _order(name: str, parts: pd.DataFrame) -> str | None:
    """Return which of two numbers is the latitude, by the header or where one can be none."""
    first, second = (pd.to_numeric(parts[k]).abs().max() for k in (0, 1))
    forms = {plain_header(name), re.sub(r"\W+", "_", name.casefold()).strip("_")}
    found = {
        "lat lon": second > 90 or any(LAT_FIRST.fullmatch(form) for form in forms),
        "lon lat": first > 90 or any(LON_FIRST.fullmatch(form) for form in forms),
    }
    told = [order for order, says in found.items() if says]
    return told[0] if len(told) == 1 else None


def _unplaced(
    rows: pd.DataFrame, cells: pd.Series, problems: Mapping[str, str], at: At
) -> pd.DataFrame:
    """Return rows in which a text that gives no place stands for the latitude, and is at fault."""
    bad = cells.isin(list(problems))
    return rows.assign(
        **{at.lat: rows[at.lat].mask(bad, cells), at.lon: rows[at.lon].mask(bad, "0")}
    )
