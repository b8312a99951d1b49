"""From ways to a network of junctions: OSMnx's topology, in arrays.

The rules are those of ``osmnx.graph_from_xml(simplify=True, retain_all=True)``
(G. Boeing, "Topological graph simplification solutions to the street
intersection miscount problem", Transactions in GIS 29(3), 2025,
https://doi.org/10.1111/tgis.70037): a node stays where ways meet, end or change
from one-way to two-way, and everything between two such nodes is one edge in
each direction that is open. Nodes, edges, directions and lengths are equal to
OSMnx's.

Where this differs, it does so on purpose:

- only ways of the chosen network type are read (OSMnx filters no file), and nodes
  that no road uses are not nodes of the network;
- nodes tagged ``barrier`` stay, as OSMnx does with
  ``simplify_graph(node_attrs_include=["barrier"])``;
- a way whose nodes are missing from the file is cut there and reported, where
  OSMnx raises;
- lists of merged values are in the order of the road, not of a Python set, and
  parallel edges are numbered in the order of the ways; ``road_parts`` says from which
  metre on which name, class and closure holds, where an edge was merged of several ways;
- nodes where a ferry begins or ends stay, as with ``edge_attrs_differ=["route"]``;
- isolated rings are dropped as in OSMnx, and counted in ``meta``, unless they are wanted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roxham.geo._types import AnyInts, Bools, Floats, Ints
from roxham.geo.columns import Coded, Column, Ragged, distinct, ends, runs
from roxham.geo.geometry.distance import great_circle_m
from roxham.geo.network.graph import parallel_keys, street_counts, weak_components
from roxham.geo.network.metadata import OSM_CREDIT
from roxham.geo.network.parts import PARTED, ROAD_PARTS, Stretch, stretches_text
from roxham.geo.network.roads import Roads
from roxham.geo.network.speeds import is_ferry, parse_duration, posted_speeds

from .osm_elements import NODE_TAGS, WAY_TAGS, Extract, coded_tags
from .topology import Steps, chain_steps, is_endpoint

__all__ = ["build_network"]


ONE_WAY = frozenset({"yes", "true", "1", "-1", "reverse", "T", "F"})
BACKWARD = frozenset({"-1", "reverse", "T"})
OTHER_TAGS = tuple(tag for tag in WAY_TAGS if tag != "oneway")


def build_network(
    data: Extract, *, two_way: bool = False, keep_barriers: bool = True, rings: bool = False
) -> Roads:
    """Build the network of an extract's ways.

    Parameters
    ----------
    data
        Ways and nodes; what cannot be used is noted in its ``set_aside``.
    two_way
        Whether one-way streets are open both ways (walking).
    keep_barriers
        Whether nodes tagged ``barrier`` stay where no ways meet.
    rings
        Whether isolated rings of road stay, each with a node where its first way begins.

    Returns
    -------
    Roads
        ``length_m`` is the great-circle length on OSMnx's sphere. ``meta`` has
        ``rings``, the isolated rings left out, ``ferries``, which are no highway, and
        ``set_aside``.
    """
    one_way, backward = _directions(data, two_way)
    steps = _steps(data, one_way, backward)
    count = len(data.node_id)
    kept = np.zeros(count, dtype=bool)
    if keep_barriers:
        barred = [osmid for osmid, tags in data.node_tags.items() if "barrier" in tags]
        kept = np.isin(data.node_id, np.array(barred, dtype=np.int64))
    ferry = np.array([is_ferry(tags) for tags in data.way_tags], dtype=bool)
    kept |= _where_both(steps, ferry, count)
    stays = kept | is_endpoint(steps.tail, steps.head, count)
    if rings:
        kept[_on_rings(steps, stays)] = True
        stays |= kept
    touched = np.zeros(count, dtype=bool)
    touched[steps.tail] = touched[steps.head] = True
    edges, left_out, stays = chain_steps(steps, stays)
    tail, head = _ends(steps, edges)
    parts, part = weak_components(tail, head, count)
    alive = np.full(parts, rings)
    alive[part[stays & touched & (kept | is_endpoint(tail, head, count))]] = True
    used = stays & touched & alive[part]
    if not alive[part[tail]].all():  # merging left a ring: OSMnx drops it, too
        left_out += len(distinct(part[tail[~alive[part[tail]]]]))
        edges = edges.take(np.flatnonzero(alive[part[tail]]))
    return _assemble(data, steps, edges, used, one_way, backward, left_out)


def _where_both(steps: Steps, marked: Bools, count: int) -> Bools:
    """Return the nodes at which marked ways and others meet."""
    if not marked.any():
        return np.zeros(count, dtype=bool)
    of = marked[steps.way]
    here = [np.concatenate([steps.tail[rows], steps.head[rows]]) for rows in (of, ~of)]
    on = [np.bincount(nodes, minlength=count) > 0 for nodes in here]
    return np.asarray(on[0] & on[1])


def _on_rings(steps: Steps, stays: Bools) -> AnyInts:
    """Return the first node of each part of the network in which none stays."""
    parts, part = weak_components(steps.tail, steps.head, len(stays))
    has_node = np.zeros(parts, dtype=bool)
    has_node[part[stays]] = True
    tails = steps.tail[~has_node[part[steps.tail]]]
    _, first = np.unique(part[tails], return_index=True)
    return tails[first]


def _directions(data: Extract, two_way: bool) -> tuple[Bools, Bools]:
    """Return which ways are one-way, and which of these against their nodes' order."""
    if two_way:
        none = np.zeros(len(data.way_tags), dtype=bool)
        return none, none
    tagged = [tags.get("oneway", "") for tags in data.way_tags]
    round_about = [tags.get("junction") == "roundabout" for tags in data.way_tags]
    one_way = np.array([t in ONE_WAY for t in tagged], dtype=bool) | np.array(round_about, bool)
    return one_way, one_way & np.array([t in BACKWARD for t in tagged], dtype=bool)


