"""How deep shapes hold shapes is counted, whatever else the shapes hold."""

import pytest
import shapely

from roxham.geo import DataError
from roxham.geo.geometry import nesting
from roxham.geo.geometry.nesting import require_shallow

SQUARE = shapely.box(0, 0, 1, 1)
KINDS = [
    shapely.Point(1, 2),
    shapely.Point(1, 2, 3),
    shapely.LineString([(0, 0), (1, 1)]),
    SQUARE.difference(shapely.box(0.2, 0.2, 0.4, 0.4)),
    shapely.MultiPoint([(0, 0), (1, 1)]),
    shapely.MultiPolygon([SQUARE]),
]


def holds_others(part: shapely.Geometry) -> bool:
    return bool(shapely.get_type_id(part) >= shapely.GeometryType.MULTIPOINT)


def nested(depth: int, *parts: shapely.Geometry) -> shapely.Geometry:
    shape = shapely.GeometryCollection(parts)
    for _ in range(depth - 1):
        shape = shapely.GeometryCollection([*parts, shape, *parts])
    return shape


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("part", KINDS, ids=str)
def test_parts_beside_what_is_nested_change_nothing(part: shapely.Geometry, order: int) -> None:
    for depth in (1, 3, 7):
        shape = shapely.to_wkb(nested(depth, part), byte_order=order)
        assert nesting._depth(shape) == depth + 1 + holds_others(part)


def test_many_shapes_side_by_side_are_not_deep() -> None:
    wide = shapely.to_wkb(shapely.GeometryCollection([shapely.MultiPoint([(0, 0)])] * 200))
    require_shallow([wide, None, wide[:-4]], "a.parquet")  # GEOS says what is wrong with the last
    deep = shapely.to_wkb(nested(40, SQUARE))
    with pytest.raises(DataError, match="holds others more than 32 deep"):
        require_shallow([wide, deep], "a.parquet")
