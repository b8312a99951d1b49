"""Roads as a layer: each street is drawn and listed once, whichever way its pieces were added up."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely import LineString

from roxham.geo.crs import WGS84
from roxham.maps import RoadLayer
from roxham.maps.elements.layers import each_link

BENT, OTHER = LineString([(0, 0), (1, 1), (2, 0)]), LineString([(0, 0), (1, -1), (2, 0)])


def test_a_street_of_both_directions_is_one() -> None:
    edges = gpd.GeoDataFrame(
        {
            "name": [["Ruta 14", "Puente"], ["Puente", "Ruta 14"], "Ruta 2", "Ruta 2"],
            "length_m": [0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 2.0, 2.0],  # not the same to the last bit
        },
        geometry=[BENT, BENT.reverse(), OTHER, OTHER.reverse()],
        index=pd.MultiIndex.from_tuples(
            [(1, 2, 0), (2, 1, 0), (1, 2, 1), (2, 1, 1)], names=("u", "v", "key")
        ),
        crs=WGS84,
    )
    assert each_link(edges).index.tolist() == [(1, 2, 0), (1, 2, 1)]
    assert RoadLayer(edges).payload["count"] == 2
