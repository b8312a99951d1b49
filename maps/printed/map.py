"""The map of a printed sheet: ground, border, roads, incidents, ports, and labels apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo._types import Floats
from roxham.layers import Layers
from roxham.maps.content.wording import messages
from roxham.maps.ground import Base, on_one_map

from .density import MOST, Shading, shading_of
from .frame import Frame, parts_of
from .labels import Label, area_labels, dots, major_dots, place_labels, port_labels, shields, spots
from .sheet import Box, Path, Sheet, Text, Typeface, tokens
from .symbols import ROADS, colour, incident_area, kind_ink, port_mark, road_class
from .ways import MARK, place_marks, way_mark, way_of

__all__ = ["Frame", "draw_maps", "scale_bar"]

LOCATOR = 132.0
"""Pixels of the longer side of the small map that says where a narrow view lies."""
NARROW = 0.2
"""A view below this part of the widest one's width has such a map."""


def draw_maps(sheets: Sequence[Sheet], frame: Frame, layers: Layers, base: Base) -> Shading | None:
    """Draw the map into the same frame of each sheet, and name what is on it in its language.

    Return the shading of incidents, if it has one.
    """
    layers, base = _on_one_map(layers, base)
    first, *others = sheets
    below = len(first.items)
    shading = _shapes(first, frame, layers, base)
    shapes, numbers = first.items[below:], list(shields(frame, base.roads))
    for sheet in others:
        sheet.add(*shapes)
    for sheet in sheets:
        _names(sheet, frame.copy(), layers, base, numbers)
    return shading


def _shapes(sheet: Sheet, frame: Frame, layers: Layers, base: Base) -> Shading | None:
    """Draw what looks alike in every language; return the shading of incidents."""
    edge = shapely.get_coordinates(frame.window)
    sheet.add(Path([edge], fill=colour("paper")))
    _areas(sheet, frame, base)
    _roads(sheet, frame, base.roads)
    shading = _incidents(sheet, frame, layers, base)
    line = parts_of(frame.clipped(base.border.geometry))
    band, opacity = tokens()["border-band"]
    sheet.add(Path(line, stroke=band, width=7, opacity=opacity))
    sheet.add(Path(line, stroke=colour("border"), width=1.8))
    _ports(sheet, frame, layers.ports)
    return shading


def _names(
    sheet: Sheet, frame: Frame, layers: Layers, base: Base, numbers: Sequence[Label]
) -> None:
    """Draw the scale and the labels, with those of roads."""
    scale_bar(sheet, frame, messages()[sheet.language]["length.km"])
    _north(sheet, frame)
    _locator(sheet, frame, base)
    frame.taken.extend(major_dots(frame, base.places))
    labels = [
        *port_labels(frame, layers.ports, sheet.language),
        *place_labels(frame, base.places, sheet.language),
        *numbers,
        *area_labels(frame, base.jurisdictions, sheet.language, water=False),
        *area_labels(frame, base.water, sheet.language, water=True),
    ]
    for label in sorted(labels, key=lambda label: label.rank):
        spot = next((b for b in label.boxes if frame.free(b)), None)
        if spot is None and label.rank == 0:  # the site is named, whatever it covers
            spot = next((b for b in label.boxes if frame.free(b, over=True)), None)
        if spot is not None:
            frame.taken.append(spot)
            label.paint(sheet, spot)
    edge = shapely.get_coordinates(frame.window)
    sheet.add(Path([edge], stroke=colour("frontier"), width=1))


def _on_one_map(layers: Layers, base: Base) -> tuple[Layers, Base]:
    """Return what is drawn as the map of a region draws it, over 180° too."""
    region = base.region
    if not region.over_180:
        return layers, base
    tables = {name: on_one_map(rows, region) for name, rows in layers.tables.items()}
    frames: dict[str, Any] = {
        name: on_one_map(rows, region) for name, rows in base.frames().items()
    }
    return replace(layers, tables=tables), replace(base, **frames)


def _areas(sheet: Sheet, frame: Frame, base: Base) -> None:
    country, sides = base.jurisdictions["country"], base.region.sides
    for fill, rows in (
        ("land-first", country == sides[0]),
        ("land-second", country == sides[1]),
        ("land-other", ~country.isin(sides)),
    ):
        land = base.jurisdictions[rows]
        sheet.add(Path(parts_of(frame.clipped(land.geometry)), fill=colour(fill)))
    lines = frame.clipped(base.jurisdictions.geometry.boundary)
    sheet.add(Path(parts_of(lines), stroke=colour("frontier"), width=0.8))
    wet = parts_of(frame.clipped(base.water.geometry))
    sheet.add(Path(wet, fill=colour("water"), stroke=colour("river"), width=0.8))


