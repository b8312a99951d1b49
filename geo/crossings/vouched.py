"""Ports of one's own on a controlled line: which of them count, and who answers for them.

Ports made up along a line would list every place at which a road meets it. So a port counts
only beside a documented one, or with a source of its own and the name of whoever publishes it,
a few at a time.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.border.lines import BorderLine
from roxham.geo.border.open_guard import places_beside
from roxham.geo.errors import DataError, Fault
from roxham.geo.geometry.proximity import pairs_between
from roxham.geo.geometry.steps import stepped
from roxham.geo.tables.bundled import read_shipped
from roxham.geo.tables.contract import Contract

__all__ = ["documented_places", "require_documented", "require_vouched"]

NEAR_M = 250.0
"""A port so near a documented one is that one, better placed; each stands for one."""
LEAST, EVERY_M = 5, 15_000.0
"""So many ports with a source of their own and a name: a correction, and no survey of a line. Where
no place is documented, one for each 15 km of line too, for a border has its posts."""
NEIGHBOURS_M = 50_000.0
"""So far along a line a port counts for it."""
ON_LINE_DEG = 0.05
"""Some 4 km: a port so far off the line touches no place on it."""


def require_vouched(ports: pd.DataFrame, line: BorderLine, by: str | None) -> list[str]:
    """Return the ids of ports that only their source and a name vouch for.

    Whether a road meets the border there is not looked at: an answer would tell that it does.

    Parameters
    ----------
    ports
        As ``port_points`` gives them.
    line
        The border.
    by
        Who publishes them: a person or an office.

    Raises
    ------
    DataError
        If a port on a controlled line has no documented one beside it, and no source or
        nobody's name; or if there are more than a few of these.
    """
    if not line.controlled:
        return []
    own = ports[_on_line(ports, line) & ~_documented(ports)]
    sourced = _sourced(own)
    named = any(map(str.isalpha, by or ""))
    posts = min(int(_length_m(line) // EVERY_M), _stretches(line, own))
    most = LEAST if _is_documented(line) else max(LEAST, posts)
    if len(own) > most:
        raise DataError(
            Fault("ports", f"{len(own)} on a controlled border are beside no documented port.",
                  f"Give at most {most}, each with its source_url, and --by NAME.")
        )  # fmt: skip
    faults = [
        Fault("ports", f"{port} is on a controlled border, beside no documented port.", remedy)
        for port, known in zip(own["port_id"], sourced, strict=True)
        for remedy in ([] if known else ["Give a source_url where it is public."])
        + ([] if named else ["Say who publishes it: --by NAME, or publisher in the region's file."])
    ]
    if faults:
        raise DataError(faults)
    return [str(port) for port in own["port_id"]]


def require_documented(gates: pd.DataFrame) -> None:
    """Refuse gates on a controlled line beside no documented place, but for a few with sources.

    A network that was not cut there still has its roads over the line, and gates made up along
    it would find each.

    Parameters
    ----------
    gates
        ``lon, lat`` in degrees, EPSG:4326, null where not known; if known ``source_url``.

    Raises
    ------
    DataError
        If there are others, or more than a few.
    """
    placed = gates[gates["lon"].notna() & gates["lat"].notna()]
    own = placed[~_documented(placed)]
    if len(own) <= LEAST and "source_url" in own and _sourced(own).all():
        return
    for name, beside, _ in places_beside(own["lon"].to_numpy(float), own["lat"].to_numpy(float)):
        problem = f"{int(beside.sum())} on {name} are beside no documented port."
        remedy = "Cut the network with cut_at_border, and give them there as ports."
        raise DataError(Fault("gates", problem, remedy))


def _sourced(ports: pd.DataFrame) -> pd.Series[bool]:
    """Return which ports name a page where they are public."""
    told = ports["source_url"].fillna("").str.match(r"https?://[^/\s]+\.[^/\s]+")
    return told.astype(bool)


def _is_documented(line: BorderLine) -> bool:
    """Return whether any documented place lies along a line."""
    lon, lat = documented_places()
    return bool(_on_line(pd.DataFrame({"lon": lon, "lat": lat}), line).any())


def _length_m(line: BorderLine) -> float:
    """Return the length of a line, metres on the ellipsoid."""
    geod = Geod(ellps="WGS84")
    parts = pairwise(line.offsets.tolist())
    return sum(float(geod.line_length(*line.coords[a:b].T)) for a, b in parts)


def _stretches(line: BorderLine, ports: pd.DataFrame) -> int:
    """Return in how many squares of 15 km a line lies that has ports near.

    A line that zigzags, and one carried on far from its ports, is longer than what they guard.
    """
    at = ports[["lon", "lat"]].to_numpy(float)
    one_each = np.unique(_squares(at), axis=0, return_index=True)[1]
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, line.coords, (line.offsets,))
    points = shapely.get_coordinates(stepped(lines, ON_LINE_DEG))
    (lon, lat), (along_lon, along_lat) = at[one_each].T, points.T
    near = pairs_between(lon, lat, along_lon, along_lat, NEIGHBOURS_M)[1]
    return len(np.unique(_squares(points[near]), axis=0))


def _squares(points: Floats) -> Ints:
    """Return the square of some 15 km that each point lies in: its column and row."""
    lon, lat = points.T
    degree = 111_320.0 / EVERY_M
    row = np.floor(lat * degree)
    column = np.floor(lon * degree * np.cos(np.radians(row / degree)))
    return np.column_stack([column, row]).astype(np.int64)


def _on_line(ports: pd.DataFrame, line: BorderLine) -> Bools:
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, line.coords, (line.offsets,))
    points = shapely.points(ports["lon"].to_numpy(float), ports["lat"].to_numpy(float))
    away = np.asarray(shapely.distance(points, shapely.multilinestrings(lines)))
    return away <= ON_LINE_DEG


def _documented(ports: pd.DataFrame) -> Bools:
    """Return which ports are beside a documented one, each documented one counting once."""
    lon, lat = documented_places()
    at = ports["lon"].to_numpy(float), ports["lat"].to_numpy(float)
    row, known, metres = pairs_between(*at, lon, lat, NEAR_M)
    found = np.zeros(len(ports), dtype=bool)
    used = np.zeros(len(lon), dtype=bool)
    for k in np.argsort(metres, kind="stable").tolist():
        if not found[row[k]] and not used[known[k]]:
            found[row[k]] = used[known[k]] = True
    return found


@cache
def documented_places() -> tuple[Floats, Floats]:
    """Return where the documented places are: the gates of the corridor that ships.

    They are its ports, and the middle of each gap between dead ends that no vehicle passes.
    """
    as_it_is = Contract("corridor", ())  # its own contracts lie with its reader
    nodes = read_shipped("corridor_nodes.csv", as_it_is).set_index("osmid")
    edges = read_shipped("corridor_edges.csv", as_it_is)
    gaps = edges[edges["access"] == "no"]
    ends = [nodes.loc[gaps[end], ["lon", "lat"]].to_numpy(float) for end in ("u", "v")]
    ports = nodes.loc[nodes["kind"] == "port", ["lon", "lat"]].to_numpy(float)
    lon, lat = np.concatenate([ports, np.mean(ends, axis=0)]).T
    return lon, lat
