"""Roads as a layer: each street is drawn and listed once, whichever way it was merged."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely import LineString

from roxham.geo.crs import WGS84
from roxham.maps.elements.layers import each_link

BENT, OTHER = LineString([(0, 0), (1, 1), (2, 0)]), LineString([(0, 0), (1, -1), (2, 0)])


def test_a_street_of_both_directions_is_one() -> None:
    edges = gpd.GeoDataFrame(
        {
            "name": [["Ruta 14", "Puente"], ["Puente", "Ruta 14"], "Ruta 2", "Ruta 2"],
            "length_m": [
                0.1 + 0.2 + 0.3,
                0.3 + 0.2 + 0.1,
                2.0,
                2.0,
            ],  # not the same to the last bit
        },
        geometry=[BENT, BENT.reverse(), OTHER, OTHER.reverse()],
        index=pd.MultiIndex.from_tuples(
            [(1, 2, 0), (2, 1, 0), (1, 2, 1), (2, 1, 1)], names=("u", "v", "key")
        ),
        crs=WGS84,
    )
    assert each_link(edges).index.tolist() == [(1, 2, 0), (1, 2, 1)]


def test_two_roads_of_a_schema_on_one_line_are_two() -> None:
    edges = gpd.GeoDataFrame(
        {"length_m": [380.0, 222.0, 380.0, 222.0]},
        geometry=[OTHER, OTHER, OTHER.reverse(), OTHER.reverse()],
        index=pd.MultiIndex.from_product([(1, 2), (0, 1)], names=("u", "key")),
        crs=WGS84,
    )
    edges = edges.assign(v=[2, 2, 1, 1]).set_index("v", append=True).reorder_levels([0, 2, 1])
    assert each_link(edges)["length_m"].tolist() == [380.0, 222.0]
