"""Statements against tables: what ships, hand-made tables, broken tables, files of one's own."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers import Layers, check_claims, load_claims, load_layers
from roxham.layers.statements.asked import Table
from roxham.layers.statements.claims import judge

UNDECIDED = "cannot be decided here"
URL = "https://example.org/table"
OWN = "https://example.org/article"
SITE = "2023-01-04-st-bernard-de-lacolle"


@pytest.fixture(scope="module")
def layers() -> Layers:
    return load_layers()


@pytest.fixture
def tables(layers: Layers) -> dict[str, pd.DataFrame]:
    return {name: rows.copy() for name, rows in layers.tables.items()}


def rows(table: list[dict[str, Any]], count: str | None = None) -> pd.DataFrame:
    sourced = [{"source_url": URL, "confidence": "single", **row} for row in table]
    frame = pd.DataFrame(sourced)
    return frame if count is None else frame.astype({count: "Int64"})


def small() -> dict[str, pd.DataFrame]:
    """Return hand-made tables of a row or two each."""
    counts: list[dict[str, Any]] = [
        {"period": "2022", "province": "CA", "count": 374, "precision": "exact"},
        {"period": "2022", "province": "CA-QC", "count": None, "precision": "suppressed"},
        {"period": "2021", "province": "CA-QC", "count": 40, "precision": "rounded_5"},
        {"period": "2022-01", "province": "CA-QC", "count": 3, "precision": "exact"},
        {"period": "2022-02", "province": "CA-QC", "count": None, "precision": "suppressed"},
    ]
    moved: dict[str, Any] = {"from": "CA-QC", "to_province": "CA-ON", "scope": "province"}
    since = {**moved, "period_start": "2022-06-30"}
    transfers: list[dict[str, Any]] = [
        {**since, "period_end": "2022-10-06", "count": 100},
        {**since, "period_end": "2023-02-26", "count": 300},
        {**since, "period_end": "2023-02-27", "count": 9, "scope": "city"},
    ]
    incident: dict[str, Any] = {"id": "i", "date": "2023-01", "direction": "southbound"}
    incident |= {"deaths": 2, "lon": -73.5, "lat": 45.0, "radius_m": 2000}
    port: dict[str, Any] = {
        "port_id": "p",
        "ca_admin": "CA-QC",
        "us_admin": "US-VT",
        "lon": -73.5,
        "lat": 45.0,
    }
    event = {"date": "2023-03-24", "title": "Announced", "title_fr": "Annonce", "kind": "treaty"}
    year: dict[str, Any] = {"fiscal_year": 2023, "granularity": "fiscal_year", "encounters": 6925}
    return {
        "interceptions": rows(counts, "count"),
        "transfers": rows(transfers, "count"),
        "incidents": gpd.GeoDataFrame(rows([incident], "deaths")),
        "ports": gpd.GeoDataFrame(rows([{**port, "coord_precision_m": 500}])),
        "policy_events": rows([event]),
        "encounters": rows([year]),
        "regions": rows([{"place_id": "p", "region": "Estrie"}]),
    }


def ask(expression: str, tables: dict[str, pd.DataFrame], tolerance: float | None = None) -> Any:
    claim = {"claim_id": "x", "expression": expression, "tolerance": tolerance, "source_url": OWN}
    return judge(tables, pd.DataFrame([claim])).iloc[0]


def test_the_article_is_held_against_the_tables(layers: Layers) -> None:
    found: Any = check_claims(layers).set_index("claim_id")
    assert len(found) == 16
    assert found["verdict"].to_dict() == {
        "A01": "partly",
        "A02": "contradicted",
        **dict.fromkeys(["A03", "A04", "A05", "A07", "A09", "A10", "A11", "A13"], "supported"),
        **dict.fromkeys(["A06", "A08", "A12", "A14", "A15", "A16"], UNDECIDED),
    }
    assert found.loc["A02", ["low", "high"]].tolist() == [39171, 39171]
    assert found.at["A02", "belongs_to"] == "2022 CA"
    assert found["belongs_to"].notna().sum() == 1
    assert found.loc["A03", ["found", "found_fr"]].tolist() == ["9.57 times", "9,57 fois"]
    assert found.at["A05", "found_fr"] == "99,07\N{NO-BREAK SPACE}%"
    assert found.at["A11", "rows"] == "transfers CA-QC CA-ON 2022-06-30 2023-02-13"
    assert found.at["A12", "low"] == 57
    pairs = [("statement", "statement_fr"), ("explanation", "explanation_fr")]
    for english, french in pairs:
        assert found[english].notna().all()
        assert (found[english] != found[french]).all()
    decided = found[found["verdict"] != UNDECIDED]
    assert decided[["found", "rows", "sources"]].notna().all(axis=None)
    assert all(url.startswith("http") for cell in decided["sources"] for url in cell.split())


def test_the_page_judges_whole_tables_whatever_the_months() -> None:
    cut = load_layers(since="2024-01", until="2024-02")
    pd.testing.assert_frame_equal(cut.claims, load_layers().claims)
    assert (check_claims(cut)["verdict"] == "supported").sum() < 8


@pytest.mark.parametrize(
    ("layer", "column", "value", "where", "claim", "verdict"),
    [
        ("interceptions", "count", 39540, ("2022", "CA-QC"), "A02", "supported"),
        ("interceptions", "count", 5000, ("2021", "CA-QC"), "A03", "contradicted"),
        ("interceptions", "count", 370, ("2022", "CA-XX"), "A04", "partly"),
        ("interceptions", "count", 90000, ("2022", "CA"), "A05", "contradicted"),
        ("interceptions", "count", pd.NA, ("2022", "CA-QC"), "A02", UNDECIDED),
        ("ports", "us_admin", "US-VT", ("roxham-road",), "A01", "contradicted"),
        ("policy_events", "date", "2023-02-21", ("Additional Protocol in force",), "A07", None),
        ("policy_events", "date", "2023-02-10", ("Additional Protocol in force",), "A07", "partly"),
        (
            "policy_events",
            "date",
            "2023-04-02",
            ("The U.S. president visits Ottawa",),
            "A10",
            UNDECIDED,
        ),
        ("incidents", "deaths", 0, (SITE,), "A13", "partly"),
        ("incidents", "radius_m", 12_000, (SITE,), "A13", UNDECIDED),
        ("incidents", "date", "2022-01-04", (SITE,), "A13", "partly"),
    ],
)
def test_another_table_gives_another_verdict(
    tables: dict[str, pd.DataFrame],
    layer: str,
    column: str,
    value: Any,
    where: tuple[str, ...],
    claim: str,
    verdict: str | None,
) -> None:
    keys = {"interceptions": ["period", "province"], "ports": ["port_id"], "incidents": ["id"]}
    table = tables[layer]
    key = table[keys.get(layer, ["title"])].astype(str).agg(tuple, axis=1)
    table.loc[key == where, column] = value
    claims = load_claims().rows
    found = judge(tables, claims[claims["claim_id"] == claim])
    assert found["verdict"].tolist() == [verdict or "supported"]


@pytest.mark.parametrize(
    ("expression", "verdict", "found"),
    [
        # withheld: 0 to 5; rounded: 38 to 42
        ('count("2022", "CA-QC") <= 5', "supported", "0–5 interceptions"),
        ('count("2022", "CA-QC") == 3', UNDECIDED, "0–5 interceptions"),
        ('count("2022", "CA-QC") == 374', "contradicted", "0–5 interceptions"),
        ('count("2021", "CA-QC") > 37', "supported", "38–42 interceptions"),
        ('sum_of("CA-QC", "2022-01", "2022-02") <= 8', "supported", "3–8 interceptions"),
        ('sum_of("CA-QC", "2022-01", "2022-03") <= 8', UNDECIDED, None),
        ('ratio(count("2022", "CA"), count("2022", "CA-QC")) > 1', UNDECIDED, None),
        ('share(count("2022", "CA-QC"), count("2022", "CA")) < 1.5', "supported", "0–1.34%"),
        ('between(count("2022", "CA"), 370, 380)', "supported", "374 interceptions"),
        ('between(count("2022", "CA-QC"), 4, 6)', UNDECIDED, "0–5 interceptions"),
        ('between(count("2022", "CA"), 1, 2)', "contradicted", "374 interceptions"),
        ('nearly(count("2022", "CA"), 400)', "supported", "374 interceptions"),
        ('nearly(count("2022", "CA"), 373)', "contradicted", "374 interceptions"),
        ('about(count("2022", "CA"), 373)', "supported", "374 interceptions"),
        ('about(y=300, x=count("2022", "CA"))', "contradicted", "374 interceptions"),
        ('transfers("CA-QC", "CA-ON") == 300', "supported", "300 people"),
        ('transfers("CA-QC", "CA-ON", until="2022") == 100', "supported", "100 people"),
        ('transfers("CA-QC", "CA-ON", since="2022-07") > 0', UNDECIDED, None),
        ('transfers("CA-QC", "CA-NS") > 0', UNDECIDED, None),
        ('encounters("FY2023") == 6925', "supported", "6,925 encounters"),
        ('deaths("i") == 2', "supported", "recorded deaths: 2"),
        ('deaths("j") == 2', UNDECIDED, None),
        ('incident_on("i", "2023")', "supported", "2023-01"),
        ('incident_on("i", "2023-01-04")', UNDECIDED, "2023-01"),
        ('incident_on("i", "2022")', "contradicted", "2023-01"),
        ('direction_of("i") == "southbound"', "supported", "southbound"),
        ('side_of("i") == "US"', "supported", "US"),
        # one spot, known to 2 km and to 500 m
        ('distance_km("i", "p") <= 2.5', "supported", "0–2.5 km"),
        ('distance_km("i", "p") <= 2', UNDECIDED, "0–2.5 km"),
        ('borders("p", "US-VT")', "supported", "Quebec – Vermont"),
        ('borders("p", "US-NY")', "contradicted", "Quebec – Vermont"),
        ('within("p", "Estrie")', "supported", "Estrie"),
        ('within("p", "Laval")', "contradicted", "Estrie"),
        ('within("q", "Laval")', UNDECIDED, None),
        ('event_on("2023-03", "treaty")', "supported", "2023-03-24: Announced"),
        ('event_on("2023-04", "treaty")', UNDECIDED, None),
        ('rule_on("2023-03-01") == "agreement"', UNDECIDED, None),
        ('weekday("2023-02-19") == "Sunday"', "supported", "Sunday"),
        ('beside(count("2022", "CA"))', UNDECIDED, "374 interceptions"),
        ('count("2022", "CA") - count("2022", "CA-QC") == 374', UNDECIDED, "369–374 interceptions"),
    ],
)
def test_functions_look_up_what_they_say(expression: str, verdict: str, found: str | None) -> None:
    row = ask(expression, small(), tolerance=0.1)
    assert row["verdict"] == verdict
    assert (None if pd.isna(row["found"]) else row["found"]) == found
    if found is None:
        assert pd.notna(row["reason"])
        assert row["reason"] != row["reason_fr"]


def test_a_row_that_rests_on_the_statement_itself_is_no_evidence() -> None:
    tables = small()
    tables["interceptions"]["source_url"] = OWN
    row = ask('count("2022", "CA") == 374', tables)
    assert row["verdict"] == UNDECIDED
    assert pd.isna(row["rows"])
    assert row["reason"] == "2022, CA: the row rests on the statement's own source"
    tables["interceptions"]["confidence"] = "confirmed"
    assert ask('count("2022", "CA") == 374', tables)["verdict"] == "supported"


def test_rows_are_found_by_what_their_cells_say_and_nulls_by_nothing() -> None:
    years = pd.array([2022, None, 2023, 2022], dtype="Int64")
    table = Table(pd.DataFrame({"year": years, "of": ["nan", None, "<NA>", "a"], "count": years}))
    assert list(table.rows({"year": "2022"}).at) == [0, 3]
    assert table.rows({"year": "2022", "of": "a"})["count"] == [2022]
    found = [table.rows({name: text}) for name in ("year", "of") for text in ("nan", "<NA>", "")]
    assert [list(rows.at) for rows in found] == [[], [], [], [0], [2], []]
    assert [len(table.rows({"of": "nan"}).known(name)) for name in ("of", "year")] == [1, 1]
    assert [found and found.low for found in table.intervals("count")] == [2022, None, 2023, 2022]


HEADER = "claim_id,statement,expression,tolerance,explanation,source_title,source_publisher,"
HEADER += "source_url,source_date,confidence,note\n"
END = f"T,P,{OWN},2023,single,\n"


def own_file(folder: Path, *cells: tuple[str, str, str]) -> Path:
    """Write a file from expression, tolerance and explanation."""
    lines = [
        f'c{n},S,"{expression.replace(chr(34), chr(34) * 2)}",{tolerance},{why},{END}'
        for n, (expression, tolerance, why) in enumerate(cells)
    ]
    path = folder / "own.csv"
    path.write_text(HEADER + "".join(lines))
    return path


def test_a_file_of_ones_own(layers: Layers, tmp_path: Path) -> None:
    path = own_file(tmp_path, ('count("2022", "CA") == 39540', "", ""), ("", "", "An opinion."))
    found = check_claims(layers, path)
    assert found["verdict"].tolist() == ["supported", UNDECIDED]
    assert found["statement_fr"].tolist() == ["S", "S"]


def test_every_fault_of_a_file_is_told_at_once(layers: Layers, tmp_path: Path) -> None:
    path = own_file(
        tmp_path,
        ("count(2022, x) == 9**9", "", ""),
        ("", "", ""),
        ("nearly(1, 2)", "", ""),
        ("1 == 1", "0.9", ""),
        ("__import__('os').getcwd() == 'x'", "", ""),
    )
    with pytest.raises(DataError) as raised:
        check_claims(layers, path)
    places = [(f.row, f.column) for f in raised.value.faults]
    assert places == [
        *[(2, "expression")] * 3,
        (3, "explanation"),
        (4, "tolerance"),
        (5, "tolerance"),
        (6, "expression"),
    ]
    first, *_, last = map(str, raised.value.faults)
    assert first.startswith(f"{path}, row 2, column expression: “count(2022, x) == 9**9” at ")
    assert "at character 7: period of count is no quoted text" in first
    assert "__import__('os').getcwd is not of this language" in last