def _steps(data: Extract, one_way: Bools, backward: Bools) -> Steps:
    """Return the directed steps between present nodes; note the ways that lack some."""
    size = np.diff(data.offsets)
    place = np.searchsorted(data.node_id, data.refs)
    place[place == len(data.node_id)] = 0
    there = data.node_id[place] == data.refs if len(data.node_id) else np.zeros(len(place), bool)
    way = np.repeat(np.arange(len(size), dtype=np.int32), size)
    _note_ways(data, size, np.bincount(way[~there], minlength=len(size)))
    joined = (way[1:] == way[:-1]) & there[1:] & there[:-1] & (place[1:] != place[:-1])
    way = way[:-1][joined]
    a, b = place[:-1][joined].astype(np.int32), place[1:][joined].astype(np.int32)
    turned = backward[way]
    a, b = np.where(turned, b, a), np.where(turned, a, b)
    both = ~one_way[way]
    back = np.repeat([False, True], [len(way), int(both.sum())])
    tail, head = np.concatenate([a, b[both]]), np.concatenate([b, a[both]])
    way = np.concatenate([way, way[both]])
    order = np.argsort(2 * way + back, kind="stable")
    return Steps(tail[order], head[order], way[order], back[order])


def _note_ways(data: Extract, size: Ints, missing: Ints) -> None:
    for row in np.flatnonzero(missing).tolist():
        problem = f"{missing[row]} of its {size[row]} nodes are not usable: it is cut there"
        data.aside("way", int(data.way_id[row]), problem)
    for row in np.flatnonzero((size < 2) & (missing == 0)).tolist():
        data.aside("way", int(data.way_id[row]), f"it has {size[row]} nodes and is no line")


def _assemble(
    data: Extract,
    steps: Steps,
    edges: Ragged,
    used: Bools,
    one_way: Bools,
    backward: Bools,
    rings: int,
) -> Roads:
    """Return the network of these edges, with geometry and attributes."""
    tail, head = _ends(steps, edges)
    place = np.cumsum(used, dtype=np.int32) - np.int32(1)
    u, v = place[tail], place[head]
    key = parallel_keys(u, v)
    kmh = _limits(data, steps, edges, backward)
    measures = _measures(data, steps, edges, kmh)
    tags = coded_tags(data.way_tags, OTHER_TAGS)
    offsets, coords = _lines(data, steps, edges)
    # as OSMnx counts them: the loops at a node are one street
    streets = street_counts(u, v, np.where(u == v, 0, key), int(used.sum()))
    return Roads(
        node_id=data.node_id[used],
        x=data.lon[used],
        y=data.lat[used],
        u=u,
        v=v,
        key=key,
        length_m=measures.pop("length_m"),
        offsets=offsets,
        coords=coords,
        node_columns=_node_columns(data, used) | {"street_count": streets},
        edge_columns={
            **_edge_columns(data, steps, edges, one_way, tags),
            **_road_parts(data, steps, edges, tags, kmh),
            **measures,
        },
        meta={
            "source": data.name,
            "credit": OSM_CREDIT,
            "rings": rings,
            "ferries": data.ferries,
            "set_aside": data.set_aside,
        },
    )


