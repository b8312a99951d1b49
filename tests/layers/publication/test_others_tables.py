"""Tables of others: what must not pass in them, and what an office publishes that must."""

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers.publication.check import check_data
from roxham.layers.publication.gate import overrides_of
from roxham.layers.publication.rules import failed

DAY = dt.date(2026, 11, 1)
OFFICE = "https://www.frontex.europa.eu/detections"


def broken(**columns: object) -> dict[str, str]:
    """Return the rules that a table breaks, with what is said of each."""
    found = check_data({"mine": pd.DataFrame(columns)}, as_of=DAY)
    return {one.rule: one.evidence for one in failed(found)}


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"Village": ["Tarajal"], "2021-01": ["1"]}, "mine.2021-01 row 0: 1"),
        ({"Village": ["Tarajal"], "janvier": [3], "mars": [40]}, "mine.janvier row 0: 3"),
        ({"Month": ["2021-01"], "Tarajal": ["1"], "Benzú": ["40"]}, "mine.Tarajal row 0: 1"),
        ({"Month": ["2021-01"], "Value": ["2"]}, "mine.Value row 0: 2"),
        ({"Mes": ["2021-01"], "Llegadas": [2]}, "mine.Llegadas row 0: 2"),
        ({"Miesiąc": ["2021-08"], "Liczba osób": [3]}, "mine.Liczba osób row 0: 3"),
        ({"Μήνας": ["2021-08"], "Αριθμός": [3]}, "mine.Αριθμός row 0: 3"),
        ({"Месец": ["2021-08"], "Брой": [3]}, "mine.Брой row 0: 3"),
        ({"Ay": ["2021-08"], "Sayı": [3]}, "mine.Sayı row 0: 3"),
        ({"Month": ["2021-08"], "count": ["au moins deux"]}, "mine.count row 0: 2"),
        ({"Month": ["2021-08"], "count": ["три"]}, "mine.count row 0: 3"),
        ({"Month": ["2021-08"], "count": ["3 of 50"]}, "mine.count row 0: 3"),
        ({"Month": ["2021-08"], "North": [60], "South": [40], "Total": [103]}, "parts leaves 3"),
        ({"Month": ["2021-08"], "men": [60], "people": [63]}, "people less its parts leaves 3"),
        ({"Month": ["2021-08"] * 2, "Ort": ["Insgesamt", "A"], "count": [43, 40]}, "leaves 3"),
        ({"Month": ["2021-08"], "total": [100], "women %": ["3 %"]}, "women % of total is 3"),
        ({"month": ["2021-01", "2021-02"], "cumul annuel": [60, 63]}, "row 1: 3 more than before"),
        ({"period": ["2024-Q1", "2024-01", "2024-02"], "count": [53, 25, 25]}, "53 less 50"),
        ({"period": ["2024-01/2024-03", "2024-01/2024-02"], "count": [53, 50]}, "53 less 50"),
        (
            {"start": ["2024-01"] * 2, "end": ["2024-03", "2024-02"], "count": [53, 50]},
            "mine from 2024-01-01 to 2024-03-31: 53 less 50 leaves 3",
        ),
    ],
)
def test_small_counts_are_found_however_a_table_is_laid_out(
    columns: dict[str, object], told: str
) -> None:
    assert told in broken(**columns)["small-cells"]


@pytest.mark.parametrize(
    "columns",
    [
        {"Année": ["2021"], "Mois": ["mars"], "Nombre": ["120"]},
        {"Entradas": ["Ceuta"], "2022": ["1.024"], "2023": ["1.031"]},
        {"Month": ["2021-01"], "weeks": ["weather"], "boats": [2], "people": [90]},
        {"Month": ["2021-01"], "North": [60], "South": [40], "Total": [100]},
        {"period": ["2024-Q1", "2024-01", "2024-02"], "count": [90, 30, 30]},
        {"month": ["2021-01", "2021-02"], "since January": [60, 90]},
        {"Month": ["2021-01"], "Route": ["East"], "Nationality": ["Syria"], "Total": [120]},
        {"Mois": ["mars"], "Sexe": ["F"], "Groupe d’âge": ["18-24"], "Personnes": [40]},
        {"Date": ["2021-05"], "km": [3], "rate": [2.5], "people": [50]},
        {"Month": ["2021-01"], "Nationality": ["Syria"], "count": [2], "source_url": [OFFICE]},
    ],
)
def test_what_an_office_publishes_is_asked_nothing(columns: dict[str, object]) -> None:
    assert broken(**columns) == {}


