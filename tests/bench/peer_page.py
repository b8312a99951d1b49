"""Write a page with another tool, in that tool's own environment; see ``compare_pages.py``.

With ``--each`` the target is a folder that gets a page for each row, named by its number; a row
of which the tool can make none gets none.

    python tests/bench/peer_page.py lonboard frame.gpkg page.html
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import geopandas as gpd


def explore(frame: gpd.GeoDataFrame, path: str) -> None:
    west, south, east, north = frame.total_bounds
    middle = [(south + north) / 2, (west + east) / 2]
    # Of one point it would take a view of no size, and stop.
    view: dict[str, Any] = {"location": middle, "zoom_start": 11} if len(frame) == 1 else {}
    frame.explore(tiles=None, tooltip=True, popup=True, **view).save(path)


def folium_alone(frame: gpd.GeoDataFrame, path: str) -> None:
    """Write a page as Folium's own guide does: a line or a marker each, with its words."""
    folium: Any = import_module("folium")
    west, south, east, north = frame.total_bounds
    page = folium.Map([(south + north) / 2, (west + east) / 2], zoom_start=11, tiles=None)
    rows = frame.drop(columns="geometry").to_dict("records")
    for row, shape in zip(rows, frame.geometry, strict=True):
        words = ", ".join(f"{name}: {value}" for name, value in row.items())
        places = [(lat, lon) for lon, lat in shape.coords]
        if len(places) == 1:
            drawn = folium.CircleMarker(places[0], tooltip=row["name"], popup=words)
        else:
            drawn = folium.PolyLine(places, tooltip=row["name"], popup=words)
        drawn.add_to(page)
    page.save(path)


def lonboard(
    frame: gpd.GeoDataFrame, path: str, *, zoom: int | None = None, tooltip: bool = False
) -> None:
    """Write a layer of the lines and one of the points; ``zoom`` is one of tiles of 256 pixels."""
    lonboard: Any = import_module("lonboard")
    west, south, east, north = frame.total_bounds
    is_point = frame.geom_type == "Point"
    layers = []
    if not is_point.all():
        lines = frame[~is_point]
        layers.append(lonboard.PathLayer.from_geopandas(lines, width_min_pixels=1.5))
    if is_point.any():
        points = frame[is_point]
        size = 12 if len(points) == 1 else 3
        layers.append(lonboard.ScatterplotLayer.from_geopandas(points, radius_min_pixels=size))
    view = {"longitude": (west + east) / 2, "latitude": (south + north) / 2}
    given = {} if zoom is None else {"view_state": {**view, "zoom": zoom - 1}}
    lonboard.Map(layers, basemap=None, show_tooltip=tooltip, **given).to_html(path)
    # The files are the same or newer, the hash of a minified one is not.
    page = Path(path)
    page.write_text(re.sub(r' integrity="[^"]*" crossorigin="anonymous"', "", page.read_text()))


def kepler(frame: gpd.GeoDataFrame, path: str) -> None:
    import_module("keplergl").KeplerGl(data={"frame": frame}).save_to_html(file_name=path)


def ours(frame: gpd.GeoDataFrame, path: str) -> None:
    """Write the whole border page around the frame, or a map of it alone where it is points."""
    from dataclasses import replace

    import folium

    from roxham.maps import FeatureLayer, Legend, border_map, load_base, save_html

    if (frame.geom_type == "Point").all():
        west, south, east, north = frame.total_bounds
        page = folium.Map([(south + north) / 2, (west + east) / 2], zoom_start=11, tiles=None)
        FeatureLayer(frame, name="Points").add_to(page)
        Legend().add_to(page)
    else:
        page = border_map(base=replace(load_base(), roads=frame, schematic=False))
    save_html(page, path)


TOOLS: dict[str, Callable[[gpd.GeoDataFrame, str], None]] = {
    "roxham": ours,
    "explore": explore,
    "folium": folium_alone,
    "lonboard": lonboard,
    "lonboard_tooltip": partial(lonboard, tooltip=True),
    "kepler": kepler,
}


def each(tool: str, frame: gpd.GeoDataFrame, folder: Path) -> None:
    for number in range(len(frame)):
        try:
            TOOLS[tool](frame.iloc[[number]], str(folder / f"{number}.html"))
        except Exception as error:
            sys.stderr.write(f"{number}: {type(error).__name__}: {error}\n")
            (folder / f"{number}.html").unlink(missing_ok=True)


def main() -> None:
    """Write what is asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=TOOLS)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--zoom", type=int, help="of lonboard's page")
    asked = parser.parse_args()
    frame = gpd.read_file(asked.source)
    if asked.each:
        each(asked.tool, frame, asked.target)
    elif asked.zoom is not None:
        lonboard(frame, str(asked.target), zoom=asked.zoom)
    else:
        TOOLS[asked.tool](frame, str(asked.target))


if __name__ == "__main__":
    main()