def _ends(steps: Steps, edges: Ragged) -> tuple[AnyInts, AnyInts]:
    """Return the first and the last node of each edge."""
    step, offsets = edges.values, edges.offsets
    return steps.tail[step[offsets[:-1]]], steps.head[step[offsets[1:] - 1]]


def _limits(data: Extract, steps: Steps, edges: Ragged, backward: Bools) -> Floats:
    """Return the limit posted on each step of edges, km/h, NaN where none is."""
    along, against = posted_speeds(data.way_tags)
    _set_ferries(data, steps, along, against)
    way = steps.way[edges.values]
    turned = steps.back[edges.values] ^ backward[way]
    return np.where(turned, against[way], along[way])


def _measures(data: Extract, steps: Steps, edges: Ragged, kmh: Floats) -> dict[str, Floats]:
    """Return each edge's length, and its metres and seconds under a posted limit."""
    a, b = (column[edges.values] for column in (steps.tail, steps.head))
    lengths = great_circle_m(data.lon[a], data.lat[a], data.lon[b], data.lat[b])
    found = {"length_m": _sums(lengths, edges.offsets)}
    lengths[np.isnan(kmh)] = 0
    found["posted_m"] = _sums(lengths, edges.offsets)
    lengths /= np.where(np.isnan(kmh), 1, kmh)
    found["posted_time_s"] = _sums(lengths, edges.offsets) * 3.6
    return found


def _set_ferries(data: Extract, steps: Steps, along: Floats, against: Floats) -> None:
    """Give ferries the speed at which they take the time that they state, or none."""
    ferry = [way for way, tags in enumerate(data.way_tags) if is_ferry(tags)]
    if not ferry:
        return
    ahead = ~steps.back & np.isin(steps.way, ferry)
    a, b = steps.tail[ahead], steps.head[ahead]
    metres = np.bincount(
        steps.way[ahead],
        great_circle_m(data.lon[a], data.lat[a], data.lon[b], data.lat[b]),
        minlength=len(data.way_tags),
    )
    for way in ferry:
        hours = parse_duration(data.way_tags[way].get("duration", "")) / 3600
        along[way] = against[way] = metres[way] / 1000 / hours


def _lines(data: Extract, steps: Steps, edges: Ragged) -> tuple[Ints, Floats]:
    """Return offsets and coordinates of each edge's line: its steps' starts, and the last end."""
    size = np.diff(edges.offsets)
    offsets = ends(size + 1)
    at = np.empty(offsets[-1], dtype=np.int32)
    at[runs(offsets[:-1], size)] = steps.tail[edges.values]
    at[offsets[1:] - 1] = _ends(steps, edges)[1]
    coords = np.empty((len(at), 2))
    coords[:, 0], coords[:, 1] = data.lon[at], data.lat[at]
    return offsets, coords


def _sums(values: Floats, offsets: Ints) -> Floats:
    """Sum each run; no run is empty."""
    return np.add.reduceat(values, offsets[:-1]) if len(offsets) > 1 else np.empty(0)


def _node_columns(data: Extract, used: Bools) -> dict[str, Column]:
    """Return the kept tags of nodes; a tag that no node has is no column."""
    ids = data.node_id[used]
    tagged = [osmid for osmid in ids.tolist() if osmid in data.node_tags]
    rows = np.searchsorted(ids, np.array(tagged, dtype=np.int64))
    columns: dict[str, Column] = {}
    for tag, coded in coded_tags([data.node_tags[osmid] for osmid in tagged], NODE_TAGS).items():
        codes = np.full(len(ids), -1, dtype=np.int32)
        codes[rows] = coded.codes
        columns[tag] = Coded(codes, coded.values)
    return columns


def _edge_columns(
    data: Extract, steps: Steps, edges: Ragged, one_way: Bools, tags: Mapping[str, Coded]
) -> dict[str, Column]:
    """Return osmid, kept tags, oneway and reversed of each edge, merged ways as lists."""
    ways = _distinct(steps.way[edges.values], edges.offsets)
    columns: dict[str, Column] = {
        "osmid": Ragged(ways.offsets, data.way_id[ways.values]),
    }
    columns["oneway"] = _merged(one_way[ways.values].astype(np.int32), ways.offsets, FLAGS)
    for tag, coded in tags.items():
        columns[tag] = _merged(coded.codes[ways.values], ways.offsets, coded.values)
    back = steps.back[edges.values].astype(np.int32)
    columns["reversed"] = _merged(back, edges.offsets, FLAGS)
    return columns


