"""What happened on one side is drawn on that side, with a mark of which way people were going."""

import io
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from PIL import Image

from roxham.layers import Layers
from roxham.maps import border_map, load_base, map_sheet, save_html
from roxham.maps.printed.sheet import Disc
from roxham.maps.printed.sheet import Path as Drawn
from roxham.maps.printed.symbols import colour
from roxham.maps.printed.ways import MARK, place_marks, way_mark
from tests.maps import samples
from tests.maps.conftest import Open

LON, LAT, RADIUS_M = -73.74, 44.96, 11_000
"""A middle in New York some 4 km south of the line, and an area that reaches over it."""

PLACES = """() => [[-73.74, 45.03], [-73.74, 44.90]].map(([lon, lat]) => {
  const { x, y } = map_roxham.latLngToContainerPoint([lat, lon]);
  return [x, y];
})"""
SETTLE = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))"


def one(country: str | None) -> Layers:
    row = {**samples.INCIDENT, "lat": LAT, "lon": LON, "radius_m": RADIUS_M, "country": country}
    rows = pd.DataFrame([row])
    place = gpd.points_from_xy(rows["lon"], rows["lat"], crs="EPSG:4326")
    return samples.layers().with_tables(incidents=gpd.GeoDataFrame(rows, geometry=place))


@pytest.mark.browser
@pytest.mark.parametrize(("country", "spills"), [("US", False), ("CA", True), (None, True)])
def test_an_area_ends_at_the_border(
    open_page: Open, tmp_path: Path, country: str | None, spills: bool
) -> None:
    """A stated side that the map's land bears out cuts the area; any other leaves it whole."""
    path = save_html(border_map(one(country), base=load_base()), tmp_path / "a.html")
    page = open_page(path).page
    places = page.evaluate(PLACES)

    def picture() -> np.ndarray:
        shot = page.locator("#map_roxham").screenshot()
        return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)

    shown = picture()
    page.locator("#rx-legend input[data-layer=incidents]").uncheck()
    page.evaluate(SETTLE)
    bare = picture()
    changed = []
    for x, y in places:
        spot = (slice(int(y) - 6, int(y) + 6), slice(int(x) - 6, int(x) + 6))
        changed.append(bool((shown[spot] != bare[spot]).any()))
    assert changed == [spills, True]


def test_on_paper_too() -> None:
    base, ink = load_base(), colour("death")
    sheet = map_sheet(one("US"), base)
    parts = [i for i in sheet.items if isinstance(i, Drawn) and i.fill == ink and i.opacity < 0.2]
    [area] = [shapely.Polygon(part) for item in parts for part in item.parts]
    whole = map_sheet(one("CA"), base)
    [disc] = [i for i in whole.items if isinstance(i, Disc) and i.fill == ink and i.radius > 40]
    assert area.area == pytest.approx(np.pi * disc.radius**2 * 0.73, rel=0.1)
    assert area.bounds[3] == pytest.approx(disc.y + disc.radius, abs=0.5)
    assert area.bounds[1] > disc.y - disc.radius * 0.6


def test_the_arrow_on_paper_points_the_way() -> None:
    for way, (right, down) in {"northbound": (0, -1), "eastbound": (1, 0)}.items():
        [arrow] = [item for item in way_mark(way, 50, 50, "#000000") if isinstance(item, Drawn)]
        tip = np.asarray(arrow.parts[0])[0] - 50
        assert tip == pytest.approx([right * 0.66 * MARK, down * 0.66 * MARK], abs=1e-9)
    assert not [i for i in way_mark("unknown", 0, 0, "#000000") if isinstance(i, Drawn)]


def test_marks_on_paper_stand_apart() -> None:
    spots = [(100.0 + k % 3, 100.0) for k in range(30)]
    placed = place_marks(spots, [(100.0, 100.0, 6.0)], lambda _, at: at[1] <= 101)
    moved = np.array([at for at, spot in zip(placed, spots, strict=True) if at != spot])
    assert len(moved) > 10
    assert moved[:, 1].max() <= 101
    assert np.hypot(*(moved - 100).T).min() >= MARK + 6 - 1e-9
    apart = np.hypot(*(moved[:, None] - moved[None]).transpose(2, 0, 1))
    assert apart[~np.eye(len(moved), dtype=bool)].min() >= 2 * MARK
