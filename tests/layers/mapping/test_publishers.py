"""The formats of publishers, each on a small file of its layout; all in them is made up."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers import load_incidents, load_interceptions
from roxham.layers.facts.counts import load_counts
from roxham.layers.mapping.publishers import publisher, publishers
from roxham.layers.travel.place_lookup import read_points
from tests.crafted_workbooks import Cell, write_xlsx

IOM = (
    "Main ID,Incident ID,Incident Type,Region of Incident,Incident Date,Incident Year,Month,"
    "Number of Dead,Minimum Estimated Number of Missing,Total Number of Dead and Missing,"
    "Number of Survivors,Number of Females,Number of Males,Number of Children,Country of Origin,"
    "Region of Origin,Cause of Death,Country of Incident,Migration Route,Location of Incident,"
    "Coordinates,UNSD Geographical Grouping,Information Source,URL,Source Quality\n"
    '2023.MMP1,2023.MMP1,Incident,North America,2023-03-29,2023,March,8,1,9,,3,5,2,"A,B",X,'
    'Drowning,Canada,,"A river, by a village","45.01, -74.65",Northern America,A paper,"a, b",4\n'
    "2023.MMP2,2023.MMP2,Incident,North America,2023-02,2023,February,0,2,2,5,,,,,,Mixed,"
    'United States,,Near a road,"44.99, -73.40",Northern America,An agency,,3\n'
)
OME = (
    "ML Number,Name,Sex,Age,Reporting Date,Surface Management,Location,Location Precision,Corridor,"
    "Cause of Death,OME Determined COD,State,County,Latitude,Longitude\n"
    "00-0001,DOE J,male,30,04/01/2020,Private,N 31 W 111,GPS coordinate (ca. 50ft/15m),Nowhere,"
    "Exposure,PROBABLE HYPERTHERMIA,Arizona,PIMA,31.9,-111.5\n"
    "00-0002,,female,,12/25/2020,Private,,Vague physical description (ca. 15mi/25km),Nowhere,"
    "Not Reported,UNDETERMINED,Arizona,PIMA,32.1,-112.5\n"
)
IRCC = """<!DOCTYPE html><html><head><meta charset="utf-8">
<title>Asylum claims by year – 2019 - Canada.ca</title></head><body><h1>Asylum claims</h1>
<table><caption>RCMP Interceptions</caption><thead>
<tr><th>Provinces</th><th>Jan</th><th>Feb</th><th>Sept</th><th>Total</th></tr></thead><tbody>
<tr><td>Quebec</td><td>1,100</td><td>--</td><td>7</td><td>1,107</td></tr>
<tr><td>British Columbia</td><td>0</td><td>9</td><td>&nbsp;</td><td>9</td></tr>
<tr><td>Total - RCMP</td><td>1,100</td><td>12</td><td>7</td><td>1,119</td></tr></tbody></table>
<table><caption>Asylum claimants</caption>
<tr><th>Claim Office Type</th><th>Jan</th><th>Feb</th><th>Mar</th></tr>
<tr><td>Land border</td><td>1,205</td><td>10</td><td>--</td></tr></table></body></html>"""
CBP = (
    "Fiscal Year,Month Grouping,Month (abbv),Component,Land Border Region,Area of Responsibility,"
    "AOR (Abbv),Demographic,Citizenship,Title of Authority,Encounter Type,Encounter Count\n"
    "2024,FYTD,OCT,U.S. Border Patrol,Northern Land Border,Swanton Sector,Swanton,Single Adults,A,"
    "Title 8,Apprehensions,1000\n"
    "2024,FYTD,OCT,U.S. Border Patrol,Northern Land Border,Swanton Sector,Swanton,FMUA,B,"
    "Title 8,Apprehensions,5\n"
    "2024,FYTD,JAN,U.S. Border Patrol,Northern Land Border,Swanton Sector,Swanton,FMUA,B,"
    "Title 8,Apprehensions,7\n"
    "2024,FYTD,OCT,Office of Field Operations,Northern Land Border,Boston Field Office,Boston,FMUA,"
    "B,Title 8,Inadmissibles,9\n"
)
BTS_OLD = (
    "Port Name,State,Port Code,Border,Date,Measure,Value,Location\n"
    "Nowhere,New York,0799,US-Canada Border,03/01/2019 12:00:00 AM,Trucks,1200,POINT (-73.4 45)\n"
)
BTS = (
    "Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point\n"
    "Nowhere,New York,0799,US-Canada Border,Jan 2024,Trucks,1200,45.0,-73.4,POINT (-73.4 45)\n"
    "Nowhere,New York,0799,US-Canada Border,Jan 2024,Buses,3,45.0,-73.4,POINT (-73.4 45)\n"
)
UNHCR = (
    "Year,Country of origin,Country of origin (ISO),Country of asylum,Country of asylum (ISO),"
    "Authority,Application type,Stage of procedure,Cases / Persons,applied\n"
    "2022,A,AAA,Canada,CAN,G,N,FI,P,120\n2022,B,BBB,Canada,CAN,G,N,FI,P,30\n"
    "2022,A,AAA,Canada,CAN,G,A,AR,P,7\n2022,A,AAA,Canada,CAN,G,N,FI,C,9\n"
    "2023,A,AAA,Canada,CAN,G,N,FI,P,200\n2023,B,BBB,Canada,CAN,G,N,FI,P,*\n"
)
GEONAMES = (
    '1\tLe "Grand" Lieu\tLe Grand Lieu\tx,y\t45.05\t-73.45\tP\tPPL\tCA\t\t10\t\t\t\t500\t\t60\t'
    "America/Toronto\t2020-01-01\n"
    "2\tA Lake\tA Lake\t\t45.15\t-73.25\tH\tLK\tCA\t\t10\t\t\t\t0\t\t60\t"
    "America/Toronto\t2020-01-01\n"
)


def save(tmp_path: Path, content: str, name: str = "a.csv") -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def test_iom_deaths_and_missing_are_two_numbers(tmp_path: Path) -> None:
    rows, rejected = load_incidents(save(tmp_path, IOM), mapping="iom")
    assert rejected.empty
    assert rows[["date", "kind", "deaths", "missing"]].values.tolist() == [
        ["2023-03-29", "death", 8, 1],
        ["2023-02", "missing", 0, 2],
    ]
    assert rows["injured"].isna().all()
    assert rows.geometry.x.tolist() == [-74.65, -73.4]
    assert rows["id"].tolist() == ["2023.MMP1", "2023.MMP2"]
    assert rows.attrs["licences"][0]["name"] == "CC-BY-4.0"
    assert set(rows["source_url"]) == {"https://missingmigrants.iom.int/downloads"}
    assert not {"Country of Origin", "Number of Females", "Coordinates"} & set(rows)


def test_names_of_the_dead_are_dropped_and_places_are_areas(tmp_path: Path) -> None:
    rows, rejected = load_incidents(save(tmp_path, OME), mapping="ome")
    assert rejected.empty
    assert rows["date"].tolist() == ["2020-04-01", "2020-12-25"]
    assert rows["radius_m"].tolist() == [1000, 25000]
    bare = load_incidents(save(tmp_path, OME.replace(" (ca. 50ft/15m)", "")), mapping="ome").rows
    told = "1 row gets a radius of 25,000 m: Location Precision tells none, as GPS coordinate"
    assert told in bare.attrs["read_as"]
    assert "N 31 W 111" not in rows.to_string()  # an address, or where it was exactly
    assert not {"Name", "Sex", "Age", "ML Number"} & set(rows)
    assert {"Name", "Sex", "Age"} <= set(rows.attrs["left_out"])
    assert "DOE" not in rows.to_string()


def test_a_page_of_ircc_fills_a_year_with_one_mapping(tmp_path: Path) -> None:
    path = save(tmp_path, IRCC, "page.html")
    rows, rejected = load_interceptions(path, mapping="ircc")
    assert rejected.empty
    assert rows[["period", "province", "count"]].fillna(-1).values.tolist() == [
        *(["2019-01", "CA-QC", 1100], ["2019-02", "CA-QC", -1], ["2019-09", "CA-QC", 7]),
        *(["2019-01", "CA-BC", 0], ["2019-02", "CA-BC", 9]),
        *(["2019-01", "CA", 1100], ["2019-02", "CA", 12], ["2019-09", "CA", 7]),
    ]
    claims, _ = load_counts(path, mapping="ircc-claims")
    assert claims[["period", "place", "count", "low"]].fillna(-1).values.tolist() == [
        ["2019-01", "Land border", 1205, 1203],
        ["2019-02", "Land border", 10, 8],
        ["2019-03", "Land border", -1, 0],
    ]


def test_a_workbook_of_ircc_needs_its_year(tmp_path: Path) -> None:
    sheet: list[list[Cell]] = [["Provinces", "Jan", "Feb", "Total"], ["Quebec", 1100, "--", 1100]]
    path = write_xlsx(tmp_path / "a.xlsx", {"Interceptions": sheet})
    mapping = publisher("ircc")
    assert mapping is not None
    without = load_interceptions(path, mapping=mapping).rejected
    assert without["found"].tolist() == ["01", "02"]
    said = {**mapping.model_dump(by_alias=True, exclude_defaults=True), "period": {"year_is": 2021}}
    assert load_interceptions(path, mapping=said).rows["period"].tolist() == ["2021-01", "2021-02"]


def test_claims_of_open_data_are_read_by_the_kind_of_office_alone(tmp_path: Path) -> None:
    label = "Claim Office Type and Province/Territory of Claim"
    sheet: list[list[Cell]] = [
        ["Asylum claimants by office, province and month", *[None] * 4],
        [None] * 5,
        [label, None, "2023", None, None],
        [None, None, "Jan", "Feb", "2023 Total"],
        [None, "Quebec", "1,000", "--", "1,000"],
        [None, "Ontario", "200", "10", "210"],
        ["Airport - Total", None, "1,200", "15", "1,215"],
        ["Total", None, "1,200", "15", "1,215"],
        [None] * 5,
        ["Source: an office", *[None] * 4],
    ]
    merged = ["A1:E1", "A2:E2", "A3:B4", "C3:E3"]
    path = write_xlsx(tmp_path / "a.xlsx", {"S": sheet}, merged=merged)
    rows, rejected = load_counts(path, mapping="ircc-claims")
    assert rejected.empty
    assert rows[["period", "place", "count", "high"]].fillna("").values.tolist() == [
        *(["2023-01", "Airport", 1200, 1202], ["2023-02", "Airport", 15, 17]),
        *(["2023-01", "", 1200, 1202], ["2023-02", "", 15, 17]),
    ]
    told = rows.attrs["read_as"]
    assert f"2 rows are left out: {label} 1 is empty" in told


def test_encounters_of_the_border_patrol_are_summed_by_month_and_sector(tmp_path: Path) -> None:
    rows, rejected = load_counts(save(tmp_path, CBP), mapping="cbp-encounters")
    assert rejected.empty
    assert rows[["period", "place", "measure", "count"]].values.tolist() == [
        ["2023-10", "Swanton Sector", "encounters", 1005],
        ["2024-01", "Swanton Sector", "encounters", 7],
    ]


@pytest.mark.parametrize(("content", "period"), [(BTS, "2024-01"), (BTS_OLD, "2019-03")])
def test_entries_at_ports_are_read_of_both_layouts(
    tmp_path: Path, content: str, period: str
) -> None:
    rows, rejected = load_counts(save(tmp_path, content), mapping="bts-crossings")
    assert rejected.empty
    first = rows[["period", "area", "place", "measure", "count"]].iloc[0].tolist()
    assert first == [period, "US-NY", "Nowhere", "Trucks", 1200]


def test_applications_are_summed_by_country_of_asylum(tmp_path: Path) -> None:
    rows, rejected = load_counts(save(tmp_path, UNHCR), mapping="unhcr")
    assert rejected.empty
    told = ["period", "measure", "unit", "count", "high"]
    assert rows[told].values.tolist() == [
        ["2022", "new applications", "persons", 150, 150],
        ["2022", "appeals", "persons", 7, 7],
        ["2022", "new applications", "cases", 9, 9],
        ["2023", "new applications", "persons", 200, 205],  # one of its parts is withheld
    ]


def test_people_under_a_mandate_are_no_applications(tmp_path: Path) -> None:
    path = tmp_path / "population.csv"
    path.write_text("Year,Country of asylum (ISO),Refugees under UNHCR's mandate\n2022,CAN,5\n")
    with pytest.raises(DataError, match="applied or Applied; found Year"):
        load_counts(path, mapping="unhcr")


@pytest.mark.parametrize("months", [("JAN2009", "FEB2009"), ("2009-01-01", "2009-02-01")])
def test_detections_are_summed_by_route_and_month(tmp_path: Path, months: tuple[str, str]) -> None:
    head: list[Cell] = ["Route", "BorderLocation", "NationalityLong", *months]
    rows: list[list[Cell]] = [
        ["Western Balkan Route", "Land", "A", 1000, 2],
        ["Western Balkan Route", "Land", "B", 5, 0],
        ["Black Sea Route", "Sea", "A", 1, 3],
        ["Eastern Land Border", "Land", "A", 4, 0],
        ["Western African", "Sea", "A", 0, 6],
    ]
    path = write_xlsx(tmp_path / "a.xlsx", {"Detections": [head, *rows]})
    read, rejected = load_counts(path, mapping="frontex")
    assert rejected.empty
    assert read[["period", "area", "count"]].values.tolist() == [
        *(["2009-01", "Western Balkans", 1005], ["2009-02", "Western Balkans", 2]),
        *(["2009-01", "Black Sea", 1], ["2009-02", "Black Sea", 3]),
        *(["2009-01", "Eastern Land Borders", 4], ["2009-02", "Eastern Land Borders", 0]),
        *(["2009-01", "Western Africa", 0], ["2009-02", "Western Africa", 6]),
    ]


def test_towns_are_taken_of_a_gazetteer_without_a_header(tmp_path: Path) -> None:
    points = read_points(save(tmp_path, GEONAMES, "CA.txt"), mapping="geonames")
    assert points["name"].tolist() == ['Le "Grand" Lieu']
    assert points.geometry.y.tolist() == [45.05]


@pytest.mark.parametrize("name", publishers())
def test_every_format_names_its_page_and_its_source(name: str) -> None:
    mapping = publisher(name)
    assert mapping is not None
    assert mapping.page.startswith("https://")
    assert mapping.source is not None
    assert mapping.table is not None


@pytest.mark.parametrize("name", publishers())
def test_a_file_of_another_layout_is_told_what_it_lacks(tmp_path: Path, name: str) -> None:
    path = save(tmp_path, "a,b\n1,2\n")
    mapping = publisher(name)
    assert mapping is not None
    loaders: dict[str, Callable[..., object]] = {"incidents": load_incidents, "places": read_points}
    load = loaders.get(str(mapping.table), load_counts)
    with pytest.raises(DataError, match=r"is not laid out as .*leave --from out"):
        load(path, mapping=name)


def test_what_is_summed_keeps_the_first_row_for_messages(tmp_path: Path) -> None:
    bad = CBP.replace(
        "Swanton,FMUA,B,Title 8,Apprehensions,7", "Swanton,FMUA,B,Title 8,Apprehensions,x"
    )
    rejected = load_counts(save(tmp_path, bad), mapping="cbp-encounters").rejected
    assert rejected[["row", "column", "found"]].values.tolist() == [[4, "Encounter Count", "x"]]
    assert pd.isna(rejected["problem"]).sum() == 0