def _road_parts(
    data: Extract, steps: Steps, edges: Ragged, tags: Mapping[str, Coded], kmh: Floats
) -> dict[str, Column]:
    """Return from which metre on what is said of edges that were merged of several ways."""
    coded = {tag: tags[tag] for tag in PARTED if tag in tags}
    if not coded or not len(edges):
        return {}
    way = steps.way[edges.values]
    row = np.repeat(np.arange(len(edges)), np.diff(edges.offsets))
    codes = {tag: column.codes[way] for tag, column in coded.items()}
    limit = np.nan_to_num(kmh)  # none is 0
    begins = np.ones(len(way), dtype=bool)
    begins[1:] = row[1:] != row[:-1]
    said: list[AnyInts | Floats] = [limit, *codes.values()]
    for each in said:
        begins[1:] |= each[1:] != each[:-1]
    told = np.bincount(row[begins], minlength=len(edges)) > 1
    told[_closed_alike(way, row, [codes[tag] for tag in CLOSURES if tag in codes])] = True
    several = np.flatnonzero(told)
    if not len(several):
        return {}
    inner = edges.take(several)
    a, b = steps.tail[inner.values], steps.head[inner.values]
    metres = great_circle_m(data.lon[a], data.lat[a], data.lon[b], data.lat[b])
    walked = np.cumsum(metres) - metres
    walked -= np.repeat(walked[inner.offsets[:-1]], np.diff(inner.offsets))
    place = runs(edges.offsets[:-1][several], np.diff(edges.offsets)[several])
    first = np.flatnonzero(begins[place])
    here = place[first]
    none = [None] * len(here)
    cells = [
        Coded(codes[tag][here], coded[tag].values).decode().tolist() if tag in coded else none
        for tag in PARTED
    ]
    speeds = [speed or None for speed in limit[here].tolist()]
    parts: dict[int, list[Stretch]] = {}
    for edge, *told_there in zip(
        row[here].tolist(), walked[first].round(2).tolist(), *cells, speeds, strict=True
    ):
        parts.setdefault(edge, []).append(Stretch(*told_there))
    texts = Coded.of(stretches_text(parts[edge]) for edge in several.tolist())
    of_edge = np.full(len(edges), -1, dtype=np.int32)
    of_edge[several] = texts.codes
    return {ROAD_PARTS: Coded(of_edge, texts.values)}


CLOSURES = ("barrier", "access")


def _closed_alike(way: AnyInts, row: Ints, closures: Sequence[NDArray[np.int32]]) -> Ints:
    """Return the edges of several ways of which some are closed: it stands that all are."""
    joins = (way[1:] != way[:-1]) & (row[1:] == row[:-1])
    closed = np.zeros(len(way), dtype=bool)
    for codes in closures:
        closed |= codes >= 0
    return np.intersect1d(row[1:][joins], row[closed])


FLAGS = (False, True)


def _distinct(values: AnyInts, offsets: Ints) -> Ragged:
    """Return each run's distinct values in order of first appearance."""
    row = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    new = np.ones(len(values), dtype=bool)
    new[1:] = (np.diff(values) != 0) | (np.diff(row) != 0)
    values, row = values[new], row[new]
    width = int(values.max(initial=0)) + 1
    _, first = np.unique(row * width + values, return_index=True)
    first.sort()
    kept = values[first].astype(np.int64)
    return Ragged(ends(np.bincount(row[first], minlength=len(offsets) - 1)), kept)


def _merged(codes: NDArray[np.int32], offsets: Ints, values: Any) -> Column:
    """Return one value a run: the only one, or the list of several; null where none is."""
    if len(offsets) < 2:
        return Coded(np.empty(0, dtype=np.int32), [])
    high = np.maximum.reduceat(codes, offsets[:-1])
    # nulls, code -1, do not count as a value
    low = np.minimum.reduceat(np.where(codes < 0, np.iinfo(np.int32).max, codes), offsets[:-1])
    several = np.flatnonzero((high >= 0) & (low != high))
    if values is FLAGS and not len(several):
        return high.astype(bool)
    values, lists = list(values), {}
    for row in several.tolist():
        run = codes[offsets[row] : offsets[row + 1]].tolist()
        distinct = tuple(dict.fromkeys(code for code in run if code >= 0))
        if distinct not in lists:
            lists[distinct] = len(values)
            values.append([values[code] for code in distinct])
        high[row] = lists[distinct]
    return Coded(high, values)
