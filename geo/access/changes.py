"""What another date changed: whose nearest gate, and by how much."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo.arguments import checked
from roxham.geo.crs import WGS84
from roxham.geo.errors import DataError
from roxham.geo.region import Region, as_region

from .catchment_areas import Catchments, require_catchments

__all__ = ["changed_areas", "compare_catchments"]

SAME_S, SAME_M = 0.05, 0.5
"""Changes smaller than these, seconds and metres, are none."""

SLIVER_M2 = 1000.0
"""A piece of a changed area smaller than this is of rounding."""


@checked()
def compare_catchments(before: Catchments, after: Catchments) -> pd.DataFrame:
    """Compare two dates: which gate was and is nearest, and what that costs.

    Parameters
    ----------
    before, after
        Of one network, one weight, and the same places; without places, nodes are compared.

    Returns
    -------
    pandas.DataFrame
        Every place, unchanged ones too, in the order of ``before``: ``place``,
        ``gate_before``, ``gate_after``, ``minutes_before``, ``minutes_after``,
        ``minutes_change``, ``km_before``, ``km_after``, ``km_change`` (after less
        before; null where either is), ``change``: ``same``, ``nearer``, ``farther`` (by
        the weight), ``gained`` or ``lost`` (a way to any gate), ``none`` (on neither
        date). ``attrs["summary"]`` counts them and those that are not on the network
        (``off_network``, of ``none``), says how large the changes are, and how
        many kilometres of road each gate was and is nearest to, where these were asked for.

    Raises
    ------
    DataError
        If they are not of the same places and the same weight.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> from roxham.geo import catchments
    >>> ports = pd.DataFrame({"gate": ["lacolle-champlain", "hemmingford-mooers"],
    ...                       "lon": [-73.452099, -73.602946], "lat": [45.008785, 45.004395]})
    >>> both = catchments(load_roads(), ports, areas=False)
    >>> one = catchments(load_roads(), ports[:1], areas=False)
    >>> sorted(compare_catchments(both, one)["change"].unique())
    ['farther', 'same']
    """
    require_catchments(before=before, after=after)
    tables = [c.nodes if c.places is None else c.places for c in (before, after)]
    alike = before.weight == after.weight and tables[0].index.equals(tables[1].index)
    if not alike or not tables[0].geom_equals(tables[1].geometry, align=False).all():
        raise DataError("catchments: are not of the same places and weight. Make both alike.")
    old, new = (pd.DataFrame(t.drop(columns=t.active_geometry_name)) for t in tables)
    named = old["place"] if "place" in old else old.index.to_series()
    table = pd.DataFrame({"place": named.astype("string")}, index=old.index)
    for when, rows in (("before", old), ("after", new)):
        table[f"gate_{when}"] = rows["gate"]
    for name, column, unit in (("minutes", "seconds", 60), ("km", "metres", 1000)):
        for when, rows in (("before", old), ("after", new)):
            table[f"{name}_{when}"] = rows[column].astype(float) / unit
        table[f"{name}_change"] = table[f"{name}_after"] - table[f"{name}_before"]
    table["change"] = _changes(table, before.weight)
    table.attrs["summary"] = {
        "before": before.on,
        "after": after.on,
        **_summary(table),
        "off_network": int(old["offset_m"].isna().sum()) if "offset_m" in old else 0,
        "road_km": _road_km(before.road_km, after.road_km),
    }
    return table


@checked()
def changed_areas(
    before: Catchments, after: Catchments, *, region: Region | str | Path | None = None
) -> gpd.GeoDataFrame:
    """Return the areas along roads whose nearest gate is another one than before.

    Parameters
    ----------
    before, after
        Of one network and one weight, both with areas.
    region
        In whose CRS areas are measured; by default in that of the catchments.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, one row for each pair of gates: ``gate_before, gate_after`` (null where
        no gate was or is reached), ``area_km2``, ``geometry``. Where the areas of two
        gates overlapped before and do so after, nothing changed.

    Raises
    ------
    DataError
        If they are not of one weight, or have no areas.

    Examples
    --------
    >>> import networkx as nx
    >>> from roxham.geo import Roads, catchments
    >>> pairs = [("s", "n"), ("t", "m"), ("n", "m")]
    >>> graph = nx.MultiDiGraph(crs="EPSG:4326")
    >>> graph.add_edges_from(pairs + [pair[::-1] for pair in pairs], travel_time_s=60.0)
    [0, 0, 0, 0, 0, 0]
    >>> for node, x, side in (("s", 0, "US"), ("n", 0, "CA"), ("t", 0.1, "US"), ("m", 0.1, "CA")):
    ...     graph.nodes[node].update(x=x, y=45.01 if side == "CA" else 44.99, side=side)
    >>> points = gpd.points_from_xy([0.0, 0.1], [45.0, 45.0])
    >>> gates = gpd.GeoDataFrame({"gate": ["p", "q"]}, geometry=points, crs="EPSG:4326")
    >>> roads = Roads.from_networkx(graph)
    >>> both, one = (catchments(roads, g) for g in (gates, gates.head(1)))
    >>> changed_areas(both, one)[["gate_before", "gate_after"]].values.tolist()
    [['q', 'p'], ['q', <NA>]]
    """
    require_catchments(before=before, after=after)
    region = None if region is None else as_region(region)
    if before.areas is None or after.areas is None or before.weight != after.weight:
        raise DataError("catchments: two of one weight are needed, both with areas.")
    crs = _metric(before.areas) if region is None else region.require_metric()
    old, new = (_by_gate(areas, crs) for areas in (before.areas, after.areas))
    left = {g: shapely.difference(a, new.get(g, shapely.Polygon())) for g, a in old.items()}
    come = {g: shapely.difference(a, old.get(g, shapely.Polygon())) for g, a in new.items()}
    pairs: list[tuple[str | None, str | None, BaseGeometry]] = [
        (a, b, shapely.intersection(left[a], come[b])) for a in left for b in come if a != b
    ]
    some = [shapely.union_all(list(areas.values())) for areas in (old, new)]
    pairs += [(a, None, shapely.difference(area, some[1])) for a, area in left.items()]
    pairs += [(None, b, shapely.difference(area, some[0])) for b, area in come.items()]
    rows = [(a, b, whole) for a, b, area in pairs if not (whole := _without_slivers(area)).is_empty]
    table = pd.DataFrame([row[:2] for row in rows], columns=["gate_before", "gate_after"])
    shapes = gpd.GeoSeries([row[2] for row in rows], crs=crs)
    table["area_km2"] = shapes.area / 1e6
    return gpd.GeoDataFrame(
        table.astype({"gate_before": "string", "gate_after": "string"}),
        geometry=shapes.to_crs(WGS84),
    )


def _metric(areas: gpd.GeoDataFrame) -> str:
    """Return the CRS in which areas were made."""
    if "metric_crs" not in areas.attrs:
        raise DataError("catchments: do not say in which CRS they were made. Give a region.")
    return str(areas.attrs["metric_crs"])


def _by_gate(areas: gpd.GeoDataFrame, crs: str) -> dict[str, BaseGeometry]:
    shapes = areas.geometry.to_crs(crs)
    return dict(zip(areas["gate"].astype(str), shapes, strict=True))


def _without_slivers(area: BaseGeometry) -> BaseGeometry:
    """Return the parts of an area that have a size, as one geometry."""
    return shapely.union_all([p for p in shapely.get_parts(area) if p.area > SLIVER_M2])


def _changes(table: pd.DataFrame, weight: str) -> pd.Series:
    name, least = ("minutes", SAME_S / 60) if weight == "travel_time_s" else ("km", SAME_M / 1000)
    then, now = table["gate_before"].notna(), table["gate_after"].notna()
    by = table[f"{name}_change"].fillna(0)
    cases = [(~then & ~now, "none"), (~then & now, "gained"), (then & ~now, "lost")]
    cases += [(by < -least, "nearer"), (by > least, "farther")]
    change = pd.Series("same", index=table.index, dtype="string")
    for chosen, word in reversed(cases):
        change = change.mask(chosen.astype(bool), word)
    return change


def _summary(table: pd.DataFrame) -> dict[str, Any]:
    """Return counts of changes, and the size of those of places nearer and farther."""
    counts = table["change"].value_counts()
    words = ("same", "nearer", "farther", "gained", "lost", "none")
    summary: dict[str, Any] = {"places": len(table)}
    summary |= {word: int(counts.get(word, 0)) for word in words}
    both = table["gate_before"].notna() & table["gate_after"].notna()
    other = (table["gate_before"] != table["gate_after"]).fillna(False)
    summary["other_gate"] = int((both & other).sum())
    changed = table[table["change"].isin(["nearer", "farther"])]
    for name in ("minutes", "km"):
        by = changed[f"{name}_change"]
        summary[f"{name}_median"] = float(by.median()) if len(by) else None
        summary[f"{name}_least"] = float(by.min()) if len(by) else None
        summary[f"{name}_most"] = float(by.max()) if len(by) else None
    return summary


def _road_km(
    before: dict[str, float] | None, after: dict[str, float] | None
) -> dict[str, tuple[float, float]]:
    """Return kilometres of road before and after of the gates whose catchment changed."""
    if before is None or after is None:
        return {}
    pairs = {gate: (before.get(gate, 0.0), after.get(gate, 0.0)) for gate in {**before, **after}}
    return {gate: pair for gate, pair in pairs.items() if abs(pair[0] - pair[1]) > SAME_M / 1000}
