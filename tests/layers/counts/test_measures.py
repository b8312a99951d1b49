"""Tables of each measure, withheld counts, and drawings of a series."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from roxham.geo import DataError
from roxham.layers import (
    Series,
    add,
    load_asylum_claims,
    load_encounters,
    load_entries,
    load_interceptions,
    load_series,
    measure_table,
)
from roxham.layers.counts.measures import suppressed_table


def test_each_measure_is_told_with_what_names_its_places() -> None:
    years: Any = measure_table("encounters", load_encounters().rows).set_index("year")
    assert years.loc["FY2023", ["low", "high"]].tolist() == [6925, 6935]
    claims = measure_table("claims", load_asylum_claims().rows, place="CA")
    assert claims.columns[:4].tolist() == ["year", "place", "mode", "counted_by"]
    entries: Any = measure_table("entries", load_entries().rows).set_index(["year", "port_id"])
    assert entries.loc[("2019", "lacolle-champlain"), "cars"] == 1_018_162
    assert pd.isna(entries.loc[("2025", "lacolle-champlain"), "cars"])  # two months of twelve
    assert pd.isna(entries.loc[("2017", "cornwall-massena"), "cars"])


def test_ports_without_an_id_of_ours_are_places_too() -> None:
    """Of three ports known in a month, one has no id; two have one, and one of these no count."""
    told = load_entries().rows
    rows = told[told["period"].str[:4].eq("2022")].head(36).reset_index(drop=True)
    assert rows["port_code"].nunique() == 3
    of_all = load_series("entries", table=rows, of="cars").at("2022-03")
    assert of_all is not None
    assert of_all.low == rows[rows["period"] == "2022-03"]["cars"].sum()
    unnamed = rows.assign(port_id=rows["port_id"].mask(rows.index < 12))
    assert load_series("entries", table=unnamed, of="cars").at("2022-03") == of_all
    known = unnamed["cars"].mask(unnamed["period"].eq("2022-03") & (unnamed.index >= 24))
    assert load_series("entries", table=unnamed.assign(cars=known), of="cars").at("2022-03") is None
    none = {
        "port_id": pd.Series([None] * 36, dtype="string"),
        "cars": rows["cars"].mask(rows.index >= 0),
    }
    nowhere = rows.assign(**none)
    assert load_series("entries", table=nowhere, of="cars").rows["low"].isna().all()
    years = measure_table("entries", unnamed)["cars"].tolist()
    assert sorted(years) == sorted(measure_table("entries", rows)["cars"].tolist())


def test_a_month_of_a_port_that_stands_twice_is_no_two_ports() -> None:
    told = load_entries().rows
    rows = told[told["period"].eq("2022-03")].head(2)
    twice = pd.DataFrame(rows).iloc[[0, 0, 1]].reset_index(drop=True)
    twice["cars"] = twice["cars"].mask(twice.index == 2)
    with pytest.raises(DataError, match="2022-03: stands in more than one row"):
        load_series("entries", table=twice, of="cars")


def test_a_published_year_is_not_added_to_its_months() -> None:
    told = load_entries().rows
    rows = told[told["period"].str[:4].eq("2022")].head(12)
    mixed = rows.assign(period=["2022", *rows["period"].iloc[1:]])
    assert measure_table("entries", mixed)["cars"].isna().all()


def test_what_was_public_on_a_day_says_since_when_and_whether_it_changed() -> None:
    rows = load_interceptions().rows
    then = measure_table("interceptions", rows, by="month", place="CA-QC", as_of="2017-04-30")
    row: Any = then.set_index("period").loc["2017-02"]
    assert row[["count", "released", "later"]].tolist() == [432, "2017-03-21", True]
    with pytest.raises(DataError, match="no earlier releases"):
        measure_table("claims", load_asylum_claims().rows, as_of="2017-04-30")


@pytest.mark.parametrize(
    ("measure", "place", "told"),
    [
        ("deaths", None, "Choose one of interceptions, encounters, entries, claims"),
        ("encounters", "CA-QC", "one place"),
        ("entries", "roxham-road", "Choose one of cornwall-massena"),
    ],
)
def test_what_is_not_there_is_told(measure: str, place: str | None, told: str) -> None:
    rows = load_entries().rows if measure == "entries" else load_encounters().rows
    with pytest.raises(DataError, match=told):
        measure_table(measure, rows, place=place)


def test_rows_of_the_other_periods_only_say_so() -> None:
    rows = load_interceptions().rows
    months, years = (rows[rows["period"].str.len() == length] for length in (7, 4))
    for given, by, told in ((months, "year", "months"), (years, "month", "years")):
        asked: Any = by
        with pytest.raises(
            DataError, match=f"by: the interceptions of .* are of {told}, and none is of a {by}"
        ):
            measure_table("interceptions", given, by=asked)
        with pytest.raises(DataError, match=f"by {told[:-1]}"):
            measure_table("interceptions", given, by=asked, place="CA-QC")
    assert measure_table("interceptions", rows, place="CA-YT").empty
    claims = load_asylum_claims().rows
    with pytest.raises(DataError, match=r"the claims of .* are of years"):
        measure_table("claims", claims[claims["period"].str.len() == 4], by="month")


def test_small_counts_are_withheld_and_published_ranges_stay_ranges() -> None:
    table = measure_table("interceptions", load_interceptions().rows)
    safe: Any = suppressed_table("interceptions", table, threshold=5)
    safe = safe.set_index(["year", "province"])
    assert "CA-XX" not in safe.index.get_level_values("province")
    open_ = safe[~safe["suppressed"]]
    assert (open_["count"].dropna() >= 5).all()
    assert safe.loc["2024", "suppressed"].sum() >= 2  # one alone would be what the rest leaves
    months = measure_table("encounters", load_encounters().rows, by="month")
    kept: Any = suppressed_table("encounters", months, threshold=5).set_index("period")
    assert kept.loc["2024-11", ["count", "low", "high"]].tolist() == [480, 475, 485]


def test_a_drawing_has_bands_for_ranges_and_hatches_for_gaps(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    months = load_series("interceptions", place="CA-QC")
    axes: Any = months.plot(tmp_path / "a.svg").axes[0]
    drawn = {bars.get_label(): len(bars) for bars in axes.containers}
    assert drawn["what the count can be"] == 1  # August 2019, told in two ways
    gaps = [patch for patch in axes.patches if patch.get_hatch()]
    spans = [round(patch.get_width()) for patch in gaps]
    known = months.rows["period"].tolist()
    assert sum(spans) == 96 - len(known)
    again = load_series("interceptions", place="CA-QC")
    assert again.plot(tmp_path / "b.svg").axes[0].get_ylabel() == "interceptions"
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_drawing_is_in_the_readers_language_and_of_years_too(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    years = load_series("encounters", calendar="us_fiscal_year")
    axes = years.plot(tmp_path / "a.png", lang="fr").axes[0]
    assert axes.get_ylabel() == "rencontres"
    assert axes.get_title(loc="left") == "US-SWANTON, compte de USBP"
    assert axes.get_xticklabels()[0].get_text() == "FY2000"
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_drawn_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    series: Series = load_series("interceptions", place="CA-QC")
    with pytest.raises(DataError, match=r"End it in \.svg or \.png"):
        series.plot(tmp_path / "a.gif")
    with pytest.raises(DataError, match="nothing is known"):
        load_series("interceptions", place="CA-YT").plot(tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == []


def test_a_drawing_of_entries_says_what_is_counted() -> None:
    pytest.importorskip("matplotlib")
    people = load_series("entries", place="lacolle-champlain")
    assert people.plot().axes[0].get_ylabel() == "entries:\npeople in private vehicles"
    trucks = load_series("entries", place="lacolle-champlain", of="trucks")
    assert (trucks.unit, trucks.of) == ("vehicles", "trucks")
    assert trucks.plot(lang="fr").axes[0].get_ylabel() == "entrées\N{NO-BREAK SPACE}:\ncamions"
    on_foot = load_series("entries", place="cornwall-massena", of="pedestrians")
    with pytest.raises(DataError, match="they count different things"):
        add(people, on_foot)


def test_a_year_and_its_months_do_not_tell_together_what_neither_does() -> None:
    counts = [40, 30, 3, *range(20, 29)]
    said = {"low": pd.NA, "high": pd.NA, "source_url": "https://example.org/a"}
    months = pd.DataFrame(
        [{"period": f"2022-{m:02}", "province": "CA-QC", "count": n, **said}
         for m, n in enumerate(counts, start=1)]
    )  # fmt: skip
    years = pd.DataFrame([{"year": "2022", "province": "CA-QC", "count": sum(counts), **said}])
    by_month: Any = suppressed_table("interceptions", months, threshold=5, other=years)
    by_year = suppressed_table("interceptions", years, threshold=5, other=months)
    hidden = by_month.loc[by_month["suppressed"], "period"].tolist()
    assert hidden == ["2022-03", "2022-04"]
    assert by_year["count"].tolist() == [sum(counts)]
    assert by_month.loc[2, ["low", "high"]].tolist() == [0, 23]
    # a year that is less than its months, as revisions leave it, tells nothing of them
    less = years.assign(count=100)
    alone = suppressed_table("interceptions", months, threshold=5, other=less)
    assert alone["suppressed"].sum() == 1


def test_a_month_that_is_less_than_its_provinces_is_no_fault_of_what_ships() -> None:
    rows = load_interceptions().rows
    early = rows[rows["period"].isin(["2017-02", "2017-03"])]
    months = measure_table("interceptions", early, by="month")
    safe: Any = suppressed_table("interceptions", months, threshold=5)
    said = safe.set_index(["period", "province"])["count"]
    assert (said["2017-03", "CA"], said["2017-03", "CA-QC"]) == (887, 654)
    assert pd.isna(said["2017-03", "CA-AB"])


def test_modes_of_claims_do_not_give_back_one_by_what_all_have() -> None:
    counts = {"all": 130, "air": 100, "land": 27, "marine": 3}
    same = {"year": "2022", "place": "CA", "counted_by": "IRCC", "low": pd.NA, "high": pd.NA}
    table = pd.DataFrame([{**same, "mode": m, "count": n} for m, n in counts.items()])
    safe = suppressed_table("claims", table, threshold=5)
    assert safe.loc[safe["suppressed"], "mode"].tolist() == ["land", "marine"]
