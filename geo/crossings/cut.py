"""Roads cut where they cross a border: each half keeps its way, lengths stay exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from roxham.geo._types import Bools, Floats, Ints
from roxham.geo.border.lines import BorderLine
from roxham.geo.columns import Coded, Column, Ragged, concat, decode, ends, take
from roxham.geo.errors import DataError
from roxham.geo.geometry.distance import line_lengths_m
from roxham.geo.geometry.geodesic import back
from roxham.geo.geometry.intersections import ALONG, CROSS, END, TOUCH, Meetings, find_meetings
from roxham.geo.network.graph import parallel_keys, weak_components
from roxham.geo.network.parts import (
    NAMED,
    PARTED,
    ROAD_PARTS,
    Stretch,
    parts_between,
    read_stretches,
    stretch_metres,
    stretches_text,
)
from roxham.geo.network.roads import Roads, require_plain
from roxham.geo.network.speeds import Along

__all__ = ["Cut", "cut_roads", "tied"]


DECIMALS = 7
"""Border nodes lie on a grid of 1e-7 degree (1 cm), as OSM's own nodes do."""

TIMES = ("travel_time", "travel_time_s")
"""Edge columns that are shared out with the time that pieces take."""
POSTED = ("posted_m", "posted_time_s")
"""Edge columns that are shared out with the length, where it is not known what is posted where."""


@dataclass(frozen=True, eq=False, repr=False)
class Cut:
    """A network cut at every crossing of a border, documented or not. Private.

    Attributes
    ----------
    roads
        The cut network.
    node
        Positions of its border nodes.
    group
        For each of them a number; nodes joined by a road along the border share it.
    approach
        One row for each edge end at a border node: ``node`` (row in ``node``), ``edge``,
        ``left`` (whether it lies left of the border; null where many borders meet),
        ``sector``, ``arrives`` (the edge ends here), ``origin`` (edge before cutting),
        ``along_m`` (of the border node, along that edge), ``parted`` (the edge was cut).
    brushing
        Nodes on the line where no road crosses, and whether their roads lie left of it.
    """

    roads: Roads
    node: Ints
    group: Ints
    approach: pd.DataFrame
    brushing: dict[int, bool]

    def __repr__(self) -> str:
        return f"<Cut: {len(self.node)} border nodes>"  # how many, never where

    def __reduce__(self) -> Any:
        raise TypeError("a cut network holds undocumented places and is never saved")


def cut_roads(roads: Roads, line: BorderLine) -> Cut:
    """Cut a network wherever it crosses a border; nothing is filtered yet.

    Raises
    ------
    DataError
        If an edge goes over the antimeridian, or coordinates are not numbers.
    """
    require_plain(roads)
    roads = tied(roads)
    met = _once_each(find_meetings(roads.coords, roads.offsets, line.coords, line.offsets))
    over = met.kind == CROSS
    cut, new_node, pieces = _split(roads, met, over)
    inner = _inner_approaches(met, over, new_node, pieces)
    outer = _end_approaches(roads, met, ~over, pieces)
    outer = _grouped(pd.concat([outer, _points_on_line(roads, outer, pieces)]))
    node, group, approach = _crossed_nodes(inner, outer)
    return Cut(cut, node, group, approach, _brushing(outer[~outer["node"].isin(node)]))


def tied(roads: Roads) -> Roads:
    """Return the network with lines from node to node: drawn ones may miss them by metres."""
    ends = [(roads.offsets[:-1], roads.u), (roads.offsets[1:] - 1, roads.v)]
    places = np.column_stack([roads.x, roads.y])
    if all(np.array_equal(roads.coords[at], places[node]) for at, node in ends):
        return roads
    coords = roads.coords.copy()
    for at, node in ends:
        coords[at] = places[node]
    return replace(roads, coords=coords)


