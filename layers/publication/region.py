"""Hold a region's folder to all that it must be: every fault of every file at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import geopandas as gpd

from roxham.geo import (
    load_border,
    load_hospitals,
    load_jurisdictions,
    load_places,
    load_provinces,
    load_roads,
    load_water,
)
from roxham.geo.errors import DataError, Fault, RoxhamError, shown
from roxham.geo.region import Region, using_region
from roxham.geo.region.kinds import REGION_FILE, kind_faults
from roxham.geo.tables.failures import faults_of
from roxham.layers.facts.datasets import DATASETS, measure_of
from roxham.layers.statements.claims import load_claims
from roxham.layers.travel.regimes import regimes

__all__ = ["region_faults"]

BESIDE_M = 1000.0
"""A place so near to the border may lie on either side: lines are drawn coarsely."""
LOADERS: dict[str, Callable[[], object]] = {
    "border": load_border,
    "jurisdictions": load_jurisdictions,
    "water": load_water,
    "places": load_places,
    "areas": load_provinces,
    "roads": load_roads,
    "hospitals": load_hospitals,
}


def region_faults(region: Region) -> list[Fault]:
    """Return what is wrong with the files of a region, each with its place and a remedy.

    Examples
    --------
    >>> from roxham.geo import read_region
    >>> region_faults(read_region("roxham"))
    []
    """
    with using_region(region):
        return list(_faults(region))


def _faults(region: Region) -> Iterator[Fault]:
    name = str(region.folder / REGION_FILE) if region.folder else region.name
    named = region.details.files if region.details else {}
    yield from kind_faults(named, name)
    if "border" not in named:
        yield Fault(
            name, "is missing: a region is nothing without.", "Add it.", column="files.border"
        )
    yield from _tried(region.require_metric, name, "metric_crs")
    for kind, load in LOADERS.items():
        if kind in named:
            yield from _tried(load, name, kind)
    for kind in ("places", "hospitals"):
        if kind in named and "border" in named:
            yield from _tried(lambda kind=kind: _require_sides(kind, region), name, kind)
    for data in DATASETS.values():
        kind = data.own or data.name
        if kind in named or not data.made_of:  # what does not ship may stand in another's file
            yield from _rejected(data.load, name, kind)
    yield from _unmeasured(region, name)
    if "statements" in named:
        yield from _rejected(load_claims, name, "statements")
    yield from _tried(regimes, name, "regimes")
    yield from _unsourced(region, name)


def _unmeasured(region: Region, name: str) -> Iterator[Fault]:
    """Yield the measures for the page's chart that no table counts."""
    for number, one in enumerate(region.details.measures if region.details else (), start=1):
        yield from _tried(lambda one=one: measure_of(one.measure), name, f"measures.{number}")


def _unsourced(region: Region, name: str) -> Iterator[Fault]:
    """Yield the regimes that a page would tell without a source, and so is not written."""
    details = region.details
    if details is None or "regimes" in details.sources:
        return
    for number, regime in enumerate(details.regimes, start=1):
        if regime.event is None and regime.shown:
            remedy = "Give event in place of since, or [sources.regimes]; or shown = false."
            yield Fault(
                name, "begins with no event, and has no source.", remedy,
                column=f"regimes.{number}",
            )  # fmt: skip


def _tried(load: Callable[..., object], name: str, kind: str) -> Iterator[Fault]:
    """Yield the faults with which a file cannot be read."""
    try:
        load()
    except RoxhamError as error:
        found = error.faults if isinstance(error, DataError) else []
        yield from found or [Fault(name, str(error), column=kind)]


def _require_sides(kind: str, region: Region) -> None:
    """Raise for every place whose country is one side, and that lies well within the other."""
    try:
        rows: gpd.GeoDataFrame = cast(gpd.GeoDataFrame, LOADERS[kind]())
        border = load_border()
    except RoxhamError:
        return  # told already
    lies = border.side_of(rows)
    wrong = rows["country"].isin(region.sides) & lies.notna() & (rows["country"] != lies)
    wrong &= border.distance_m(rows).gt(rows["radius_m"].fillna(0).clip(lower=BESIDE_M))
    remedy = "Correct its country or its position, or leave country out."
    faults = [
        Fault(
            kind,
            f"{shown(rows['name'].iloc[i])} is of {rows['country'].iloc[i]} and lies in "
            f"{lies.iloc[i]}.",
            remedy,
            row=i + 1,
            column="country",
        )
        for i in wrong.to_numpy(dtype=bool).nonzero()[0].tolist()
    ]
    if faults:
        raise DataError(faults)


def _rejected(load: Callable[..., object], name: str, kind: str) -> Iterator[Fault]:
    """Yield the faults of a table, those of its rows, too."""

    def rows() -> None:
        rejected = load(None).rejected  # type: ignore[attr-defined]
        if len(rejected):
            raise DataError(faults_of(rejected))

    yield from _tried(rows, name, kind)
