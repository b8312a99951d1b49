"""Labels of the printed map: what is written, how important it is, and where it could stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo.region import active_region
from roxham.maps.content.plain import plain
from roxham.maps.content.wording import languages

from .frame import Frame, parts_of
from .sheet import Box, Disc, Path, Sheet, Text, Typeface, readable, spread, text_width
from .symbols import ROADS, colour, road_class

__all__ = [
    "Label",
    "area_labels",
    "dots",
    "major_dots",
    "place_labels",
    "port_labels",
    "shields",
    "spots",
]

MAJOR = 5
"""Up to this rank a place's dot keeps its room, as on the page."""


@dataclass(frozen=True)
class Label:
    """A text that wants one of several boxes; smaller ``rank`` is placed sooner."""

    rank: float
    boxes: list[Box]
    paint: Callable[[Sheet, Box], None]


def dots(frame: Frame, places: gpd.GeoDataFrame) -> list[tuple[float, float, float]]:
    """Return where the dots of places may stand, with the radius that they keep clear."""
    return [
        (x, y, style[4] + 1)
        for x, y, row in spots(frame, places)
        if row.get("kind") != "region" and frame.zoom >= (style := _place_style(row))[3]
    ]


def major_dots(frame: Frame, places: gpd.GeoDataFrame) -> list[Box]:
    """Return where the dots of large towns stand: they keep their room from every label."""
    found = []
    for x, y, row in spots(frame, places):
        rank, _, _, zoom, dot = _place_style(row)
        if row.get("kind") != "region" and rank <= MAJOR and frame.zoom >= zoom:
            r = dot + 1.5
            found.append(Box(x - r, y - r, 2 * r, 2 * r))
    return found


def spots(
    frame: Frame, points: gpd.GeoDataFrame, margin: float = 6
) -> list[tuple[float, float, pd.Series]]:
    """Return the points that lie in the frame, as pixels, with their rows."""
    placed = points[points.geometry.notna() & ~points.geometry.is_empty]
    if placed.empty:
        return []
    xy = frame.place(shapely.get_coordinates(shapely.centroid(placed.geometry.to_numpy())))
    rows = zip(xy, placed.iterrows(), strict=True)
    return [
        (x, y, row)
        for (x, y), (_, row) in rows
        if Box(x, y, 0, 0).within(
            Box(
                frame.box.x + margin,
                frame.box.y + margin,
                frame.box.w - 2 * margin,
                frame.box.h - 2 * margin,
            )
        )
    ]


def around(x: float, y: float, w: float, h: float, gap: float) -> list[Box]:
    """Return boxes around a point, in the order a cartographer tries them."""
    mid, centre = y - h / 2, x - w / 2
    return [
        Box(x + gap, mid, w, h),
        Box(x - gap - w, mid, w, h),
        Box(centre, y - gap - h, w, h),
        Box(centre, y + gap, w, h),
        Box(x + gap * 0.7, y - gap - h * 0.8, w, h),
        Box(x + gap * 0.7, y + gap - h * 0.2, w, h),
        Box(x - gap * 0.7 - w, y - gap - h * 0.8, w, h),
        Box(x - gap * 0.7 - w, y + gap - h * 0.2, w, h),
    ]


def written(
    text: str,
    face: Typeface,
    ink: str,
    *,
    halo: float = 3.5,
    spacing: float = 0.0,
    role: str = "label",
) -> Callable[[Sheet, Box], None]:
    """Return what writes a text into the box it was given."""

    def paint(sheet: Sheet, box: Box) -> None:
        base = box.y + box.h / 2 + face.size * 0.34
        sheet.add(
            Text(
                box.x,
                base,
                text,
                face,
                ink,
                halo=halo,
                halo_colour=colour("halo"),
                spacing=spacing,
                role=role,
            )
        )

    return paint


def local(row: pd.Series, name: str, language: str) -> str:
    """Return a text of a row in a language, or in the only one it has."""
    other = plain(row.get(f"{name}_{language}")) if language != languages()[0] else None
    return readable(other or plain(row.get(name)) or "")


def port_name(row: pd.Series, language: str) -> str:
    """Return the road's name for the site, both towns for a port."""
    region = active_region()
    names = [local(row, name, language) for name in region.columns("name")]
    if row["kind"] == "irregular_site":
        sides = region.details.sides if region.details else ()
        roads = [local(row, road, language) for road in region.columns("road")]
        own = [r for r, s in zip(roads, sides, strict=False) if s.speaks == language]
        return next((name for name in (*own, *roads, *names) if name), "")
    return " / ".join(dict.fromkeys(filter(None, names)))


