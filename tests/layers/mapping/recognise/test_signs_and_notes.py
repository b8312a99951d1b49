"""Tables as publishers lay them out: titles, notes, signs, languages, each read as it says."""

from pathlib import Path

import pandas as pd
import pytest

from roxham.geo.io.sources import Raw
from roxham.layers.facts.counts import COUNTS, load_counts
from roxham.layers.facts.incidents import INCIDENTS, load_incidents
from roxham.layers.mapping.adapt import best_proposal, first_rows
from roxham.layers.mapping.model import TableMapping
from roxham.layers.mapping.propose import Proposal
from roxham.layers.mapping.recognise.notes import without_notes
from roxham.layers.mapping.recognise.signs import signs_in

SOURCE = {"title": "T", "publisher": "P", "url": "https://example.org/t"}
CONTRACTS = {"incidents": INCIDENTS, "counts": COUNTS}
GERMAN = """Unerlaubte Einreisen nach Abschnitt;;;
Quelle: ein Amt;;;
;;;
Jahr;Monat;Grenzabschnitt;Feststellungen
2022;Januar;Österreich;1.234
2022;Januar;Dänemark;–
2022;Januar;Insgesamt;1.240
2022;März;Österreich;2.345
2022;März;Dänemark;<5
* Vorläufig;;;
"""
FRENCH = """Demandes par département\t\t\t\t

Département\tjanvier 2022\tfévrier 2022\tmars 2022\tTotal
Alpes-Maritimes\t1\u202f204\t998\t..\t2\u202f202
Hautes-Alpes\t35\tn.d.\t41\t76
Ensemble\t1\u202f239\t998\t41\t2\u202f278
Source : un ministère
"""
ARABIC = """السنة,الشهر,المحافظة,العدد
٢٠٢٢,يناير,الشرقية,١٢٣
٢٠٢٢,يناير,الغربية,٤٥
٢٠٢٢,يناير,المجموع,١٦٨
"""
SPANISH = """Fecha;Lugar;Latitud;Longitud;Fallecidos;Desaparecidos
3 de enero de 2021;Melilla;35,29;-2,94;2;1
15/02/2021;Ceuta;35,88;-5,31;1;0
Total;;;;3;1
"""


def adapted(path: Path, **read: str) -> Proposal:
    base = TableMapping().reading_as(read)
    raw, base = first_rows(str(path), base, CONTRACTS)
    return best_proposal(raw, base, CONTRACTS, None)


def told(found: Proposal, table: str, **more: object) -> TableMapping:
    said = found.mapping.model_dump(by_alias=True, exclude_none=True)
    assert said["as"] == table
    return TableMapping.model_validate({**said, "source": SOURCE, **more})


def save(tmp_path: Path, text: str, encoding: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_german_table_in_two_rounds(tmp_path: Path) -> None:
    path = save(tmp_path, GERMAN, "cp1252")
    found = adapted(path, decimal=",")
    assert found.missing == ["measure"]
    assert any(question.startswith("–: 0, withheld") for question in found.questions)
    mapping = told(found, "counts", values={"measure": "entries"}, unknown=["–"])
    rows, rejected = load_counts(path, mapping=mapping)
    assert rejected.empty
    assert rows[["period", "area", "count"]].astype(object).fillna("?").values.tolist() == [
        ["2022-01", "Österreich", 1234],
        ["2022-01", "Dänemark", "?"],
        ["2022-03", "Österreich", 2345],
        ["2022-03", "Dänemark", "?"],
    ]
    assert rows["high"].tolist()[3] == 5
    assert rows["high"].isna().tolist() == [False, True, False, False]
    said = " ".join(rows.attrs["read_as"])
    assert "1 note below the table is left out: * Vorläufig" in said
    assert "1 row is left out: Grenzabschnitt is Insgesamt" in said


def test_a_french_table_of_months_in_two_rounds(tmp_path: Path) -> None:
    path = save(tmp_path, FRENCH, "utf-16")
    found = adapted(path)
    rows, rejected = load_counts(path, mapping=told(found, "counts", values={"measure": "claims"}))
    assert rejected.empty
    assert rows["count"].dropna().tolist() == [1204, 998, 35, 41]
    assert set(rows["area"]) == {"Alpes-Maritimes", "Hautes-Alpes"}
    assert rows.loc[rows["count"].isna(), "period"].tolist() == ["2022-03", "2022-02"]


def test_an_arabic_table_in_two_rounds(tmp_path: Path) -> None:
    path = save(tmp_path, ARABIC, "utf-8")
    rows, rejected = load_counts(
        path, mapping=told(adapted(path), "counts", values={"measure": "entries"})
    )
    assert rejected.empty
    assert rows[["period", "area", "count"]].values.tolist() == [
        ["2022-01", "الشرقية", 123],
        ["2022-01", "الغربية", 45],
    ]


def test_a_spanish_table_of_incidents_in_two_rounds(tmp_path: Path) -> None:
    path = save(tmp_path, SPANISH, "utf-8")
    rows, rejected = load_incidents(
        path, mapping=told(adapted(path), "incidents", values={"radius_m": "5000"})
    )
    assert rejected.empty
    assert rows["date"].tolist() == ["2021-01-03", "2021-02-15"]
    assert rows[["deaths", "missing"]].values.tolist() == [[2, 1], [1, 0]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *(("<5", "withheld"), ("< 6", "withheld"), ("[c]", "withheld asked")),
        *(("*", "withheld asked"), ("moins de 5", "withheld"), ("<10", "unknown")),
        *(("≤5", "withheld"), ("≤6", "unknown"), ("n/a", "unknown"), ("..", "unknown")),
        *(("[z]", "unknown"), ("n.d.", "unknown"), ("k. A.", "unknown"), (":", "unknown")),
        *(("–", "asked"), ("-", "asked"), ("--", "none"), ("5", "none"), ("x5", "none")),
    ],
)
def test_what_a_sign_means(text: str, kind: str) -> None:
    found = signs_in(pd.Series(["7", text, ""]))
    meant = {"withheld": found.withheld, "unknown": found.unknown, "asked": found.questions}
    kinds = [] if kind == "none" else kind.split()
    assert [name for name, signs in meant.items() if signs] == kinds


def test_only_what_stands_alone_under_the_last_row_is_a_note() -> None:
    rows = pd.DataFrame({"a": ["North", "x", "y"], "b": ["", "1", "2"], "c": ["", "3", "4"]})
    assert len(without_notes(Raw(rows, [2, 3, 4])).rows) == 3
    narrow = pd.DataFrame({"a": ["x", "y"], "b": ["1", ""]})
    assert len(without_notes(Raw(narrow, [2, 3])).rows) == 2
