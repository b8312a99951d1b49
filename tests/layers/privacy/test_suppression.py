"""Small counts: what is withheld, and what a reader could still work out."""

from itertools import pairwise, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from roxham.geo import DataError
from roxham.layers import suppress_small
from roxham.layers.privacy.suppression import suppressed

BY = ["province", "year"]
TOTAL = {"province": "CA", "year": "all"}


def with_totals(inner: list[list[int]]) -> pd.DataFrame:
    """Return a two-way table with its totals."""
    cells = np.array(inner)
    cells = np.vstack([cells, cells.sum(axis=0)])
    cells = np.hstack([cells, cells.sum(axis=1, keepdims=True)])
    provinces = [*(f"P{i}" for i in range(len(inner))), "CA"]
    years = [*(str(2017 + j) for j in range(len(inner[0]))), "all"]
    keys = pd.MultiIndex.from_product([provinces, years], names=BY)
    return pd.Series(cells.ravel(), index=keys, name="count").reset_index()


def one_way(**counts: int | None) -> pd.DataFrame:
    return pd.DataFrame({"province": list(counts), "count": pd.array([*counts.values()], "Int64")})


def withheld(table: pd.DataFrame) -> list[str]:
    return list(table.loc[table["suppressed"], "province"])


def attacked(safe: pd.DataFrame) -> dict[int, tuple[float, float]]:
    """Return what a reader works out of each withheld cell, by a linear program of our own."""
    number = {key: i for i, key in enumerate(safe[BY].itertuples(index=False, name=None))}
    lines = []
    for province in safe["province"].unique():
        row = np.zeros(len(safe))
        for year in safe["year"].unique():
            row[number[province, year]] = -1 if year == "all" else 1
        lines.append(row)
    for year in safe["year"].unique():
        row = np.zeros(len(safe))
        for province in safe["province"].unique():
            row[number[province, year]] = -1 if province == "CA" else 1
        lines.append(row)
    bounds = [(0, None) if pd.isna(n) else (int(n), int(n)) for n in safe["count"]]
    found = {}
    for i in np.flatnonzero(safe["suppressed"]):
        aim = np.eye(len(safe))[i]
        ends = [
            linprog(sign * aim, A_eq=np.array(lines), b_eq=np.zeros(len(lines)), bounds=bounds)
            for sign in (1, -1)
        ]
        high = np.inf if ends[1].status == 3 else -float(ends[1].fun or 0)
        found[int(i)] = (float(ends[0].fun or 0), high)
    return found


def test_one_small_count_takes_a_second_with_it() -> None:
    table = one_way(CA=139, QC=100, ON=36, MB=3)
    safe = suppress_small(table, by=["province"], total={"province": "CA"})
    assert withheld(safe) == ["ON", "MB"]
    assert safe["high"].tolist() == [139, 100, 39, 39]
    assert list(table) == ["province", "count"]


def test_without_a_published_total_nothing_else_is_withheld() -> None:
    safe = suppress_small(one_way(QC=100, ON=36, MB=3), by=["province"])
    assert withheld(safe) == ["MB"]
    assert pd.isna(safe["high"].iloc[2])
    assert safe["low"].tolist() == [100, 36, 0]


def test_zero_is_a_small_count_and_null_stays_null() -> None:
    safe = suppress_small(one_way(QC=100, ON=0, MB=None), by=["province"])
    assert safe["count"].isna().tolist() == [False, True, True]
    assert safe["suppressed"].tolist() == [False, True, False]


def test_two_small_counts_that_their_total_pins_need_a_third() -> None:
    # 1 + 1 = 2: each would be known to within 2.
    table = one_way(CA=102, QC=100, ON=1, MB=1)
    safe = suppress_small(table, by=["province"], total={"province": "CA"})
    assert withheld(safe) == ["QC", "ON", "MB"]