def port_labels(frame: Frame, ports: gpd.GeoDataFrame, language: str) -> Iterator[Label]:
    """Yield the names of ports, and of the site before all others."""
    for x, y, row in spots(frame, ports):
        site = row["kind"] == "irregular_site"
        if not site and frame.zoom < 10.5:
            continue
        text = port_name(row, language)
        face = Typeface(15 if site else 11.5, 600)
        boxes = around(x, y, text_width(text, face), 18 if site else 14, 15 if site else 9)
        ink = colour("site" if site else "port")
        # Beside the line first: a name across it is hard to read.
        order = [boxes[k] for k in (4, 5, 6, 7, 2, 3, 0, 1)]
        yield Label(
            0 if site else 7,
            order,
            written(text, face, ink, halo=4.5 if site else 3.5, role="port"),
        )


def _place_style(row: pd.Series) -> tuple[float, float, int, float, float]:
    """Return rank, size, weight, zoom from which it is named, and the dot's radius."""
    people = plain(row.get("population")) or 0
    people = people if isinstance(people, int | float) else 0
    kind = row.get("kind")
    if people >= 1_000_000:
        return 1, 18, 600, 0, 4
    if people >= 100_000:
        return 3 - people / 1_000_000, 16, 600, 0, 3.6
    if people >= 15_000 or kind == "city":
        return (4 if people >= 15_000 else 5), 13.5, 600, 7, 3
    if people >= 5_000 or kind == "town":
        return 16, 12.5, 400, 8, 2.4
    rank = {"village": 3, "hamlet": 5}.get(str(kind), 6)
    return 17 + rank, 12, 400, (9 if kind == "village" else 9.75), 2


def place_labels(frame: Frame, places: gpd.GeoDataFrame, language: str) -> Iterator[Label]:
    """Yield towns with their dots, and regions in the open."""
    for number, (x, y, row) in enumerate(spots(frame, places)):
        text = local(row, "name", language)
        if row.get("kind") == "region":
            if frame.zoom >= 8:
                face, spacing = Typeface(12.5, 400, italic=True, serif=True), spread(text, 1.5)
                w = text_width(text, face, spacing)
                boxes = [Box(x - w / 2, y - 8 + dy, w, 16) for dy in (0, -24, 24, -48, 48)]
                yield Label(
                    22,
                    boxes,
                    written(text, face, colour("muted"), spacing=spacing, role="region"),
                )
            continue
        rank, size, weight, zoom, dot = _place_style(row)
        if frame.zoom < zoom or not text:
            continue
        face = Typeface(size, weight)
        write = written(text, face, colour("ink"), role="place")

        def paint(
            sheet: Sheet,
            box: Box,
            *,
            at: tuple[float, float, float] = (x, y, dot),
            write: Callable[[Sheet, Box], None] = write,
        ) -> None:
            sheet.add(Disc(*at, fill=colour("halo"), stroke=colour("ink"), width=1.4))
            frame.taken.append(Box(at[0] - at[2], at[1] - at[2], 2 * at[2], 2 * at[2]))
            write(sheet, box)

        bare = Box(x - 1, y - 1, 2, 2)
        kept = rank <= MAJOR or frame.free(bare)
        boxes = around(x, y, text_width(text, face), size + 1, dot + 4) if kept else []
        yield Label(rank + number / 10_000, boxes, paint)


def shields(frame: Frame, roads: gpd.GeoDataFrame) -> Iterator[Label]:
    """Yield the numbers of roads, apart from each other."""
    if "ref" not in roads or "highway" not in roads:
        return
    numbered = roads[roads["ref"].notna() & roads.geometry.notna()]
    classes = numbered["highway"].map(road_class)
    drawn = [frame.zoom >= ROADS[name][3] for name in classes]
    numbered = numbered[np.array(drawn, dtype=bool)]
    cut = frame.cut(numbered.geometry.to_numpy())
    found: dict[str, list[tuple[float, float, float, str]]] = {}
    rows = zip(cut, numbered["ref"], numbered["highway"], strict=True)
    for line, ref, highway in rows:
        names, kind = readable(plain(ref)).split(";"), road_class(highway)
        for part in parts_of([line]):
            lengths = np.hypot(*np.diff(part, axis=0).T).tolist()
            middles = ((part[1:] + part[:-1]) / 2).tolist()
            spots = [(length, x, y, kind) for length, (x, y) in zip(lengths, middles, strict=True)]
            for one in names:
                found.setdefault(one, []).extend(spots)
    for ref, spots_of in found.items():
        of_class: dict[str, float] = {}
        for length, _, _, name in spots_of:
            of_class[name] = of_class.get(name, 0.0) + length
        yield from _shield(ref, max(of_class, key=lambda name: of_class[name]), spots_of)


