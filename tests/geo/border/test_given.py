"""A border is taken in every form in which one has it, and open only where it may be."""

from pathlib import Path

import geopandas as gpd
import pytest

from roxham.geo import Border, DataError, find_crossings, load_border, read_border
from roxham.geo.border.given import BorderLike, as_border
from tests.geo.handmade import FIELDS, fence, network


def roads() -> object:
    return network({"a": (0.5, 44.9), "b": (0.5, 45.1)}, [("a", "b", 22000.0, 900.0)])


def saved(folder: Path) -> Path:
    path = folder / "fence.geojson"
    fence().line.to_file(path)
    return path


def test_a_border_a_frame_and_a_file_are_the_same_border(tmp_path: Path) -> None:
    line = fence().line
    forms: list[BorderLike] = [fence(), line, line.geometry, saved(tmp_path), str(saved(tmp_path))]
    sides = [as_border(form, FIELDS).sides.to_wkt() for form in forms]
    assert all(one.equals(sides[0]) for one in sides)
    assert as_border("roxham").sides.equals(load_border().sides)


def test_a_line_read_as_open_has_its_crossings_listed(tmp_path: Path) -> None:
    path = saved(tmp_path)
    told = [find_crossings(roads(), line, region=FIELDS)["kind"].tolist()  # type: ignore[arg-type]
            for line in (read_border(path), read_border(path, controlled=False))]  # fmt: skip
    assert told == [[], ["unmatched"]]


def test_a_border_of_a_line_is_open_if_that_is_said() -> None:
    line = fence().line
    assert Border.from_line(line, FIELDS).region.controlled
    assert not Border.from_line(line, FIELDS, controlled=False).region.controlled


def test_a_line_that_always_is_controlled_is_never_open() -> None:
    border = load_border()
    with pytest.raises(DataError, match="controlled"):
        Border.from_line(border.line, border.region, controlled=False)
    line = gpd.GeoDataFrame(border.line)
    line.attrs["controlled"] = False
    with pytest.raises(DataError, match="controlled"):
        find_crossings(roads(), line)  # type: ignore[arg-type]