def test_parts_that_are_not_all_of_their_total_leave_room() -> None:
    table = one_way(CA=139, QC=100, MB=3)
    safe = suppress_small(table, by=["province"], total={"province": "CA"})
    assert withheld(safe) == ["MB"]
    assert safe["high"].tolist() == [139, 100, 39]


def test_a_part_withheld_by_its_source_does_not_hide_what_a_reader_can_work_out() -> None:
    # MB is null, but any reader may know the three to be all there are.
    table = one_way(CA=104, QC=100, ON=3, MB=None)
    safe = suppress_small(table, by=["province"], total={"province": "CA"})
    assert "ON" in withheld(safe)
    assert {"QC", "CA"} & set(withheld(safe)) or safe["high"].iloc[2] - safe["low"].iloc[2] >= 4


def test_a_total_is_withheld_only_where_no_part_is_left() -> None:
    table = one_way(CA=3, QC=3)
    safe = suppress_small(table, by=["province"], total={"province": "CA"})
    assert withheld(safe) == ["CA", "QC"]
    table = one_way(CA=8, QC=4, ON=4)
    assert withheld(suppress_small(table, by=["province"], total={"province": "CA"})) == [
        "QC",
        "ON",
    ]


inner = st.integers(2, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=2, max_size=4
    )
)


@settings(max_examples=25, deadline=None)
@given(inner, st.integers(2, 7))
@example([[1, 0], [0, 1]], 2)
@example([[1, 1], [1, 9]], 3)
def test_no_withheld_cell_of_a_two_way_table_is_worked_out(
    cells: list[list[int]], threshold: int
) -> None:
    table = with_totals(cells)
    safe = suppress_small(table, by=BY, total=TOTAL, threshold=threshold)
    shown = safe["count"].notna()
    assert (table.loc[shown, "count"] >= threshold).all()
    assert (safe.loc[shown, "count"] == table.loc[shown, "count"]).all()
    for i, (low, high) in attacked(safe).items():
        true = table["count"].iloc[i]
        assert low <= true <= high
        assert high - low >= threshold - 1 - 1e-6
        assert safe["low"].iloc[i] == pytest.approx(low, abs=1e-6)
        assert pd.isna(safe["high"].iloc[i]) == np.isinf(high)


def test_the_range_said_is_the_one_that_trying_every_number_gives() -> None:
    # Rows add up to 12 and 13, columns to 10 and 15; all of these are published.
    safe = suppress_small(with_totals([[3, 9], [7, 6]]), by=BY, total=TOTAL).set_index(BY)
    hidden = safe.index[safe["suppressed"]].tolist()
    assert hidden == [("P0", "2017"), ("P0", "2018"), ("P1", "2017"), ("P1", "2018")]
    fits = [
        (a, b, c, d)
        for a, b, c, d in product(range(16), repeat=4)
        if a + b == 12 and c + d == 13 and a + c == 10 and b + d == 15
    ]
    for key, values in zip(hidden, zip(*fits, strict=True), strict=True):
        assert (safe["low"][key], safe["high"][key]) == (min(values), max(values))


def test_what_was_withheld_stays_withheld() -> None:
    first = suppress_small(
        one_way(CA=139, QC=100, ON=36, MB=3), by=["province"], total={"province": "CA"}
    )
    second = suppress_small(
        one_way(CA=149, QC=100, ON=36, MB=13),
        by=["province"],
        total={"province": "CA"},
        previous=first,
    )
    assert withheld(second) == ["ON", "MB"]


def test_what_was_published_cannot_be_withheld_any_more() -> None:
    first = suppress_small(one_way(QC=100, MB=13), by=["province"])
    with pytest.raises(DataError, match=r"below 5 and already public. province MB"):
        suppress_small(one_way(QC=100, MB=3), by=["province"], previous=first)


def test_a_cell_that_was_published_protects_nobody() -> None:
    # ON is known from before, so QC must go in its place.
    first = one_way(ON=36)
    table = one_way(CA=139, QC=100, ON=36, MB=3)
    safe = suppress_small(table, by=["province"], total={"province": "CA"}, previous=first)
    assert withheld(safe) == ["QC", "MB"]