def _roads(sheet: Sheet, frame: Frame, roads: gpd.GeoDataFrame) -> None:
    grow = max(0.75, min(2.4, 2 ** ((frame.zoom - 9.5) / 2.5)))
    classes = (
        roads["highway"].map(road_class)
        if "highway" in roads
        else pd.Series("unclassified", roads.index)
    )
    barred = roads["access"].eq("no") if "access" in roads else pd.Series(False, roads.index)
    for name, (ink, width, zoom, _) in ROADS.items():
        if frame.zoom < zoom:
            continue
        # A two-way link stands in the frame once for each direction.
        both_ways = shapely.normalize(np.asarray(roads.geometry)[(classes == name) & ~barred])
        lines = shapely.from_wkb(np.unique(shapely.to_wkb(both_ways)))
        parts = parts_of(frame.clipped(lines))
        if width > 1:
            sheet.add(Path(parts, stroke=colour("road-casing"), width=width * grow + 2))
        sheet.add(Path(parts, stroke=colour(ink), width=width * grow))
    gap = parts_of(frame.clipped(roads.geometry[barred]))
    sheet.add(Path(gap, stroke=colour("site"), width=1.2, dash=(2, 3), cap="butt"))


def _incidents(sheet: Sheet, frame: Frame, layers: Layers, base: Base) -> Shading | None:
    """Draw the area of each incident on its side, and its mark; of too many, how many overlap."""
    incidents = layers.incidents.sort_values("radius_m", ascending=False)
    x, y, radii = _circles(frame, incidents)
    box = frame.box
    met = (x - radii < box.x + box.w) & (x + radii > box.x)
    met &= (y - radii < box.y + box.h) & (y + radii > box.y)
    x, y, radii = x[met], y[met], radii[met]
    if len(x) > MOST:
        shading = shading_of(x, y, radii, box)
        sheet.add(*shading.paths())
        return shading
    sides = {code: _side(frame, base, code) for code in base.region.sides} if len(x) else {}
    codes = incidents["country"][met] if "country" in incidents else [None] * len(x)
    seen: list[BaseGeometry] = []
    for code, at in zip(codes, np.column_stack([x, y]), strict=True):
        side = sides.get(str(code))
        borne_out = side is not None and side.covers(shapely.Point(at))
        seen.append(side if side is not None and borne_out else frame.window)
    areas = zip(incidents["kind"][met], x, y, radii, seen, strict=True)
    for kind, across, down, radius, part in areas:
        sheet.add(*incident_area(kind, across, down, radius, part))
    symbols = [*dots(frame, base.places), *_symbols(frame, layers.ports)]
    _marks(sheet, frame, incidents[met], np.column_stack([x, y]), seen, symbols)
    return None


def _symbols(frame: Frame, ports: gpd.GeoDataFrame) -> list[tuple[float, float, float]]:
    """Return where ports stand, with the radius that they keep clear."""
    return [
        (x, y, 11.0 if row["kind"] == "irregular_site" else 6.0)
        for x, y, row in spots(frame, ports)
    ]


def _marks(
    sheet: Sheet,
    frame: Frame,
    incidents: gpd.GeoDataFrame,
    at: Floats,
    seen: Sequence[BaseGeometry],
    symbols: Sequence[tuple[float, float, float]],
) -> None:
    """Draw which way people were going, in the order of the table, clear of other symbols."""
    order = np.argsort(incidents.index.to_numpy(), kind="stable")
    inside = [i for i in order if frame.window.covers(shapely.Point(at[i]))]
    places = place_marks(
        [(float(at[i, 0]), float(at[i, 1])) for i in inside],
        symbols,
        lambda k, spot: bool(seen[inside[k]].covers(shapely.Point(spot))),
    )
    ways = incidents["direction"] if "direction" in incidents else pd.Series(None, incidents.index)
    for i, (x, y) in zip(inside, places, strict=True):
        row = incidents.index[i]
        sheet.add(*way_mark(way_of(ways[row]), x, y, kind_ink(incidents["kind"][row])))
        frame.marks.append(Box(x - MARK, y - MARK, 2 * MARK, 2 * MARK))


def _circles(frame: Frame, incidents: gpd.GeoDataFrame) -> tuple[Floats, Floats, Floats]:
    """Return the middle and the radius of each area, in pixels; none is too small to be seen."""
    lonlat = shapely.get_coordinates(incidents.geometry.to_numpy())
    metres = pd.to_numeric(incidents["radius_m"], errors="coerce")
    x, y, radii = frame.circles(lonlat, metres.to_numpy(dtype=np.float64, na_value=np.nan))
    return x, y, np.fmax(5.0, radii)


