"""A mapping: checked whole, written and read back the same, and applied as it says."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roxham.geo import DataError
from roxham.layers import load_incidents, load_interceptions, load_layers, load_ports
from roxham.layers.facts.counts import COUNTS, load_counts
from roxham.layers.mapping.model import TableMapping, read_mapping
from roxham.layers.mapping.propose import propose
from roxham.layers.mapping.stream import check_parts
from roxham.layers.mapping.toml_text import toml_text
from roxham.layers.templates import own_contracts
from roxham.layers.travel.place_lookup import POINTS, read_points

SOURCE = {"title": "A page", "publisher": "An office", "url": "https://example.org/a"}
INCIDENTS = pd.DataFrame(
    {
        "Fecha": ["25/03/2021", "04/01/2022"],
        "Lugar": ["Hemmingford", "Lacolle"],
        "Latitud": ["45,05", "45,08"],
        "Longitud": ["-73,59", "-73,40"],
        "Muertos": ["1", "2"],
        "Heridos": ["0", "--"],
        "Nombre": ["J. D.", "X. Y."],
    }
)
SPANISH: dict[str, Any] = {
    "as": "incidents",
    "columns": {
        **{"date": "Fecha", "place_name": "Lugar", "lat": "Latitud", "lon": "Longitud"},
        **{"deaths": "Muertos", "injured": "Heridos"},
    },
    "values": {"radius_m": "5000"},
    "source": SOURCE,
}
WIDE = pd.DataFrame(
    {
        "Province": ["Quebec", "Ontario", "Total"],
        "Jan": ["1,458", "0", "1,517"],
        "Feb": ["--", "3", "1,565"],
        "Mar": ["", "", ""],
        "Total": ["18,518", "3", "19,419"],
    }
)
MONTHS: dict[str, Any] = {
    "as": "counts",
    "columns": {"area": "Province"},
    "codes": {"area": {"quebec": "CA-QC", "Ontario": "CA-ON", "Total": "CA"}},
    "values": {"measure": "interceptions"},
    "period": {"year_is": 2018},
    "wide": {"months": True},
    "source": SOURCE,
}


def test_a_radius_told_in_words_has_the_decimals_of_any_language() -> None:
    told = {"ca. 2,5 km": 2500, "1.500 m": 1500, "3,000 m": 3000, "1.2 km": 1200, "by eye": 10_000}
    rows = INCIDENTS.iloc[[0] * len(told)].assign(Precision=[*told])
    mapping = {**SPANISH, "values": {}, "radius": {"column": "Precision"}}
    assert load_incidents(rows, mapping=mapping).rows["radius_m"].tolist() == [*told.values()]


def test_incidents_of_a_frame_are_read_by_a_mapping() -> None:
    rows, rejected = load_incidents(INCIDENTS, mapping=SPANISH)
    assert rejected.empty
    assert rows["date"].tolist() == ["2021-03-25", "2022-01-04"]
    assert rows["lat"].tolist() == [45.05, 45.08]
    assert rows["deaths"].tolist() == [1, 2]
    assert rows["injured"].isna().tolist() == [False, True]
    assert rows["kind"].tolist() == ["death", "death"]
    assert rows["source_title"].tolist() == ["A page", "A page"]
    assert "Nombre" not in rows
    assert rows.attrs["left_out"] == {"Nombre": "a name"}
    assert "date: 25/03/2021 is read as 2021-03-25" in rows.attrs["read_as"]


def test_who_names_a_source_is_never_told_with_another_publisher() -> None:
    columns = {**SPANISH["columns"], "source_title": "Fuente"}
    mapping = {**SPANISH, "columns": columns}
    rows, rejected = load_incidents(INCIDENTS.assign(Fuente=["", "El Diario"]), mapping=mapping)
    assert rows["source_title"].tolist() == ["A page"]
    faults = rejected[["row", "column"]].astype(str).drop_duplicates().values.tolist()
    assert ["2", "source_publisher"] in faults


def test_a_mapping_that_names_no_table_is_of_the_one_it_is_given_for() -> None:
    plain = {key: value for key, value in SPANISH.items() if key != "as"}
    named, unnamed = (load_incidents(INCIDENTS, mapping=m).rows for m in (SPANISH, plain))
    pd.testing.assert_frame_equal(unnamed, named)


def test_ids_that_are_made_stay_with_their_rows_wherever_these_stand() -> None:
    first = load_incidents(INCIDENTS, mapping=SPANISH).rows["id"]
    turned = load_incidents(INCIDENTS.iloc[::-1], mapping=SPANISH).rows["id"]
    twice = load_incidents(pd.concat([INCIDENTS, INCIDENTS]), mapping=SPANISH).rows["id"]
    assert turned.tolist() == first.tolist()[::-1]
    assert twice.is_unique
    # No letter and nine digits alone, as numbers of cases are, nor a telephone: rules ask of both.
    assert first.str.fullmatch("i[b-t]{10}").all()


def test_a_personal_column_stays_where_it_is_asked_for(tmp_path: Path) -> None:
    kept = load_incidents(INCIDENTS, mapping={**SPANISH, "keep": ["Nombre"]}).rows
    assert kept["Nombre"].tolist() == ["J. D.", "X. Y."]
    path = tmp_path / "p.csv"
    path.write_text(
        "kind,ca_name,us_name,lat,lon,status,source_title,source_publisher,source_url,confidence,"
        "phone\nport_of_entry,N,S,45,-73,open,T,P,https://example.org/a,single,5550100\n"
    )
    assert "phone" not in load_ports(path).rows
    assert load_ports(path, mapping={"keep": ["phone"]}).rows["phone"].tolist() == ["5550100"]


def test_a_column_a_month_becomes_a_row_a_month() -> None:
    rows, rejected = load_counts(WIDE, mapping=MONTHS)
    assert rejected.empty
    told = rows[["period", "area", "count", "low", "high"]].astype(object).fillna(-1)
    assert told.values.tolist() == [
        ["2018-01", "CA-QC", 1458, 1458, 1458],
        ["2018-02", "CA-QC", -1, 0, 5],
        ["2018-01", "CA-ON", 0, 0, 0],
        ["2018-02", "CA-ON", 3, 3, 3],
        ["2018-01", "CA", 1517, 1517, 1517],
        ["2018-02", "CA", 1565, 1565, 1565],
    ]
    assert rows.attrs["read_as"][0] == "3 empty cells are left out: what they hold is not known"
    drawn = load_interceptions(WIDE, mapping=MONTHS).rows
    assert drawn["province"].tolist() == rows["area"].tolist()


def test_rows_are_left_out_and_said_or_kept() -> None:
    left = {**MONTHS, "rows": {"leave": {"Province": ["total"]}}}
    rows = load_counts(WIDE, mapping=left).rows
    assert set(rows["area"]) == {"CA-QC", "CA-ON"}
    assert rows.attrs["read_as"][0] == "1 row is left out: Province is total"
    kept = {**MONTHS, "rows": {"keep": {"Province": ["Total"]}}}
    assert set(load_counts(WIDE, mapping=kept).rows["area"]) == {"CA"}


def test_rows_that_differ_in_their_count_alone_are_added_up() -> None:
    frame = pd.DataFrame(
        {
            "FY": ["2024", "2024", "2024", "2024"],
            "M": ["OCT", "OCT", "JAN", "JAN"],
            "Sector": ["A", "A", "A", "A"],
            "Age": ["x", "y", "x", "y"],
            "n": ["1,200", "3", "5", "--"],
        }
    )
    said = {
        "as": "counts",
        "columns": {"place": "Sector", "count": "n"},
        "values": {"area": "US", "measure": "encounters"},
        "period": {"year": "FY", "month": "M", "fiscal_starts": 10},
        "sum": True,
        "source": SOURCE,
    }
    rows, rejected = load_counts(frame, mapping=said)
    assert rejected.empty
    assert rows[["period", "low", "high"]].values.tolist() == [
        ["2023-10", 1203, 1203],
        ["2024-01", 5, 10],  # 5 and one that is withheld, not 0 to 5
    ]
    assert rows["precision"].tolist() == ["exact", "between"]
    assert "4 rows are added up into 2" in rows.attrs["read_as"]


def test_counts_of_something_else_are_no_interceptions() -> None:
    other = {**MONTHS, "values": {"measure": "claims"}}
    assert len(load_counts(WIDE, mapping=other).rows) == 6
    rejected = load_interceptions(WIDE, mapping=other).rejected
    assert set(rejected["column"]) == {"measure"}
    assert "another measure" in rejected["problem"][0]


@pytest.mark.parametrize(
    ("area", "areas", "sound"),
    [
        *(("IE-MN", [], True), ("IRL", [], True), ("CA", [], True), ("Quebec", [], False)),
        *(("QQ-1", [], False), ("Sector 9", ["Sector 9"], True)),
    ],
)
def test_areas_are_of_any_country_or_named(area: str, areas: list[str], sound: bool) -> None:
    frame = pd.DataFrame({"period": ["2022"], "area": [area], "measure": ["m"], "count": ["1"]})
    for source in ({"source": SOURCE}, {"source": SOURCE, "areas": areas}):
        named = areas if "areas" not in source else []
        assert load_counts(frame, mapping=source, areas=named).rejected.empty == sound


def test_a_fault_is_told_in_the_words_of_the_file() -> None:
    frame = INCIDENTS.assign(Latitud=["945", "45,08"])
    rejected = load_incidents(frame, mapping=SPANISH).rejected
    assert rejected[["row", "column", "found"]].values.tolist() == [[1, "Latitud", "945"]]


def test_every_column_that_lacks_is_named_at_once() -> None:
    frame = INCIDENTS.drop(columns=["Lugar", "Muertos"])
    with pytest.raises(DataError) as caught:
        load_incidents(frame, mapping=SPANISH)
    assert [fault.remedy for fault in caught.value.faults] == [
        "Correct columns.place_name of the mapping.",
        "Correct columns.deaths of the mapping.",
    ]
    with pytest.raises(DataError, match="deths: no column of ours"):
        load_incidents(INCIDENTS, mapping={**SPANISH, "values": {"deths": "1"}})
    with pytest.raises(DataError, match="mapping of incidents, not of ports"):
        load_ports(INCIDENTS, mapping=SPANISH)


def test_faults_of_a_mapping_are_told_with_its_file(tmp_path: Path) -> None:
    file = tmp_path / "ceuta.toml"
    file.write_text('as = "incidents"\n[values]\ndeths = "1"\n')
    read = read_mapping(file).reading_as({"decimal": ","})
    for mapping in (file, read):
        with pytest.raises(DataError, match=r"ceuta\.toml: deths: no column of ours"):
            load_incidents(INCIDENTS, mapping=mapping)
    assert read == read_mapping(
        {"as": "incidents", "values": {"deths": "1"}, "read": {"decimal": ","}}
    )


def test_a_frame_without_our_columns_is_told_of_mappings() -> None:
    with pytest.raises(DataError) as caught:
        load_incidents(pd.DataFrame({"Day": ["2021-01-02"], "Latitude": ["45"]}))
    assert any("mapping= says which column" in note for note in caught.value.__notes__)
    with pytest.raises(DataError, match=r"stand under columns: \{'columns': \{'date': …\}\}\.$"):
        load_incidents(pd.DataFrame({"Day": ["2021-01-02"]}), mapping={"date": "Day"})


def test_every_fault_of_a_mapping_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(
        'as = "people"\ncolums = {}\n[read]\ndates = "ymd"\n[period]\nfiscal_starts = 13\n'
        '[source]\ntitle = ""\npublisher = "P"\nurl = "example"\n'
    )
    with pytest.raises(DataError) as caught:
        read_mapping(path, tables=own_contracts())
    assert {fault.column for fault in caught.value.faults} == {
        *("as", "colums", "read.dates", "period.fiscal_starts", "source.title", "source.url"),
    }
    for text, message in (
        ("as = ", "is not TOML"),
        (f"as = {'9' * 5000}", "is not TOML"),
        (f"as = {'[' * 5000}", "nested too deeply"),
        ("é".encode("latin-1"), "is not UTF-8"),
    ):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(DataError, match=message):
            read_mapping(path)
    with pytest.raises(DataError, match=r"cannot be read.*publisher"):
        read_mapping(tmp_path / "none.toml")


words = st.text(min_size=1, max_size=12)


@given(
    st.dictionaries(words, words | st.lists(words, min_size=1, max_size=3), max_size=4),
    st.dictionaries(words, st.dictionaries(words, words, max_size=3), max_size=3),
    st.dictionaries(words, words, max_size=3),
)
def test_any_mapping_comes_back_equal(
    columns: dict[str, Any], codes: dict[str, dict[str, str]], wide: dict[str, str]
) -> None:
    import tomllib

    said = TableMapping.model_validate(
        {"as": "counts", "columns": columns, "codes": codes, "wide": {"columns": wide}, "sum": True}
    )
    text = toml_text(said, comments=["A comment"])
    back = TableMapping.model_validate(tomllib.loads(text))
    assert back.columns == said.columns
    assert {k: v for k, v in back.codes.items() if v} == {k: v for k, v in codes.items() if v}
    assert (back.wide.columns if back.wide else {}) == wide


def test_what_is_proposed_of_a_spanish_table_is_what_a_person_would_write() -> None:
    from roxham.layers.facts.incidents import INCIDENTS as CONTRACT

    found = propose(INCIDENTS, CONTRACT, "incidents")
    assert found.mapping.columns == SPANISH["columns"]
    assert found.missing == ["radius_m"]
    assert found.personal == {"Nombre": "a name"}


def test_what_has_two_readings_is_a_question() -> None:
    from roxham.layers.facts.incidents import INCIDENTS as CONTRACT

    found = propose(INCIDENTS.iloc[[1]], CONTRACT, "incidents")
    assert found.questions == [
        "Fecha: could be 2022-01-04 or 2022-04-01; say --dates dmy or --dates mdy"
    ]
    wide = propose(WIDE, COUNTS, "counts")
    assert wide.mapping.wide is not None
    assert wide.mapping.rows.leave == {"Province": ["Total"]}
    assert wide.mapping.codes == {"area": {"Quebec": "CA-QC", "Ontario": "CA-ON"}}
    assert any("have no year" in question for question in wide.questions)
    fiscal = pd.DataFrame(
        {"Fiscal Year": ["2024"], "Month": ["OCT"], "Area": ["US"], "Count": ["5"]}
    )
    asked = propose(fiscal, COUNTS, "counts")
    assert any("in which month does it begin" in question for question in asked.questions)


def test_a_name_alone_does_not_make_a_column_what_it_is_called() -> None:
    rows = pd.DataFrame({"name": ["A"], "lat": ["north"], "y": ["45.0"], "x": ["-73.0"]})
    assert propose(rows, POINTS, "places").mapping.columns["lon"] == "x"
    assert "lat" not in propose(rows[["name", "lat"]], POINTS, "places").mapping.columns


def test_places_are_read_by_a_mapping() -> None:
    frame = pd.DataFrame({"Ort": ["A"], "wkt": ["POINT (-73.45 44.70)"]})
    said = {"as": "places", "columns": {"name": "Ort", "point": "wkt"}}
    points = read_points(frame, mapping=said)
    assert points["name"].tolist() == ["A"]
    assert points.geometry.x.tolist() == [-73.45]


def test_the_whole_bundle_takes_frames_and_mappings() -> None:
    layers = load_layers(counts=WIDE, mappings={"counts": MONTHS})
    assert layers.interceptions["period"].tolist()[0] == "2018-01"
    assert [file.name for file in layers.inputs] == ["the frame"]
    assert layers.read_as["interceptions"][0].startswith("3 empty cells")


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ({"deaths": "1", "missing": "2", "injured": "3"}, "death"),
        ({"deaths": "1'234", "missing": "2", "injured": "3"}, "death"),
        ({"deaths": "0", "missing": "2", "injured": "3"}, "missing"),
        ({"deaths": "0", "missing": "", "injured": "3"}, "injury"),
    ],
)
def test_the_kind_of_an_incident_follows_from_its_numbers(
    numbers: dict[str, str], kind: str
) -> None:
    frame = INCIDENTS.head(1).assign(**numbers)
    said = {**SPANISH, "columns": {**SPANISH["columns"], **{name: name for name in numbers}}}
    rows, rejected = load_incidents(frame, mapping=said)
    assert rejected.empty
    assert rows["kind"].tolist() == [kind]
    assert rows["missing"].fillna(-1).tolist() == [int(numbers["missing"] or -1)]


def test_a_fiscal_year_is_no_calendar_year_until_its_beginning_is_told() -> None:
    frame = pd.DataFrame({"FY": ["2021-22"], "Area": ["CA-QC"], "n": ["5"]})
    said: dict[str, object] = {
        "columns": {"area": "Area", "count": "n"},
        "values": {"measure": "interceptions"},
        "period": {"year": "FY"},
        "source": {"title": "T", "publisher": "P", "url": "https://example.org/t"},
    }
    rows, rejected = load_counts(frame, mapping=said)
    assert rows.empty
    assert "fiscal year" in rejected["problem"].iloc[0]
    said["period"] = {"year": "FY", "fiscal_starts": 4}
    assert load_counts(frame, mapping=said).rows["period"].tolist() == ["2021-04/2022-03"]


def test_columns_of_years_are_proposed_as_periods() -> None:
    frame = pd.DataFrame({"Area": ["CA-QC"], "2017": ["18836"], "2018": ["18518"], "2019": ["1"]})
    found = propose(frame, COUNTS, "counts").mapping
    assert found.wide is not None
    assert found.wide.columns == {year: year for year in ("2017", "2018", "2019")}
    said = found.model_dump(by_alias=True, exclude_defaults=True)
    said |= {
        "values": {"measure": "interceptions"},
        "source": {"title": "T", "publisher": "P", "url": "https://example.org/t"},
    }
    rows = load_counts(frame, mapping=said).rows
    assert rows[["period", "count"]].to_numpy().tolist() == [
        ["2017", 18836],
        ["2018", 18518],
        ["2019", 1],
    ]


@pytest.mark.parametrize(
    "header",
    [
        ("Source", "Publisher", "Link", "Radius (m)"),
        ("Source", "Éditeur", "Lien", "Rayon (m)"),
        ("Fuente", "Editor", "Enlace", "Radio (m)"),
    ],
)
def test_the_columns_of_a_source_are_known_by_their_usual_names(header: tuple[str, ...]) -> None:
    from roxham.layers.facts.incidents import INCIDENTS as CONTRACT

    row = ("A register", "An office", "https://example.org/r", "500")
    found = propose(pd.DataFrame([row], columns=list(header)), CONTRACT, "incidents")
    title, publisher, url, radius = header
    ours = {name: found.mapping.columns.get(name) for name in ("source_title", "source_publisher")}
    assert ours == {"source_title": title, "source_publisher": publisher}
    assert found.mapping.columns["source_url"] == url
    assert found.mapping.columns["radius_m"] == radius


def test_a_parquet_file_is_checked_in_parts_as_text_is(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    said = {"source_title": "T", "source_publisher": "P", "source_url": SOURCE["url"]}
    months = [f"20{y}-{m:02}" for y in (20, 21) for m in range(1, 13)]
    rows = pd.DataFrame({"period": months, "area": "US", "measure": "entries", "count": range(24)})
    rows = rows.assign(confidence="single", **said)
    rows.loc[17, "period"] = "soon"
    rows.loc[23, "period"] = "2020-02"  # as in row 2, of another part
    path = tmp_path / "a.parquet"
    rows.to_parquet(path)
    parts = list(check_parts(path, COUNTS, TableMapping(), at_once=5))
    assert len(parts) == 6
    assert sum(part.sound for part in parts) == 21
    faults = pd.concat([part.rejected for part in parts])
    assert sorted(faults["row"]) == [2, 18, 24]
    mapped = {"columns": {"area": "area"}, "source": SOURCE}
    parts = list(check_parts(path, COUNTS, read_mapping(mapped), at_once=5))
    assert sum(part.sound for part in parts) == 21
    rows.head(0).to_parquet(path)
    assert sum(part.sound for part in check_parts(path, COUNTS, TableMapping())) == 0
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match="is not a whole Parquet file"):
        list(check_parts(path, COUNTS, TableMapping()))
