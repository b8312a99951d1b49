"""A region's folder held to all that it must be: hours, and sides of places."""

from __future__ import annotations

from pathlib import Path

import pytest

from roxham.geo import DataError, read_region
from roxham.geo.region.definition import GROUND
from roxham.geo.region.kinds import file_kinds
from roxham.layers import load_layers
from roxham.layers.facts.datasets import DATASETS
from roxham.layers.publication.region import region_faults

REGION = """\
id = "fields"
bounds = [0.0, 0.0, 2.0, 2.0]
title = { en = "Two fields" }
[[sides]]
code = "UP"
inside = [1.0, 1.5]
[[sides]]
code = "LOW"
[files]
border = "border.csv"
places = "places.csv"
ports = "ports.csv"
"""


def faults(tmp_path: Path, places: str, ports: str) -> list[str]:
    (tmp_path / "region.toml").write_text(REGION)
    (tmp_path / "border.csv").write_text("lon,lat\n-0.5,1\n2.5,1\n")
    (tmp_path / "places.csv").write_text("name,lat,lon,country\n" + places)
    (tmp_path / "ports.csv").write_text("port_id,name,lat,lon,hours_up\n" + ports)
    return [str(fault) for fault in region_faults(read_region(tmp_path))]


def test_a_place_of_one_side_that_lies_on_the_other_is_named(tmp_path: Path) -> None:
    places = "Hill,1.5,1,UP\nWrong,1.6,1,LOW\nNear,1.005,1,LOW\nElsewhere,1.5,1.2,XX\nNone,1.4,1,\n"
    [told] = faults(tmp_path, places, "bridge,Bridge,1,1,6 to 18\n")
    assert "row 2, column country: Wrong is of LOW and lies in UP." in told


def test_hours_that_no_clock_shows_are_named(tmp_path: Path) -> None:
    [told] = faults(tmp_path, "Hill,1.5,1,UP\n", "bridge,Bridge,1,1,6 to 99\n")
    assert "hours_up" in told
    assert "“6 to 99” is no time of a day" in told


def test_counts_of_another_measure_are_held_to_their_columns(tmp_path: Path) -> None:
    columns = "period,area,measure,count,source_title,source_publisher,source_url,confidence\n"
    (tmp_path / "counts.csv").write_text(
        columns + "soon,IE,attempts,7,T,P,https://a.example,single\n"
    )
    text = REGION.replace('ports = "ports.csv"', 'counts = "counts.csv"')
    (tmp_path / "region.toml").write_text(text)
    (tmp_path / "border.csv").write_text("lon,lat\n-0.5,1\n2.5,1\n")
    (tmp_path / "places.csv").write_text("name,lat,lon\nHill,1.5,1\n")
    [told] = region_faults(read_region(tmp_path))
    assert "counts.csv, row 2, column period: “soon” is not a date" in str(told)


def test_a_file_that_no_region_has_and_no_border_are_named(tmp_path: Path) -> None:
    text = REGION.replace('border = "border.csv"', 'incident = "a.csv"\nfoo = "b.csv"')
    (tmp_path / "region.toml").write_text(text)
    (tmp_path / "places.csv").write_text("name,lat,lon,country\nA,1.5,1,UP\n")
    told = "\n".join(map(str, region_faults(read_region(tmp_path))))
    assert "column files.incident: is no file that a region has. Is it incidents?" in told
    assert "column files.foo: is no file that a region has. There are: admin_regions, " in told
    assert "column files.border: is missing: a region is nothing without. Add it." in told


def test_layers_are_refused_where_a_file_would_be_left_out_in_silence(tmp_path: Path) -> None:
    text = REGION.replace("[files]", '[files]\nincidnts = "mine.csv"')
    (tmp_path / "region.toml").write_text(text)
    with pytest.raises(DataError, match=r"column files\.incidnts: .* Is it incidents\?"):
        load_layers(region=read_region(tmp_path))


def test_every_table_that_is_loaded_is_a_file_that_a_region_may_have() -> None:
    tables = {data.own or data.name for data in DATASETS.values()}
    assert tables | {*GROUND} <= {*file_kinds()}


def test_a_place_without_a_border_that_can_be_read_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "border.geojson").write_text("{}")
    text = REGION.replace("border.csv", "border.geojson")
    told = faults(tmp_path, "A,1.5,1,LOW\n", "")
    assert any("A" in one and "LOW" in one for one in told)  # with a border, its side is wrong
    (tmp_path / "region.toml").write_text(text)
    told = [str(fault) for fault in region_faults(read_region(tmp_path))]
    assert len([one for one in told if "border.geojson" in one]) == 1
    assert not any("LOW" in one for one in told)