def _side(frame: Frame, base: Base, code: str) -> BaseGeometry:
    """Return the part of the frame that no other side's land takes up."""
    others = base.jurisdictions[base.jurisdictions["country"] != code]
    return frame.window.difference(shapely.union_all(frame.clipped(others.geometry)))


def _ports(sheet: Sheet, frame: Frame, ports: gpd.GeoDataFrame) -> None:
    for x, y, row in sorted(
        spots(frame, ports), key=lambda spot: spot[2]["kind"] == "irregular_site"
    ):
        sheet.add(*port_mark(row["kind"], row["status"], x, y))
        r = 10 if row["kind"] == "irregular_site" else 5
        frame.taken.append(Box(x - r, y - r, 2 * r, 2 * r))


def scale_bar(sheet: Sheet, frame: Frame, told: str) -> None:
    """Draw kilometres above a line, at the latitude of the frame's foot.

    Below it are miles, where the language tells them: ``told`` is its message of a length.
    """
    (south, _), _ = frame.view
    face, ink = Typeface(11), colour("ink")
    x, y = frame.box.x + 14, frame.box.y + frame.box.h - 26
    longest = 0.0
    for unit, metres, rise, at in (("km", 1000.0, -6, -9.0), ("mi", 1609.344, 6, 16.0)):
        word = re.search(rf"\{{{unit}\}}\s*([^\s(){{}}]+)", told)
        if word is None:
            continue
        steps = [n * 10**k for k in range(4) for n in (1, 2, 5)]
        size = max((n for n in steps if frame.metres(n * metres, south) <= 130), default=1)
        length = frame.metres(size * metres, south)
        longest = max(longest, length)
        tick = np.array([[x + length, y], [x + length, y + rise]])
        sheet.add(Path([tick], stroke=ink, width=1.4, cap="butt"))
        sheet.add(
            Text(
                x + length + 4,
                y + at,
                f"{size} {word[1]}",
                face,
                ink,
                halo=3,
                halo_colour=colour("halo"),
                role="scale",
            )
        )
    ends = [np.array([[x, y - 6], [x, y + 6]]), np.array([[x, y], [x + longest, y]])]
    sheet.add(Path(ends, stroke=ink, width=1.4, cap="butt"))
    frame.taken.append(Box(x - 8, y - 24, longest + 60, 50))


def _locator(sheet: Sheet, frame: Frame, base: Base) -> None:
    """Draw where a narrow view lies: a small map of the widest view, framed where the sheet is."""
    widest = max(base.views.values(), key=_degrees, default=frame.view)
    if _degrees(frame.view) >= NARROW * _degrees(widest):
        return
    (south, west), (north, east) = widest
    seen = Frame(Box(0, 0, LOCATOR, LOCATOR), widest)
    (left, top), (right, bottom) = seen.place(np.array([[west, north], [east, south]]))
    size = Box(frame.box.x + 10, frame.box.y + 10, float(right - left), float(bottom - top))
    small = Frame(size, widest)
    edge = shapely.get_coordinates(small.window)
    sheet.add(Path([edge], fill=colour("paper"), stroke=colour("paper"), width=5))
    for shapes, ink in ((base.jurisdictions, "land-first"), (base.water, "water")):
        sheet.add(Path(parts_of(small.clipped(shapes.geometry)), fill=colour(ink)))
    line = parts_of(small.clipped(base.border.geometry))
    sheet.add(Path(line, stroke=colour("border"), width=1.6))
    (south, west), (north, east) = frame.view
    corners = small.place(np.array([[west, south], [east, north]]))
    around = shapely.box(*corners.min(axis=0) - 2, *corners.max(axis=0) + 2)
    sheet.add(Path([shapely.get_coordinates(around)], stroke=colour("site"), width=2))
    sheet.add(Path([edge], stroke=colour("muted"), width=1))
    frame.taken.append(Box(size.x - 4, size.y - 4, size.w + 8, size.h + 8))


def _degrees(view: tuple[tuple[float, float], tuple[float, float]]) -> float:
    return view[1][1] - view[0][1]


def _north(sheet: Sheet, frame: Frame) -> None:
    x, y = frame.box.x + frame.box.w - 24, frame.box.y + 22
    arrow = np.array([[x, y - 10], [x + 6, y + 8], [x, y + 4], [x - 6, y + 8], [x, y - 10]])
    sheet.add(Path([arrow], fill=colour("ink"), stroke=colour("halo"), width=1))
    sheet.add(
        Text(
            x,
            y + 21,
            "N",
            Typeface(11, 600),
            colour("ink"),
            anchor="middle",
            halo=3,
            halo_colour=colour("halo"),
            role="north",
        )
    )
    frame.taken.append(Box(x - 14, y - 14, 28, 40))