def test_another_series_cannot_be_subtracted() -> None:
    table = one_way(CA=139, QC=100, ON=36, MB=3)
    safe = suppress_small(table, by=["province"], total={"province": "CA"}, public=[one_way(ON=36)])
    assert withheld(safe) == ["QC", "MB"]
    with pytest.raises(DataError, match="already public"):
        suppress_small(table, by=["province"], public=[one_way(MB=3)])
    known = one_way(CA=139, QC=100, ON=36)
    with pytest.raises(DataError, match="cannot be protected"):
        suppress_small(table, by=["province"], total={"province": "CA"}, public=[known])


def test_faults_are_told_all_at_once() -> None:
    table = pd.DataFrame({"province": ["QC", "QC", "ON"], "count": [1.5, 3, -1]})
    with pytest.raises(DataError) as caught:
        suppress_small(table, by=["province"])
    assert len(caught.value.faults) == 4
    with pytest.raises(DataError, match="no such column"):
        suppress_small(table, by=["year"])
    with pytest.raises(DataError, match="more than 5"):
        suppress_small(one_way(CA=5, QC=6), by=["province"], total={"province": "CA"})
    with pytest.raises(DataError, match="protects nobody"):
        suppress_small(one_way(QC=6), by=["province"], threshold=1)
    with pytest.raises(DataError, match="none of province"):
        suppress_small(one_way(QC=6), by=["province"], total={"month": "x"})


@pytest.mark.parametrize("threshold", [float("nan"), 5.5, 1, -5, float("inf")])
def test_a_threshold_that_is_none_withholds_nothing_in_silence(threshold: Any) -> None:
    with pytest.raises(DataError, match=r"threshold: .* Give a whole number"):
        suppress_small(one_way(a=3, b=40), by=["province"], threshold=threshold)


@pytest.mark.parametrize("count", [float("inf"), 2.0**60, 10**30])
def test_a_count_beyond_all_counts_is_a_fault(count: float) -> None:
    table = pd.DataFrame({"province": ["a", "b"], "count": pd.Series([count, 9], dtype=object)})
    with pytest.raises(DataError, match=r"row 1, column count: is not a whole number"):
        suppress_small(table, by=["province"])


@pytest.mark.parametrize("by", ["province", []])
def test_columns_are_named_in_a_list(by: list[str]) -> None:
    with pytest.raises(
        DataError,
        match=r"by.*(Give a list of texts|Name at least one)",
    ):
        suppress_small(one_way(a=3, b=40), by=by)


@pytest.mark.parametrize(
    "cells",
    [
        [[12, 0], [20, 12], [8, 12]],
        [[6, 8], [3, 0]],
        [[2, 4, 9], [3, 12, 6]],
        [[1, 7, 3], [9, 5, 2]],
    ],
)
def test_thresholds_do_not_tell_together_what_none_does(cells: list[list[int]]) -> None:
    table = with_totals(cells)
    withheld = [
        suppress_small(table, by=BY, total=TOTAL, threshold=n)["suppressed"] for n in range(2, 11)
    ]
    assert withheld[3].any()
    for low, high in pairwise(withheld):
        assert not (low & ~high).any()


def test_a_total_that_is_less_than_its_parts_seems_to_tell_none() -> None:
    def told(whole: int) -> list[int | None]:
        table = pd.DataFrame({"place": ["all", "a", "b"], "count": [whole, 3, 60]})
        asked: Any = {"by": ["place"], "total": {"place": "all"}, "value": "count"}
        with pytest.raises(DataError, match="add up to 63"):
            suppress_small(table, **asked)
        counts = suppressed(table, **asked, threshold=5)["count"].astype(object)
        return counts.where(counts.notna(), None).tolist()

    assert told(62) == [None, None, 60]  # 2, a reader would think
    assert told(50) == [50, None, 60]