def _once_each(met: Meetings) -> Meetings:
    """Make one of crossings in a row that come to one border node."""
    over = np.flatnonzero(met.kind == CROSS)
    place = np.column_stack([met.x, met.y]).round(DECIMALS)[over]
    again = (met.line[over][1:] == met.line[over][:-1]) & (place[1:] == place[:-1]).all(axis=1)
    if not again.any():
        return met
    kind, after = met.kind.copy(), met.side_after.copy()
    for run in np.split(over, np.flatnonzero(~again) + 1):
        after[run[0]] = met.side_after[run[-1]]
        kind[run[1:]] = TOUCH
    return replace(met, kind=kind, side_after=after)


@dataclass(frozen=True)
class _Pieces:
    """Edges before and after cutting. Piece k of edge e is at ``first[e] + k``."""

    first: Ints
    count: Ints
    along_m: Floats
    """Metres along its edge of each cut, in the order of the cuts."""


def _split(roads: Roads, met: Meetings, over: Bools) -> tuple[Roads, Ints, _Pieces]:
    """Return the network with cut edges at its end, the node of each cut, and the pieces."""
    line, segment = met.line[over], met.segment[over]
    places = np.column_stack([met.x[over], met.y[over]]).round(DECIMALS)
    distinct, which = np.unique(places, axis=0, return_inverse=True)
    node = roads.node_count + which.ravel()
    count = np.ones(roads.edge_count, dtype=np.int64)
    np.add.at(count, line, 1)
    whole = np.flatnonzero(count == 1)
    parted = np.flatnonzero(count > 1)
    first = np.empty(roads.edge_count, dtype=np.int64)
    first[whole] = np.arange(len(whole))
    first[parted] = len(whole) + ends(count[parted])[:-1]
    origin = np.concatenate([whole, np.repeat(parted, count[parted])])

    chains: list[Floats] = []
    starts = np.searchsorted(line, parted)
    for edge, start in zip(parted.tolist(), starts.tolist(), strict=True):
        cuts = slice(start, start + int(count[edge]) - 1)
        chains += _chains(roads, edge, segment[cuts], places[cuts])
    kept = Ragged(roads.offsets, np.arange(len(roads.coords))).take(whole)
    sizes = np.concatenate([np.diff(kept.offsets), [len(chain) for chain in chains]])
    offsets = ends(sizes)
    coords = np.concatenate([roads.coords[kept.values], *chains])
    u, v = _new_ends(roads, parted, count, node)
    lengths, shares, along = _shared_lengths(roads, chains, parted, count)
    length = np.concatenate([roads.length_m[whole], lengths])
    columns = {name: take(col, origin) for name, col in roads.edge_columns.items()}
    pieces = _Whence(np.repeat(parted, count[parted]), *_bounds(shares, count[parted]))
    _share_out(columns, roads, pieces)
    if ROAD_PARTS in columns:
        _tell_pieces(columns, roads, pieces, lengths)
    cut = replace(
        roads,
        node_id=_with_border_ids(roads, distinct),
        x=np.concatenate([roads.x, distinct[:, 0]]),
        y=np.concatenate([roads.y, distinct[:, 1]]),
        u=np.concatenate([roads.u[whole], u]).astype(np.int32),
        v=np.concatenate([roads.v[whole], v]).astype(np.int32),
        key=np.concatenate([roads.key[whole], parallel_keys(u, v)]).astype(np.int32),
        length_m=length,
        offsets=offsets,
        coords=coords,
        node_columns={
            name: concat(col, _nulls(col, len(distinct)))
            for name, col in roads.node_columns.items()
        },
        edge_columns=columns,
    )
    return cut, node, _Pieces(first, count, along)


class _Whence(NamedTuple):
    """Of each piece of a cut edge that edge, and from which to which fraction of its length."""

    edge: Ints
    start: Floats
    stop: Floats


def _bounds(shares: Floats, count: Ints) -> tuple[Floats, Floats]:
    """Return where pieces begin and end, from the share of each in its edge."""
    stop = np.cumsum(shares)
    first = np.repeat(ends(count)[:-1], count)
    stop -= (stop - shares)[first]
    return stop - shares, stop


