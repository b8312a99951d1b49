"""Ports of entry: on the line, sourced, and user's files with swapped axes or dates."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import WGS84, DataError, load_border, using_region
from roxham.layers import load_ports
from roxham.layers.facts.ports import ports_contract

HEADER = (
    "port_id,kind,ca_name,us_name,ca_admin,us_admin,lat,lon,coord_precision_m,position_basis,"
    "status,opened,closed,source_title,source_publisher,source_url,confidence\n"
)
SOURCE = "A page,A publisher,https://example.org/page,single\n"
GOOD = f"a,port_of_entry,Ici,Here,CA-QC,US-NY,45.0,-73.5,20,map,open,1967,,{SOURCE}"


def write(folder: Path, *rows: str) -> Path:
    path = folder / "ports.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def test_bundled_ports_are_whole_and_sourced() -> None:
    rows, rejected = load_ports()
    assert len(rejected) == 0
    assert isinstance(rows, gpd.GeoDataFrame)
    assert rows.crs == WGS84
    assert rows["port_id"].is_unique
    assert rows["kind"].value_counts().to_dict() == {
        "port_of_entry": 24,
        "closed_port": 1,
        "irregular_site": 1,
    }
    assert rows["source_url"].str.fullmatch(r"https?://\S+").all()
    assert rows["position_url"].notna().all()
    assert "recalled" not in rows.to_csv()
    assert (rows.geometry.x == rows["lon"].astype(float)).all()


def test_bundled_ports_stand_on_the_boundary_line() -> None:
    assert load_border().distance_m(gpd.GeoDataFrame(load_ports().rows)).max() < 15


def test_roxham_road_is_no_port_and_has_its_dates() -> None:
    road = load_ports().rows.query("port_id == 'roxham-road'").iloc[0].to_dict()
    assert [road[column] for column in ("kind", "status", "opened", "closed")] == [
        "irregular_site",
        "closed",
        "2017-01",
        "2023-03-25",
    ]
    # between its two dead ends, 45.00697 and 45.00737 north
    assert 45.0069 < road["lat"] < 45.0074
    assert -73.5173 < road["lon"] < -73.5170
    assert pd.isna(road["cbsa_code"])


def test_a_port_is_closed_exactly_if_it_has_a_closing_date() -> None:
    rows = load_ports().rows
    assert (rows["status"].eq("closed") == rows["closed"].notna()).all()


def test_a_users_file_with_fewer_columns_is_read(tmp_path: Path) -> None:
    rows, rejected = load_ports(write(tmp_path, GOOD))
    assert len(rejected) == 0
    assert gpd.GeoDataFrame(rows).geometry[0].coords[0] == (-73.5, 45.0)


@pytest.mark.parametrize(
    ("old", "new", "column", "problem"),
    [
        ("45.0,-73.5", "-73.5,45.0", "lat", "look swapped: lat -73.5, lon 45.0"),
        ("1967,,", "2023-03-25,2017-01,", "closed", "is before opened"),
        ("open", "ajar", "status", "is not one of open, closed, unknown"),
        ("20,map", "-5,map", "coord_precision_m", "is below 1"),
        ("https://example.org/page", "a page", "source_url", "is not a web address"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason(
    tmp_path: Path, old: str, new: str, column: str, problem: str
) -> None:
    bad = GOOD.replace(old, new).replace("a,port", "b,port", 1)
    assert bad.count(",") == GOOD.count(",") + new.count(",") - old.count(",")
    rows, rejected = load_ports(write(tmp_path, GOOD, bad))
    assert rows["port_id"].to_list() == ["a"]
    assert rejected[["row", "column"]].to_numpy().tolist() == [[3, column]]
    assert problem in rejected["problem"][0]


def test_ports_closed_the_day_they_opened_are_kept(tmp_path: Path) -> None:
    rows, rejected = load_ports(write(tmp_path, GOOD.replace("1967,,", "2017-01,2017,")))
    assert (len(rows), len(rejected)) == (1, 0)


def test_two_rows_with_one_id_are_both_set_aside(tmp_path: Path) -> None:
    rows, rejected = load_ports(write(tmp_path, GOOD, GOOD))
    assert len(rows) == 0
    assert rejected["row"].to_list() == [2, 3]


def test_a_missing_file_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        load_ports(tmp_path / "none.csv")


def test_a_users_port_needs_few_columns_and_gets_an_identifier(tmp_path: Path) -> None:
    path = tmp_path / "ports.csv"
    path.write_text(
        "kind,ca_name,us_name,lat,lon,status,source_title,source_publisher,source_url,confidence\n"
        "port_of_entry,Métis-sur-Mer,Morses Line,45.01,-72.98,open,T,P,https://a.org/b,single\n"
        "port_of_entry,Noyan,Alburgh,45.01,-73.29,open,T,P,https://a.org/b,single\n"
    )
    rows, rejected = load_ports(path)
    assert rejected.empty
    assert rows["port_id"].tolist() == ["metis-sur-mer-morses-line", "noyan-alburgh"]
    assert rows["coord_precision_m"].isna().all()


def test_ports_without_ids_have_ids_of_their_own_in_any_script(tmp_path: Path) -> None:
    pairs = [
        ("Ворота", "Граница", 45.0, -73.5),
        ("Мост", "Река", 45.0, -73.6),
        ("North", "South", 45.0, -73.7),
        ("North", "South", 45.01, -73.7),
        ("St. John (1)", "South", 45.0, -73.8),
        ("St John 1", "South", 45.0, -73.9),
        ("—", "…", 45.0, -74.0),
        ("Ici", "Here", 45.0, -74.1),
    ]
    rows = [
        f",port_of_entry,{ca},{us},CA-QC,US-NY,{lat},{lon},20,map,open,,,{SOURCE}"
        for ca, us, lat, lon in pairs
    ]
    given = f"ici-here,port_of_entry,A,B,CA-QC,US-NY,45.0,-73.4,20,map,open,,,{SOURCE}"
    found = load_ports(write(tmp_path, *rows, given))
    assert found.rejected.empty
    ids = [
        *("ворота-граница", "мост-река"),
        *("north-south-45.0000N073.7000W", "north-south-45.0100N073.7000W"),
        *("st-john-1-south-45.0000N073.8000W", "st-john-1-south-45.0000N073.9000W"),
        *("45.0000N074.0000W", "ici-here-45.0000N074.1000W", "ici-here"),
    ]
    assert found.rows["port_id"].tolist() == ids
    turned = load_ports(write(tmp_path, given, *rows[::-1]))
    assert turned.rows["port_id"].tolist() == ids[::-1]


def test_a_further_column_is_of_the_region_that_names_it_alone() -> None:
    assert "cbsa_code" in [column.name for column in ports_contract().columns]
    with using_region(Path(__file__).parents[3] / "examples" / "ireland"):
        assert "cbsa_code" not in [column.name for column in ports_contract().columns]


def test_hours_that_are_blank_are_not_known_on_either_side(tmp_path: Path) -> None:
    path = tmp_path / "ports.csv"
    head = "name,lat,lon,hours_ca,hours_us,source_title,source_publisher,source_url,confidence"
    rest = "A,A,https://a.org/,single"
    path.write_text(
        f"{head}\nOne,45,-73.5,08:00-20:00,06:00-18:00,{rest}\nTwo,45,-73.6,, ,{rest}\n"
    )
    rows, rejected = load_ports(path)
    assert rejected.empty
    assert rows["hours_us"].tolist()[0] == "06:00-18:00"
    assert rows[["hours_ca", "hours_us"]].iloc[1].isna().all()
    path.write_text(path.read_text().replace("hours_ca,hours_us", "hours,hours_note"))
    assert load_ports(path).rows["hours_ca"].iloc[0] == "08:00-20:00"  # hours of both sides
