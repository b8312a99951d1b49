"""Crossings of a network that lies in many GeoParquet files, read only near the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np

from roxham.geo._types import Floats, Ints
from roxham.geo.crossings.find import find_crossings
from roxham.geo.crossings.in_parts import Ends, Zone, far_ends, in_one, rows_at, zone_of
from roxham.geo.errors import DataError, Fault
from roxham.geo.geometry.geodesic import back
from roxham.geo.geometry.reach import Reach
from roxham.geo.readers.network_types import RULES, Mode
from roxham.geo.readers.node_edge_tables import filter_modes, network_of

from .connection import Alone
from .geoparquet import Found, read_rows

__all__ = ["NearRoads", "crossings_of", "near_roads"]

COLUMNS = frozenset(
    {
        *("u", "v", "key", "from", "to", "osmid", "oneway", "reversed", "length", "length_m"),
        *("name", "ref", "highway", "route", "barrier", "access", "duration", "road_parts"),
        *(tag for rules in RULES.values() for tag, _ in rules),
    }
)
"""What crossings are told by."""
AROUND_DEG = 5e-4


@dataclass
class NearRoads:
    """The roads near a line, where the workers have them.

    Attributes
    ----------
    parts
        What stands for the rows of each file.
    zone
        What is near.
    told
        What was read of each file, without its rows.
    """

    parts: list[Any]
    zone: Zone
    told: list[Found]

    @property
    def faults(self) -> list[Fault]:
        """The files that could not be read, and why; the others are kept."""
        return [one.fault for one in self.told if one.fault is not None]

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Of all the files hold, as far as they say; or else of what lies near the line."""
        boxes = np.array([one.bounds for one in self.told if one.fault is None]).reshape(-1, 4)
        boxes = boxes[np.isfinite(boxes).all(axis=1)]
        # of one that holds both sides of 180° its ends do not say where it goes on
        if not len(boxes) or ((boxes[:, 0] < -90) & (boxes[:, 2] > 90)).any():
            west, south, east, north = self.zone.halo.bounds.tolist()
            west, east = back(np.array([west, east])).tolist()
            return west, south, east, north
        over = boxes[:, 0].min() < 0 < boxes[:, 2].max() and np.abs(boxes[:, [0, 2]]).min() > 90
        if over:  # on both sides of 180°: the west is beyond the east
            beyond = boxes[:, 0] > 0
            west, east = boxes[beyond, 0].min(), boxes[~beyond, 2].max()
            return float(west), float(boxes[:, 1].min()), float(east), float(boxes[:, 3].max())
        west, south = boxes[:, :2].min(axis=0).tolist()
        east, north = boxes[:, 2:].max(axis=0).tolist()
        return west, south, east, north


def near_roads(
    files: Sequence[str],
    coords: Floats,
    offsets: Ints,
    workers: Alone,
    *,
    cluster_m: float = 100.0,
    max_gap_m: float = 150.0,
) -> NearRoads:
    """Have the roads read that lie near a line, and what meets them farther off.

    Parameters
    ----------
    files
        Names; workers open them.
    coords, offsets
        Lines, degrees: part i is ``coords[offsets[i]:offsets[i + 1]]``.
    workers
        Who does it.
    cluster_m, max_gap_m
        As crossings are looked for, see :func:`~roxham.geo.find_crossings`.
    """
    zone = zone_of(coords, offsets, cluster_m, max_gap_m)
    parts = workers.each(_near, files, zone)
    told = workers.outcome([workers.one(Found.without_rows, part) for part in parts])
    ends = [end for end in workers.outcome([workers.one(_far, p, zone) for p in parts]) if end]
    far = Ends(*(np.concatenate(column) for column in zip(*ends, strict=True))) if ends else None
    if far is not None and len(far.ids):
        there = Reach.around(far.at, AROUND_DEG).touches(np.array([one.bounds for one in told]))
        asked = [place for place in np.flatnonzero(there).tolist() if told[place].fault is None]
        met = workers.each(_at, [files[place] for place in asked], far)
        more = workers.outcome([workers.one(Found.without_rows, part) for part in met])
        for place, one in zip(asked, more, strict=True):
            told[place].read += one.read
            told[place].fault = one.fault
        parts = [*parts, *met]
    return NearRoads(parts, zone, told)


def _near(name: str, zone: Zone) -> Found:
    return _roads(read_rows(name, zone.halo, columns=COLUMNS), name)


def _at(name: str, far: Ends) -> Found:
    found = _roads(read_rows(name, Reach.around(far.at, AROUND_DEG), columns=COLUMNS), name)
    if found.rows is not None:
        found.rows = rows_at(found.rows, far)
    return found


def _roads(found: Found, name: str) -> Found:
    """Return the rows as edges, or the fault that they are none."""
    if found.rows is not None and not {"u", "v"} <= set(found.rows.columns):
        found.rows = None
        found.fault = Fault(name, "has no columns u and v: it holds no edges of a network.")
    return found


def _far(found: Found, zone: Zone) -> Ends | None:
    return None if found.rows is None else far_ends(found.rows, zone)


def crossings_of(
    near: NearRoads,
    workers: Alone,
    border: Any,
    *,
    modes: Mode = "drive",
    directed: bool | None = None,
    **options: Any,
) -> gpd.GeoDataFrame:
    """Return the crossings of a network in files, as one machine would find them.

    Parameters
    ----------
    near
        The roads near the line of the border.
    workers
        Who looks for them.
    border
        As for :func:`~roxham.geo.find_crossings`, as ``options`` are.
    modes, directed
        As for :func:`~roxham.geo.read_roads`.

    Raises
    ------
    DataError
        As they do, or if no file has a road near the line.
    """
    said = {"modes": modes, "directed": directed, **options}
    begun = workers.one(_crossings, near.parts, border, said)
    table, attrs = workers.outcome(begun)
    table.attrs |= attrs
    found: gpd.GeoDataFrame = table
    return found


def _crossings(parts: Sequence[Found], border: Any, said: dict[str, Any]) -> tuple[Any, Any]:
    """Return the table, and what is told of it, which a frame loses on its way."""
    frames = [part.rows for part in parts if part.rows is not None and len(part.rows)]
    if not frames:
        raise DataError(
            "roads and border lie apart: no road of the files comes near the line. "
            "Check that both are longitude first and of one area."
        )
    modes, directed = said.pop("modes"), said.pop("directed")
    roads = filter_modes(
        network_of(None, in_one(frames), "roads", directed=directed), modes, "roads"
    )
    if not roads.edge_count:
        raise DataError(f"roads: none near the line is of network type {modes}.")
    table = find_crossings(roads, border, **said)
    return table, dict(table.attrs)
