"""Which table a file is, and which of its columns is which, in plain words of many languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from roxham.geo import DataError
from roxham.layers.facts.counts import COUNTS
from roxham.layers.mapping.adapt import best_proposal, first_rows
from roxham.layers.mapping.model import TableMapping
from roxham.layers.mapping.propose import Proposal
from roxham.layers.templates import own_contracts


def proposed(folder: Path, text: str) -> Proposal:
    path = folder / "theirs.csv"
    path.write_text(text, encoding="utf-8")
    contracts = {**own_contracts(), "counts": COUNTS}
    raw, base = first_rows(str(path), TableMapping(), contracts)
    return best_proposal(raw, base, contracts, None, path.name)


INCIDENT = ("date", "place_name", "lat", "lon", "radius_m", "deaths", "injured")
HEADERS = {
    "English": "When,Where,Latitude,Longitude,Uncertainty (m),Dead,Hurt",
    "Estonian": "Kuupäev,Koht,Laius,Pikkus,Raadius (m),Hukkunud,Vigastatud",
    "Finnish": "Päivämäärä,Paikka,Leveysaste,Pituusaste,Säde (m),Kuolleet,Loukkaantuneet",
    "Norwegian": "Dato,Sted,Breddegrad,Lengdegrad,Usikkerhet (m),Omkomne,Skadde",
    "Polish": "Data,Miejsce,Szerokość,Długość,Promień (m),Zabici,Ranni",
    "Hungarian": "Dátum,Hely,Szélesség,Hosszúság,Sugár (m),Halottak,Sebesültek",
    "Turkish": "Tarih,Yer,Enlem,Boylam,Yarıçap (m),Ölü,Yaralı",
    "Greek": "Ημερομηνία,Τοποθεσία,Πλάτος,Μήκος,Ακτίνα (m),Νεκροί,Τραυματίες",
    "Ukrainian": "Дата,Місце,Широта,Довгота,Радіус (m),Загиблі,Поранені",
    "Arabic": "التاريخ,المكان,خط العرض,خط الطول,نصف القطر (m),الوفيات,الجرحى",
    "Portuguese": "Data,Lugar,Latitude,Longitude,Raio (m),Mortos,Feridos",
}


@pytest.mark.parametrize("language", HEADERS)
def test_plain_headers_of_many_languages_are_those_of_incidents(
    tmp_path: Path, language: str
) -> None:
    header = HEADERS[language].split(",")
    rows = "2021-05-01,Narva,59.37,28.19,500,1,0\n2022-06-01,Luhamaa,57.6,27.6,900,0,2\n"
    found = proposed(tmp_path, f"{HEADERS[language]}\n{rows}")
    assert found.mapping.table == "incidents"
    assert found.mapping.columns == dict(zip(INCIDENT, header, strict=True))
    assert (found.missing, found.unused) == ([], [])


def test_half_a_source_in_a_column_is_asked_about(tmp_path: Path) -> None:
    rows = (
        "Fecha,Lugar,Latitud,Longitud,Radio (m),Muertos,Fuente\n2021,Cerro,-19,-68,500,1,Diario\n"
    )
    found = proposed(tmp_path, rows)
    assert found.mapping.columns["source_title"] == "Fuente"
    [asked] = found.questions
    assert "Write source_publisher into [columns], too, or leave source_title out" in asked


def test_a_district_is_an_area_and_a_post_with_a_day_of_opening_a_port(tmp_path: Path) -> None:
    posts = "Grenzübergang,Typ,Breite,Länge,opened on,Uncertainty (m)\nNord,Straße,60,12,1998,50\n"
    found = proposed(tmp_path, posts)
    assert found.mapping.table == "ports"
    assert found.mapping.columns == {
        "name": "Grenzübergang", "kind": "Typ", "lat": "Breite", "lon": "Länge",
        "opened": "opened on", "coord_precision_m": "Uncertainty (m)",
    }  # fmt: skip
    bodies = "When,Where,District,Latitude,Longitude,Radius,Dead\n2021,Hill,Paro,27,89,500,1\n"
    assert proposed(tmp_path, bodies).mapping.columns["admin_area"] == "District"


def test_a_kind_of_table_is_taken_only_where_what_it_needs_is_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no kind of table.*ports lacks name, lat, lon.*--as"):
        proposed(tmp_path, "Alfa,Beeta,Gamma\nx,1,y\nz,2,w\n")
    towns = proposed(tmp_path, "Town,Type,Breite,Länge\nA,town,60.1,12\nB,city,60.2,12.2\n")
    assert towns.mapping.table == "places"
    counts = proposed(tmp_path, "Piiripunkt,Ületusi,Aasta\nNarva,1200,2021\nLuhamaa,300,2022\n")
    assert counts.mapping.table == "counts"
    assert counts.missing == ["area", "measure"]


def test_kilometres_are_no_metres(tmp_path: Path) -> None:
    found = proposed(
        tmp_path, "When,Where,Latitude,Longitude,Uncertainty (km),Dead\n2021,Hill,27,89,5,1\n"
    )
    assert "radius_m" not in found.mapping.columns
    assert found.missing == ["radius_m"]
    assert found.questions == [
        "Uncertainty (km): is in km; radius_m is in metres. Convert it, or give one for all"
    ]


def test_open_and_closed_are_known_in_other_languages(tmp_path: Path) -> None:
    posts = "Paso,Latitud,Longitud,Estado\nUno,-32.8,-70,abierto\nDos,-30,-69.8,Cerrado\n"
    found = proposed(tmp_path, posts)
    assert found.mapping.table == "ports"
    assert found.mapping.codes == {"status": {"abierto": "open", "Cerrado": "closed"}}