def test_what_a_person_is_may_be_told_of_five_alone() -> None:
    few = broken(month=["2021-01"] * 2, sex=["F", "M"], nationality=["X", "Y"], count=[40, 2])
    assert {"personal", "microdata", "small-cells"} <= few.keys()
    dead = broken(month=["2021-01"], sex=["F"], nationality=["X"], deaths=[40])
    assert {"personal", "microdata"} <= dead.keys()
    unknown = broken(month=["2021-01"] * 2, sex=["F", "M"], count=[40, None])
    assert "personal" in unknown


@pytest.mark.parametrize(
    ("column", "cell"), [("2026-10", "100"), ("Nov 2026", "100"), ("Date", "46342")]
)
def test_the_embargo_holds_for_names_of_columns_and_days_as_numbers(column: str, cell: str) -> None:
    assert column in broken(**{"Village": ["Tarajal"], column: [cell]})["retrospective"]
    assert "retrospective" not in broken(**{"Village": ["Tarajal"], column: [None]})


@pytest.mark.parametrize(
    "column",
    ["Imię", "Nazwisko", "Wiek", "Adı", "Yaş", "Όνομα", "Ηλικία", "Ім'я", "Вік", "Фамилия", "نام"],
)
def test_persons_are_told_by_columns_in_other_languages(column: str) -> None:
    assert f"mine.{column} holds a" in broken(**{column: ["x"]})["personal"]


@pytest.mark.parametrize(
    "cell",
    [
        {"age": 34},
        {"aged 34"},
        b"aged 34",
        "A man <b>aged</b> 34",
        "A man **aged** 34",
        "&#97;ged 34",
    ],
)
def test_a_cell_is_read_as_it_is_written_out(cell: object) -> None:
    assert "mine.told row 0 says" in broken(told=pd.Series([cell], dtype=object))["personal"]
    assert "personal" not in broken(told=pd.Series([34, None, 2.5, pd.NaT, "<5"], dtype=object))


def test_what_rows_call_by_a_cell_is_asked_as_columns_are() -> None:
    told = broken(attribute=["place", "Age"], value=["Mooers", "34"])["personal"]
    assert "mine.attribute row 1 holds an age" in told
    assert broken(attribute=["colour", "lanes"], value=["red", "2"]) == {}
    assert broken(key=["Age"], value_of=["34"]) == {}


@pytest.mark.parametrize(
    "cells",
    [pd.Series([dt.date(2026, 10, 30)], dtype=object), pd.PeriodIndex(["2026-10"], freq="M")],
)
def test_the_embargo_holds_for_days_of_every_type(cells: object) -> None:
    assert "mine row 0 (seen" in broken(seen_on=cells)["retrospective"]


def test_places_of_people_are_no_bare_points() -> None:
    at = {"lat": ["35,89412"], "lon": ["-5,36123"], "deaths": [7]}
    assert "mine: places of people are bare points; give radius_m" in broken(**at)["precision"]
    assert "precision" not in broken(**at, radius_m=[5000])
    assert "precision" not in broken(lat=["35.9"], lon=["-5.4"], deaths=[7])
    assert "precision" not in broken(lat=[35.89412], lon=[-5.36123], wells=[7])
    points = gpd.points_from_xy([-5.36123], [35.89412])
    frame = gpd.GeoDataFrame({"victims": [7]}, geometry=points, crs="EPSG:4326")
    found = check_data(
        {"mine": frame, "areas": frame.set_geometry([points[0].buffer(0.01)], crs="EPSG:4326")}
    )
    (one,) = [one.evidence for one in failed(found) if one.rule == "precision"]
    assert one.count("bare points") == 1


@pytest.mark.parametrize(("reason", "by"), [("." * 12, "A. Desk"), ("A good reason", "\u200b")])
def test_signs_answer_for_no_rule(reason: str, by: str) -> None:
    with pytest.raises(DataError, match=r"no reason of|nobody is named"):
        overrides_of({"terms": reason}, by)
