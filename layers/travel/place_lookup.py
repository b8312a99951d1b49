"""Places by their names: towns, ports of entry, sites, or a longitude and latitude."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from roxham.geo import WGS84, DataError, load_border, load_places
from roxham.geo.arguments import checked
from roxham.geo.errors import Fault, shown
from roxham.geo.io.sources import Source
from roxham.geo.region import active_region
from roxham.geo.tables.contract import Column, Contract, source_name, swapped_axes
from roxham.geo.tables.failures import faults_of
from roxham.layers.facts.checks import no_example, somewhere
from roxham.layers.facts.ports import load_ports
from roxham.layers.mapping.read import MappingLike, mapping_of, read_by

from .open_gates import KINDS

__all__ = [
    "POINTS",
    "find_gate",
    "find_place",
    "find_places",
    "named_places",
    "read_points",
    "side_of",
]

CALLED = ("place", "place_name", "nom", "nombre", "ort", "lieu", "lugar", "luogo", "label", "title")
POINTS = Contract(
    "points",
    (
        Column("name", meaning="what the place is called", also=CALLED),
        Column("lon", "lon", "longitude, degrees"),
        Column("lat", "lat", "latitude, degrees"),
    ),
    (swapped_axes(), no_example(), somewhere()),
)
"""Columns of a file of places of one's own."""

LON_LAT = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*,\s*([+-]?\d+(?:\.\d+)?)\s*")
SUGGESTED = 5


class Candidate(NamedTuple):
    """A place that a text may mean, and by which names."""

    key: str
    name: str
    side: str | None
    lon: float
    lat: float
    exact: tuple[str, ...]
    """Names by which it is meant before others."""
    second: tuple[str, ...]
    """Names by which it is meant where no place is called so."""


@checked()
def find_place(text: str, *, gates: bool = False) -> gpd.GeoDataFrame:
    """Return the place that a text names, or the gate.

    Accents, case and punctuation do not count. A whole name goes before an id and a part of
    a name, and a town before a port of the same name. The road of an irregular site is its end
    on the side where it is called so.

    Parameters
    ----------
    text
        A name or id from the places or the ports, in a language of the region, or ``lon,lat``
        in degrees.
    gates
        Whether a gate may be meant: its id, or a name that no place on one side has. Its
        row has the column ``gate``, so that trips may begin at it on both sides.

    Returns
    -------
    geopandas.GeoDataFrame
        One row, EPSG:4326: ``name, side`` (its code; null on the line of the border, and
        beyond the region), ``geometry``; of a gate also ``gate, gate_kind``.

    Raises
    ------
    DataError
        If nothing is called so, or more than one place is: the choices are listed.

    Examples
    --------
    >>> find_place("montreal")["name"].item(), find_place("ROXHAM ROAD")["side"].item()
    ('Montréal', 'US')
    >>> find_place("-73.45, 44.7")["side"].item()
    'US'
    >>> find_place("roxham", gates=True)["gate"].item()
    'roxham-road'
    """
    if found := LON_LAT.fullmatch(text):
        return _at(float(found[1]), float(found[2]))
    asked, towns = text.strip(), load_places()["name"].tolist()
    if gates and asked not in towns and asked.casefold() in (c.key for c in _gate_candidates()):
        return _gate(text)
    try:
        place = _choose(text, _candidates(), "place")
    except DataError as unknown:
        try:
            if gates:
                return _gate(text)
        except DataError:
            pass
        raise unknown from None
    if gates and place.side is None:  # a port, which stands on the line
        return _gate(text)
    return _frame([(place.name, place.side, place.lon, place.lat)])


def named_places() -> gpd.GeoDataFrame:
    """Return every place that has a name and lies on one side: towns, and the ends of sites.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326: ``place`` (its id), ``name``, and ``name_fr`` for each further language of the
        region, ``side`` (its code), ``geometry``.

    Examples
    --------
    >>> named_places().set_index("place").loc["roxham-road:US", "name"]
    'Roxham Road'
    """
    found = [c for c in _candidates() if c.side is not None]
    table = _frame([(c.name, c.side, c.lon, c.lat) for c in found])
    table.insert(0, "place", pd.Series([c.key for c in found], dtype="string"))
    places = load_places().set_index("place_id")
    for lang in active_region().languages[1:]:
        own = f"name_{lang}"
        told = table["place"].map(places[own]) if own in places else table["name"]
        table.insert(list(table.columns).index("side"), own, told.fillna(table["name"]))
    return table


