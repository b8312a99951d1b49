"""Personal data stays out: columns by their names, names only with a source and a reason."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from roxham.geo.tables.contract import Checked
from roxham.layers import load_incidents, load_interceptions, load_layers, load_ports
from roxham.layers.privacy.personal import drop_personal, personal_columns, said_of_a_person
from tests.layers.samples import write_incidents

PERSONAL = (
    *("name", "Victim", "victim_name", "First Name", "nom", "prénom", "Nom de famille"),
    *("age", "Âge", "age_years", "date_of_birth", "naissance", "Home address", "adresse"),
    *("home_town", "case_number", "dossier_no", "Passport", "A-number"),
    *("phone", "e-mail", "sex", "nationality", "citoyenneté", "caseNumber"),
    *("Nombre", "apellidos", "Edad", "Sexo", "Nacionalidad", "Teléfono", "código postal"),
    *("Vorname", "Geburtsdatum", "Wohnort", "Staatsangehörigkeit", "E-Mail", "Nationalität"),
    *("Nome", "idade", "Endereço", "cidadania", "Cognome", "Età", "Indirizzo", "cittadinanza"),
    *("Tél.", "contact_no", "DDN", "né_le", "born", "lname", "no_dossier", "IUC", "plate", "zip"),
    *("الاسم", "العمر", "الجنسية", "رقم الهاتف", "جواز السفر", "اسم الضحية"),
)
HARMLESS = (
    *("place_name", "village", "usage", "message", "average", "image", "page", "language"),
    *("hotel", "grid_cell", "contract", "plateau", "born_digital", "gives", "mailbox"),
    *("road_name", "osm_id", "file", "file_id", "percentage", "count", "source_title", "stage"),
)

SOURCE = {
    "source_title": "A page",
    "source_publisher": "A paper",
    "source_url": "https://example.org/a",
    "confidence": "single",
}
PORT = pd.DataFrame(
    {"kind": "port_of_entry", "ca_name": "North", "us_name": "South", "lat": 45.0057}
    | {"lon": -73.5767, "status": "open", **SOURCE},
    index=[0],
)
COUNT = pd.DataFrame({"period": "2021-03", "province": "CA-QC", "count": 120, **SOURCE}, index=[0])


@pytest.mark.parametrize("column", PERSONAL)
def test_a_column_about_people_is_known_by_its_name(column: str) -> None:
    assert list(personal_columns([column])) == [column]
    assert personal_columns([column], known=[column]) == {}


@pytest.mark.parametrize("column", HARMLESS)
def test_a_column_about_things_is_left_alone(column: str) -> None:
    assert personal_columns([column]) == {}


def test_a_table_loses_only_its_personal_columns_and_is_not_altered() -> None:
    table = pd.DataFrame({"id": ["a"], "Victim": ["x"], "weather": ["snow"]})
    kept, left_out = drop_personal(table, known=["id"])
    assert list(kept) == ["id", "weather"]
    assert left_out == {"Victim": "a name"}
    assert list(table) == ["id", "Victim", "weather"]


def test_incidents_of_ones_own_lose_names_ages_and_homes(tmp_path: Path) -> None:
    path = write_incidents(tmp_path, {"victim_name": "N", "age": "34", "weather": "snow"})
    rows, rejected = load_incidents(path)
    assert rejected.empty
    assert {"victim_name", "age"}.isdisjoint(rows)
    assert rows["weather"].tolist() == ["snow"]
    aside = load_layers(incidents=path).set_aside
    told = aside[aside["reason"].str.startswith("personal")].set_index("id")["reason"]
    assert told.to_dict() == {
        "column victim_name": "personal: holds a name",
        "column age": "personal: holds an age",
    }


@pytest.mark.parametrize(
    ("load", "rows", "column"),
    [
        (load_ports, PORT, "Location Address"),
        (load_ports, PORT, "Contact phone"),
        (load_interceptions, COUNT, "citizenship"),
        (load_interceptions, COUNT, "Teléfono"),
    ],
)
def test_every_table_of_ones_own_loses_its_personal_columns(
    tmp_path: Path, load: Callable[..., Checked[pd.DataFrame]], rows: pd.DataFrame, column: str
) -> None:
    path = tmp_path / "own.csv"
    rows.assign(**{column: "x", "weather": "snow"}).to_csv(path, index=False)
    read = load(path)
    assert read.rejected.empty
    assert column not in read.rows
    assert read.rows["weather"].tolist() == ["snow"]
    assert list(read.rows.attrs["left_out"]) == [column]


def test_a_number_in_french_is_no_name_in_spanish() -> None:
    told = pd.DataFrame({"Nombre": ["12", "1 200", None]})
    assert drop_personal(told, known=[])[1] == {}
    assert drop_personal(pd.DataFrame({"Nombre": ["12", "J. D."]}), known=[])[1] == {
        "Nombre": "a name"
    }


def test_a_name_needs_a_flag_a_source_and_a_reason(tmp_path: Path) -> None:
    full = {"named_source_url": "https://example.org/n", "named_reason": "The family asked."}
    path = write_incidents(
        tmp_path,
        {"id": "a", "victim_name": "N", "age": "34", **full},
        {"id": "b", "victim_name": "N", **full, "named_reason": ""},
        {"id": "c", "victim_name": "N", **full, "named_source_url": ""},
        {"id": "d", "victim_name": "", "named_source_url": "", "named_reason": ""},
    )
    rows, rejected = load_incidents(path, allow_named=True)
    assert rows["id"].tolist() == ["a", "d"]
    assert rows["victim_name"].tolist()[0] == "N"
    assert "age" not in rows
    assert rejected[["row", "column"]].values.tolist() == [[3, "victim_name"], [4, "victim_name"]]
    assert rejected["problem"].tolist() == [
        "gives a name without a reason in named_reason",
        "gives a name without a public source in named_source_url",
    ]
    assert len(load_incidents(path).rows) == 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A 34-year-old man", True),
        ("a three-year-old", True),
        ("a woman aged 60", True),
        ("un homme de 34 ans", True),
        ("une femme âgée de 60 ans", True),
        ("seven people, 34 of them", False),
        ("depuis 14 ans", False),
        ("route 34", False),
    ],
)
def test_an_age_in_a_text_is_found(text: str, found: bool) -> None:
    assert said_of_a_person(pd.Series([text])).notna().tolist() == [found]