def _share_out(columns: dict[str, Column], roads: Roads, pieces: _Whence) -> None:
    """Give pieces, which are the last rows, their parts of what edges take and have posted."""
    by_length = pieces.stop - pieces.start
    by_time = Along(roads, "travel_time_s").part(*pieces)
    for names, share in ((TIMES, by_time), (POSTED, by_length)):
        for name in names:
            old = columns.get(name)
            if isinstance(old, np.ndarray):
                columns[name] = scaled = old.astype(float)
                scaled[len(scaled) - len(share) :] *= share


def _tell_pieces(
    columns: dict[str, Column], roads: Roads, pieces: _Whence, lengths: Floats
) -> None:
    """Give each piece of an edge that was merged of several ways what is said of its stretch."""
    there = [name for name in (ROAD_PARTS, *PARTED) if name in columns]
    rows = np.arange(len(columns[ROAD_PARTS]))
    first = len(rows) - len(lengths)
    told = {name: decode(take(columns[name], rows[first:])).copy() for name in there}
    starts = (pieces.start * roads.length_m[pieces.edge]).tolist()
    for piece, cell in enumerate(told[ROAD_PARTS].tolist()):
        length, whole = float(lengths[piece]), read_stretches(cell)
        parts = parts_between(whole, starts[piece], starts[piece] + length)
        if not parts:
            continue
        if any(part.kmh for part in whole):
            _tell_speeds(columns, first + piece, parts, length)
        told[ROAD_PARTS][piece] = stretches_text(parts)
        known = PARTED if all(part.highway is not None for part in parts) else NAMED
        for name in (name for name in known if name in told):
            values = list(dict.fromkeys(v for part in parts if (v := getattr(part, name))))
            told[name][piece] = values if len(values) > 1 else next(iter(values), None)
    for name, cells in told.items():
        columns[name] = concat(take(columns[name], rows[:first]), Coded.of(cells.tolist()))


def _tell_speeds(
    columns: dict[str, Column], row: int, parts: Sequence[Stretch], length: float
) -> None:
    """Give a piece what is posted on its own stretch, its own mean and what that rests on."""
    spans = zip(stretch_metres(parts, length), parts, strict=True)
    posted = [(m, part.kmh) for m, part in spans if part.kmh and not part.assumed]
    own = {
        "posted_m": sum(m for m, _ in posted),
        "posted_time_s": sum(m / kmh * 3.6 for m, kmh in posted),
    }
    time, basis = columns.get("travel_time_s"), columns.get("speed_basis")
    if isinstance(time, np.ndarray) and time[row] > 0:
        own["speed_kmh"] = length / float(time[row]) * 3.6
    for name, value in own.items():
        old = columns.get(name)
        if isinstance(old, np.ndarray):
            old[row] = value
    if isinstance(basis, Coded) and len(posted) == len(parts) and "observed" in basis.values:
        basis.codes[row] = basis.values.index("observed")


def _chains(roads: Roads, edge: int, segment: Ints, places: Floats) -> list[Floats]:
    """Return the coordinates of the pieces of one edge."""
    start, stop = int(roads.offsets[edge]), int(roads.offsets[edge + 1])
    pieces = []
    left, low = roads.coords[start], start + 1
    for k in range(len(segment) + 1):
        last = k == len(segment)
        right = roads.coords[stop - 1] if last else places[k]
        high = stop - 1 if last else int(segment[k]) + 1
        inner = roads.coords[low:high]
        # a vertex that is the cut itself would stand there twice
        same = (inner.round(DECIMALS) == left).all(axis=1) & (k > 0)
        same |= (inner.round(DECIMALS) == right).all(axis=1) & (not last)
        pieces.append(np.concatenate([left[None], inner[~same], right[None]]))
        left, low = right, high
    return pieces


