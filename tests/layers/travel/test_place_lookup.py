"""Places by their names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import DataError, Region
from roxham.geo.io.write import write_frame
from roxham.geo.region import using_region
from roxham.layers.travel import place_lookup as lookup
from roxham.layers.travel.place_lookup import find_gate, read_points


def named(text: str) -> tuple[str, str | None]:
    """Return name and side of the place that a text names."""
    row: Any = lookup.find_place(text).iloc[0]
    return str(row["name"]), None if pd.isna(row["side"]) else str(row["side"])


@pytest.mark.parametrize(
    ("text", "name", "side"),
    [
        ("Plattsburgh", "Plattsburgh", "US"),
        ("montreal", "Montréal", "CA"),
        ("SAINT-RÉMI", "Saint-Rémi", "CA"),
        ("st remi", "Saint-Rémi", "CA"),
        ("Lacolle", "Lacolle", "CA"),  # the town, not three ports
        ("us-vt-richmond", "Richmond", "US"),
        ("aeroport international de plattsburgh", "Plattsburgh International Airport", "US"),
        ("Roxham Road", "Roxham Road", "US"),
        ("chemin roxham", "Chemin Roxham", "CA"),
        ("roxham-road:ca", "Chemin Roxham", "CA"),
        ("trout-river", "Trout River – Trout River", None),
        ("-73.45, 44.7", "-73.45000,44.70000", "US"),
        ("-73.45,45.2", "-73.45000,45.20000", "CA"),
        ("2.35,48.85", "2.35000,48.85000", None),
    ],
)
def test_a_place_by_its_name(text: str, name: str, side: str | None) -> None:
    assert named(text) == (name, side)


def test_of_several_the_choices_are_listed() -> None:
    with pytest.raises(DataError) as refused:
        lookup.find_place("Richmond")
    assert "Richmond (ca-qc-richmond); Richmond (us-vt-richmond)" in str(refused.value)
    with pytest.raises(DataError, match=r"Roxham Road \(roxham-road:US\)"):
        lookup.find_place("roxham")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Platsburg", "Is it Plattsburgh"),
        ("Québec", "nothing is called so. Is it Venise-en-Québec"),  # the city is not that village
        ("Timbuktu", "nothing is called so. Give its longitude,latitude"),
        ("", "is no name"),
        ("???", "is no name"),
        ("45.0,-73.5", "look swapped"),
        ("200,3", "is not longitude, latitude"),
        ("Montérégie", "nothing is called so"),  # the label of a region is no place
    ],
)
def test_what_is_no_place_is_refused(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        lookup.find_place(text)


def test_gates_by_id_by_either_side_and_by_the_road() -> None:
    assert find_gate("lacolle-champlain") == "lacolle-champlain"
    assert find_gate("Champlain") == "lacolle-champlain"
    assert find_gate("chemin Roxham") == find_gate("Roxham Road") == "roxham-road"
    assert find_gate("roxham") == "roxham-road"
    with pytest.raises(DataError, match="lacolle-overton-corners"):
        find_gate("Lacolle")
    with pytest.raises(DataError, match="nothing is called so"):
        find_gate("Plattsburgh")


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("roxham", "roxham-road"),  # two dead ends, one gate
        ("ROXHAM-ROAD", "roxham-road"),
        ("Trout River", "trout-river"),  # stands on the line
        ("Champlain", None),  # the town
        ("Roxham Road", None),  # its dead end
        ("-73.45, 44.7", None),
        ("2.35,48.85", None),
    ],
)
def test_a_gate_where_one_may_be_meant(text: str, gate: str | None) -> None:
    row = lookup.find_place(text, gates=True)
    assert len(row) == 1
    assert (row["gate"].item() if "gate" in row else None) == gate
    with pytest.raises(DataError, match="may be any of"):
        lookup.find_place("Richmond", gates=True)
    with pytest.raises(DataError, match="nothing is called so"):
        lookup.find_place("Timbuktu", gates=True)


def test_several_places_in_one_text() -> None:
    assert lookup.find_places("Plattsburgh, Montréal")["name"].tolist() == [
        "Plattsburgh",
        "Montréal",
    ]
    mixed = lookup.find_places("Plattsburgh; -73.45,44.7 ;")
    assert mixed["name"].tolist() == ["Plattsburgh", "-73.45000,44.70000"]
    assert lookup.find_places("-73.45,44.7")["side"].tolist() == ["US"]
    assert mixed.crs == "EPSG:4326"
    with pytest.raises(DataError) as refused:
        lookup.find_places("Nowhere; Richmond; Plattsburgh")
    assert len(refused.value.faults) == 2
    with pytest.raises(DataError, match="none is named"):
        lookup.find_places(" ; ")
    with pytest.raises(DataError, match="no such file"):
        lookup.find_places("missing.csv")


def test_a_file_of_places(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("name,lon,lat\nBus station,-73.45,44.7\nClinic,-73.58,45.5\n")
    found = lookup.find_places(str(path))
    assert found["name"].tolist() == ["Bus station", "Clinic"]
    assert found["side"].tolist() == ["US", "CA"]
    path.write_text("name,lon,lat\nA,45.0,-73.5\n,-73,45\nB,-73,95\n")
    with pytest.raises(DataError) as refused:
        read_points(path)
    assert [f.row for f in refused.value.faults] == [2, 3, 4]
    path.write_text("name,lon,lat\n")
    with pytest.raises(DataError, match="has no row"):
        read_points(path)
    path.write_text("title,lon\n")
    with pytest.raises(DataError, match="column name"):
        read_points(path)


def test_a_place_without_a_name_is_called_the_same_in_every_kind_of_file(tmp_path: Path) -> None:
    place = lookup.find_place("-73.45,44.7")
    for ending, read in ((".csv", pd.read_csv), (".gpkg", gpd.read_file)):
        path = write_frame(place, tmp_path / f"place{ending}")
        assert read(path)["name"].tolist() == ["-73.45000,44.70000"]


def test_a_port_whose_id_is_the_name_of_a_town(tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("name,lat,lon\nEncarnación,-27.33,-55.87\n")
    columns = "port_id,kind,a_name,b_name,lat,lon"
    row = "encarnacion,port_of_entry,Encarnación,Posadas,-27.36,-55.87"
    (tmp_path / "ports.csv").write_text(f"{columns}\n{row}\n")
    (tmp_path / "line.csv").write_text("lon,lat\n-56,-27.36\n-55,-27.36\n")
    files = {n: str(tmp_path / f"{n}.csv") for n in ("places", "ports")}
    region = Region("r", "R", (-56, -28, -55, -27), "EPSG:32721", ("a", "b"))
    with using_region(region.with_files(border=str(tmp_path / "line.csv"), **files)):
        for text in ("Encarnación", "encarnacion"):
            assert lookup.find_place(text)["side"].item() == "a"  # the town: a gate is on neither
        assert "gate" not in lookup.find_place("Encarnación", gates=True)
        for text in ("encarnacion", "Encarnación – Posadas"):
            assert lookup.find_place(text, gates=True)["gate"].item() == "encarnacion"
