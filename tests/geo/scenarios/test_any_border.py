"""Made-up borders all over the Earth, their crossings counted by GEOS."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.ops import substring

from roxham.geo import Region, Roads, cut_at_border, find_crossings, suggest_metric_crs

Streets = Callable[..., Roads]
GEOD = Geod(ellps="WGS84")


def river(rng: np.random.Generator, x: float, y: float) -> Any:
    along = np.linspace(-0.2, 0.2, 3000)
    swing = np.cumsum(rng.normal(0, 3e-4, 3000))
    return shapely.LineString(np.column_stack([x + along, y + 0.03 * np.sin(60 * along) + swing]))


def around(x: float, y: float) -> Region:
    """Return the box around a border."""
    bounds = (max(x - 2, -180), y - 1, min(x + 2, 180), y + 1)
    metres = suggest_metric_crs(bounds)
    return Region("x", "x", bounds, metres, ("CA", "US"), controlled=False)


def meridian(rng: np.random.Generator, x: float, y: float) -> Any:
    return shapely.LineString([(x, y - 0.3), (x, y + 0.3)])


def parallel(rng: np.random.Generator, x: float, y: float) -> Any:
    return shapely.LineString([(x - 0.3, y), (x + 0.3, y)])


def enclave(rng: np.random.Generator, x: float, y: float) -> Any:
    whole = shapely.Point(x, y).buffer(0.06)
    hole = shapely.Point(x + 0.01, y).buffer(0.02)
    return shapely.union_all([whole.difference(hole), shapely.box(x + 0.08, y, x + 0.1, y + 0.05)])


def fields(rng: np.random.Generator, x: float, y: float) -> Any:
    sites = shapely.MultiPoint(np.column_stack([rng.uniform(x - 0.1, x + 0.1, 30),
                                                rng.uniform(y - 0.1, y + 0.1, 30)]))  # fmt: skip
    return shapely.MultiPolygon(
        [cell for cell in shapely.get_parts(shapely.voronoi_polygons(sites)) if rng.random() < 0.4]
    )


BORDERS = {
    "a river in the south": (river, -58.0, -33.5),
    "a winding border": (river, -7.3, 54.4),
    "near the pole": (parallel, 20.0, 88.9),
    "on the equator": (parallel, 30.0, 0.0),
    "beside the antimeridian": (meridian, 179.75, -16.8),
    "an enclave with a hole": (enclave, 4.93, 51.44),
    "fields of two countries": (fields, 88.9, 26.3),
}


def streets(
    rng: np.random.Generator, x: float, y: float, count: int
) -> list[list[tuple[Any, Any]]]:
    steps = rng.normal(0, 0.004, (count, 12, 2))
    steps[:, 0] = rng.uniform((x - 0.12, y - 0.12), (x + 0.12, y + 0.12), (count, 2))
    return [list(zip(*line.T, strict=True)) for line in np.cumsum(steps, axis=1)]


def geos_places(line: list[tuple[Any, Any]], border: Any) -> list[Any]:
    """Return where GEOS has a street meet a border, those within 20 m along it as one."""
    road = shapely.LineString(line)
    met = [part for part in shapely.get_parts(road.intersection(border)) if not part.is_empty]
    ordered = sorted(met, key=road.project)
    steps = [substring(road, a, b) for a, b in pairwise(map(road.project, ordered))]
    apart = [True, *(GEOD.geometry_length(step) > 20 for step in steps)]
    return [point for point, new in zip(ordered, apart, strict=False) if new]


@pytest.mark.parametrize("name", BORDERS)
def test_hundreds_of_streets_cross_as_often_as_geos_says(
    name: str, street_network: Streets
) -> None:
    make, x, y = BORDERS[name]
    rng = np.random.default_rng(7)
    border = make(rng, x, y)
    rim = border if border.geom_type == "LineString" else shapely.union_all(border.boundary)
    lines = streets(rng, x, y, 300)
    expected = [point for line in lines for point in geos_places(line, rim)]
    roads = street_network(*({"line": line, "name": f"S{i}"} for i, line in enumerate(lines)))
    frame = gpd.GeoSeries([border], crs="EPSG:4326")
    box = around(x, y)
    found = find_crossings(roads, frame, region=box)
    crossings = found[found.kind == "unmatched"]
    assert len(expected) > 30
    assert len(crossings) == len(expected)
    here = shapely.STRtree(crossings.geometry.to_numpy())
    nearest = crossings.geometry.to_numpy()[here.nearest(expected)]
    away = GEOD.inv(*shapely.get_coordinates(nearest).T, *shapely.get_coordinates(expected).T)[2]
    assert away.max() < 40  # of several in a row, 20 m apart, any may be told
    walled = Region("x", "x", box.bounds, box.metric_crs, ("CA", "US"))
    assert find_crossings(roads, frame, region=walled).attrs["unlisted"] == len(found)


@pytest.mark.parametrize("name", BORDERS)
def test_cut_roads_keep_their_length_and_their_side(name: str, street_network: Streets) -> None:
    make, x, y = BORDERS[name]
    rng = np.random.default_rng(8)
    border = make(rng, x, y)
    lines = streets(rng, x, y, 60)
    roads = street_network(*({"line": line, "name": f"S{i}"} for i, line in enumerate(lines)))
    frame = gpd.GeoSeries([border], crs="EPSG:4326")
    box = around(x, y)
    cut = cut_at_border(roads, frame, region=box)
    assert cut.length_m.sum() == pytest.approx(roads.length_m.sum(), rel=1e-12)
    assert cut.edge_count > roads.edge_count
    area = shapely.Polygon() if border.geom_type == "LineString" else border
    inner = shapely.buffer(area, -1e-6)
    for line in cut.lines:
        # no piece of road goes over: it lies within the area, or without
        assert not (line.intersects(inner) and line.difference(area.buffer(1e-6)).length > 0)
    assert cut_at_border(
        roads, frame, region=Region("x", "x", box.bounds, box.metric_crs, ("CA", "US"))
    ).meta["border"]["unlisted"] == len(cut.meta["border"]["crossings"])