def _is_file(text: str) -> bool:
    """Whether a text is the path of a file; of what can be none, a system tells by an error."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


@checked()
def find_places(text: str) -> gpd.GeoDataFrame:
    """Return the places of a file, or those that a list names.

    Parameters
    ----------
    text
        The name of a CSV file (see :func:`read_points`), or names with semicolons between;
        commas will do where none is a ``lon,lat``.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each place, points in EPSG:4326: ``name, side, geometry``.

    Raises
    ------
    DataError
        If the file or any name cannot be used, all of them at once.

    Examples
    --------
    >>> find_places("Plattsburgh, Burlington")["name"].tolist()
    ['Plattsburgh', 'Burlington']
    """
    if _is_file(text):
        return read_points(text)
    if text.lower().endswith(".csv"):
        raise DataError(Fault(text, "there is no such file."))
    parts = [text] if LON_LAT.fullmatch(text) else re.split(";" if ";" in text else ",", text)
    found, faults = [], []
    for part in filter(None, map(str.strip, parts)):
        try:
            found.append(find_place(part))
        except DataError as error:
            faults.append(Fault(shown(part), str(error).partition(": ")[2]))
    if faults or not found:
        raise DataError(faults or f"places {shown(text)}: none is named.")
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), crs=WGS84)


def read_points(path: Source, *, mapping: MappingLike | None = None) -> gpd.GeoDataFrame:
    """Read places of one's own: a file, an address or a frame with ``name, lon, lat``.

    Parameters
    ----------
    path
        The places.
    mapping
        Which of its columns is which, where they are not called so.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326: ``name, side, geometry``, as :func:`find_place`.

    Raises
    ------
    DataError
        If the file cannot be read, or any row is at fault: all faults at once.
    """
    rows, rejected = read_by(path, POINTS, mapping_of(mapping, "places"))
    if len(rejected):
        raise DataError(faults_of(rejected))
    if rows.empty:
        raise DataError(Fault(source_name(path), "has no row.", "Give one place in each."))
    lon, lat = rows["lon"].astype(float), rows["lat"].astype(float)
    points = gpd.GeoSeries.from_xy(lon, lat, crs=WGS84)
    table = {"name": rows["name"].astype("string"), "side": side_of(points)}
    return gpd.GeoDataFrame(table, geometry=points, crs=WGS84)


@checked()
def find_gate(text: str) -> str:
    """Return the id of the gate that a text names: a port of entry, or a site.

    Parameters
    ----------
    text
        An id, a name of one of its sides, or part of it.

    Returns
    -------
    str
        The ``port_id``.

    Raises
    ------
    DataError
        As :func:`find_place`.

    Examples
    --------
    >>> find_gate("Roxham Road"), find_gate("saint-bernard-de-lacolle")
    ('roxham-road', 'lacolle-champlain')
    """
    return _choose(text, _gate_candidates(), "gate").key


def _gate(text: str) -> gpd.GeoDataFrame:
    """Return the gate that a text names, as one row."""
    gate = _choose(text, _gate_candidates(), "gate")
    ports = load_ports().rows
    kind = ports.loc[ports["port_id"] == gate.key, "kind"].item()
    row = _frame([(gate.name, None, gate.lon, gate.lat)])
    return row.assign(gate=gate.key, gate_kind=KINDS.get(kind, "port_of_entry"))


def _at(lon: float, lat: float) -> gpd.GeoDataFrame:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise DataError(f"place {lon:g},{lat:g}: is not longitude, latitude in degrees.")
    row = pd.DataFrame({"lon": [lon], "lat": [lat]})
    for _, _, problem in swapped_axes()(row):
        raise DataError(f"place {lon:g},{lat:g}: {problem}. Give longitude first.")
    side = side_of(gpd.GeoSeries.from_xy([lon], [lat], crs=WGS84)).iloc[0]
    return _frame([(f"{lon:.5f},{lat:.5f}", None if pd.isna(side) else str(side), lon, lat)])


def _frame(rows: list[tuple[str, str | None, float, float]]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=["name", "side", "lon", "lat"])
    points = gpd.GeoSeries.from_xy(table["lon"], table["lat"], crs=WGS84)
    return gpd.GeoDataFrame(table[["name", "side"]].astype("string"), geometry=points, crs=WGS84)


def _candidates() -> list[Candidate]:
    places = load_places()
    sides = _sides_of(places)
    rows = places[places["kind"] != "region"].drop(columns="geometry").to_dict("records")
    towns = [
        Candidate(
            str(p["place_id"]),
            str(p["name"]),
            sides.get(str(p["place_id"])),
            float(p["lon"]),
            float(p["lat"]),
            (*_told(p, "name"), str(p["place_id"])),
            (),
        )
        for p in rows
    ]
    return [*towns, *_port_candidates()]


def _told(row: Mapping[Any, Any], column: str) -> tuple[str, ...]:
    """Return what a column says, and those that say it in further languages of the region."""
    suffixes = ("", *(f"_{lang}" for lang in active_region().languages[1:]))
    found = (row.get(f"{column}{suffix}") for suffix in suffixes)
    return tuple(dict.fromkeys(str(text) for text in found if text is not None and pd.notna(text)))


def _sides_of(places: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the side of each place: that of its country, else where it lies."""
    told = places["country"].where(places["country"].isin(active_region().sides))
    missing = told.isna()
    if missing.any():
        told[missing] = side_of(gpd.GeoSeries(places.geometry[missing]))
    return {str(k): str(v) for k, v in zip(places["place_id"], told, strict=True) if pd.notna(v)}