def _new_ends(roads: Roads, parted: Ints, count: Ints, node: Ints) -> tuple[Ints, Ints]:
    """Return the ends of the pieces: u, cut, cut, …, v."""
    n = count[parted]
    total = int(n.sum())
    first, last = ends(n)[:-1], ends(n)[1:] - 1
    u, v = np.empty(total, dtype=np.int64), np.empty(total, dtype=np.int64)
    is_first, is_last = np.zeros(total, dtype=bool), np.zeros(total, dtype=bool)
    is_first[first], is_last[last] = True, True
    u[is_first], v[is_last] = roads.u[parted], roads.v[parted]
    u[~is_first] = v[~is_last] = node
    return u, v


def _shared_lengths(
    roads: Roads, chains: list[Floats], parted: Ints, count: Ints
) -> tuple[Floats, Floats, Floats]:
    """Return length and share of each piece, and metres along its edge of each cut.

    The pieces of an edge have together its length, to the last bit but one: what
    the cut adds or takes (a centimetre at most) is shared out.
    """
    n = count[parted]
    offsets = ends(np.array([len(chain) for chain in chains], dtype=np.int64))
    coords = np.concatenate([*chains, np.empty((0, 2))])
    raw = line_lengths_m(coords, offsets) if len(chains) else np.empty(0)
    bounds = ends(n)
    total = np.add.reduceat(raw, bounds[:-1]) if len(n) else np.empty(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = raw / np.repeat(total, n)
    share = np.where(np.isfinite(share), share, 1 / np.repeat(n, n))
    length = share * np.repeat(roads.length_m[parted], n)
    # the last piece is what is left
    last = bounds[1:] - 1
    others = np.ones(len(length), dtype=bool)
    others[last] = False
    if len(n):
        before = np.add.reduceat(np.where(others, length, 0), bounds[:-1])
        length[last] = np.maximum(roads.length_m[parted] - before, 0)
    walked = np.concatenate([[0.0], np.cumsum(length)])
    reached = walked[1:] - np.repeat(walked[bounds[:-1]], n)
    return length, share, reached[others]


def _with_border_ids(roads: Roads, places: Floats) -> NDArray[Any]:
    """Return the node ids with those of border nodes: negative numbers, or text.

    They are made of the place alone, so that two runs and two files agree.
    """
    places = np.column_stack([back(places[:, 0]), places[:, 1]])
    lon, lat = ((places + np.array([180, 90])) * 10**DECIMALS).round().astype(np.int64).T
    number = -((lon << 31) | lat) - 1
    if roads.node_id.dtype.kind in "iu":
        ids = number
    else:
        ids = np.array([f"border{n}" for n in number.tolist()], dtype=object)
    if np.isin(ids, roads.node_id).any():
        raise DataError("roads: are already cut at this border. Cut the network as it was read.")
    return np.concatenate([roads.node_id, ids])


def _nulls(col: Column, size: int) -> Column:
    """Return nulls that can follow a column."""
    if isinstance(col, np.ndarray) and col.dtype.kind == "f":
        return np.full(size, np.nan)
    if isinstance(col, Ragged):
        return Ragged(np.zeros(size + 1, dtype=np.int64), np.empty(0, dtype=np.int64))
    return Coded(np.full(size, -1, dtype=np.int32), [])


APPROACH = ("node", "edge", "sector", "arrives", "origin", "along_m", "parted")


def _inner_approaches(met: Meetings, over: Bools, node: Ints, pieces: _Pieces) -> pd.DataFrame:
    """Return the two edge ends at each cut."""
    line = met.line[over]
    nth = pd.Series(line).groupby(line).cumcount().to_numpy()
    before = pieces.first[line] + nth
    tables = [
        (node, before, met.side_before[over], np.ones(len(line), dtype=bool)),
        (node, before + 1, met.side_after[over], np.zeros(len(line), dtype=bool)),
    ]
    return pd.concat(
        pd.DataFrame(dict(zip(APPROACH, (*t, line, pieces.along_m, True), strict=True)))
        for t in tables
    )


def _end_approaches(roads: Roads, met: Meetings, rest: Bools, pieces: _Pieces) -> pd.DataFrame:
    """Return the edge ends that lie on the border at a node that was there before.

    An edge that runs along the border from end to end comes twice, with sector 0.
    """
    rest = rest & np.isin(met.kind, [END, ALONG])
    line = met.line[rest]
    before, after = met.side_before[rest], met.side_after[rest]
    at_start, at_end = before == 0, after == 0
    first, last = pieces.first[line], pieces.first[line] + pieces.count[line] - 1
    none = np.zeros(len(line))
    tables = [
        (at_start, (roads.u[line], first, after, False, line, none, False)),
        (at_end, (roads.v[line], last, before, True, line, roads.length_m[line], False)),
    ]
    approaches: pd.DataFrame = pd.concat(
        pd.DataFrame(dict(zip(APPROACH, table, strict=True)))[chosen] for chosen, table in tables
    )
    return approaches


def _points_on_line(roads: Roads, outer: pd.DataFrame, pieces: _Pieces) -> pd.DataFrame:
    """Return both ends, with sector 0, of edges without length at nodes on the border.

    They meet nothing, yet join what meets the border there, as a road along it does.
    """
    place = roads.x + 1j * roads.y
    short = np.flatnonzero(place[roads.u] == place[roads.v])
    short = short[np.isin(place[roads.u[short]], place[outer["node"].to_numpy(dtype=np.int64)])]
    lines = (roads.coords[roads.offsets[e] : roads.offsets[e + 1]] for e in short.tolist())
    flat = short[[bool((line == line[0]).all()) for line in lines]] if len(short) else short
    first, none = pieces.first[flat], np.zeros(len(flat))
    tables = [
        (roads.u[flat], first, 0, False, flat, none, False),
        (roads.v[flat], first, 0, True, flat, roads.length_m[flat], False),
    ]
    return pd.concat(pd.DataFrame(dict(zip(APPROACH, table, strict=True))) for table in tables)


def _grouped(outer: pd.DataFrame) -> pd.DataFrame:
    """Return the edge ends with ``group``: nodes joined by a road along the border share it."""
    node, row = np.unique(outer["node"].to_numpy(dtype=np.int64), return_inverse=True)
    along = outer.assign(row=row)[outer["sector"].to_numpy() == 0].sort_values(["edge", "arrives"])
    pairs = along["row"].to_numpy().reshape(-1, 2)
    _, label = weak_components(pairs[:, 0], pairs[:, 1], len(node))
    return outer.assign(group=label[row])


def _brushing(beside: pd.DataFrame) -> dict[int, bool]:
    """Return the nodes on the line where none crosses, and whether their roads lie left.

    A node from which a road goes on along the line alone is on the side of that road.
    """
    left = beside[beside["sector"].abs() == 1].groupby("group")["sector"].first() == 1
    told = beside[beside["group"].isin(left.index)]
    return dict(zip(told["node"].tolist(), left[told["group"]].tolist(), strict=True))


def _crossed_nodes(inner: pd.DataFrame, outer: pd.DataFrame) -> tuple[Ints, Ints, pd.DataFrame]:
    """Return the nodes where roads go over, their groups, and the edge ends there.

    A node that was on the border already is crossed if roads leave it, or a
    neighbour along the border, into different sectors.
    """
    sectors = outer[outer["sector"] != 0].groupby("group")["sector"].nunique()
    outer = outer[outer["group"].isin(sectors.index[sectors > 1])]
    label = outer.drop_duplicates("node").set_index("node")["group"]
    node = np.unique(np.concatenate([inner["node"], outer["node"]]).astype(np.int64))
    group = -1 - np.arange(len(node))
    old = np.isin(node, label.index)
    group[old] = label[node[old]]
    approach = pd.concat([inner, outer[list(APPROACH)]], ignore_index=True)
    approach["node"] = np.searchsorted(node, approach["node"])
    approach["left"] = approach["sector"].map({1: True, -1: False}).astype("boolean")
    return node, np.unique(group, return_inverse=True)[1], approach
