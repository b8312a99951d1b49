"""Counts as intervals: every result holds whatever the numbers may have been."""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roxham.geo import DataError
from roxham.layers.intervals import Interval, interval_at, total, with_bounds

whole = st.integers(-(10**6), 10**6)
broken = st.floats(-1e6, 1e6)
numbers = st.one_of(whole, broken)


@st.composite
def within(draw: st.DrawFn) -> tuple[Interval, float]:
    """Draw an interval and a number within it."""
    low, number, high = sorted([draw(numbers), draw(numbers), draw(numbers)])
    return Interval(low, high), number


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
@settings(deadline=None)
@given(a=within(), b=within())
def test_a_result_holds_every_result_of_numbers_within(
    operation: Callable[..., Any], a: tuple[Interval, float], b: tuple[Interval, float]
) -> None:
    if operation is operator.truediv and b[0].low < 1:
        away = 1 - b[0].low  # far enough from 0
        b = (b[0] + away, b[1] + away) if a[1] > 0 else (-(b[0] + away), -(b[1] + away))
    result = operation(a[1], b[1])
    assert result in operation(a[0], b[0])
    assert result in operation(Interval.exact(a[1]), b[1])
    assert result in operation(a[1], Interval.exact(b[1]))


@settings(deadline=None)
@given(a=within(), b=within())
def test_what_is_certain_holds_and_what_holds_is_possible(
    a: tuple[Interval, float], b: tuple[Interval, float]
) -> None:
    for sign, compare in {
        "<": operator.lt,
        "<=": operator.le,
        "==": operator.eq,
        "!=": operator.ne,
        ">=": operator.ge,
        ">": operator.gt,
    }.items():
        holds = compare(a[1], b[1])
        if a[0].certainly(sign, b[0]):  # type: ignore[arg-type]
            assert holds
        if holds:
            assert a[0].possibly(sign, b[0])  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 9), st.integers(0, 9)), min_size=1))
def test_a_total_holds_the_sum(cells: list[tuple[int, int, int]]) -> None:
    rows = pd.DataFrame({"low": [v - d for v, d, _ in cells], "high": [v + u for v, _, u in cells]})
    found = total(rows.astype("Int64"))
    assert found is not None
    assert sum(v for v, _, _ in cells) in found


@settings(deadline=None)
@given(within(), st.integers(0, 4))
def test_what_is_printed_is_never_narrower(a: tuple[Interval, float], digits: int) -> None:
    said = a[0].text(digits=digits).replace(",", "").replace("−", "-")
    if a[0].is_exact:
        assert float(said) == pytest.approx(a[0].low, abs=10**-digits)
    elif "±" in said:
        middle, reach = map(float, said.removeprefix("≈ ").split(" ± "))
        assert middle - reach <= a[0].low + 1e-9 * abs(a[0].low)
        assert a[0].high - 1e-9 * abs(a[0].high) <= middle + reach
    else:
        low, high = map(float, said.replace("–", " to ").split(" to "))
        assert low <= a[0].low < a[0].high <= high


@pytest.mark.parametrize(
    ("interval", "english", "french"),
    [
        (Interval(369, 369), "369", "369"),
        (Interval(0, 5), "0–5", "0–5"),
        (Interval(39168, 39172), "≈ 39,170 ± 2", "≈ 39\u202f170 ± 2"),
        (Interval(38, 42), "38–42", "38–42"),
        (Interval(1000, 2000), "1,000–2,000", "1\u202f000–2\u202f000"),
        (Interval(-3, 2), "−3 to 2", "−3 à 2"),
        (Interval.exact(39171 / 4095), "9.57", "9,57"),
        (Interval(9.561, 9.569), "9.56–9.57", "9,56–9,57"),
        (Interval(100, 100.0), "100", "100"),
        (Interval(-5, -5), "−5", "−5"),
    ],
)
def test_an_interval_in_figures(interval: Interval, english: str, french: str) -> None:
    assert str(interval) == interval.text() == english
    assert interval.text("fr") == french


