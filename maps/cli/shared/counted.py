"""Points too many for a page: drawn as how many lie in each area."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from roxham.geo.errors import DataError, Fault
from roxham.maps import FeatureLayer

from .many_files import areas_of_files, is_many

if TYPE_CHECKING:
    import folium
    import geopandas as gpd

__all__ = ["Areas", "Counted", "Points", "Suppress", "asked_points"]

LEAST = 5
Points = Annotated[
    str | None,
    typer.Option(help="Draw how many dated points of 'DIR/*.parquet' lie in each of --areas."),
]
Areas = Annotated[
    Path | None, typer.Option(help="The areas, with a name, that --points are counted in.")
]
Suppress = Annotated[
    int | None, typer.Option(help="Withhold counts of --points below this; 5 by default.")
]
RAMP = ("#9a9a9a", "#c7a76c", "#d08a3c", "#c2622d", "#9c3a2a", "#6d1f2f")
"""Withheld, then darker for more, readable on light and dark ground."""


class Counted(NamedTuple):
    """Points to be counted in areas: where they are, and who reads them."""

    points: str
    areas: Path
    threshold: int
    scheduler: str | None

    def add_to(self, drawn: folium.Map, since: str | None, until: str | None) -> None:
        """Add the areas to a page, a layer for each class of counts."""
        found = areas_of_files(
            self.points, self.areas, self.scheduler,
            since=since, until=until, threshold=self.threshold,
        )  # fmt: skip
        period = f", {since or '…'} – {until or '…'}" if since or until else ""
        for color, name, rows in classes(found, self.threshold):
            layer = FeatureLayer(
                rows, name=f"Points{period}: {name}", columns={"name": "Zone", "count": "Points"},
                color=color,
            )  # fmt: skip
            layer.add_to(drawn)


def classes(found: gpd.GeoDataFrame, threshold: int) -> list[tuple[str, str, gpd.GeoDataFrame]]:
    """Return areas by what is counted there at least, each class with its colour and its name.

    Words are those that both languages of the page share. Where all is withheld is a class of its
    own, and what is not told exactly is told from where to where.
    """
    low, high = (found[end].astype("int64") for end in ("low", "high"))
    least, most = (end.astype("string") for end in (low, high))
    between = least.where(low.eq(high), least + " – " + most)
    told = found.assign(count=between.where(low.ge(threshold), "< " + (high + 1).astype("string")))
    told = told.drop(columns=["low", "high"])
    steps = [threshold, *(10**k for k in range(1, 20) if 10**k > threshold)]
    colours = [RAMP[min(k, len(RAMP) - 1)] for k in range(1, len(steps) + 1)]
    none = low.lt(threshold)
    parts = [(RAMP[0], f"< {high[none].max() + 1}", told[none])] if none.any() else []
    ends: list[int | None] = [*steps[1:], None]
    for color, step, end in zip(colours, steps, ends, strict=True):
        here = low.ge(step) if end is None else low.between(step, end - 1)
        name = f"≥ {step}" if end is None else f"{step} – {end - 1}"
        parts.append((color, name, told[here]))
    return [part for part in parts if len(part[2])]


def asked_points(
    points: str | None,
    areas: Path | None,
    suppress: int | None,
    scheduler: str | None,
    page: Path | None,
) -> Counted | None:
    """Return the points to count; raise unless what goes together is given together."""
    if points is None and areas is None and suppress is None and scheduler is None:
        return None
    if points is None or areas is None:
        problem = "--points and --areas go together: points, and areas to count in."
        raise DataError(Fault("map", problem, "Give both."))
    if page is None:
        found = "are drawn on the page, and only a picture is asked for."
        raise DataError(Fault("--points", found, "Give -o page.html, or leave them out."))
    if not points.lower().endswith(".parquet") and not is_many(points, None):
        found = "are read of GeoParquet files."
        raise DataError(Fault("--points", found, "Give 'DIR/*.parquet'; --incidents reads others."))
    return Counted(points, areas, LEAST if suppress is None else suppress, scheduler)
