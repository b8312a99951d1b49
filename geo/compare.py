"""What another date changed: whose nearest gate, and by how much."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd

from .catchments import Catchments
from .errors import DataError

__all__ = ["compare"]

SAME_S, SAME_M = 0.05, 0.5
"""Changes smaller than these, seconds and metres, are none."""


def compare(before: Catchments, after: Catchments) -> pd.DataFrame:
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
        date). ``attrs["summary"]`` counts them, says how large the changes are, and how
        many kilometres of road each gate was and is nearest to, where areas were made.

    Raises
    ------
    DataError
        If they are not of the same places and the same weight.

    Examples
    --------
    >>> from roxham.geo import load_roads
    >>> from roxham.geo.catchments import catchments
    >>> ports = pd.DataFrame({"gate": ["lacolle-champlain", "hemmingford-mooers"],
    ...                       "lon": [-73.452099, -73.602946], "lat": [45.008785, 45.004395]})
    >>> both = catchments(load_roads(), ports, areas=False)
    >>> one = catchments(load_roads(), ports[:1], areas=False)
    >>> sorted(compare(both, one)["change"].unique())
    ['farther', 'same']
    """
    tables = [c.nodes if c.places is None else c.places for c in (before, after)]
    if before.weight != after.weight or not tables[0].index.equals(tables[1].index):
        raise DataError("catchments: are not of the same places and weight. Make both alike.")
    old, new = (pd.DataFrame(t.drop(columns=t.active_geometry_name)) for t in tables)
    named = old["place"] if "place" in old else old.index.to_series()
    table = pd.DataFrame({"place": named.astype("string")}, index=old.index)
    for when, rows in (("before", old), ("after", new)):
        table[f"gate_{when}"] = rows["gate"]
    for name, column, unit in (("minutes", "seconds", 60), ("km", "metres", 1000)):
        for when, rows in (("before", old), ("after", new)):
            table[f"{name}_{when}"] = rows[column] / unit
        table[f"{name}_change"] = table[f"{name}_after"] - table[f"{name}_before"]
    table["change"] = _changes(table, before.weight)
    table.attrs["summary"] = {
        "before": before.on,
        "after": after.on,
        **_summary(table),
        "road_km": _road_km(before.areas, after.areas),
    }
    return table


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
    before: gpd.GeoDataFrame | None, after: gpd.GeoDataFrame | None
) -> dict[str, tuple[float, float]]:
    """Return kilometres of road before and after of the gates whose catchment changed."""
    if before is None or after is None:
        return {}
    old, new = (dict(zip(t["gate"], t["road_km"], strict=True)) for t in (before, after))
    pairs = {str(gate): (old.get(gate, 0.0), new.get(gate, 0.0)) for gate in {**old, **new}}
    return {gate: pair for gate, pair in pairs.items() if abs(pair[0] - pair[1]) > SAME_M / 1000}
