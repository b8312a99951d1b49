"""Write a page with another tool, in that tool's own environment; see ``compare_pages.py``.

python tests/bench/peer_page.py lonboard frame.gpkg page.html
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import geopandas as gpd


def explore(frame: gpd.GeoDataFrame, path: str) -> None:
    frame.explore(tiles=None, tooltip=True, popup=True).save(path)


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


def lonboard(frame: gpd.GeoDataFrame, path: str) -> None:
    lonboard: Any = import_module("lonboard")
    if (frame.geom_type == "Point").all():
        layer = lonboard.ScatterplotLayer.from_geopandas(frame, radius_min_pixels=12)
    else:
        layer = lonboard.PathLayer.from_geopandas(frame, width_min_pixels=1.5)
    lonboard.Map([layer], basemap=None).to_html(path)


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


TOOLS = {
    "roxham": ours,
    "explore": explore,
    "folium": folium_alone,
    "lonboard": lonboard,
    "kepler": kepler,
}

if __name__ == "__main__":
    tool, source, target = sys.argv[1:]
    TOOLS[tool](gpd.read_file(Path(source)), target)
