"""Points near points: pairs that are looked at each, and those of a tree, against geodesics."""

from itertools import product

import numpy as np
import pytest
from pyproj import Geod

from roxham.geo.geometry import proximity
from roxham.geo.geometry.proximity import pairs_between


@pytest.mark.parametrize("few", [0, 100_000])
def test_pairs_are_those_that_a_geodesic_finds(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(proximity, "FEW", few)
    rng = np.random.default_rng(9)
    middle = rng.choice([-180.0, -73.45, 0.0, 179.9999], 60)  # beside the antimeridian, too
    lon = (middle + rng.uniform(-0.004, 0.004, 60) + 180) % 360 - 180
    lat = rng.choice([45.0, 89.9, -60.0], 60) + rng.uniform(-0.003, 0.003, 60)
    other = rng.permutation(60)[:40]
    x, y = lon[other] + rng.uniform(-0.001, 0.001, 40), lat[other]
    i, j, metres = pairs_between(lon, lat, x, y, 150.0)
    geod = Geod(ellps="WGS84")
    every = [
        (a, b, geod.inv(lon[a], lat[a], x[b], y[b])[2]) for a, b in product(range(60), range(40))
    ]
    near = [(a, b, m) for a, b, m in every if m <= 150]
    assert 20 < len(near) < len(every)
    assert list(zip(i.tolist(), j.tolist(), strict=True)) == [(a, b) for a, b, _ in near]
    np.testing.assert_allclose(metres, [m for *_, m in near], atol=1e-6)


@pytest.mark.parametrize("points", [(0, 3), (3, 0), (0, 0)])
def test_no_points_are_near_none(points: tuple[int, int]) -> None:
    a, b = (np.zeros(count) for count in points)
    assert [len(part) for part in pairs_between(a, a, b, b, 200)] == [0, 0, 0]