def side_of(points: gpd.GeoSeries) -> pd.Series[str]:
    """Return the side on which each point lies; null where the region has no border."""
    if active_region().file("border") is None:
        return pd.Series(pd.NA, index=points.index, dtype="string")
    return load_border().side_of(points)


def _port_candidates() -> list[Candidate]:
    region = active_region()
    roads, names = region.columns("road"), region.columns("name")
    found: list[Candidate] = []
    for port in load_ports().rows.drop(columns="geometry").to_dict("records"):
        at = (float(port["lon"]), float(port["lat"]))
        key = str(port["port_id"])
        called = [None if pd.isna(port[name]) else str(port[name]) for name in names]
        if port["kind"] == "irregular_site":
            # two dead ends, and the line between them
            for k in (1, 0):
                side = region.sides[k]
                told = port[roads[k]] if pd.notna(port[roads[k]]) else called[k] or key
                end = f"{key}:{side}"
                found.append(Candidate(end, str(told), side, *at, (str(told), end), ()))
        elif port["kind"] in ("port_of_entry", "closed_port", "crossing"):
            apart = [_told(port, name) for name in names]
            both = [" – ".join(pair) for pair in zip(*filter(None, apart), strict=False)]
            every = tuple(name for told in apart for name in told)
            found.append(Candidate(key, next(iter(both), key), None, *at, (*both, key), every))
    return found


def _gate_candidates() -> list[Candidate]:
    """Return each gate once, the site by the names of both its roads."""
    gates: dict[str, Candidate] = {}
    for c in _port_candidates():
        key = c.key.partition(":")[0]
        names = c.exact + c.second
        if key in gates:
            gates[key] = gates[key]._replace(exact=gates[key].exact + names)
        else:
            gates[key] = c._replace(key=key, exact=(key, *names), second=())
    return list(gates.values())


def _choose(text: str, candidates: list[Candidate], what: str) -> Candidate:
    """Return the one that a text means, or say which it may mean."""
    asked = _folded(text)
    if not asked:
        raise DataError(f"{what} {shown(text)}: is no name.")
    ranks = (
        [c for c in candidates if asked in (_folded(n) for n in c.exact if n != c.key)],
        [c for c in candidates if asked == _folded(c.key)],
        [c for c in candidates if asked in map(_folded, c.second)],
        [c for c in candidates if any(_folded(n).startswith(asked) for n in c.exact + c.second)],
    )
    found = next((hits for hits in ranks if hits), [])
    if len(found) == 1:
        return found[0]
    if found:
        choices = "; ".join(sorted(f"{c.name} ({c.key})" for c in found))
        raise DataError(
            f"{what} {shown(text)}: may be any of {choices}. Write the whole name, or the id."
        )
    names = {_folded(n): n for c in candidates for n in c.exact + c.second}
    # a name within another is another place: Upton is not Upton-on-Sea
    keys = {c.key for c in candidates}
    within = sorted(n for n in names if f" {asked} " in f" {n} " and names[n] not in keys)
    close = within or difflib.get_close_matches(asked, names, SUGGESTED, 0.6)
    near = [names[n] for n in close[:SUGGESTED]]
    hint = f"Is it {' or '.join(near)}?" if near else "Give its longitude,latitude."
    raise DataError(f"{what} {shown(text)}: nothing is called so. {hint}")


def _folded(name: str) -> str:
    """Return a name without case, accents and punctuation; St and Ste written out."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", " ", plain).split()
    return " ".join({"st": "saint", "ste": "sainte", "mt": "mont"}.get(w, w) for w in words)
