"""Series: what may be added and compared, and what is refused, with the way to do it."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roxham.geo import DataError
from roxham.geo.region import using_region
from roxham.layers import (
    Interval,
    Series,
    add,
    compare_series,
    known_on,
    load_interceptions,
    load_releases,
    load_series,
    ratio,
    to_calendar_year,
    to_fiscal_year,
)

EXAMPLES = Path(__file__).parent.parent.parent.parent / "examples"


def table(*cells: tuple[str, str, int | None, str | None]) -> pd.DataFrame:
    """Make a table of interceptions: period, province, count, precision."""
    frame = pd.DataFrame(list(cells), columns=["period", "province", "count", "precision"])
    return frame.astype({"count": "Int64"}).assign(
        source_url="https://a.org/" + frame["province"], source_date="2023-01-05"
    )


def monthly(place: str, year: int, counts: list[int | None], precision: str = "exact") -> Series:
    cells = [
        (f"{year}-{month:02}", place, count, precision if count is not None else None)
        for month, count in enumerate(counts, 1)
    ]
    return load_series("interceptions", place=place, table=table(*cells))


def test_a_series_says_what_it_counts() -> None:
    series = load_series("interceptions", place="CA-QC", calendar="calendar_year")
    assert (series.measure, series.unit, series.counted_by) == ("interceptions", "events", "RCMP")
    assert series.calendar == "calendar_year"
    assert series.places == ("CA-QC",)
    assert series.at("2022") == Interval.exact(39171)
    assert series.at("1999") is None
    assert series.source_url.startswith("http")
    assert "ports of entry" in series.definition
    assert "points d’entrée" in series.definition_fr
    assert "2023-03-25" in series.breaks["date"].tolist()
    assert set(series.breaks["kind"]) == {"rules", "method", "revision"}
    assert series.breaks["source_url"].str.startswith("http").all()
    assert list(series.rows) == [
        "period",
        "count",
        "low",
        "high",
        "months",
        "months_of",
        "source_url",
    ]


def test_encounters_are_by_fiscal_year() -> None:
    years = load_series("encounters", calendar="us_fiscal_year")
    # Rounded to ten by its publisher.
    assert years.at("FY2023") == Interval(6925, 6935)
    assert years.counted_by == "USBP"
    # The sum of the rows of twelve months in the agency's file.
    assert years.at("FY2024") == Interval.exact(19_385)
    months = load_series("encounters")
    assert months.at("2023-01") == Interval.exact(367)
    assert months.at("2024-06") == Interval.exact(3310)
    spring = [months.at(f"2024-{month:02}") for month in (2, 3, 4)]
    assert [found and found.low for found in spring] == [868, 1109, 1470]
    assert sum(found.low for found in spring if found) == 3447


def test_encounters_by_month_make_up_the_fiscal_years() -> None:
    summed = to_fiscal_year(load_series("encounters"))
    years = load_series("encounters", calendar="us_fiscal_year")
    found = compare_series(summed, years).set_index("period")["larger"]
    assert found.index.tolist() == [f"FY{year}" for year in range(2000, 2026)]
    assert found.loc["FY2000":"FY2019"].eq("equal").all()
    assert found.loc["FY2020":"FY2023"].eq("undecided").all()  # both are rounded
    assert found["FY2024"] == "equal"
    assert pd.isna(found["FY2025"])  # four months are known


def test_what_counts_different_things_is_neither_added_nor_compared() -> None:
    ours, theirs = load_series("interceptions", place="CA-QC"), load_series("encounters")
    for refused in (add, compare_series, ratio):
        with pytest.raises(DataError, match=r"count different things.*in two tables"):
            refused(ours, theirs)


def test_what_is_in_other_calendars_is_refused_with_the_way_to_do_it() -> None:
    months = load_series("interceptions", place="CA-QC")
    years = load_series("interceptions", place="CA-QC", calendar="calendar_year")
    with pytest.raises(DataError, match=r"by month and the other by calendar_year.*to_calendar_y"):
        compare_series(months, years)
    assert compare_series(to_calendar_year(months), years).set_index("period").at[
        "2022", "larger"
    ] == ("equal")
    fiscal = load_series("encounters", calendar="us_fiscal_year")
    with pytest.raises(DataError, match=r'load_series\("encounters", calendar="month"\)'):
        to_calendar_year(fiscal)
    with pytest.raises(DataError, match="cannot be cut"):
        to_fiscal_year(years)
    assert to_calendar_year(years) is years


def test_places_that_overlap_are_not_added() -> None:
    def of(place: str) -> Series:
        return monthly(place, 2022, [1])

    for a, b in (("CA", "CA-QC"), ("CA-QC", "CA-QC"), ("CA-XX", "CA-ON")):
        with pytest.raises(DataError, match="would count twice"):
            add(of(a), of(b))
    both = add(of("CA-XX"), of("CA-QC"))
    assert both.places == ("CA-XX", "CA-QC")
    assert both.at("2022-01") == Interval.exact(2)
    with pytest.raises(DataError, match="would count twice"):
        add(both, of("CA-ON"))


def test_a_sum_carries_ranges_and_gaps() -> None:
    a = load_series(
        "interceptions",
        place="CA-ON",
        table=table(
            ("2022-01", "CA-ON", None, "suppressed"),
            ("2022-02", "CA-ON", 40, "rounded_5"),
            ("2022-03", "CA-ON", None, None),
            ("2022-04", "CA-ON", 9, "exact"),
        ),
    )
    b = monthly("CA-QC", 2022, [10, 10, 10])
    both = add(a, b)
    assert [both.at(f"2022-0{m}") for m in (1, 2, 3, 4)] == [
        Interval(10, 15),
        Interval(48, 52),
        None,
        None,
    ]
    assert both.rows["count"].isna().all()
    assert both.rows["source_url"][0] == "https://a.org/CA-ON https://a.org/CA-QC"
    assert both.partial["period"].tolist() == ["2022-03", "2022-04"]
    less = compare_series(a, b).set_index("period")
    assert less["larger"].tolist() == ["b", "a", pd.NA, pd.NA]
    assert (less.at["2022-01", "difference_low"], less.at["2022-01", "difference_high"]) == (
        -10,
        -5,
    )
    assert ratio(a, b)[["low", "high"]].iloc[0].tolist() == [0, 0.5]
    assert ratio(b, a)["low"].isna().tolist() == [True, False, True, True]


@pytest.mark.parametrize(
    ("other", "larger"), [(0, "undecided"), (5, "undecided"), (6, "b"), (7, "b")]
)
def test_a_withheld_count_is_less_only_where_it_must_be(other: int, larger: str) -> None:
    """It is 0 to 5: level with 0 or 5 perhaps, below 6 for sure, and never above for sure."""
    months = table(("2022-01", "CA-ON", None, "suppressed"))
    withheld = load_series("interceptions", place="CA-ON", table=months)
    known = monthly("CA-QC", 2022, [other])
    assert compare_series(withheld, known)["larger"].tolist() == [larger]
    turned = {"b": "a", "undecided": "undecided"}[larger]
    assert compare_series(known, withheld)["larger"].tolist() == [turned]


def test_nothing_is_divided_by_what_may_be_none() -> None:
    quotient = ratio(monthly("CA-QC", 2022, [8, 8, 8]), monthly("CA-ON", 2022, [0, 1, 2]))
    assert quotient["low"].tolist() == [pd.NA, 8, 4]


def test_a_series_is_itself_alone() -> None:
    """Its frames have no one answer to whether they are equal, and no hash."""
    a, b = monthly("CA-QC", 2022, [1]), monthly("CA-QC", 2022, [1])
    assert a != b
    assert len({a, b, a}) == 2


def test_a_year_with_a_missing_month_has_no_count() -> None:
    series = monthly("CA-QC", 2022, [*range(1, 12), None])
    year = to_calendar_year(series)
    assert year.at("2022") is None
    assert year.rows[["months", "months_of"]].iloc[0].tolist() == [11, 12]
    assert year.partial["period"].tolist() == ["2022"]
    known = to_calendar_year(series, partial=True)
    assert known.at("2022") == Interval.exact(66)
    assert known.partial["months"].tolist() == [11]
    whole = to_calendar_year(monthly("CA-QC", 2022, list(range(1, 13))))
    assert whole.at("2022") == Interval.exact(78)
    assert whole.partial.empty


def test_a_fiscal_year_begins_in_october() -> None:
    cells = [(f"2022-{m:02}", "CA", m, "exact") for m in range(1, 13)]
    cells += [(f"2023-{m:02}", "CA", 100 * m, "exact") for m in range(1, 13)]
    years = to_fiscal_year(load_series("interceptions", table=table(*cells)))
    assert years.rows["period"].tolist() == ["FY2022", "FY2023", "FY2024"]
    assert years.at("FY2023") == Interval.exact(10 + 11 + 12 + 100 * 45)
    assert years.rows["months"].tolist() == [9, 12, 3]
    assert years.at("FY2022") is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=12, max_size=12))
def test_a_year_of_rounded_months_holds_the_true_sum(true: list[int]) -> None:
    rounded: list[int | None] = [5 * round(n / 5) for n in true]
    year = to_calendar_year(monthly("CA-QC", 2022, rounded, "rounded_5")).at("2022")
    assert year is not None
    assert sum(true) in year


def test_series_that_do_not_exist_say_so() -> None:
    with pytest.raises(DataError, match="only the last figures"):
        load_series("claims", as_of="2023-01-01")
    with pytest.raises(DataError, match="latest_transfers"):
        load_series("transfers")
    with pytest.raises(DataError, match="Choose one of interceptions, encounters, entries"):
        load_series("detections")
    with pytest.raises(DataError, match="Choose month or us_fiscal_year"):
        load_series("encounters", calendar="calendar_year")
    with pytest.raises(DataError, match="unknown"):
        load_series("interceptions", place="QC")


def test_the_day_chooses_the_release() -> None:
    def february(day: str | None) -> Interval | None:
        return load_series("interceptions", place="CA-QC", as_of=day).at("2017-02")

    assert february("2017-03-20") is None
    assert february("2017-03-21") == Interval.exact(432)
    assert february("2017-09-18") == Interval.exact(432)
    assert february("2017-09-19") == Interval.exact(452)
    assert february(None) == Interval.exact(452)
    for no_day in ("2017-03", "2017-03-XX"):
        with pytest.raises(DataError, match="as_of: “2017-03"):
            february(no_day)


def test_first_releases_added_up_when_they_were_made() -> None:
    rows = known_on(load_interceptions().rows, "2017-04-30").set_index(["period", "province"])
    for month in ("2017-02", "2017-03"):
        parts = rows.loc[month].drop("CA")["count"].sum()
        assert rows.at[(month, "CA"), "count"] == parts
    assert rows.at[("2017-01", "CA"), "count"] == 315
    assert (
        known_on(load_interceptions().rows, "2017-04-01")
        .set_index(["period", "province"])
        .at[("2017-01", "CA"), "count"]
        == 476
    )


def test_a_figure_without_a_date_may_have_been_public_or_not() -> None:
    current = table(("2022-01", "CA", 5, "exact"), ("2022-02", "CA", 7, "exact"))
    current["source_date"] = ["undated", "2022-04"]
    earlier = table(("2022-01", "CA", 4, "exact")).assign(released="2022-02-20")
    rows = known_on(current, "2022-04-30", releases=earlier)
    assert rows["count"].tolist() == [4, 7]
    assert rows["later"].tolist() == [True, False]
    assert known_on(current, "2022-04-29", releases=earlier)["count"].tolist() == [4]


def test_releases_are_kept_beside_the_last_figures() -> None:
    rows, rejected = load_releases()
    assert rejected.empty
    assert (rows["released"].str[:7] > rows["period"]).all()
    assert rows.equals(rows.sort_values(["period", "province", "released"], ignore_index=True))


def test_a_region_that_says_nothing_of_what_it_counts_has_series_all_the_same(
    tmp_path: Path,
) -> None:
    with using_region(EXAMPLES / "emerson"):
        series = load_series("interceptions")
        assert series.places == ("CA-MB",)
        assert (series.unit, series.counted_by, series.definition) == ("events", "", "")
        assert str(series) == "interceptions (events) of CA-MB"
        figure = series.plot(tmp_path / "a.svg")
        assert figure.axes[0].get_title(loc="left") == "CA-MB"
        with pytest.raises(DataError, match="region emerson has no rows of them"):
            load_series("entries")


def test_of_several_places_none_of_which_holds_the_others_one_is_asked_for() -> None:
    with using_region(EXAMPLES / "emerson"):
        rows = load_interceptions().rows
        two = pd.concat([rows, rows.assign(province="CA-SK")])
        with pytest.raises(DataError, match=r"CA-MB, CA-SK, and none holds.*--province"):
            load_series("interceptions", table=two)


def test_a_few_columns_are_no_wider_than_many() -> None:
    rows = load_interceptions().rows
    one = load_series(
        "interceptions", calendar="calendar_year", table=rows[rows["period"] == "2019"]
    )
    left, right = one.plot().axes[0].get_xlim()
    assert right - left > 8