def _shield(ref: str, main: str, found: list[tuple[float, float, float, str]]) -> Iterator[Label]:
    major = list(ROADS).index(main)
    quiet = major < list(ROADS).index("primary")
    face = Typeface(9.5 if quiet else 10.5, 600)
    w, h = text_width(ref, face) + (7 if quiet else 9), 13 if quiet else 15
    chosen: list[tuple[float, float]] = []
    found = sorted(found, key=lambda spot: (-spot[0], spot[1], spot[2]))
    for _, x, y, _ in found:
        if any(math.hypot(x - a, y - b) < (420 if quiet else 260) for a, b in chosen):
            continue
        near = [(x, y), *((a, b) for _, a, b, _ in found if math.hypot(a - x, b - y) < 130)][:13]
        rank = (8 if main == "motorway" else 34 - major) + 3 * len(chosen)
        chosen.append((x, y))
        boxes = [Box(a - w / 2, b - h / 2, w, h) for a, b in near]
        yield Label(rank, boxes, shield_mark(ref, face, motorway=main == "motorway", quiet=quiet))


def shield_mark(
    ref: str, face: Typeface, *, motorway: bool, quiet: bool
) -> Callable[[Sheet, Box], None]:
    """Return what draws a road's number on its shield."""

    def paint(sheet: Sheet, box: Box) -> None:
        plate = shapely.box(box.x + 3, box.y + 3, box.x + box.w - 3, box.y + box.h - 3).buffer(
            2.5, quad_segs=3
        )
        fill = colour("shield-major" if motorway else "shield")
        edge = colour(
            "shield-major" if motorway else "road-secondary" if quiet else "road-motorway"
        )
        sheet.add(Path(parts_of([plate]), fill=fill, stroke=edge, width=1))
        ink = colour("shield-major-ink" if motorway else "shield-ink")
        x, y = box.x + box.w / 2, box.y + box.h / 2 + face.size * 0.35
        sheet.add(Text(x, y, ref, face, ink, anchor="middle", role="shield"))

    return paint


def area_labels(
    frame: Frame, areas: gpd.GeoDataFrame, language: str, *, water: bool
) -> Iterator[Label]:
    """Yield the names of states, provinces or waters where they have room."""
    seen: set[str] = set()
    for _, row in areas.iterrows():
        text = local(row, "name", language)
        shapes = frame.clipped([row.geometry])
        if not text or text in seen or not shapes:
            continue
        seen.add(text)
        face = Typeface(12, italic=True) if water else Typeface(13, 600)
        text = text if water else text.upper()
        spacing = spread(text, 0.4 if water else 3.5)
        w = text_width(text, face, spacing)
        ink = colour("water-ink" if water else "muted")
        write = written(text, face, ink, spacing=spacing, role="area")
        yield Label(24 if water else 10.5, _roomiest(shapes[0], w, strict=not water), write)


def _roomiest(shape: BaseGeometry, w: float, *, strict: bool) -> list[Box]:
    """Return boxes in the area, those wholly within it and farthest from its edge first."""
    left, top, right, bottom = shape.bounds
    xs, ys = np.linspace(left, right, 27)[1:-1], np.linspace(top, bottom, 27)[1:-1]
    grid = np.array([(x, y) for y in ys for x in xs])
    points = np.asarray(shapely.points(grid), dtype=object)
    shapely.prepare(shape)
    inside = shapely.contains(shape, points)
    boxes = [Box(x - w / 2, y - 7, w, 14) for x, y in grid[inside]]
    room = shapely.distance(shape.boundary, points[inside])
    corners = np.array([(b.x, b.y, b.x + b.w, b.y + b.h) for b in boxes]).reshape(-1, 4)
    whole = np.asarray(
        shapely.contains(
            shape, shapely.box(corners[:, 0], corners[:, 1], corners[:, 2], corners[:, 3])
        ),
        dtype=bool,
    )
    order = np.lexsort([-room, ~whole])
    return [boxes[k] for k in order if whole[k] or not strict]
