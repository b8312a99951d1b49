"""Lines as arrays: what meets itself is noded, what cannot is told at once, and it has an end."""

from fractions import Fraction
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from roxham.geo.border import linework
from roxham.geo.border.border import Border
from roxham.geo.border.linework import lines_of
from roxham.geo.errors import DataError
from roxham.geo.region import Region

BOX = Region("box", "A box", (0, 0, 2, 2), "EPSG:32631", ("up", "down"))


def frame(*shapes: BaseGeometry) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), crs="EPSG:4326")


def strokes(count: int, *, lean: float) -> np.ndarray:
    """Return so many strokes to and fro, each beside the last."""
    corner = np.arange(2 * count)
    y = (corner + 1) // 2 % 2
    return np.column_stack([corner // 2 / count + lean * y, y])


def hatching(count: int) -> shapely.LineString:
    """Return one line that crosses itself at the square of so many places."""
    across = strokes(count, lean=0)
    return shapely.LineString(np.concatenate([across, across[:, ::-1]]))


def test_a_line_that_runs_over_itself_is_drawn_once() -> None:
    """Each of its steps met each other one: 36 million meetings."""
    there = [(0.0, 1.0), (2.0, 1.0), (2.0, 1.0), (4.0, 1.5)]
    line = shapely.LineString([*there, *there[::-1]] * 1500)
    coords, offsets = lines_of(frame(line))
    assert offsets.tolist() == [0, 3]
    assert sorted(coords.tolist()) == [[0, 1], [2, 1], [4, 1.5]]


def test_a_line_that_goes_ahead_is_as_if_noded(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    told = []
    for turn in np.linspace(0, 6, 60).tolist():
        steps = np.column_stack([rng.uniform(-0.1, 1, 9), rng.normal(0, 0.4, 9)])
        cos, sin = np.cos(turn), np.sin(turn)
        turned = np.cumsum(steps, axis=0) @ [[cos, sin], [-sin, cos]]
        told += [shapely.LineString(turned), shapely.LineString((turned * 2).round())]
    ahead = [linework._goes_ahead(line) for line in told]
    assert 20 < sum(ahead) < 100
    assert all(shapely.is_simple(line) for line, goes in zip(told, ahead, strict=True) if goes)
    fast = [lines_of(frame(line)) for line in told]
    monkeypatch.setattr(linework, "_goes_ahead", lambda line: False)
    for line, (coords, offsets) in zip(told, fast, strict=True):
        slow = lines_of(frame(line))
        assert (coords.tolist(), offsets.tolist()) == (slow[0].tolist(), slow[1].tolist())


def test_what_goes_ahead_does_so_beyond_rounding() -> None:
    """The middle step lies across the whole, but for the last bits."""
    rng = np.random.default_rng(1)
    back = 0
    for _ in range(2000):
        there = rng.uniform(1, 2, 2)
        begin = there * rng.uniform(0, 0.01)
        across = begin + there[::-1] * [-0.3, 0.3]
        places = [[0.0, 0.0], begin.tolist(), across.tolist(), there.tolist()]
        (ax, ay), (bx, by), (ex, ey) = (map(Fraction, place) for place in places[1:])
        exact = (bx - ax) * ex + (by - ay) * ey
        back += exact <= 0
        assert exact > 0 or not linework._goes_ahead(shapely.LineString(places))
    assert 200 < back < 1800
    assert not linework._goes_ahead(shapely.LineString([(0, 0), (1, 0), (1, 0), (2, 0)]))
    assert not linework._goes_ahead(shapely.LineString([(0, 0), (2, 0), (1, 1), (0, 0)]))


@pytest.fixture
def pairs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Pairs of boxes that trees found, a number each time one was asked; few may."""
    found: list[int] = []

    class Counted(shapely.STRtree):
        def query(self, *args: object, **kwargs: object) -> np.ndarray:
            each: np.ndarray = super().query(*args, **kwargs)  # type: ignore[call-overload]
            found.append(each.shape[-1])
            return each

    monkeypatch.setattr(shapely, "STRtree", Counted)
    monkeypatch.setenv("ROXHAM_MAX_MEETINGS", "1000")
    return found


@pytest.mark.parametrize("count", [100, 400, 1600])
@pytest.mark.parametrize("kind", ["hatching", "parallel"])
def test_the_work_on_a_line_that_meets_itself_grows_with_its_steps(
    count: int, kind: str, pairs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = hatching(count) if kind == "hatching" else shapely.LineString(strokes(count, lean=1))
    nodes: list[str] = []
    for name in ("union_all", "is_simple", "node", "intersection"):
        monkeypatch.setattr(shapely, name, lambda *_, name=name, **__: nodes.append(name))
    with pytest.raises(DataError, match=r"1,000 pairs .* ROXHAM_MAX_MEETINGS"):
        lines_of(frame(line))
    with pytest.raises(DataError, match="ROXHAM_MAX_MEETINGS"):
        Border.from_line(frame(line), BOX)
    steps = shapely.get_num_coordinates(line)
    assert set(nodes) <= {"is_simple"}  # which is asked where it has no more to look at than so
    assert ("is_simple" in nodes) == (steps**2 / 2 <= linework.LOOKS * (1000 + 20 * steps))
    # each pair from both sides, each step with itself, and what was asked for at once
    assert 1000 < sum(pairs) / 2 <= 3 * (1000 + 20 * steps) + steps


def test_a_line_that_crosses_itself_less_often_is_noded(pairs: list[int]) -> None:
    _, offsets = lines_of(frame(hatching(12)))
    assert len(offsets) > 2 * 12 * 11  # each stroke in pieces
    assert not pairs


def test_many_areas_side_by_side_meet_few_others_each(pairs: list[int]) -> None:
    """Along x or y alone each step lies beside hundreds: a tree tells that they are apart."""
    fields = [shapely.box(x, y, x + 1, y + 1) for x in range(30) for y in range(30)]
    coords, offsets = lines_of(frame(*fields))
    assert 0 < sum(pairs) < 20 * 4 * len(fields)
    walls = shapely.MultiLineString([coords[begin:end] for begin, end in pairwise(offsets)])
    assert shapely.equals(walls, shapely.union_all(shapely.boundary(fields)))