@pytest.mark.parametrize(
    "bad", [math.nan, math.inf, -math.inf, None, pd.NA, "5", True, 10**400, complex(1)]
)
def test_what_is_not_known_has_no_interval(bad: object) -> None:
    with pytest.raises(DataError, match="no finite number"):
        Interval(bad, bad)  # type: ignore[arg-type]


def test_bounds_are_plain_numbers_in_order() -> None:
    numbers: Any = (np.int64(3), np.float64(4.5))
    assert Interval(*numbers) == Interval(3, 4.5)
    assert type(Interval(*numbers).low) is int
    with pytest.raises(DataError, match="exchange its bounds"):
        Interval(5, 0)


def test_whole_numbers_stay_exact() -> None:
    large = 2**62 + 1  # a float would lose the one
    assert (Interval.exact(large) - 2**62) * 3 == Interval(3, 3)
    assert type((Interval(1, 2) + 3).low) is int


def test_nothing_is_divided_by_what_may_be_zero() -> None:
    with pytest.raises(DataError, match="40 ÷ 0–5: the divisor may be 0"):
        _ = Interval.exact(40) / Interval(0, 5)
    with pytest.raises(DataError, match="no finite number"):
        _ = Interval.exact(1e300) * 1e300


def test_the_same_number_twice_is_an_outer_bound() -> None:
    withheld = Interval(0, 5)
    assert withheld - withheld == Interval(-5, 5)


def test_there_is_no_plain_order_and_no_sum_with_a_text() -> None:
    with pytest.raises(TypeError):
        operator.lt(Interval(0, 5), Interval(6, 7))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Interval(0, 5) + "5"  # type: ignore[operator]
    with pytest.raises(DataError, match="lang"):
        Interval(0, 5).text("xx")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="other"):
        Interval(0, 5).certainly("<", "6")  # type: ignore[arg-type]


def test_bounds_come_after_the_count_and_keep_the_index() -> None:
    rows = pd.DataFrame({"count": [7, 40], "url": ["a", "b"], "precision": [None, "rounded_5"]})
    rows.index = pd.Index(["x", "y"])
    before = rows.copy()
    bounded = with_bounds(rows)
    assert list(bounded) == ["count", "precision", "low", "high", "url"]
    assert interval_at(bounded, "x") == Interval(7, 7)
    assert interval_at(bounded, "y") == Interval(38, 42)
    pd.testing.assert_frame_equal(rows, before)
    pd.testing.assert_frame_equal(with_bounds(bounded), bounded)


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    rows = pd.DataFrame({"low": [1, pd.NA], "high": [1, pd.NA]}, dtype="Int64")
    assert total(rows) is None
    assert total(rows.head(0)) is None
    assert interval_at(rows, 1) is None


def test_two_sources_that_differ_bound_the_count_between_them() -> None:
    rows = pd.DataFrame(
        {
            "count": pd.array([1712, 1722, 7, None], dtype="Int64"),
            "precision": ["conflicting", "conflicting", None, None],
            "other": pd.array([1722, 1712, 99, 5], dtype="Int64"),
        }
    )
    found = with_bounds(rows)
    assert found["low"].tolist()[:3] == [1712, 1712, 7]
    assert found["high"].tolist()[:3] == [1722, 1722, 7]
    assert found[["low", "high"]].isna().all(axis=1).tolist() == [False, False, False, True]


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_nothing_is_reckoned_with_what_is_no_number(operation: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        operation(Interval(1, 2), None)


def test_counts_that_are_no_whole_numbers_have_no_bounds() -> None:
    with pytest.raises(DataError, match=r"column n: has what is no whole number. Give counts"):
        with_bounds(pd.DataFrame({"n": ["about 5"]}), count="n")
    with pytest.raises(DataError, match="no whole number"):
        with_bounds(pd.DataFrame({"n": [1.5]}), count="n")
