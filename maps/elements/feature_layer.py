"""Any frame of points, lines or areas as a layer of its own, on any ``folium.Map``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from roxham.geo import DataError, Fault
from roxham.geo.arguments import checked

from .layers import SOURCE, FrameLayer, require_features
from .payload import factors

__all__ = ["FeatureLayer"]

MOST_CLASSES = 6
"""So many colours a reader can tell apart; what is rarer is drawn as one more class, "other"."""
WIDEST = 100
"""Pixels."""
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class FeatureLayer(FrameLayer):
    """Points, lines and areas of any frame, with hover, popup and legend.

    Parameters
    ----------
    frame
        Features in EPSG:4326; it is not altered. Points, lines and areas may be mixed.
    name
        Name in the legend and above each popup.
    columns
        Columns that the popup shows, or a mapping from each to its heading. All
        but the geometry and the source by default. Numbers are shown to six decimals,
        moments with their time and their distance from UTC.
    label
        Column that names a feature where the reader points at it, and in its
        popup. The first of ``columns`` by default.
    color
        ``#rrggbb`` for every feature. By default a colour that follows light
        and dark.
    by
        Column whose values are drawn in colours of their own and listed in the
        legend: the six most frequent, the others together.
    weight
        Width of lines in pixels; points grow with it.
    show
        Whether the layer is shown when the map opens.

    Raises
    ------
    DataError
        If the frame has another CRS or none, lacks a column named here, or holds
        a geometry collection.

    Examples
    --------
    >>> import folium, shapely
    >>> trails = gpd.GeoDataFrame(
    ...     {"trail": ["North", "South"], "kind": ["foot", "cycle"]},
    ...     geometry=[shapely.LineString([(-73, 45), (-73.1, y)]) for y in (45.1, 44.9)],
    ...     crs="EPSG:4326",
    ... )
    >>> layer = FeatureLayer(trails, name="Trails", columns={"trail": "Trail"}, by="kind")
    >>> layer.payload["style"]["classes"]
    ['foot', 'cycle']
    >>> _ = layer.add_to(folium.Map([45, -73], tiles=None))
    """

    kind = "features"

    @checked()
    def __init__(
        self,
        frame: gpd.GeoDataFrame,
        *,
        name: str,
        columns: Sequence[str] | Mapping[str, str] | None = None,
        label: str | None = None,
        color: str | None = None,
        by: str | None = None,
        weight: float = 1.5,
        show: bool = True,
    ) -> None:
        require_features(frame, name)
        if columns is None:
            columns = [c for c in frame.columns if c not in (frame.geometry.name, *SOURCE)]
        shown = dict(columns) if isinstance(columns, Mapping) else {c: c for c in columns}
        label = label if label is not None else next(iter(shown), None)
        asked = dict.fromkeys(c for c in (*shown, label, by) if c is not None)
        there = f"The frame has {', '.join(map(str, frame.columns))}."
        faults = [
            Fault(name, "there is no such column.", there, column=column)
            for column in asked
            if column not in frame
        ]
        kinds = shapely.get_type_id(np.asarray(frame.geometry.array))
        faults += [
            Fault(name, "the geometry is a collection.", "Explode it.", row=int(row) + 1)
            for row in np.flatnonzero(kinds == shapely.GeometryType.GEOMETRYCOLLECTION)
        ]
        if color is not None and not COLOUR.fullmatch(color):
            faults.append(Fault(name, f"the colour is {color!r}.", "Write it as #rrggbb."))
        if not (isinstance(weight, int | float) and 0 < weight <= WIDEST):
            found = f"the weight is {weight!r}."
            faults.append(Fault(name, found, f"Give pixels above 0, up to {WIDEST}."))
        if faults:
            raise DataError(faults)
        classes = most_frequent(frame, by)
        self.style: dict[str, Any] = {
            "by": by,
            "classes": classes,
            "colours": colours(color, len(classes), by),
            "headings": list(shown.items()),
            "label": label,
            "weight": weight,
        }
        self.columns = tuple(asked)
        super().__init__(frame, name=name, show=show)

    def further(self, frame: gpd.GeoDataFrame) -> Mapping[str, object]:
        """Return how the features are drawn and what their popups show."""
        return {"style": self.style}


def most_frequent(frame: gpd.GeoDataFrame, by: str | None) -> list[object]:
    """Return the most frequent values of a column, ties in the order of their first row."""
    if by is None:
        return []
    codes, values = factors(frame[by])
    counts = np.bincount(codes[codes >= 0], minlength=len(values))
    return [values[k] for k in np.argsort(-counts, kind="stable")[:MOST_CLASSES].tolist()]


def colours(color: str | None, classes: int, by: str | None) -> list[str]:
    """Return a colour a class, and one for what is in none: ``#rrggbb``, or a name in the theme."""
    if by is None:
        return [color or "class-1"]
    return [*(f"class-{k + 1}" for k in range(classes)), color or f"class-{MOST_CLASSES + 1}"]
