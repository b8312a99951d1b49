"""Coarse dates: what they cover, what is no date, and what python-edtf says of the same texts."""

import datetime as dt
import time
from typing import Any

import edtf
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roxham.geo import DataError
from roxham.geo.tables.edtf import date_span, is_date, read_date, read_day

BY_HAND = {
    "2022-06-14": ("2022-06-14", "2022-06-14", "day"),
    "2024-02": ("2024-02-01", "2024-02-29", "month"),
    "2022": ("2022-01-01", "2022-12-31", "year"),
    "2022-06?": ("2022-06-01", "2022-06-30", "month"),
    "2022~": ("2022-01-01", "2022-12-31", "year"),
    "2022-06-14%": ("2022-06-14", "2022-06-14", "day"),
    "201X": ("2010-01-01", "2019-12-31", "decade"),
    "20XX": ("2000-01-01", "2099-12-31", "century"),
    "2022-XX": ("2022-01-01", "2022-12-31", "year"),
    "2022-06-XX": ("2022-06-01", "2022-06-30", "month"),
    "2022-XX-XX": ("2022-01-01", "2022-12-31", "year"),
    "2022-06/2023": ("2022-06-01", "2023-12-31", "interval"),
    "2022-06/..": ("2022-06-01", "9999-12-31", "interval"),
    "../2022": ("0001-01-01", "2022-12-31", "interval"),
    "2022-06/": ("2022-06-01", "9999-12-31", "interval"),
    "1984?/2004-06~": ("1984-01-01", "2004-06-30", "interval"),
}
SEASONS = {
    "2022-21": ("2022-03-01", "2022-05-31"),
    "2022-22": ("2022-06-01", "2022-08-31"),
    "2022-23": ("2022-09-01", "2022-11-30"),
    "2023-24": ("2023-12-01", "2024-02-29"),
}
NO_DATES = (
    *("", "..", "/", "../..", "soon", "201u", "2022-13", "2022-00", "2022-25", "0000", "0000-01"),
    *("2022-02-29", "2022-06-31", "2022-6", "22", "12022", "-2022", "2022-21-01", "201X-01"),
    *("2022-XX-01", "2X22", "XXXX", "2022?-06", "2022??", "2022/2021", "2022/2023/2024"),
    *("2022-06-14T10:00", "٢٠٢٢", " 2022", "2022\n", "9999-24"),
)


@pytest.mark.parametrize("text", BY_HAND)
def test_what_a_date_covers(text: str) -> None:
    first, last, precision = BY_HAND[text]
    date = read_date(text)
    assert (str(date.first.date()), str(date.last.date()), date.precision) == (
        first,
        last,
        precision,
    )


@pytest.mark.parametrize("text", SEASONS)
def test_a_season_is_read_only_where_seasons_are_asked_for(text: str) -> None:
    assert not is_date(text)
    date = read_date(text, seasons=True)
    assert (str(date.first.date()), str(date.last.date())) == SEASONS[text]
    assert date.precision == "season"
    assert read_date(f"2021/{text}?", seasons=True).uncertain
    with pytest.raises(ValueError, match="month"):
        read_date(f"2021/{text}")


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date(text: str) -> None:
    assert not is_date(text)
    with pytest.raises(ValueError, match=r"\S"):
        date_span(text)


def test_qualifiers_and_open_ends_are_told() -> None:
    assert [(d.uncertain, d.approximate) for d in map(read_date, ("2022?", "2022~", "2022%"))] == [
        (True, False),
        (False, True),
        (True, True),
    ]
    assert read_date("2022?/2023").uncertain
    assert [read_date(t).open for t in ("2022/..", "/2022", "2022/2023")] == [True, True, False]


def as_date(moment: time.struct_time) -> dt.date:
    return dt.date(moment.tm_year, moment.tm_mon, moment.tm_mday)


years = st.integers(1000, 2999).map(str)
months = st.builds("{}-{:02d}".format, years, st.integers(1, 12))
days = st.dates(dt.date(1000, 1, 1)).map(dt.date.isoformat)
# The two differ on winter only: December alone there, December to February here.
seasons = st.builds("{}-{}".format, years, st.integers(21, 23))
unknown = st.one_of(
    years.map(lambda y: y[:3] + "X"),
    years.map(lambda y: y[:2] + "XX"),
    years.map(lambda y: y + "-XX"),
    months.map(lambda m: m + "-XX"),
)
marks = st.sampled_from(["", "?", "~", "%"])
# python-edtf reads no qualified season.
theirs_too = st.one_of(
    st.builds(str.__add__, st.one_of(years, months, days, unknown), marks), seasons
)
dates = st.builds(str.__add__, st.one_of(years, months, days, unknown), marks)


@settings(max_examples=40, deadline=None)
@given(theirs_too)
def test_a_date_covers_what_python_edtf_says(text: str) -> None:
    theirs: Any = edtf.parse_edtf(text)
    ours = read_date(text, seasons=True)
    assert ours.first.date() == as_date(theirs.lower_strict())
    assert ours.last.date() == as_date(theirs.upper_strict())


@given(dates, dates)
def test_an_interval_covers_its_ends_and_what_lies_between(start: str, end: str) -> None:
    (first, _), (_, last) = date_span(start), date_span(end)
    assert is_date(f"{start}/{end}") == (first <= last)
    if first <= last:
        assert date_span(f"{start}/{end}") == (first, last)


@given(st.dates())
def test_a_day_is_read_as_it_is_written_or_given(day: dt.date) -> None:
    assert read_day(day.isoformat(), "on") == day
    assert read_day(day, "on") == day


def test_of_a_moment_the_day_is_read() -> None:
    assert read_day(pd.Timestamp("2023-03-24 23:59"), "on") == dt.date(2023, 3, 24)


NO_DAYS = ["2023-02-30", "2023-03", "2023-03-2~", "20230324", "2023-W12-5", " 2023-03-24", "soon"]


@pytest.mark.parametrize(
    "text", [*NO_DAYS, "", "2023-03-24T00:00", "\u0662023-03-24", "2023-03-24\n"]
)
def test_what_is_no_whole_day_is_told_with_what_asked_for_it(text: str) -> None:
    with pytest.raises(DataError, match="is not a day") as caught:
        read_day(text, "--on")
    assert [fault.file for fault in caught.value.faults] == ["--on"]
    assert "\n" not in str(caught.value)


def test_no_day_at_all_is_told() -> None:
    nothing: Any = pd.NaT
    with pytest.raises(DataError, match="“NaT” is not a day"):
        read_day(nothing, "on")


def test_today_has_been_and_tomorrow_has_not() -> None:
    tomorrow = dt.date.today() + dt.timedelta(days=1)
    read_day(tomorrow, "on")
    with pytest.raises(DataError, match=f"--on: {tomorrow} is in the future. Give a day that has"):
        read_day(tomorrow, "--on", past=True)
    assert read_day(dt.date.today(), "--on", past=True) == dt.date.today()
